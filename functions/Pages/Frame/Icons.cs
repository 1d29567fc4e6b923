using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Pages;

/// <summary>Small signs beside words. Each is decoration: what it says stands beside it as text.</summary>
static class Icons
{
    public static Html Done => Of($"""<path d="M3 8.5l3.5 3.5L13 5"/>""");

    public static Html Running => Of($"""<path d="M8 2a6 6 0 1 1-6 6"/><path d="M8 5v3l2 2"/>""");

    public static Html Waiting => Of($"""<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>""");

    public static Html Pending => Of($"""<circle cx="8" cy="8" r="5"/>""");

    public static Html Failed => Of($"""<path d="M4 4l8 8M12 4l-8 8"/>""");

    public static Html Undone => Of($"""<path d="M6 3L2.5 6.5 6 10"/><path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7"/>""");

    public static Html Skipped => Of($"""<path d="M3 4l5 4-5 4zM9 4l5 4-5 4z"/>""");

    public static Html Warning => Of($"""<path d="M8 2l6.5 11.5h-13z"/><path d="M8 6.5v3.5M8 12v.01"/>""");

    public static Html Stop => Of($"""<path d="M5.5 1.5h5l4 4v5l-4 4h-5l-4-4v-5z"/><path d="M5.5 8h5"/>""");

    public static Html Info => Of($"""<circle cx="8" cy="8" r="6.5"/><path d="M8 7.5V11.5M8 4.8v.01"/>""");

    public static Html Person => Of($"""<circle cx="8" cy="5" r="2.5"/><path d="M3 14c0-3 2-4.5 5-4.5s5 1.5 5 4.5"/>""");

    static Html Of(Html path) => Html.Of($"""<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{path}</svg>""");
}

using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Tasks;

namespace GwbCloud.Functions.Pages;

/// <summary>The tasks of a migration, and one of them with its steps.</summary>
static class TaskPages
{
    public static PageContent List(MigrationView view, PageList<OperatorTask> list, PageVisit visit) => new()
    {
        Title = Words.Title,
        Crumbs = MigrationCrumbs.Of(view),
        Live = view.State != MigrationState.Ended,
        Body = Html.Of($"""
            <h1>{Words.Title}</h1>
            {Part("list", list.Total == 0 ? Empty(Words.NoTasks) : Html.Of($"""
            {Table(Words.Title, [Words.Task, Words.State, Words.Server, Words.Deadline, Words.Read], list.Items.Select(task => (IReadOnlyList<Html>)
            [
                Html.Of($"<a href=\"{PagePaths.Task(view.MigrationId, task.Id)}\">{Sentence(task.Title)}</a>"), Badge(task, view, visit.Now), Name(task.Server), Time(task.Deadline), Sentence(task.Reads),
            ]))}
            {list.Pager(Words.Many)}
            """))}
            """),
    };

    public static PageContent One(MigrationView view, OperatorTask task, PageVisit visit)
    {
        var open = task.State == TaskState.Open && view.State != MigrationState.Ended;
        var api = $"migrations/{view.MigrationId}/tasks/{Uri.EscapeDataString(task.Id)}";
        return new()
        {
            Title = Moments.InWords(task.Title),
            Crumbs = [.. MigrationCrumbs.Of(view), new(Words.Title, PagePaths.Migration(view.MigrationId, "tasks"))],
            Live = open,
            Announcement = $"{Words.StateOf(task.State)}. {Moments.InWords(task.Reads)}",
            Body = Html.Of($"""
                <h1>{Sentence(task.Title)}</h1>
                <p class="lead">{Sentence(task.Why)}</p>
                {Part("state", Html.Of($"""
                <section class="standing {Tone(task, visit.Now)}" aria-label="{Words.State}">
                <p class="word">{Badge(task, view, visit.Now)}</p>
                <p class="lead"><span class="soft">{Words.Read}:</span> {Sentence(task.Reads ?? Words.NothingRead)}</p>
                {Facts([
                    .. task.Server is null ? Array.Empty<(string, Html)>() : [(Words.Server, Name(task.Server))],
                    (Words.Deadline, open ? Until(task.Deadline, visit.Now) : Time(task.Deadline)),
                    .. task.ReadAt is { } read ? [(Words.ReadAt, Time(read))] : Array.Empty<(string, Html)>(),
                    .. task.CheckedBy is { } who ? [(Words.LastAsked, Html.Of($"{Person(who, visit)}, {Time(task.CheckedAt)}"))] : Array.Empty<(string, Html)>(),
                    .. task.EndedAt is { } ended ? [(Words.Ended, Time(ended))] : Array.Empty<(string, Html)>(),
                ])}
                </section>
                """))}
                {Section("steps", Words.Steps, Html.Of($"<ol class=\"steps\">{task.Steps.Select(step => Html.Of($"<li>{Sentence(step)}</li>"))}</ol>"))}
                {(task.Commands.Count == 0 ? Nothing : Section("commands", Words.Commands, Html.Join(task.Commands.Select(Command))))}
                {(task.Attachment is null ? Nothing : Section("files", Words.Files, Html.Of($"""
                <ul class="links">
                {(task.AttachmentName is { } name ? Html.Of($"<li><a download href=\"{PagePaths.Api($"{api}/script")}\">{name}.ps1</a></li>") : Nothing)}
                <li><a download href="{PagePaths.Api($"{api}/attachment")}">{task.AttachmentName ?? Words.List_}.json</a></li>
                </ul>
                """)))}
                {Part("check", !open ? Nothing : Section("check", Words.WhenDone, Check(api, visit)))}
                """),
        };
    }

    /// <summary>Has a task read back now.</summary>
    /// <param name="api">The task's address below the API.</param>
    /// <param name="visit">Only an operator may ask.</param>
    internal static Html Check(string api, PageVisit visit) => !visit.IsOperator ? Html.Of($"<p>{Words.OperatorsOnly}</p>") : Html.Of($"""
        <p>{Words.CheckText}</p>
        <form data-api="{PagePaths.Api($"{api}/check")}" data-done="{Words.Asked}"><p><button type="submit" class="primary" disabled>{Words.Check}</button></p></form>
        """);

    internal static Html Command(TaskCommand command) => Html.Of($"""
        <div class="command">
        <p>{Name(command.Purpose)} <span class="soft">{Words.Shell(command.Shell)}{(command.On is null ? Nothing : Html.Of($", {Words.On} {Name(command.On)}"))}</span></p>
        {Copyable(command.Text)}
        </div>

        """);

    static Html Badge(OperatorTask task, MigrationView view, DateTimeOffset now) => task.State switch
    {
        TaskState.Done => PageParts.Badge("fine", Icons.Done, Words.StateOf(task.State)),
        TaskState.Overdue => PageParts.Badge("stop", Icons.Warning, Words.StateOf(task.State)),
        _ when view.State == MigrationState.Ended => PageParts.Badge("calm", Icons.Skipped, Words.NotNeeded),
        _ => PageParts.Badge(Tone(task, now), Icons.Person, Words.StateOf(task.State)),
    };

    static string Tone(OperatorTask task, DateTimeOffset now) => task.State switch
    {
        TaskState.Done => "fine",
        TaskState.Overdue => "stop",
        _ => task.Deadline < now ? "stop" : "warn",
    };
}

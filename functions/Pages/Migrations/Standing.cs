using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;

namespace GwbCloud.Functions.Pages;

/// <summary>How a migration stands, in one sentence and with its progress.</summary>
static class Standing
{
    public static Html Render(MigrationLook look, PageVisit visit)
    {
        var view = look.View;
        return Html.Of($"""
            <section class="standing {Tone(view)}" aria-label="{PageText.Migrations.Standing}">
            <p class="word">{Badge(view)}</p>
            <p class="lead">{PageParts.Sentence(Sentence(look))}</p>
            {(look.Current is { } stage && view.State != MigrationState.Ended ? Stage(view.Gate is null ? stage : stage with { Detail = null }, look.Now) : Nothing)}
            {(view.AskedEnd is { } asked ? Html.Of($"<p>{PageText.Migrations.AskedEnd(asked.Action)} {Person(asked.By, visit)}, {Time(asked.At)}.</p>") : Nothing)}
            {(view.EntraOnly is { } only ? Html.Of($"<p>{PageText.Migrations.EntraOnly(only.Rounds)} {PageText.Migrations.Since} {Time(only.Since)}.</p>") : Nothing)}
            </section>
            """);
    }

    /// <summary>Short enough to be read aloud whenever it changes; it changes with the stage, not with every group.</summary>
    public static string Sentence(MigrationLook look)
    {
        var view = look.View;
        return view switch
        {
            { State: MigrationState.Ended } => PageText.Migrations.Ends(view.Outcome, view.AskedEnd?.Action),
            { State: MigrationState.NeedsAttention } => PageText.Migrations.Attention,
            { State: MigrationState.RollingBack } => PageText.Migrations.RollingBack,
            { Gate: { } gate } => PageText.Gates.Waits(gate.Gate, gate.Approved, gate.Required),
            { Hold: { } hold } => PageText.Tasks.Held(PageText.Stages.Name(hold.Before)),
            _ when look.OpenTasks is [var task, ..] => PageText.Tasks.Waits(task.Title),
            _ when look.Current is { } stage => PageText.Stages.Now(stage.Name),
            _ => PageText.Migrations.Between,
        };
    }

    public static Html Badge(MigrationView view) => PageParts.Badge(Tone(view), view.State switch
    {
        MigrationState.Ended when view.Outcome == MigrationOutcome.Completed => Icons.Done,
        MigrationState.Ended when IsBad(view) => Icons.Warning,
        MigrationState.Ended => Icons.Skipped,
        MigrationState.NeedsAttention => Icons.Warning,
        MigrationState.RollingBack => Icons.Undone,
        MigrationState.Waiting => Icons.Waiting,
        _ => Icons.Running,
    }, view.State == MigrationState.Ended ? PageText.Migrations.Outcome(view.Outcome, view.AskedEnd?.Action) : PageText.Migrations.State(view.State));

    static string Tone(MigrationView view) => view.State switch
    {
        MigrationState.Ended => view.Outcome == MigrationOutcome.Completed ? "fine" : IsBad(view) ? "stop" : "calm",
        MigrationState.NeedsAttention => "stop",
        MigrationState.Waiting or MigrationState.RollingBack => "warn",
        _ => "know",
    };

    static bool IsBad(MigrationView view) => view.Outcome is MigrationOutcome.NeedsAttention or MigrationOutcome.Failed or MigrationOutcome.Blocked;

    static Html Stage(StageView stage, DateTimeOffset now)
    {
        var pace = stage.State == StageState.Running ? Pace.Of(stage, now) : null;
        return Html.Of($"""
            {(stage.Detail is null ? Nothing : Html.Of($"<p>{PageParts.Sentence(stage.Detail)}</p>"))}
            {(stage.Total == 0 ? Nothing : Html.Of($"""
            {Progress(PageText.Stages.Name(stage.Name), stage.Done, stage.Total)}
            <p class="numbers">{PageText.Stages.Share(stage.Done, stage.Total)}{(pace is null ? "" : PageText.Stages.Rate(pace.PerMinute, Span(pace.Left)))}</p>
            """))}
            {(stage.StartedAt is { } start ? Html.Of($"<p class=\"soft\">{PageText.Stages.Since} {Time(start)} ({Span(now - start)})</p>") : Nothing)}
            """);
    }
}

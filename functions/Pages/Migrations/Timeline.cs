using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;

namespace GwbCloud.Functions.Pages;

/// <summary>The stages in their order, in three parts: what nobody notices, what stands still, and what cannot be undone.</summary>
static class Timeline
{
    static readonly (string Heading, string Text, StageName First, StageName Last)[] Phases =
    [
        (PageText.Stages.Before, PageText.Stages.BeforeText, StageName.Assess, StageName.ApprovePlan),
        (PageText.Stages.Window, PageText.Stages.WindowText, StageName.FreezeAndDrain, StageName.ConfirmSwitch),
        (PageText.Stages.After, PageText.Stages.AfterText, StageName.DisableGroupWritebackV2, StageName.VerifyMigration),
    ];

    public static Html Render(MigrationLook look) => Html.Join(Phases.Select(phase => Html.Of($"""
        <div class="phase{(phase.First == StageName.DisableGroupWritebackV2 ? " forward" : "")}">
        <h3>{phase.Heading}</h3>
        <p class="soft">{phase.Text}</p>
        <ol class="timeline">
        {look.View.Stages.Where(stage => stage.Name >= phase.First && stage.Name <= phase.Last).Select(stage => Stage(stage, look))}</ol>
        </div>

        """)));

    static Html Stage(StageView stage, MigrationLook look) => Html.Of($"""
        <li class="{stage.State.ToString().ToLowerInvariant()}"{(stage == look.Current ? Html.Of($" aria-current=\"step\"") : Nothing)}>
        <span class="dot">{Icon(stage.State)}</span>
        <div>
        <p class="stage">{PageText.Stages.Name(stage.Name)} <span class="state">{PageText.Stages.State(stage.State, look.View.State == MigrationState.Ended)}</span></p>
        {(stage.Detail is null ? Nothing : Html.Of($"<p class=\"soft detail\">{Sentence(stage.Detail)}</p>"))}
        {(stage is { State: StageState.Running, Total: > 0 } ? Html.Of($"<p class=\"numbers\">{PageText.Stages.Share(stage.Done, stage.Total)}</p>") : Nothing)}
        {(stage.StartedAt is { } start ? Html.Of($"<p class=\"soft when\">{Time(start)}{Took(stage, look.Now)}</p>") : Nothing)}
        </div>
        </li>

        """);

    static string Took(StageView stage, DateTimeOffset now) => stage.StartedAt is not { } start ? ""
        : stage.EndedAt is { } end ? $", {PageText.Stages.Took(Span(end - start))}"
        : stage.State is StageState.Running or StageState.Waiting ? $", {PageText.Stages.For(Span(now - start))}"
        : "";

    static Html Icon(StageState state) => state switch
    {
        StageState.Running => Icons.Running,
        StageState.Waiting => Icons.Waiting,
        StageState.Done => Icons.Done,
        StageState.Skipped => Icons.Skipped,
        StageState.Undone => Icons.Undone,
        StageState.Failed => Icons.Failed,
        _ => Icons.Pending,
    };
}

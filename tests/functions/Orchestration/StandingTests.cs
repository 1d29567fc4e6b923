using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class StandingTests
{
    static readonly StageInput Begin = ScriptedContext.Input(StageName.Assess, new());

    [Fact]
    public async Task Stage_FailsWholeAfterItsPush_GoesBackWithTheValuesBefore()
    {
        var kept = new MigrationFacts { Revision = 3, SchedulerBefore = true, Undo = [new() { Kind = UndoKind.RestoreScheduler }] };
        var context = new ScriptedContext(Begin)
            .On("ReadStanding", _ => Found(kept))
            .OnSub("FreezeAndDrainStage", _ => Task.FromException<object>(ScriptedContext.Failure("FreezeAndDrainStage")));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        await migration.StageAsync(StageName.FreezeAndDrain);

        Assert.True(migration.Facts.SchedulerBefore);
        Assert.Equal([UndoKind.RestoreScheduler, UndoKind.RestoreAutoUpgrade], migration.Facts.Undo.Select(u => u.Kind));
    }

    [Fact]
    public async Task Stage_FailsWholeBeforeItKeptAnything_KeepsWhatTheStagesBeforeKnew()
    {
        var older = new MigrationFacts { Revision = 0, SchedulerBefore = false };
        var context = new ScriptedContext(Begin)
            .On("ReadStanding", _ => Found(older))
            .OnSub("CoexistenceRulesStage", _ => Task.FromException<object>(ScriptedContext.Failure("CoexistenceRulesStage")));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        await migration.StageAsync(StageName.CoexistenceRules);

        Assert.Null(migration.Facts.SchedulerBefore);
        Assert.Equal([UndoKind.RemoveRules], migration.Facts.Undo.Select(u => u.Kind));
    }

    [Fact]
    public async Task Push_IsKeptBeforeTheAct()
    {
        var kept = new List<MigrationStanding>();
        var input = ScriptedContext.Input(StageName.EnterStagingMode, new());
        // A window that holds the moment of the test, with room for all that follows.
        var window = new MigrationWindow { Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), End = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero) };
        var context = new ScriptedContext(input with { Request = input.Request with { Window = window } })
            .On("KeepStanding", standing => { kept.Add((MigrationStanding)standing!); return null; })
            .On<InspectServer>(_ => { Assert.Single(kept); return ScriptedContext.Server(flag: true); });

        var outcome = await GwbCloud.Functions.Orchestration.Stages.EnterStagingModeStage.Run(context);

        Assert.Equal(StageEnd.Done, outcome.End);
        Assert.Equal([UndoKind.LeaveStagingMode], kept[0].Facts.Undo.Select(u => u.Kind));
    }

    [Fact]
    public async Task GoBack_Stuck_EndsUnfinishedWithItsDirection()
    {
        MigrationStanding? kept = null;
        var context = new ScriptedContext(Begin)
            .On("KeepStanding", standing => { kept = (MigrationStanding)standing!; return null; })
            .OnSub(nameof(WayBackOrchestrator), _ => Task.FromResult<object>(
                new WayBackOutcome { Complete = false, OnlyForward = false, Facts = new() { Revision = 7 }, View = Begin.View }));

        var result = await new Migration(context, Begin.Request, Begin.Plan).GoBackAsync(StageName.FirstFullSync, Ending.Denied);

        Assert.Equal(MigrationOutcome.NeedsAttention, result.Outcome);
        Assert.Equal((true, StageName.FirstFullSync, Ending.Denied, 8), (kept!.Unfinished, kept.Stage, kept.Ending, kept.Facts.Revision));
    }

    [Fact]
    public async Task GoBack_FailsWhole_GoesOnWithWhatItHadUndone()
    {
        var begun = new List<MigrationFacts>();
        var context = new ScriptedContext(Begin)
            .On("ReadStanding", _ => Found(new() { Revision = 9 }))
            .OnSub(nameof(WayBackOrchestrator), input =>
            {
                begun.Add(((WayBackInput)input!).From.Facts);
                return begun.Count == 1
                    ? Task.FromException<object>(ScriptedContext.Failure("AppendAudit"))
                    : Task.FromResult<object>(new WayBackOutcome { Complete = true, OnlyForward = false, Facts = begun[^1], View = Begin.View });
            });

        await new Migration(context, Begin.Request, Begin.Plan).GoBackAsync(StageName.FirstFullSync, Ending.Denied);

        Assert.Equal([0, 9], begun.Select(f => f.Revision));
    }

    [Fact]
    public async Task Migrate_TakenUp_GoesBackFromWhereItEndedAndEndsAsPeopleDecided()
    {
        WayBackInput? from = null;
        var request = Begin.Request with { TakenUp = 1 };
        var context = new ScriptedContext(request)
            .On("LoadPlan", _ => Begin.Plan)
            .On("ReadStanding", _ => Found(new() { Revision = 7, RulesMadeOn = ["AADC1"] }, Ending.Postponed))
            .OnSub(nameof(WayBackOrchestrator), input =>
            {
                from = (WayBackInput)input!;
                return Task.FromResult<object>(new WayBackOutcome { Complete = true, OnlyForward = false, Facts = from.From.Facts, View = from.From.View });
            });

        var result = await MigrateOrchestrator.Run(context);

        Assert.Equal(MigrationOutcome.Postponed, result.Outcome);
        Assert.Equal((Ending.Postponed, "AADC1"), (from!.Ending, Assert.Single(from.From.Facts.RulesMadeOn)));
        Assert.DoesNotContain("PrepareCloudSyncStage", context.Calls);
    }

    [Fact]
    public async Task Migrate_TakenUpAfterTheSwitch_GoesForwardFromWhatTheServersShow()
    {
        var context = new ScriptedContext(Begin.Request with { TakenUp = 1 })
            .On("LoadPlan", _ => Begin.Plan)
            .On("ReadStanding", _ => Found(new() { SwitchedOff = true }))
            .OnSub(nameof(WayForwardOrchestrator), input => Task.FromResult<object>(
                new WayForwardOutcome { Stages = [StageName.VerifyMigration], Facts = ((StageInput)input!).Facts, View = Begin.View }))
            .OnSub("VerifyMigrationStage", _ => Task.FromResult<object>(
                new StageOutcome { End = StageEnd.Done, Facts = new() { SwitchedOff = true }, View = Begin.View }));

        var result = await MigrateOrchestrator.Run(context);

        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.Equal([nameof(WayForwardOrchestrator), "VerifyMigrationStage"], context.Calls.Where(c => c.StartsWith('W') || c.EndsWith("Stage", StringComparison.Ordinal)).Except(["WriteReport"]));
    }

    /// <summary>Not a stage, but what leads from one to the next: the tenant stands in the middle all the same.</summary>
    [Fact]
    public async Task Migrate_BreaksOffBetweenStages_EndsUnfinishedWithTheNewestFactsAndSaysWhy()
    {
        MigrationStanding? kept = null;
        MigrationView? shown = null;
        var context = new ScriptedContext(Begin.Request)
            .On("LoadPlan", _ => Begin.Plan)
            .On("KeepStanding", standing => { kept = (MigrationStanding)standing!; return null; })
            .On("PublishView", update => { shown = ((ViewUpdate)update!).View; return null; })
            .On("ReadStanding", _ => Found(new() { Revision = 7, Undo = [new() { Kind = UndoKind.RemoveCloudSync }] }))
            .OnSub("PrepareCloudSyncStage", _ => throw new InvalidOperationException("a fault of ours"));

        var result = await MigrateOrchestrator.Run(context);

        Assert.Equal(MigrationOutcome.NeedsAttention, result.Outcome);
        Assert.Equal((true, 8), (kept!.Unfinished, kept.Facts.Revision));
        Assert.Equal([UndoKind.RemoveCloudSync], kept.Facts.Undo.Select(u => u.Kind));
        Assert.Equal((MigrationState.Ended, MigrationOutcome.NeedsAttention), (shown!.State, shown.Outcome));
        Assert.Contains(shown.Notices, n => n.Code == OrchestrationError.MigrationBroke.Code);
    }

    [Fact]
    public async Task GoBack_FailsWhole_StartsOverWithWhatItKept()
    {
        var from = new List<MigrationFacts>();
        var context = new ScriptedContext(Begin)
            .On("ReadStanding", _ => Found(new() { Revision = 9, Undo = [new() { Kind = UndoKind.LeaveStagingMode }] }))
            .OnSub(nameof(WayBackOrchestrator), input =>
            {
                from.Add(((WayBackInput)input!).From.Facts);
                return from.Count == 1
                    ? Task.FromException<object>(ScriptedContext.Failure(nameof(WayBackOrchestrator)))
                    : Task.FromResult<object>(new WayBackOutcome { Complete = true, OnlyForward = false, Facts = from[^1], View = Begin.View });
            });

        await new Migration(context, Begin.Request, Begin.Plan).GoBackAsync(StageName.ConfirmSwitch, Ending.Denied);

        // It went into staging mode once more before it failed: who starts over must leave it again.
        Assert.Equal([UndoKind.LeaveStagingMode], from[1].Undo.Select(u => u.Kind));
    }

    [Fact]
    public async Task WayForward_FailsWhole_StartsOver()
    {
        var tries = 0;
        var context = new ScriptedContext(Begin).OnSub(nameof(WayForwardOrchestrator), input => ++tries == 1
            ? Task.FromException<object>(ScriptedContext.Failure(nameof(WayForwardOrchestrator)))
            : Task.FromResult<object>(new WayForwardOutcome { Stages = WayForward.AfterSwitch, Facts = ((StageInput)input!).Facts, View = Begin.View }));

        var stages = await new Migration(context, Begin.Request, Begin.Plan).WayForwardAsync();

        Assert.Equal((2, WayForward.AfterSwitch), (tries, stages));
    }

    [Fact]
    public async Task Parked_FailsWholeUnderEntraOnly_ProvesAgainBeforeAnythingIsExported()
    {
        var parked = 0;
        var left = 0;
        var context = new ScriptedContext(Begin)
            .On("ReadStanding", _ => Found(new() { Revision = 9, SwitchedOff = true, WentEntraOnly = true }))
            .OnSub("LeaveStagingModeStage", input => Ended(input, ++left == 1 ? StageEnd.Blocked : StageEnd.Done))
            .OnSub("EnterStagingModeStage", input => Ended(input, StageEnd.Done))
            .OnSub("SecondFullSyncStage", input => Ended(input, StageEnd.Done))
            .OnSub(nameof(WayForwardOrchestrator), input => Task.FromResult<object>(new WayForwardOutcome
            {
                Stages = [StageName.EnterStagingMode, .. WayForward.AfterSwitch], Facts = ((StageInput)input!).Facts, View = Begin.View,
            }))
            .OnSub(nameof(ParkedOrchestrator), input => ++parked == 1
                ? Task.FromException<object>(ScriptedContext.Failure(nameof(ParkedOrchestrator)))
                : Task.FromResult<object>(new ParkedOutcome { Retry = true, Facts = ((StageInput)input!).Facts, View = Begin.View }));

        await new Migration(context, Begin.Request, Begin.Plan).ForwardAsync(StageName.LeaveStagingMode);

        Assert.Equal(
            ["LeaveStagingModeStage", "EnterStagingModeStage", "SecondFullSyncStage", "LeaveStagingModeStage"], context.Calls.Where(c => c.EndsWith("Stage", StringComparison.Ordinal)));
    }

    static Task<object> Ended(object? input, StageEnd end) => Task.FromResult<object>(new StageOutcome { End = end, Facts = ((StageInput)input!).Facts, View = Begin.View });

    static StandingFound Found(MigrationFacts facts, Ending? ending = null) => new()
    {
        Standing = new() { MigrationId = Begin.Request.MigrationId, Stage = StageName.FirstFullSync, Facts = facts, Ending = ending, Unfinished = true },
        View = Begin.View,
    };
}

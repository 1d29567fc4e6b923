using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class HoldTests
{
    readonly ScriptedClock _clock = new();

    [Theory]
    [InlineData(StageName.PrepareCloudSync, 48)]
    [InlineData(StageName.FreezeAndDrain, 93)]
    [InlineData(StageName.FirstFullSync, 95)]
    [InlineData(StageName.ConfirmSwitch, 96)]
    public async Task Hold_NobodyReleasesBeforeTheSwitch_EndsAsExpiredInTime(StageName stage, int hours)
    {
        var input = Held(stage, new());
        var context = new ScriptedContext(input, _clock);

        var outcome = await _clock.RunAsync(() => HoldOrchestrator.HoldBeforeStage(context), TimeSpan.FromHours(hours));

        Assert.Equal((StageEnd.Ended, (Ending?)Ending.Expired), (outcome.End, outcome.Ending));
        Assert.Equal(TimeError.HoldExpired.Code, outcome.View.Notices[^1].Code);
        Assert.Equal(4, outcome.View.Notices.Count(n => n.Code == TimeError.HoldWaits.Code));
        Assert.Null(outcome.View.Hold);
    }

    [Theory]
    [InlineData(StageName.SecondFullSync)]
    [InlineData(StageName.LeaveStagingMode)]
    [InlineData(StageName.ResumeScheduler)]
    [InlineData(StageName.StartCloudSync)]
    [InlineData(StageName.VerifyMigration)]
    public async Task Hold_NobodyReleasesAfterTheSwitch_Parks(StageName stage)
    {
        var context = new ScriptedContext(Held(stage, new() { SwitchedOff = true }), _clock);

        var outcome = await _clock.RunAsync(() => HoldOrchestrator.HoldBeforeStage(context), TimeSpan.FromHours(96));

        Assert.Equal((StageEnd.Blocked, (Ending?)null), (outcome.End, outcome.Ending));
    }

    [Fact]
    public async Task Hold_Released_GoesOnAndTellsNoMore()
    {
        var context = new ScriptedContext(Held(StageName.FirstFullSync, new()), _clock);
        _clock.At(TimeSpan.FromHours(1), () => context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Release, By = "p" }));

        var outcome = await _clock.RunAsync(() => HoldOrchestrator.HoldBeforeStage(context), TimeSpan.FromDays(5));

        Assert.Equal((StageEnd.Done, TimeSpan.FromHours(1)), (outcome.End, _clock.Passed));
        Assert.Empty(outcome.View.Notices);
    }

    [Theory]
    [InlineData(OperatorAction.Postpone, Ending.Postponed)]
    [InlineData(OperatorAction.Cancel, Ending.Cancelled)]
    [InlineData(OperatorAction.Stop, Ending.Cancelled)]
    public async Task Hold_AskedForAnotherEnd_Ends(OperatorAction action, Ending ending)
    {
        var context = new ScriptedContext(Held(StageName.FirstFullSync, new()), _clock);
        context.Queue(MigrationEvents.OperatorRequest, new OperatorRequest { Action = action, By = "p" });

        var outcome = await _clock.RunAsync(() => HoldOrchestrator.HoldBeforeStage(context), TimeSpan.FromDays(5));

        Assert.Equal((StageEnd.Ended, (Ending?)ending), (outcome.End, outcome.Ending));
        Assert.Equal((action, "p"), (outcome.View.AskedEnd?.Action, outcome.View.AskedEnd?.By));
    }

    [Fact]
    public async Task Hold_NoTimeIsLeft_IsLeftOutAndTold()
    {
        var input = Held(StageName.ConfirmSwitch, new());
        var late = input.Request with { Window = input.Request.Window with { End = ScriptedClock.Begin.AddMinutes(50) } };

        var outcome = await _clock.RunAsync(() => HoldOrchestrator.HoldBeforeStage(new ScriptedContext(input with { Request = late }, _clock)), TimeSpan.Zero);

        Assert.Equal((StageEnd.Done, TimeError.HoldNotPossible.Code), (outcome.End, outcome.View.Notices[^1].Code));
    }

    [Fact]
    public async Task Migration_StageIsHeld_WaitsOnceThenRunsIt()
    {
        var input = Held(StageName.StampAnchors, new());
        var holds = 0;
        ScriptedContext context = null!;
        context = new ScriptedContext(input, _clock)
            .OnSub(nameof(HoldOrchestrator.HoldBeforeStage), _ =>
            {
                holds++;
                return Task.FromResult<object>(new StageOutcome { End = StageEnd.Done, Facts = input.Facts, View = input.View });
            })
            .OnSub("StampAnchorsStage", _ => Task.FromResult<object>(new StageOutcome { End = StageEnd.Done, Facts = input.Facts, View = input.View }));
        var migration = new Migration(context, input.Request, input.Plan);

        await migration.StageAsync(StageName.StampAnchors);
        await migration.StageAsync(StageName.StampAnchors);

        Assert.Equal(1, holds);
        Assert.Equal(["HoldBeforeStage", "StampAnchorsStage", "StampAnchorsStage"], context.Calls);
    }

    /// <summary>A window of two days that opens in two.</summary>
    static StageInput Held(StageName stage, MigrationFacts facts)
    {
        var input = ScriptedContext.Input(stage, facts);
        return input with
        {
            Request = input.Request with
            {
                Window = new() { Start = ScriptedClock.Begin.AddDays(2), End = ScriptedClock.Begin.AddDays(4), HoldBefore = [stage] },
                Settings = new() { HoldHours = 96 },
            },
        };
    }
}

using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Stages;
using GwbCloud.Tests.Functions.Orchestration.Guards;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>Catalogs, the flag, people at tasks and at the first gate: none of them ever comes to what is waited for, and the stage ends by itself.</summary>
public sealed class StageBoundsTests
{
    static readonly DateTimeOffset Begin = new(ScriptedClock.Begin);
    static readonly MigrationSettings Settings = new();
    static readonly TimeSpan PollsSwitch = TimeSpan.FromMinutes(Settings.SwitchPollMinutes);
    static readonly TimeSpan WindowTask = TimeSpan.FromMinutes(Settings.WindowTaskMinutes);

    readonly ScriptedClock _clock = new();

    [Fact]
    public async Task StampAnchors_ACatalogNeverShowsThem_BlocksAfterTheReplicationWait()
    {
        var waits = TimeSpan.FromHours(Settings.ReplicationWaitHours);
        var context = new ScriptedContext(ScriptedContext.Input(StageName.StampAnchors, new()), _clock)
            .On<SnapshotGroups>(_ => new SnapshotResult { Snapshot = ScriptedContext.Document("snapshot"), Missing = 0 })
            .On<StampAnchors>(_ => new StampResult { Written = 1, AlreadyEqual = 0, Conflicts = [], Missing = [], Moved = [], Renamed = [], Duplicates = [] })
            .On<VerifyAnchors>(_ => CloudSyncBoundsTests.Catalogs(missing: true));

        var outcome = await _clock.RunAsync(() => StampAnchorsStage.Run(context), waits + TimeSpan.FromMinutes(16));

        Assert.Equal((StageEnd.Blocked, OrchestrationError.AnchorsMissing.Code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.InRange(_clock.Passed, waits, waits + TimeSpan.FromMinutes(16));
        Assert.False(outcome.Facts.AnchorsVerified);
    }

    [Fact]
    public async Task RehearseOnStandby_ItsCycleNeverEnds_BlocksAfterTwoDays()
    {
        var input = ScriptedContext.Input(StageName.RehearseOnStandby, new());
        input = input with { Plan = input.Plan with { Servers = [.. input.Plan.Servers, input.Plan.Servers[0] with { Name = "AADC2", Active = false }] } };
        var asked = false;
        var context = new ScriptedContext(input, _clock)
            .OnServer<InspectServer>((_, server) => ScriptedContext.Server(true) with { Server = server })
            .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC2", Counts = [], Details = ScriptedContext.Document("pendingExports") })
            .On("KeepBaseline", _ => new CycleBaseline { KnownErrors = ScriptedContext.Document("known-errors"), Pending = ScriptedContext.Document("pending-baseline"), Deletes = [] })
            .On<AddCoexistenceRules>(_ => ScriptedContext.Rules(RuleState.AsSpecified))
            .On<StartCycle>(_ => new CycleTicket { Server = "AADC2", Policy = CyclePolicy.Initial, RunsBefore = 0 })
            .On<ReadCycle>(_ => new CycleReport { InProgress = asked, Runs = [] });
        context.OnSub("RunCycle", async cycle =>
        {
            asked = true;
            return await CycleOrchestrator.RunCycle(context.With(cycle!));
        });

        var outcome = await _clock.RunAsync(() => RehearseOnStandbyStage.Run(context), TimeBounds.Of(StageName.RehearseOnStandby, Settings).Longest);

        Assert.Equal((StageEnd.Blocked, OrchestrationError.ServerStaysBusy.Code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.InRange(_clock.Passed, TimeSpan.FromHours(47), TimeSpan.FromHours(49));
    }

    [Theory]
    [InlineData(SwitchOutcome.Called, 1)]
    [InlineData(SwitchOutcome.AwaitsOperator, 2)]
    public async Task Switch_TheFlagStaysTrue_AsksAgainAfterItsPolls(SwitchOutcome answer, int polls)
    {
        var context = Switching(new() { State = CommandState.Done, Result = Answer(answer) }).On<InspectServer>(_ => ScriptedContext.Server(flag: true));

        var outcome = await _clock.RunAsync(() => DisableGroupWritebackV2Stage.Run(context), polls * PollsSwitch);

        Assert.Equal((StageEnd.AskAgain, polls * PollsSwitch), (outcome.End, _clock.Passed));
    }

    public static TheoryData<string, CommandReply, bool, TimeSpan> Unanswered => new()
    {
        { "answered", new() { State = CommandState.Done, Result = Answer(SwitchOutcome.Called) }, false, TimeSpan.Zero },
        { "silent", new() { State = CommandState.Queued, Unreachable = true }, true, TimeSpan.FromHours(4.1) },
        { "at work for ever", new() { State = CommandState.Running }, false, TimeSpan.FromHours(48.1) },
    };

    [Theory]
    [MemberData(nameof(Unanswered), DisableDiscoveryEnumeration = true)]
    public async Task Switch_NobodyEverKnowsTheFlag_NeedsAttentionAfterFiveDays(string answers, CommandReply reply, bool silent, TimeSpan more)
    {
        var context = Switching(reply).On("PollCommand", _ => reply)
            .On<InspectServer>(_ => silent ? reply : ScriptedContext.Server(flag: null));

        var outcome = await _clock.RunAsync(() => DisableGroupWritebackV2Stage.Run(context), TimeBounds.Of(StageName.DisableGroupWritebackV2, Settings).Longest);

        Assert.True(outcome is { End: StageEnd.Parked, Facts.SwitchedOff: false }, answers);
        Assert.InRange(_clock.Passed, TimeSpan.FromDays(5) + (silent ? TimeSpan.Zero : PollsSwitch), TimeSpan.FromDays(5) + PollsSwitch + TimeSpan.FromHours(2) + more);
    }

    [Theory]
    [InlineData(StageName.EnterStagingMode)]
    [InlineData(StageName.LeaveStagingMode)]
    public async Task WindowTask_NobodyDoesIt_BlocksAtItsDeadline(StageName stage)
    {
        var enters = stage == StageName.EnterStagingMode;
        var facts = new MigrationFacts
        {
            SchedulerBefore = true, SwitchedOff = !enters, KnownErrors = ScriptedContext.Document("known-errors"), PendingBaseline = ScriptedContext.Document("pending-baseline"),
        };
        var context = new ScriptedContext(ScriptedContext.Input(stage, facts), _clock)
            .On<InspectServer>(_ => ScriptedContext.Server(enters) with { Staging = !enters })
            .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pendingExports") })
            .On("JudgePending", _ => new Judgement { Reasons = [] });

        var outcome = await _clock.RunAsync(() => enters ? EnterStagingModeStage.Run(context) : LeaveStagingModeStage.Run(context), WindowTask);

        Assert.Equal((StageEnd.Blocked, OrchestrationError.TaskOverdue.Code, WindowTask), (outcome.End, outcome.View.Notices[^1].Code, _clock.Passed));
        Assert.Equal(TaskState.Overdue, Assert.Single(outcome.View.Tasks).State);
    }

    [Fact]
    public async Task Window_NobodyIsReachable_ExpiresSoonAfterItsStart()
    {
        var opens = TimeSpan.FromHours(5);
        var input = ScriptedContext.Input(StageName.FreezeAndDrain, new());
        input = input with { Request = input.Request with { Window = new() { Start = Begin + opens, End = Begin + opens + TimeSpan.FromHours(12) } } };

        var outcome = await _clock.RunAsync(() => FreezeAndDrainStage.Run(new ScriptedContext(input, _clock)), opens + WindowTask);

        Assert.Equal((StageEnd.Ended, (Ending?)Ending.Expired, opens + WindowTask), (outcome.End, outcome.Ending, _clock.Passed));
        Assert.Equal(OrchestrationError.NobodyReachable.Code, outcome.View.Notices[^1].Code);
    }

    [Fact]
    public async Task FirstGate_WhatHoldsItUpIsNeverSetRight_ExpiresAtItsDeadline()
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        var opens = Begin.AddHours(30);
        var input = world.Input with { Stage = StageName.ApprovePlan, Request = world.Input.Request with { Window = new() { Start = opens, End = opens.AddHours(12) } } };
        var context = world.Context(input, _clock)
            .On<ReadCycle>(_ => new CycleReport { InProgress = false, Runs = [] })
            .On("GatherPlanEvidence", _ => new GateEvidence { Digest = new string('a', 64), Parts = [], Reasons = [] })
            .On("TallyGate", _ => new GateTally { State = GateState.Pending, Approvals = 0, Decisions = ScriptedContext.Document("decisions") });
        var heldUp = false;
        context.On("PublishView", update =>
        {
            heldUp |= ((ViewUpdate)update!).View is { Gate: null } view && view.Stages.Any(s => s.Detail == "waits until things are as the plan says again");
            return null;
        });
        _clock.At(TimeSpan.FromHours(1), () => world.Suffer(GuardKind.DeleteRuleEnabled));

        var outcome = await _clock.RunAsync(() => ApprovePlanStage.Run(context), TimeSpan.FromHours(30));

        Assert.Equal((Ending.Expired, TimeSpan.FromHours(30)), (outcome.Ending, _clock.Passed));
        Assert.True(heldUp);
        Assert.Equal(0, context.GuardsLeft);
    }

    ScriptedContext Switching(CommandReply reply) => DisableStageTests.Gathering(new(DisableStageTests.Input(), _clock)).On("SubmitSwitch", _ => reply);

    static string Answer(SwitchOutcome outcome) => JsonSerializer.Serialize(new SwitchResult { Outcome = outcome, Reads = null, Reasons = [] }, ContractJson.Options);
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class WayBackTests
{
    [Fact]
    public async Task Run_RulesStayAfterTheirRemoval_StopsAndKeepsTheStep()
    {
        var context = Back(UndoKind.RemoveRules)
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true))
            .On<RemoveCoexistenceRules>(_ => ScriptedContext.Rules(RuleState.AsSpecified));

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.False(outcome.Complete);
        Assert.Equal(["AADC1"], outcome.Facts.RulesMadeOn);
        Assert.Contains(OrchestrationError.RulesStayed.Code, outcome.View.Notices[^1].Message, StringComparison.Ordinal);
    }

    /// <summary>One rule of the pair was there before: it stays, and is no rule that stayed behind.</summary>
    [Fact]
    public async Task Run_RuleThatWasThereBefore_IsKept_AndStopsNothing()
    {
        RemoveCoexistenceRules? asked = null;
        var input = ScriptedContext.Input(StageName.CoexistenceRules, new());
        var facts = new MigrationFacts
        {
            RulesMadeOn = ["AADC1"],
            RulesFound = [new() { Server = "AADC1", Inbound = true, Outbound = false }],
        };
        var context = new ScriptedContext(input)
            .On("AppendAudit", _ => null)
            .On("PublishView", _ => null)
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true))
            .On<RemoveCoexistenceRules>(command =>
            {
                asked = command;
                return ScriptedContext.Rules(RuleState.Absent) with { Inbound = RuleState.AsSpecified };
            })
            .OnSub("RunCycle", _ => Task.FromException<object>(ScriptedContext.Failure("RunCycle")));
        var run = new StageRun(context, input with { Facts = facts });

        // The cycle comes only once the rules are gone that are ours.
        await Assert.ThrowsAsync<Microsoft.DurableTask.TaskFailedException>(() => UndoSteps.DoAsync(run, UndoKind.RemoveRules));

        Assert.Equal((true, false), (asked!.KeepInbound, asked.KeepOutbound));
    }

    /// <summary>From the stage that makes the rules to the end of the way back, on a server on which somebody had made one of the two.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task RulesMadeAndUndone_LeaveTheServerAsItWas(bool inbound, bool outbound)
    {
        var before = new CoexistenceRules { Inbound = Of(inbound), Outbound = Of(outbound) };
        var rules = before;
        var context = Recalculating(() => [])
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true) with { Coexistence = rules })
            .On<AddCoexistenceRules>(_ => rules = ScriptedContext.Rules(RuleState.AsSpecified))
            .On<RemoveCoexistenceRules>(keep => rules = new() { Inbound = Of(keep.KeepInbound), Outbound = Of(keep.KeepOutbound) });
        var begun = context.GetInput<WayBackInput>()!.From;
        var run = new StageRun(context, begun with { Facts = new() });

        await CoexistenceRuleWork.AddAsync(run, ["AADC1"]);
        var made = rules;
        var facts = begun.Facts with { RulesMadeOn = run.Facts.RulesMadeOn, RulesFound = run.Facts.RulesFound };
        var outcome = await WayBackOrchestrator.Run(context.With(new WayBackInput { From = begun with { Facts = facts } }));

        Assert.Equal(ScriptedContext.Rules(RuleState.AsSpecified), made);
        Assert.Equal((true, before), (outcome.Complete, rules));

        static RuleState Of(bool there) => there ? RuleState.AsSpecified : RuleState.Absent;
    }

    [Theory]
    [InlineData(UndoKind.LeaveStagingMode, false)]
    [InlineData(UndoKind.LeaveStagingMode, null)]
    [InlineData(UndoKind.RestoreScheduler, false)]
    [InlineData(UndoKind.RestoreScheduler, null)]
    public async Task Run_FlagNoLongerReadsTrue_LetsNoServerExportAgain(UndoKind kind, bool? reads)
    {
        var context = Back(kind).On<InspectServer>(_ => ScriptedContext.Server(reads));

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.Equal((false, reads == false), (outcome.Complete, outcome.OnlyForward));
        Assert.Equal(["InspectServer"], context.Calls.Distinct());
    }

    /// <summary>The operator took hours to leave staging mode; nothing may be exported on what was read before.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public async Task Run_FlagNoLongerReadsTrueOnceStagingWasLeft_RunsNoCycleAndKeepsTheStep(bool? reads)
    {
        var staging = true;
        var context = Back(UndoKind.RestoreScheduler, UndoKind.LeaveStagingMode);
        context.On<InspectServer>(_ =>
            {
                staging &= context.CurrentUtcDateTime < ScriptedClock.Begin.AddHours(3);
                return ScriptedContext.Server(staging ? true : reads) with { Staging = staging };
            })
            .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pendingExports") })
            .On("JudgePending", _ => new Judgement { Reasons = [] })
            .OnSub("RunCycle", _ => Task.FromResult<object>(new CycleOutcome { Server = "AADC1", Runs = [] }));

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.Equal((false, reads == false), (outcome.Complete, outcome.OnlyForward));
        Assert.Equal(TaskState.Done, Assert.Single(outcome.View.Tasks).State);
        Assert.DoesNotContain("RunCycle", context.Calls);
        Assert.DoesNotContain(nameof(SetScheduler), context.Calls);
        Assert.Contains(outcome.Facts.Undo, u => u.Kind == UndoKind.LeaveStagingMode);
        var told = outcome.View.Notices[^1];
        var code = reads == false ? OrchestrationError.UndoRefused.Code : OrchestrationError.SwitchUnknown.Code;
        Assert.True(told.Code == code || told.Message.Contains(code, StringComparison.Ordinal), told.Message);
    }

    /// <summary>A standby was made active by somebody, and its operator takes hours to put it back: the rules may be all that holds the groups by then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public async Task Run_FlagNoLongerReadsTrueOnceAServerIsBackInStaging_RemovesNoRule(bool? reads)
    {
        var staging = false;
        var context = Back(UndoKind.RemoveRules);
        context.On<InspectServer>(_ =>
            {
                staging |= context.CurrentUtcDateTime >= ScriptedClock.Begin.AddHours(3);
                return ScriptedContext.Server(staging ? reads : true) with { Staging = staging };
            })
            .On<SetScheduler>(_ => new SchedulerChange { Before = ScriptedContext.Server(true).Scheduler, After = ScriptedContext.Server(true).Scheduler });

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.False(outcome.Complete);
        Assert.DoesNotContain(nameof(RemoveCoexistenceRules), context.Calls);
        Assert.Equal(["AADC1"], outcome.Facts.RulesMadeOn);
    }

    [Fact]
    public async Task Run_ConfigurationServesOthersByNow_StopsKeepsTheStepsAndSaysWhoDecides()
    {
        var refusal = new GraphException(GraphError.StrangersInScope, "1 groups");
        var context = Back(UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync)
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true))
            .On("RemoveCloudSync", _ => throw ScriptedContext.Failure("RemoveCloudSync", refusal.Message));

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.False(outcome.Complete);
        Assert.Equal([UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync], outcome.Facts.Undo.Select(u => u.Kind));
        Assert.Contains(refusal.Message, outcome.View.Notices[^1].Message, StringComparison.Ordinal);
        Assert.Equal(GraphError.StrangersInScope.Remedy, outcome.View.Notices[^1].Remedy);
    }

    [Fact]
    public async Task Run_ServerExportsAgain_GoesBackIntoStagingWithItsSchedulerOffBeforeARuleGoes()
    {
        var staging = false;
        var context = Back(UndoKind.RemoveRules)
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true) with { Staging = staging })
            .On<SetScheduler>(set =>
            {
                staging = true;
                var now = ScriptedContext.Server(flag: true).Scheduler with { Enabled = set.Enabled };
                return new SchedulerChange { Before = now, After = now };
            })
            .On<RemoveCoexistenceRules>(_ => { Assert.True(staging); return ScriptedContext.Rules(RuleState.AsSpecified); });

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.Equal([UndoKind.RemoveRules, UndoKind.RestoreScheduler, UndoKind.LeaveStagingMode], outcome.Facts.Undo.Select(u => u.Kind));
        Assert.True(context.Calls.IndexOf(nameof(SetScheduler)) < context.Calls.IndexOf(nameof(RemoveCoexistenceRules)));
    }

    [Fact]
    public async Task Run_PendingExportsAreNotAllowedByNow_DoesNotAskToLeaveStaging()
    {
        var context = Back(UndoKind.LeaveStagingMode)
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true))
            .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pendingExports") })
            .On("JudgePending", input => { Assert.True(((JudgePendingInput)input!).WayBack); return new Judgement { Reasons = ["delete of a group"] }; });

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.False(outcome.Complete);
        Assert.Empty(outcome.View.Tasks);
        Assert.Contains(OrchestrationError.PendingNotAllowed.Code, outcome.View.Notices[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SchedulerWasOffBefore_IsNotOursToTurnOn()
    {
        var context = Back(UndoKind.RestoreScheduler, facts => facts with { SchedulerBefore = false }).On<InspectServer>(_ => ScriptedContext.Server(flag: true));

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.True(outcome.Complete);
        Assert.DoesNotContain(nameof(SetScheduler), context.Calls);
    }

    [Fact]
    public async Task Run_AutoUpgradeWasDisabledMeanwhile_StaysDisabled()
    {
        var context = Back(UndoKind.RestoreAutoUpgrade, facts => facts with { AutoUpgradeBefore = [new() { Server = "AADC1", State = AutoUpgradeState.Enabled }] })
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true) with { AutoUpgrade = AutoUpgradeState.Disabled });

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.True(outcome.Complete);
        Assert.DoesNotContain(nameof(SetAutoUpgrade), context.Calls);
    }

    [Fact]
    public async Task Run_CloudSyncWroteSomeOfTheGroups_KeepsTheirStampsAndTells()
    {
        var untouched = ScriptedContext.Document("untouched");
        DocumentReference? cleared = null;
        var job = new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true };
        var context = Back(UndoKind.UnstampAnchors, facts => facts with { Job = job })
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true))
            .On("ReadCloudSync", _ => new CloudSyncFacts
            {
                Exists = true, Started = true, Quarantined = false, MappingsAsPlanned = true, CanariesOnly = true, SchemaHash = "s", SecretsHash = "t",
                PlannedInScope = 1, StrangersInScope = 0, Deviations = [],
            })
            .On("PauseJob", _ => new JobStatus { Code = "Paused", QuarantineReason = null, LastCycleEnded = null, SteadyState = null, LastState = null })
            .On("FindUntouched", _ => new UntouchedGroups { Groups = untouched, Touched = ["CN=touched"] })
            .On<UnstampAnchors>(command => { cleared = command.Groups; return new UnstampResult { Cleared = 1, LeftAlone = 0 }; });

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.Equal(untouched, cleared);
        Assert.Contains("PauseJob", context.Calls);
        Assert.Contains(outcome.View.Notices, n => n.Code == OrchestrationError.StampsKept.Code && n.Message.Contains("CN=touched", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_CycleEndsWithErrors_IsTriedAgainEveryHourUntilItSucceeds()
    {
        var rounds = 0;
        var context = Recalculating(() => ++rounds < 4 ? ["contoso.onmicrosoft.com Full Import ended with no-start-connection"] : []);

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.Equal((true, 4), (outcome.Complete, rounds));
        Assert.Single(outcome.View.Notices, n => n.Code == OrchestrationError.CycleAgain.Code);
        Assert.Equal(TimeSpan.FromHours(3), context.CurrentUtcDateTime - ScriptedClock.Begin);
    }

    [Fact]
    public async Task Run_CycleNeverSucceeds_StopsWhenTheTimeOfATaskIsOver()
    {
        var context = Recalculating(() => ["contoso.onmicrosoft.com Full Import ended with no-start-connection"]);

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.False(outcome.Complete);
        Assert.Equal([UndoKind.RemoveRules], outcome.Facts.Undo.Select(u => u.Kind));
        Assert.InRange(context.CurrentUtcDateTime - ScriptedClock.Begin, TimeSpan.FromHours(22), TimeSpan.FromHours(24));
        Assert.Contains(OrchestrationError.NewRunErrors.Code, outcome.View.Notices[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_GroupGoneForGoodWhileTheRulesHeldIt_NamesTheObjectThatStays()
    {
        var orphan = new OrphanedObject { CloudId = Guid.NewGuid(), DistinguishedName = "CN=Sales,OU=Writeback,DC=contoso,DC=example" };
        var context = Recalculating(() => [])
            .On("FindOrphans", input => new OrphansFound { Left = ((OrphansInput)input!).Lists, Gone = ScriptedContext.Document("gone") })
            .On<SnapshotGroups>(_ => new SnapshotResult { Snapshot = ScriptedContext.Document("snapshot"), Missing = 0 })
            .On("NameOrphans", _ => new OrphanNames { Orphans = [orphan] });

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.True(outcome.Complete);
        Assert.Equal([orphan], outcome.View.Orphans);
        Assert.Contains(outcome.View.Notices, n => n.Code == OrchestrationError.Orphaned.Code && n.Message.Contains(orphan.DistinguishedName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Baseline_GroupDeletePendingAlready_Stops()
    {
        var input = ScriptedContext.Input(StageName.FreezeAndDrain, new());
        var context = new ScriptedContext(input)
            .On<ReadCycle>(_ => new CycleReport { InProgress = false, Runs = [] })
            .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pendingExports") })
            .On("KeepBaseline", _ => new CycleBaseline
            {
                KnownErrors = ScriptedContext.Document("known-errors"), Pending = ScriptedContext.Document("pending-baseline"), Deletes = ["delete of group x"],
            });

        var stop = await Assert.ThrowsAsync<StageStoppedException>(() => CycleProof.BaselineAsync(new StageRun(context, input), ["AADC1"]));

        Assert.Equal(OrchestrationError.PendingNotAllowed.Code, stop.Notice.Code);
    }

    /// <summary>Rules that go and cycles that run, judged as the test says.</summary>
    static ScriptedContext Recalculating(Func<IReadOnlyList<string>> judge) => Back(UndoKind.RemoveRules)
        .On<InspectServer>(_ => ScriptedContext.Server(flag: true))
        .On<RemoveCoexistenceRules>(_ => ScriptedContext.Rules(RuleState.Absent))
        .OnSub("RunCycle", _ => Task.FromResult<object>(new CycleOutcome { Server = "AADC1", Runs = [] }))
        .On("JudgeRuns", _ => new Judgement { Reasons = judge() })
        .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pendingExports") })
        .On("JudgePending", _ => new Judgement { Reasons = [] });

    static ScriptedContext Back(params UndoKind[] kinds) => Back(kinds, facts => facts);

    static ScriptedContext Back(UndoKind kind, Func<MigrationFacts, MigrationFacts> change) => Back([kind], change);

    static ScriptedContext Back(UndoKind[] kinds, Func<MigrationFacts, MigrationFacts> change) => new(new WayBackInput
    {
        From = ScriptedContext.Input(StageName.FirstFullSync, change(new()
        {
            Undo = [.. kinds.Select(kind => new UndoStep { Kind = kind })],
            RulesMadeOn = ["AADC1"],
            SchedulerBefore = true,
            KnownErrors = ScriptedContext.Document("known-errors"),
            PendingBaseline = ScriptedContext.Document("pending-baseline"),
        })),
    });
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Enabling;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>The run that switches version 1 on: its order, and what is given back however it ends. Its whole effect is rehearsed in the lab.</summary>
public sealed class EnableRunTests
{
    readonly ScriptedClock _clock = new();
    readonly List<bool> _scheduler = [];
    readonly List<OperationView> _shown = [];
    ServerFacts _server = EnablePlannerTests.Never().Servers[0];
    EnableBefore? _kept;
    HeldScheduler? _held;
    int _security;
    string? _place;
    int _busyLooks;
    bool _wizardWorks = true;
    string _result = "success";

    [Fact]
    public async Task Run_SwitchesTheSchedulerOff_WaitsForTheWizard_AndGivesItBack()
    {
        var context = Running(new() { Version = WritebackVersion.Version1, Permissions = WritebackGrant.WritebackOu });

        var view = await OperationOrchestrators.Run(context);

        Assert.Equal((OperationOutcome.Completed, 3), (view.Outcome, view.Written));
        Assert.Equal([true, false, true], _scheduler);
        Assert.Equal(TaskState.Done, Assert.Single(view.Tasks).State);
        Assert.Contains(_shown, shown => shown.Tasks is [{ State: TaskState.Open, Kind: TaskKind.EnableWriteback }]);
        string[] order = [nameof(SetScheduler), nameof(SchedulerActivities.HoldScheduler), nameof(SetScheduler), nameof(GrantWritebackPermissions), nameof(CycleOrchestrator.RunCycle), nameof(InventoryWritebackOu), nameof(SetScheduler), nameof(SchedulerActivities.ReleaseScheduler)];
        Assert.Equal(order, context.Calls.Where(order.Contains));
    }

    [Fact]
    public async Task Run_WithoutAGrant_ChangesNoPermissions()
    {
        var context = Running(new() { Version = WritebackVersion.Version1 });

        await OperationOrchestrators.Run(context);

        Assert.DoesNotContain(nameof(GrantWritebackPermissions), context.Calls);
    }

    [Fact]
    public async Task Run_WhileACycleRuns_SwitchesTheSchedulerOnlyThereafter()
    {
        _busyLooks = 3;
        var context = Running(new() { Version = WritebackVersion.Version1 });

        await OperationOrchestrators.Run(context);

        // One look for what was before, three that find it busy, one that finds it idle, one at the scheduler.
        Assert.Equal(6, context.Calls.TakeWhile(call => call != nameof(SetScheduler)).Count(call => call == nameof(InspectServer)));
    }

    [Fact]
    public async Task Run_OnAServerThatNeverRests_SwitchesNothingOff()
    {
        _busyLooks = int.MaxValue;

        var view = await OperationOrchestrators.Run(Running(new() { Version = WritebackVersion.Version1 }));

        Assert.Equal((OperationOutcome.Failed, "GWB2913"), (view.Outcome, Assert.Single(view.Notices).Code));
        Assert.DoesNotContain(false, _scheduler);
    }

    [Fact]
    public async Task Run_WhoseWizardNobodyRuns_EndsInTime_AndGivesTheSchedulerBack()
    {
        _wizardWorks = false;

        var view = await PassAsync(Running(new() { Version = WritebackVersion.Version1 }, clock: _clock));

        Assert.Equal(OperationOutcome.Failed, view.Outcome);
        Assert.Equal(["GWB2834", "GWB2834", "GWB2834", "GWB2911"], view.Notices.Select(notice => notice.Code));
        Assert.Equal([Audience.Concerned, Audience.Escalation, Audience.Concerned, null], view.Notices.Select(notice => notice.Tells));
        Assert.Equal([true, false, true], _scheduler);
        Assert.Equal(TaskState.Overdue, Assert.Single(view.Tasks).State);
    }

    /// <summary>Saying that it is done is only a reason to look, and at once.</summary>
    [Fact]
    public async Task Run_ToldThatTheWizardWasRun_LooksAtOnce_AndRemembersWhoSaidSo()
    {
        _wizardWorks = false;
        var context = Running(new() { Version = WritebackVersion.Version1 }, clock: _clock);
        var (said, heard) = (TimeSpan.FromSeconds(150), false);
        _clock.At(said, () =>
        {
            _wizardWorks = true;
            heard = context.Raise(MigrationEvents.TaskCheck, new TaskCheck { TaskId = _shown[^1].Tasks[0].Id, By = "otto" });
        });

        var view = await PassAsync(context);

        var task = Assert.Single(view.Tasks);
        Assert.True(heard);
        Assert.Equal((TaskState.Done, "otto"), (task.State, task.CheckedBy));
        Assert.Equal(said, task.EndedAt!.Value.UtcDateTime - ScriptedClock.Begin);
    }

    [Fact]
    public async Task Run_ToldOfAnotherTask_TakesItForNothing()
    {
        var context = Running(new() { Version = WritebackVersion.Version1 }, clock: _clock);
        _wizardWorks = false;
        _clock.At(TimeSpan.FromMinutes(5), () => context.Raise(MigrationEvents.TaskCheck, new TaskCheck { TaskId = "another", By = "otto" }));

        var view = await PassAsync(context);

        Assert.Equal((OperationOutcome.Failed, null), (view.Outcome, Assert.Single(view.Tasks).CheckedBy));
    }

    [Fact]
    public async Task Run_StoppedWhileItWaits_WithdrawsTheTask_AndGivesTheSchedulerBack()
    {
        _wizardWorks = false;
        ScriptedContext context = null!;
        context = Running(new() { Version = WritebackVersion.Version1 }, view =>
        {
            if (view.Tasks.Count > 0) { context.Raise(OperationWork.StopEvent, "somebody"); }
        });

        var view = await OperationOrchestrators.Run(context);

        Assert.Equal(OperationOutcome.Stopped, view.Outcome);
        Assert.Empty(view.Tasks);
        Assert.Equal([true, false, true], _scheduler);
    }

    /// <summary>What was off before stays off.</summary>
    [Fact]
    public async Task Run_WhereTheSchedulerWasOff_LeavesItOff()
    {
        _server = _server with { Scheduler = _server.Scheduler with { Enabled = false } };

        await OperationOrchestrators.Run(Running(new() { Version = WritebackVersion.Version1 }));

        Assert.DoesNotContain(true, _scheduler);
    }

    /// <summary>A run that takes up one that broke off goes by what that one had found, not by the scheduler that it left off; and nothing else does.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_Again_GoesByWhatIsHeld(bool held)
    {
        _held = new() { OperationId = "o-20260101-000000-0001", Server = "AADC1", Enabled = true, Held = held };
        _server = _server with { Scheduler = _server.Scheduler with { Enabled = false } };

        await OperationOrchestrators.Run(Running(new() { Version = WritebackVersion.Version1 }));

        Assert.Equal(held ? [false, true] : [false], _scheduler);
        Assert.False(_held!.Held);
    }

    /// <summary>A listener that would not switch it on again is asked before it is switched off.</summary>
    [Fact]
    public async Task Run_WhereTheListenerSwitchesNoSchedulerOn_SwitchesNoneOff()
    {
        var context = Running(new() { Version = WritebackVersion.Version1 }).On<SetScheduler>(change =>
        {
            _scheduler.Add(change.Enabled);
            return change.Enabled ? throw ScriptedContext.Failure("SetScheduler") : new SchedulerChange { Before = _server.Scheduler, After = _server.Scheduler };
        });

        var view = await OperationOrchestrators.Run(context);

        Assert.Equal(OperationOutcome.Failed, view.Outcome);
        Assert.DoesNotContain(false, _scheduler);
    }

    [Fact]
    public async Task Run_StoppedWhileTheServerIsBusy_SwitchesNothingOff()
    {
        _busyLooks = int.MaxValue;
        ScriptedContext context = null!;
        context = Running(new() { Version = WritebackVersion.Version1 }, _ => context.Raise(OperationWork.StopEvent, "somebody"));

        var view = await OperationOrchestrators.Run(context);

        Assert.Equal(OperationOutcome.Stopped, view.Outcome);
        Assert.DoesNotContain(false, _scheduler);
    }

    /// <summary>A day may lie between plan and start: what would refuse the plan by then refuses the start.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_WhereThingsAreNotAsPlanned_WritesNothing(bool rule)
    {
        if (rule) { _server = _server with { DeleteRuleEnabled = true }; }
        else { _place = "OU=Elsewhere,DC=corp,DC=example"; }

        var view = await OperationOrchestrators.Run(Running(new() { Version = WritebackVersion.Version1 }));

        Assert.Equal((OperationOutcome.Failed, "GWB2912"), (view.Outcome, Assert.Single(view.Notices).Code));
        Assert.Empty(_scheduler);
    }

    [Fact]
    public async Task Undo_WhereSecurityGroupsAreInTheOu_IsRefused()
    {
        _security = 3;

        var view = await OperationOrchestrators.Run(Running(new() { Version = WritebackVersion.Version1 }, undo: true));

        Assert.Equal((OperationOutcome.Failed, "GWB2909"), (view.Outcome, Assert.Single(view.Notices).Code));
        Assert.Empty(_scheduler);
    }

    /// <summary>What can't be read may be on: the permissions stay until it reads off.</summary>
    [Fact]
    public async Task Undo_WhileTheFeatureCannotBeRead_AsksForTheWizard()
    {
        _server = _server with { Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = null } };
        _wizardWorks = false;

        var context = Running(new() { Version = WritebackVersion.Version1, Permissions = WritebackGrant.WritebackOu }, undo: true);
        var view = await OperationOrchestrators.Run(context);

        Assert.Equal((OperationOutcome.Failed, "GWB2911"), (view.Outcome, view.Notices[^1].Code));
        Assert.DoesNotContain(nameof(RevokeWritebackPermissions), context.Calls);
    }

    [Fact]
    public async Task Run_WhoseCycleIsCutOff_SaysSo()
    {
        _result = "stopped-server";

        var view = await OperationOrchestrators.Run(Running(new() { Version = WritebackVersion.Version1 }));

        Assert.Contains(view.Notices, notice => notice.Code == "GWB2914");
    }

    Task<OperationView> PassAsync(ScriptedContext context) => _clock.RunAsync(() => OperationOrchestrators.Run(context), TimeSpan.FromHours(3));

    ScriptedContext Running(EnableTerms terms, Action<OperationView>? shown = null, ScriptedClock? clock = null, bool undo = false)
    {
        var run = new OperationRun
        {
            Request = new() { OperationId = "o-20260101-000000-0001", Terms = terms, RequestedBy = "p", Settings = new() { PlanValidHours = 24, ValuesAtOnce = 10, ApprovalFromGroups = 50 } },
            PlanHash = "h", By = "p", Number = 1, Undo = undo,
            Plan = new() { OperationId = "o-20260101-000000-0001", Terms = terms, Draft = new() { Facts = [new(EnablePlanner.PlaceFact, _place ?? Facts.Ou)], Changes = ScriptedContext.Document("value-changes") with { Count = 3 }, Undo = "back" }, PlannedAt = default, ValidUntil = default },
        };
        var looks = 0;
        return new ScriptedContext(run, clock)
            .On("FindMigrationUnderWay", _ => "")
            .On("ListServers", _ => (string[])["AADC1"])
            .On("PublishOperation", view =>
            {
                _shown.Add((OperationView)view!);
                shown?.Invoke((OperationView)view!);
                return null;
            })
            .On(nameof(EnableActivities.KeepBeforeEnable), before => _kept ??= (EnableBefore)before!)
            .On(nameof(EnableActivities.CompareWritten), _ => new WrittenGroups { Written = 2, Security = _security })
            .On(nameof(SchedulerActivities.HoldScheduler), found => _held = _held is { Held: true } ? _held : (HeldScheduler)found!)
            .On(nameof(SchedulerActivities.ReleaseScheduler), held => _held = (HeldScheduler)held! with { Held = false })
            .On<InspectForest>(_ => new Facts().Forest)
            .On<ReadCycle>(_ => new CycleReport { InProgress = false, Runs = [] })
            .On<InventoryWritebackOu>(_ => new InventoryResult { Groups = ScriptedContext.Document("groups"), Elsewhere = ScriptedContext.Document("holders") })
            .On<GrantWritebackPermissions>(_ => new WritebackPermissions { Ours = 1, Others = 0 })
            .On<InspectServer>(_ =>
            {
                // The wizard is done soon after the task is shown.
                if (_wizardWorks && _shown.Exists(view => view.Tasks.Count > 0))
                {
                    _server = _server with { Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = true }, WritebackOu = Facts.Ou, WritebackChosen = true };
                }

                return _server with { Scheduler = _server.Scheduler with { CycleInProgress = looks++ is > 0 and var look && look <= _busyLooks } };
            })
            .On<SetScheduler>(change =>
            {
                _scheduler.Add(change.Enabled);
                var before = _server.Scheduler;
                _server = _server with { Scheduler = before with { Enabled = change.Enabled } };
                return new SchedulerChange { Before = before, After = _server.Scheduler };
            })
            .OnSub(nameof(CycleOrchestrator.RunCycle), asked => Task.FromResult<object>(new CycleOutcome
            {
                Server = ((CycleInput)asked!).Server,
                Runs = [new() { RunNumber = 1, Connector = "corp.example", Profile = "Export", Result = _result, Errors = [] }],
                Seconds = 60,
            }));
    }
}

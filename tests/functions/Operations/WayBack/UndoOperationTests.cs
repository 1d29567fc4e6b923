using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.WayBack;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>The undo of a migration step by step, and what it finds in a store.</summary>
public sealed class UndoOperationTests : IAsyncLifetime
{
    const string Id = "m-20260101-000000-0001";

    readonly ApiHost _host = new();
    readonly List<MigrationStanding> _kept = [];
    readonly List<MigrationView> _views = [];
    readonly List<WayBackInput> _steps = [];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Run_TakesOneStepAtATime_AndClosesTheMigration()
    {
        var view = await OperationOrchestrators.Run(Running(Begun(UndoKind.RemoveCloudSync, UndoKind.UnstampAnchors)));

        Assert.Equal((OperationOutcome.Completed, 3, 3), (view.Outcome, view.Done, view.Written));
        Assert.Equal([UndoKind.UnstampAnchors, UndoKind.RemoveCloudSync], _steps.Select(step => UndoPlanner.StepsOf(step.From.Facts)[0]));
        Assert.All(_steps, step => Assert.Equal((1, null), (step.Most, step.Ending)));
        // From its first moment on it counts as unfinished: nobody begins another migration before its end.
        Assert.Equal((true, false), (_kept[0].Unfinished, _kept[^1].Unfinished));
        Assert.Equal((MigrationState.Ended, MigrationOutcome.RolledBack), (_views[^1].State, _views[^1].Outcome));
    }

    [Fact]
    public async Task Run_WhoseStepIsStuck_FailsAndLeavesTheMigrationUnfinished()
    {
        var view = await OperationOrchestrators.Run(Running(Begun(UndoKind.RemoveCloudSync, UndoKind.UnstampAnchors), back => back with { Complete = false }));

        Assert.Equal((OperationOutcome.Failed, "GWB2965"), (view.Outcome, view.Notices[^1].Code));
        Assert.True(_kept[^1].Unfinished);
        Assert.Equal(MigrationOutcome.NeedsAttention, _views[^1].Outcome);
    }

    /// <summary>False is the new truth: the migration is left so that a retry goes forward.</summary>
    [Fact]
    public async Task Run_WhoseFlagGoesOff_TurnsTheMigrationForward()
    {
        var view = await OperationOrchestrators.Run(Running(Begun(UndoKind.UnstampAnchors), back => back with { Complete = false, OnlyForward = true }));

        Assert.Equal((OperationOutcome.Failed, "GWB2966"), (view.Outcome, view.Notices[^1].Code));
        Assert.Equal((true, true, true), (_kept[^1].Unfinished, _kept[^1].Facts.SwitchedOff, _kept[^1].Facts.SwitchedElsewhere));
    }

    [Fact]
    public async Task Run_ToldToStop_EndsBetweenTwoSteps_AndLeavesTheMigrationUnfinished()
    {
        ScriptedContext context = null!;
        context = Running(Begun(UndoKind.RemoveCloudSync, UndoKind.UnstampAnchors), back =>
        {
            context.Raise(OperationWork.StopEvent, "somebody");
            return back;
        });

        var view = await OperationOrchestrators.Run(context);

        Assert.Equal((OperationOutcome.Stopped, 1), (view.Outcome, view.Done));
        Assert.Equal((1, true), (_steps.Count, _kept[^1].Unfinished));
    }

    /// <summary>Tasks of the way back are the migration's own; that one is done is said to the operation, and its step must hear it.</summary>
    [Fact]
    public async Task Run_ToldThatATaskIsDone_TellsTheStepThatWaits()
    {
        var step = new TaskCompletionSource<object>();
        var begun = Begun(UndoKind.UnstampAnchors);
        var context = Running(begun).OnSub(nameof(WayBackOrchestrator), _ => step.Task);
        var running = OperationOrchestrators.Run(context);

        var heard = context.Raise(MigrationEvents.TaskCheck, new TaskCheck { TaskId = "leavestaging-1" });
        step.SetResult(new WayBackOutcome { Complete = true, OnlyForward = false, Facts = new(), View = begun.From!.View });
        var view = await running;

        Assert.True(heard);
        Assert.Single(context.Calls, $"event {MigrationEvents.TaskCheck}");
        Assert.Equal(OperationOutcome.Completed, view.Outcome);
    }

    [Theory]
    [InlineData(true, TaskState.Open, 202, null)]
    [InlineData(true, TaskState.Done, 409, "GWB1207")]
    [InlineData(true, TaskState.Overdue, 409, "GWB1223")]
    [InlineData(false, TaskState.Open, 409, "GWB1208")]
    public async Task Check_OfAMigrationsTask_IsTakenWhileTheMigrationIsUndone(bool undoing, TaskState state, int status, string? code)
    {
        var kept = UndoPlannerTests.Kept(UndoPlannerTests.Pushed(UndoKind.UnstampAnchors));
        var task = new NewTask { Kind = TaskKind.LeaveStaging, Title = "t", Why = "w", Steps = [] }.Open(new ScriptedContext(""), TimeSpan.FromHours(1)) with { State = state };
        await KeepAsync(kept with { View = kept.View! with { State = undoing ? MigrationState.RollingBack : MigrationState.Ended, Outcome = undoing ? null : MigrationOutcome.NeedsAttention, Tasks = [task] } });
        if (undoing) { await _host.Client.ScheduleNewOrchestrationInstanceAsync(OperationOrchestrators.RunName, Run(), new StartOrchestrationOptions("operation"), Stop); }

        var answer = await _host.PostAsync($"/api/migrations/{Id}/tasks/{task.Id}/check", null);

        Assert.Equal((status, code), (answer.Status, status == 202 ? null : answer.Code));
    }

    [Fact]
    public async Task Run_OfWhatAnEarlierRunFinished_IsDone()
    {
        var view = await OperationOrchestrators.Run(Running(new() { Over = true }));

        Assert.Equal((OperationOutcome.Completed, 0), (view.Outcome, _steps.Count));
    }

    [Fact]
    public async Task Run_Refused_WritesNothing()
    {
        var view = await OperationOrchestrators.Run(Running(new() { Refusal = UndoError.WentOn.Notice("more") }));

        Assert.Equal((OperationOutcome.Failed, "GWB2964"), (view.Outcome, view.Notices[^1].Code));
        Assert.Empty(_kept);
    }

    [Fact]
    public async Task Plan_RestsOnTheStoreAlone_AndNamesItsSteps()
    {
        await KeepAsync(UndoPlannerTests.Kept(UndoPlannerTests.Pushed(UndoKind.UnstampAnchors)));

        var answer = await Activities.PlanUndo(new() { MigrationId = Id, Servers = new() { Version2 = true } }, Stop);

        var steps = await _host.Store.LoadListAsync<ValueChange>(answer.Draft!.Changes!, Stop);
        Assert.Equal(["unstampAnchors", "close"], steps.Select(step => step.Target));
    }

    [Fact]
    public async Task Plan_OfOneThatALaterOneFollowed_IsRefusedUntilThatIsOver()
    {
        var first = UndoPlannerTests.Kept(UndoPlannerTests.Pushed(UndoKind.UnstampAnchors));
        await KeepAsync(first);
        await KeepAsync(first, "m-20260102-000000-0001");

        var refused = await Activities.PlanUndo(new() { MigrationId = Id, Servers = new() { Version2 = true } }, Stop);
        await KeepAsync(first with { Standing = first.Standing! with { Facts = new() } }, "m-20260102-000000-0001");
        var planned = await Activities.PlanUndo(new() { MigrationId = Id, Servers = new() { Version2 = true } }, Stop);

        Assert.Equal("GWB2963", refused.Refusal?.Code);
        Assert.NotNull(planned.Draft);
    }

    [Theory]
    [InlineData(true, UndoKind.RestoreScheduler, "GWB2964")]
    [InlineData(false, UndoKind.RestoreScheduler, null)]
    [InlineData(false, UndoKind.RemoveRules, "GWB2964")]
    public async Task Begin_WithMoreStepsThanThePlan_IsRefused_UnlessTheWayBackAddedThem(bool first, UndoKind more, string? code)
    {
        await KeepAsync(UndoPlannerTests.Kept(UndoPlannerTests.Pushed(UndoKind.UnstampAnchors, more)));
        var planned = await _host.Store.SaveListAsync<ValueChange>("value-changes", [new() { Target = "unstampAnchors", Before = "", After = "" }], Stop);

        var begun = await Activities.BeginUndo(new() { MigrationId = Id, Steps = planned, First = first }, Stop);

        Assert.Equal(code, begun.Refusal?.Code);
        Assert.Equal(code is null ? 1 : null, begun.From?.Request.TakenUp);
    }

    [Theory]
    [InlineData("o-20260101-000000-0001")]
    [InlineData("m-1")]
    public async Task Plan_OfNoMigration_NamesTheField(string id)
    {
        var answer = await _host.PostAsync("/api/operations", new { kind = "undo", terms = new { migrationId = id } });

        Assert.Equal((400, "GWB1006", "terms.migrationId"), (answer.Status, answer.Code, answer.Field));
    }

    UndoActivities Activities => new(_host.Store);

    static UndoBegun Begun(params UndoKind[] kinds) => new() { From = ScriptedContext.Input(StageName.ApprovePlan, UndoPlannerTests.Pushed(kinds)) };

    async Task KeepAsync(KeptMigration kept, string id = Id)
    {
        var plan = await _host.Store.SaveOneAsync("plan", kept.Plan!, Stop);
        await _host.Store.WriteOneAsync(StoreNames.MigrationRequest(id), kept.Request! with { MigrationId = id, Plan = plan }, Stop);
        await _host.Store.WriteOneAsync(StoreNames.MigrationStanding(id), kept.Standing! with { MigrationId = id }, Stop);
        await _host.Store.WriteOneAsync(StoreNames.MigrationView(id), kept.View! with { MigrationId = id }, Stop);
    }

    static OperationRun Run()
    {
        var request = new OperationRequest
        {
            OperationId = "o-20260101-000000-0001", Terms = new UndoTerms { MigrationId = Id }, RequestedBy = "p",
            Settings = new() { PlanValidHours = 24, ValuesAtOnce = 10, ApprovalFromGroups = 50 },
        };
        var plan = new OperationPlan
        {
            OperationId = request.OperationId, Terms = request.Terms, Draft = new() { Changes = ScriptedContext.Document("value-changes") with { Count = 3 } }, PlannedAt = default, ValidUntil = default,
        };
        return new() { Request = request, Plan = plan, PlanHash = "h", By = "p", Number = 1 };
    }

    ScriptedContext Running(UndoBegun begun, Func<WayBackOutcome, WayBackOutcome>? outcome = null) =>
        new ScriptedContext(Run())
            .On("AppendAudit", _ => null)
            .On("PublishOperation", _ => null)
            .On("FindMigrationUnderWay", _ => "")
            .On("BeginUndo", _ => begun)
            .On("WriteReport", _ => null)
            .On("KeepStanding", standing => Heard(_kept, (MigrationStanding)standing!))
            .On("PublishView", update => Heard(_views, ((ViewUpdate)update!).View))
            .OnSub(nameof(WayBackOrchestrator), input =>
            {
                var step = (WayBackInput)input!;
                _steps.Add(step);
                var done = UndoPlanner.StepsOf(step.From.Facts)[0];
                var facts = step.From.Facts with { Undo = [.. step.From.Facts.Undo.Where(u => u.Kind != done)] };
                var back = new WayBackOutcome { Complete = true, OnlyForward = false, Facts = facts, View = step.From.View };
                return Task.FromResult<object>(outcome?.Invoke(back) ?? back);
            });

    static object? Heard<T>(List<T> all, T one)
    {
        all.Add(one);
        return null;
    }
}

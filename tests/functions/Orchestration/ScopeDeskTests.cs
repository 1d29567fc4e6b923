using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class ScopeDeskTests
{
    readonly Queue<ScopeFacts> _reads = new();
    readonly StageInput _input;
    readonly ScriptedContext _context;

    public ScopeDeskTests()
    {
        _input = ScriptedContext.Input(StageName.StartCloudSync, new());
        _context = new ScriptedContext(_input);
        _context
            .On("PrepareScopeList", _ => ScriptedContext.Document("scope-list"))
            .On("ReadScope", _ => _reads.Count > 1 ? _reads.Dequeue() : _reads.Peek())
            .On("AssignScope", _ => new ScopeProgress { Made = 1, Left = 0 });
    }

    [Fact]
    public async Task Operator_IsGivenScriptAndListOfTheRing()
    {
        Reads(Scope(missing: 1), Scope());
        var run = new StageRun(_context, _input);

        await ScopeDesk.AssignAsync(run, Input());

        var task = Assert.Single(run.View.Tasks);
        Assert.Equal((TaskKind.AssignGroups, TaskState.Done, "ring-3"), (task.Kind, task.State, task.AttachmentName));
        Assert.Contains(task.Steps, step => step.Contains("./ring-3.ps1 -WhatIf", StringComparison.Ordinal));
        Assert.NotNull(task.Attachment);
        Assert.DoesNotContain("AssignScope", _context.Calls);
    }

    /// <summary>Whoever made a configuration may have given it another name than the domain's; groups assigned to another application are not in scope.</summary>
    [Fact]
    public async Task Operator_ApplicationOfAnotherName_IsToldItByNameAndId()
    {
        Reads(Scope(missing: 1), Scope());
        var principal = Guid.NewGuid();
        var job = new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = principal, JobId = "job", Application = "Groups to our domain", ScopeRoleId = Guid.Empty, Created = false };
        var run = new StageRun(_context, _input with { Facts = _input.Facts with { Job = job } });

        await ScopeDesk.AssignAsync(run, Input());

        Assert.Contains(Assert.Single(run.View.Tasks).Steps, step => step.Contains($"'Groups to our domain' (object id {principal:D})", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Operator_WhoAssignsTooMuch_IsToldOnce_AndGoesOnWhenItIsTakenAway()
    {
        Reads(Scope(missing: 1), Scope(tooEarly: 2), Scope(tooEarly: 1), Scope());
        var run = new StageRun(_context, _input);

        await ScopeDesk.AssignAsync(run, Input());

        Assert.Equal(TaskState.Done, Assert.Single(run.View.Tasks).State);
        var told = Assert.Single(run.View.Notices);
        Assert.Equal(OrchestrationError.ScopeWrong.Code, told.Code);
        Assert.Contains("2 groups of later rings", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_StrangerThatStays_StopsAtTheDeadlineWithItsName()
    {
        Reads(Scope(strangers: 1));
        var run = new StageRun(_context, _input);

        var stopped = await Assert.ThrowsAsync<StageStoppedException>(() => ScopeDesk.AssignAsync(run, Input()));

        Assert.Equal(OrchestrationError.ScopeWrong.Code, stopped.Notice.Code);
        Assert.Contains("Sales", stopped.Notice.Message, StringComparison.Ordinal);
        Assert.Equal(TaskState.Overdue, Assert.Single(run.View.Tasks).State);
    }

    [Fact]
    public async Task Operator_GroupsTooEarlyThatMayBeWrittenAlready_AreToldAndNotSentAway()
    {
        Reads(Scope(tooEarly: 2) with { Joined = ScriptedContext.Document("ring") });
        var run = new StageRun(_context, _input);

        var facts = await ScopeDesk.AssignAsync(run, Input() with { Untouched = false });

        Assert.NotNull(facts.Joined);
        Assert.Contains("judged with this ring", Assert.Single(run.View.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_WhoDoesNothing_IsOverdue()
    {
        Reads(Scope(missing: 1));

        var stopped = await Assert.ThrowsAsync<StageStoppedException>(() => ScopeDesk.AssignAsync(new StageRun(_context, _input), Input()));

        Assert.Equal(OrchestrationError.TaskOverdue.Code, stopped.Notice.Code);
    }

    [Fact]
    public async Task App_WhereThePlanSaysSo_AssignsAndReadsBackWithoutATask()
    {
        Reads(Scope(missing: 1), Scope());
        var run = new StageRun(_context, ByApp());

        await ScopeDesk.AssignAsync(run, Input());

        Assert.Empty(run.View.Tasks);
        Assert.Equal(["AssignScope", "ReadScope", "ReadScope"], _context.Calls);
    }

    [Theory]
    [InlineData(1, 0, "GWB2783")]
    [InlineData(0, 1, "GWB2782")]
    public async Task App_ThatReadsBackOtherwise_Stops(int missing, int strangers, string code)
    {
        Reads(Scope(missing, strangers: strangers));

        var stopped = await Assert.ThrowsAsync<StageStoppedException>(() => ScopeDesk.AssignAsync(new StageRun(_context, ByApp()), Input()));

        Assert.Equal(code, stopped.Notice.Code);
    }

    StageInput ByApp() => _input with { Plan = _input.Plan with { AssignScope = ScopeAssignment.App } };

    void Reads(params ScopeFacts[] facts) => Array.ForEach(facts, _reads.Enqueue);

    static ScopeFacts Scope(int missing = 0, int tooEarly = 0, int strangers = 0) =>
        new() { Assigned = 4 - missing, Missing = missing, TooEarly = tooEarly, Strangers = strangers, Wrong = tooEarly + strangers == 0 ? [] : ["Sales"] };

    static ScopeInput Input() => new()
    {
        MigrationId = "m-1",
        Plan = ScriptedContext.Document("plan"),
        Job = new() { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true },
        Ring = 3,
        Of = 6,
        Groups = ScriptedContext.Document("ring") with { Count = 4 },
        Untouched = true,
    };
}

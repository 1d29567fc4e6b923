using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class StopNowTests
{
    readonly List<string> _cancelled = [];
    bool? _scheduler = true;

    [Fact]
    public async Task Stop_EndsTheListenersJobBeforeItTouchesTheScheduler()
    {
        var context = Context(new());

        var outcome = await StopNowOrchestrator.Run(context);

        Assert.Empty(outcome.NotStopped);
        Assert.Equal(["c-1"], _cancelled);
        Assert.True(context.Calls.IndexOf("CancelJob") < context.Calls.IndexOf("SetScheduler"));
        Assert.Contains("StopCycle", context.Calls);
    }

    [Fact]
    public async Task Stop_BeforeTheFreeze_NotesTheSchedulerBeforeItStopsIt()
    {
        var context = Context(new());

        var outcome = await StopNowOrchestrator.Run(context);

        Assert.Equal((true, false), (outcome.SchedulerBefore, _scheduler));
        Assert.True(context.Calls.IndexOf("InspectServer") < context.Calls.IndexOf("SetScheduler"));
    }

    [Fact]
    public async Task Stop_SchedulerThatCannotBeRead_IsNotTouchedAndTold()
    {
        var context = Context(new()).On<InspectServer>(_ => Refused());

        var outcome = await StopNowOrchestrator.Run(context);

        Assert.DoesNotContain("SetScheduler", context.Calls);
        Assert.Null(outcome.SchedulerBefore);
        Assert.Contains("The scheduler on AADC1", Assert.Single(outcome.NotStopped).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_AfterTheFreeze_KeepsTheValueThatTheFreezeFound()
    {
        _scheduler = false;

        var outcome = await StopNowOrchestrator.Run(Context(new() { SchedulerBefore = true }));

        Assert.True(outcome.SchedulerBefore);
    }

    [Fact]
    public async Task Stop_OneThingRefuses_StopsTheOthersAllTheSame()
    {
        var job = new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true };
        var context = Context(new() { Job = job })
            .On<CancelJob>(_ => Refused())
            .On("PauseJob", _ => throw ScriptedContext.Failure("PauseJob"));

        var outcome = await StopNowOrchestrator.Run(context);

        Assert.Equal(["GWB2862", "GWB2862"], outcome.NotStopped.Select(n => n.Code));
        Assert.Equal(false, _scheduler);
        Assert.Contains("StopCycle", context.Calls);
    }

    /// <summary>Only a job that is known to stand is taken up again by the retry; one that nobody paused, or that is not ours, is left alone.</summary>
    [Theory]
    [InlineData("it stands", true)]
    [InlineData("the service refuses", false)]
    [InlineData("there is none", false)]
    public async Task Stop_NotesThatItPausedTheJob_OnlyWhereItDid(string job, bool noted)
    {
        var made = new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true };
        var context = Context(new() { Job = job == "there is none" ? null : made });
        if (job == "the service refuses") { context.On("PauseJob", _ => throw ScriptedContext.Failure("PauseJob")); }

        var outcome = await StopNowOrchestrator.Run(context);

        Assert.Equal(noted, outcome.JobStopped);
    }

    [Fact]
    public async Task Stop_CycleWhoseRunGoesOn_IsTold()
    {
        var context = Context(new()).On<StopCycle>(_ => new CycleStop { WasInProgress = true, InProgress = true });

        Assert.Equal("GWB2862", Assert.Single((await StopNowOrchestrator.Run(context)).NotStopped).Code);
    }

    [Fact]
    public async Task Stop_OnTheWayBack_LeavesTheSchedulerToTheUndo()
    {
        var context = Context(new(), scheduler: false);

        await StopNowOrchestrator.Run(context);

        Assert.DoesNotContain("SetScheduler", context.Calls);
        Assert.Contains("StopCycle", context.Calls);
    }

    ScriptedContext Context(MigrationFacts facts, bool scheduler = true)
    {
        var input = ScriptedContext.Input(StageName.StampAnchors, facts);
        return new ScriptedContext(new StopInput { From = input, Scheduler = scheduler })
            .On("ReadLastCommand", _ => new LastCommand { CommandId = "c-1" })
            .On("PauseJob", _ => null!)
            .On<CancelJob>(cancel =>
            {
                _cancelled.Add(cancel.CommandId);
                return new CancelResult { State = CommandState.Running };
            })
            .On<StopCycle>(_ => new CycleStop { WasInProgress = false, InProgress = false })
            .On<InspectServer>(_ => ScriptedContext.Server(true) with { Scheduler = ScriptedContext.Server(true).Scheduler with { Enabled = _scheduler == true } })
            .On<SetScheduler>(set =>
            {
                _scheduler = set.Enabled;
                var now = ScriptedContext.Server(true).Scheduler with { Enabled = set.Enabled };
                return new SchedulerChange { Before = now, After = now };
            });
    }

    static CommandReply Refused() => new() { State = CommandState.Failed, Error = new() { Code = "GWB6205", Message = "no" } };
}

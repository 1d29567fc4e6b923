using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>How a cycle's end is told from its beginning, and from an end that somebody made.</summary>
public sealed class CycleOrchestratorTests
{
    /// <summary>Two looks at most lie this far apart.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMinutes(2);
    static readonly RunResult Ended = new() { RunNumber = 7, Connector = "contoso.example", Profile = "Full Synchronization", Result = "success", Errors = [] };

    readonly ScriptedClock _clock = new();

    /// <summary>A cycle that was seen and is gone without a run was stopped: its end would otherwise be waited for for two days.</summary>
    [Fact]
    public async Task Cycle_SeenAndGoneWithoutARun_WasBrokenOff()
    {
        var stopped = TimeSpan.FromMinutes(10);

        var outcome = await RunAsync(_ => new() { InProgress = _clock.Passed < stopped, Runs = [] }, stopped + Look);

        Assert.Equal(OrchestrationError.CycleBrokenOff.Code, outcome.Stopped?.Code);
        Assert.Contains("AADC1", outcome.Stopped!.Message, StringComparison.Ordinal);
        Assert.InRange(_clock.Passed, stopped, stopped + Look);
    }

    [Fact]
    public async Task Cycle_NeverSeen_WasBrokenOffAfterHalfAnHour()
    {
        var patience = TimeSpan.FromMinutes(30);

        var outcome = await RunAsync(_ => new() { InProgress = false, Runs = [] }, patience + Look);

        Assert.Equal(OrchestrationError.CycleBrokenOff.Code, outcome.Stopped?.Code);
        Assert.InRange(_clock.Passed, patience, patience + Look);
    }

    /// <summary>The flag comes up late: until then there is neither a cycle nor a run, and nothing is wrong.</summary>
    [Fact]
    public async Task Cycle_ThatBeginsLate_IsWaitedFor()
    {
        var (begins, ends) = (TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(50));

        var outcome = await RunAsync(
            _ => new() { InProgress = _clock.Passed >= begins && _clock.Passed < ends, Runs = _clock.Passed < ends ? [] : [Ended] }, ends + Look);

        Assert.Null(outcome.Stopped);
        Assert.Equal(Ended.RunNumber, Assert.Single(outcome.Runs).RunNumber);
    }

    /// <summary>Runs that it leaves behind say by themselves how they ended.</summary>
    [Fact]
    public async Task Cycle_StoppedBehindARun_IsJudgedByItsRuns()
    {
        var outcome = await RunAsync(_ => new() { InProgress = false, Runs = [Ended with { Result = "stopped-user-termination" }] }, Look);

        Assert.Null(outcome.Stopped);
        Assert.Equal("stopped-user-termination", Assert.Single(outcome.Runs).Result);
    }

    Task<CycleOutcome> RunAsync(Func<ReadCycle, CycleReport> report, TimeSpan atMost)
    {
        var input = new CycleInput { Request = ScriptedContext.Input(StageName.FirstFullSync, new()).Request, Server = "AADC1", Policy = CyclePolicy.Initial };
        var context = new ScriptedContext(input, _clock)
            .On<InspectServer>(_ => ScriptedContext.Server(true))
            .On<StartCycle>(start => new CycleTicket { Server = "AADC1", Policy = start.Policy, RunsBefore = 6 })
            .On<ReadCycle>(report);
        return _clock.RunAsync(() => CycleOrchestrator.RunCycle(context), atMost);
    }
}

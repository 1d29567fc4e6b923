using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Embedded.Engine;

/// <summary>Steps of an orchestration, each under both ways of running: kept in memory, and rebuilt from history for every turn.</summary>
public sealed class OrchestrationTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<bool> BothWays => [false, true];

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Activities_InSequenceAndParallel_GiveTheirResults(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Activity<int>("Double", n => 2 * n).Orchestrator("O", async context =>
        {
            int first = await context.CallActivityAsync<int>("Double", context.GetInput<int>());
            int[] more = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<int>("double", first + i)));
            return more.Sum();
        });

        var ended = await bench.RunAsync("O", 5);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Equal(66, ended.ReadOutputAs<int>());
        Assert.Equal(4, bench.Functions.Ran.Count);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task FailedActivity_IsATaskFailedExceptionWithTypeMessageAndInner(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Activity<int>("Throw", _ => throw new InvalidOperationException("outer", new TimeoutException("inner"))).Orchestrator("O", async context =>
        {
            var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<int>("Throw", 1));
            return $"{failed.TaskName}|{failed.FailureDetails.ErrorType}|{failed.FailureDetails.ErrorMessage}|{failed.FailureDetails.InnerFailure!.ErrorType}|{failed.FailureDetails.IsCausedBy<InvalidOperationException>()}";
        });

        var ended = await bench.RunAsync("O");

        Assert.Equal("Throw|System.InvalidOperationException|outer|System.TimeoutException|True", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task UnknownActivity_FailsItsCall()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", async context => await context.CallActivityAsync<string>("Nowhere"));

        var ended = await bench.RunAsync("O");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Contains("no activity named 'Nowhere'", ended.FailureDetails!.ToString() + ended.FailureDetails.InnerFailure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownOrchestrator_FailsTheInstance()
    {
        await using var bench = new EngineBench();

        var ended = await bench.RunAsync("Nowhere");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Contains("no orchestrator named 'Nowhere'", ended.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Timer_OfAYear_FiresOnTimeAndNotBefore(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("O", async context =>
        {
            var due = context.CurrentUtcDateTime.AddDays(365).AddTicks(7);
            await context.CreateTimer(due, CancellationToken.None);
            return context.CurrentUtcDateTime >= due && context.CurrentUtcDateTime < due.AddSeconds(1);
        });
        await bench.StartAsync("O");
        await bench.IdleAsync();

        bench.Clock.AdvanceTo(bench.Clock.GetUtcNow().AddDays(365));
        var before = await bench.IdleAsync();
        var ended = await bench.EndAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Running, before.RuntimeStatus);
        Assert.True(ended.ReadOutputAs<bool>());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Timer_NotCancelled_KeepsTheInstanceRunning(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("O", context =>
        {
            _ = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return Task.FromResult<object?>("decided");
        });
        await bench.StartAsync("O");

        var waiting = await bench.IdleAsync();
        var ended = await bench.EndAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Running, waiting.RuntimeStatus);
        Assert.Null(waiting.SerializedOutput);
        Assert.Equal("decided", ended.ReadOutputAs<string>());
        Assert.Equal(TimeSpan.FromHours(1), ended.LastUpdatedAt - ended.CreatedAt);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Timer_Cancelled_LetsTheInstanceEnd(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("O", async context =>
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
            stop.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => timer);
            return "cancelled";
        });

        await bench.StartAsync("O");

        Assert.Equal("cancelled", (await bench.IdleAsync()).ReadOutputAs<string>());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Event_BeforeItIsAwaited_IsBufferedWithoutRegardToCase(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("O", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            string first = await context.WaitForExternalEvent<string>("decision");
            string second = await context.WaitForExternalEvent<string>("DECISION");
            return first + second;
        });
        await bench.StartAsync("O");
        await bench.Client.RaiseEventAsync("i", "Decision", "a", Stop);
        await bench.Client.RaiseEventAsync("i", "dEcision", "b", Stop);

        var ended = await bench.EndAsync();

        Assert.Equal("ab", ended.ReadOutputAs<string>());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Event_AfterACancelledWait_GoesToTheNextWait(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("O", async context =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.WaitForExternalEvent<string>("e", TimeSpan.FromMinutes(1)));
            return await context.WaitForExternalEvent<string>("e", TimeSpan.FromMinutes(1));
        });
        await bench.StartAsync("O");
        await bench.IdleAsync();
        bench.Clock.JumpToNextTimer();
        await bench.IdleAsync();
        await bench.Client.RaiseEventAsync("i", "e", "late", Stop);

        var ended = await bench.IdleAsync();

        Assert.Equal("late", ended.ReadOutputAs<string>());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task WaitForExternalEvent_WithTimeout_EventWinsAndTimerIsCancelled(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("O", async context => await context.WaitForExternalEvent<string>("e", TimeSpan.FromDays(3)));
        await bench.StartAsync("O");
        await bench.IdleAsync();
        await bench.Client.RaiseEventAsync("i", "e", "now", Stop);

        var ended = await bench.IdleAsync();

        Assert.Equal("now", ended.ReadOutputAs<string>());
        Assert.Equal(ended.CreatedAt, ended.LastUpdatedAt);
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Completed)]
    [InlineData(false, OrchestrationRuntimeStatus.Failed)]
    public async Task Event_WithAPayloadThatDoesNotFit_CanBeCaughtOnlyWhenItCameBeforeTheWait(bool early, OrchestrationRuntimeStatus end)
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", async context =>
        {
            if (early) { await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None); }
            try { return await context.WaitForExternalEvent<int>("e"); }
            catch (System.Text.Json.JsonException) { return "caught"; }
        });
        await bench.StartAsync("O");
        await bench.IdleAsync();
        await bench.Client.RaiseEventAsync("i", "e", "no number", Stop);

        var ended = await bench.EndAsync();

        Assert.Equal(end, ended.RuntimeStatus);
    }

    [Fact]
    public async Task Event_WithTwoWaits_GoesToTheNewest()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", async context =>
            string.Join(',', await Task.WhenAll(context.WaitForExternalEvent<string>("e"), context.WaitForExternalEvent<string>("e"))));
        await bench.StartAsync("O");
        await bench.IdleAsync();
        await bench.Client.RaiseEventAsync("i", "e", "first", Stop);
        await bench.Client.RaiseEventAsync("i", "e", "second", Stop);

        Assert.Equal("second,first", (await bench.IdleAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Event_ForAnEndedInstance_IsDropped_AndForNoneIsRefused()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", _ => Task.FromResult<object?>(1));
        await bench.RunAsync("O");

        await bench.Client.RaiseEventAsync("i", "e", "late", Stop);

        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Client.RaiseEventAsync("nobody", "e", "x", Stop));
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task SubOrchestration_KnowsItsParent_AndAnswersIt(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Activity<string>("Echo", s => s)
            .Orchestrator("Child", async context => $"{await context.CallActivityAsync<string>("Echo", context.GetInput<string>())} of {context.Parent!.Name}/{context.Parent.InstanceId} as {context.InstanceId}")
            .Orchestrator("O", async context => await context.CallSubOrchestratorAsync<string>("Child", "in", new TaskOptions().WithInstanceId("i:child")));

        var ended = await bench.RunAsync("O");

        Assert.Equal("in of O/i as i:child", ended.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await bench.GetAsync("i:child")).RuntimeStatus);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task SubOrchestration_ThatFails_FailsItsCall(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("Child", _ => throw new InvalidOperationException("no"))
            .Orchestrator("O", async context => (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("Child"))).FailureDetails.ToString());

        var ended = await bench.RunAsync("O");

        Assert.Equal("System.InvalidOperationException: no", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task SubOrchestration_UnderAnIdThatIsRunning_FailsItsCallInsteadOfWaitingForEver()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("never"))
            .Orchestrator("O", async context => (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("Wait", new TaskOptions().WithInstanceId("taken")))).FailureDetails.ErrorMessage);
        await bench.StartAsync("Wait", id: "taken");

        var ended = await bench.RunAsync("O");

        Assert.Contains("'taken' is still running", ended.ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task RetryPolicy_BacksOff_AndGivesUp(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        var options = TaskOptions.FromRetryPolicy(new RetryPolicy(4, TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(30)));
        bench.Functions.Activity<int>("Throw", _ => throw new TimeoutException("slow"))
            .Orchestrator("O", async context => await context.CallActivityAsync<int>("Throw", 1, options));

        var ended = await bench.RunAsync("O");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Equal(4, bench.Functions.Ran.Count);
        Assert.Equal(TimeSpan.FromSeconds(10 + 20 + 30), ended.LastUpdatedAt - ended.CreatedAt);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task RetryHandler_MakesItsOwnPause_AndSeesEachFailure(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        int calls = 0;
        bench.Functions.Activity<int>("Third", _ => Interlocked.Increment(ref calls) == 3 ? "well" : throw new TimeoutException($"attempt {calls}"))
            .Orchestrator("O", async context =>
            {
                var seen = new List<string>();
                string result = await context.CallActivityAsync<string>("Third", 1, TaskOptions.FromRetryHandler(async retry =>
                {
                    seen.Add($"{retry.LastAttemptNumber}:{retry.LastFailure.ErrorMessage}:{retry.TotalRetryTime.TotalMinutes}");
                    await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(5), retry.CancellationToken);
                    return retry.LastFailure.IsCausedBy<TimeoutException>();
                }));
                return $"{result} after {string.Join(", ", seen)}";
            });

        var ended = await bench.RunAsync("O");

        Assert.Equal("well after 1:attempt 1:0, 2:attempt 2:5", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task RetryHandler_ThatDeclines_LetsTheFailureThrough()
    {
        await using var bench = new EngineBench();
        bench.Functions.Activity<int>("Throw", _ => throw new TimeoutException("slow"))
            .Orchestrator("O", async context => await context.CallActivityAsync<int>("Throw", 1, TaskOptions.FromRetryHandler(_ => false)));

        var ended = await bench.RunAsync("O");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Single(bench.Functions.Ran);
        Assert.Equal("System.TimeoutException", ended.FailureDetails!.InnerFailure!.ErrorType);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task CustomStatus_IsSeenWhileRunning_AndLimitedTo16KiBOfUtf16(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("O", async context =>
        {
            context.SetCustomStatus(new string('x', 8190));
            await context.WaitForExternalEvent<string>("go");
            Assert.Throws<ArgumentException>(() => context.SetCustomStatus(new string('x', 8191)));
            return "limited";
        });
        await bench.StartAsync("O");

        var waiting = await bench.IdleAsync();
        await bench.Client.RaiseEventAsync("i", "go", "x", Stop);
        var ended = await bench.IdleAsync();

        Assert.Equal(8192, waiting.SerializedCustomStatus!.Length);
        Assert.Equal("limited", ended.ReadOutputAs<string>());
        Assert.Equal(8192, ended.SerializedCustomStatus!.Length);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task ContinueAsNew_CarriesUntakenEvents(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("O", async context =>
        {
            string seen = context.GetInput<string>() + await context.WaitForExternalEvent<string>("e");
            if (seen.Length == 3) { return seen; }
            context.ContinueAsNew(seen);
            return null;
        });
        await bench.StartAsync("O", "");
        foreach (string payload in (string[])["a", "b", "c"]) { await bench.Client.RaiseEventAsync("i", "e", payload, Stop); }

        var ended = await bench.EndAsync();

        Assert.Equal("abc", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_WithoutPreserving_DropsWhatTheCodeHadNotTaken()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", async context =>
        {
            if (context.GetInput<int>() > 0) { return await context.WaitForExternalEvent<string>("e"); }
            await context.WaitForExternalEvent<string>("go");
            context.ContinueAsNew(1, preserveUnprocessedEvents: false);
            return null;
        });
        await bench.StartAsync("O", 0);
        await bench.Client.RaiseEventAsync("i", "e", "lost", Stop);
        await bench.IdleAsync();
        await bench.Client.RaiseEventAsync("i", "go", "", Stop);
        await bench.IdleAsync();
        await bench.Client.RaiseEventAsync("i", "e", "kept", Stop);

        Assert.Equal("kept", (await bench.IdleAsync()).ReadOutputAs<string>());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task SendEvent_ReachesTheOtherInstance(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        bench.Functions.Orchestrator("Receiver", async context => await context.WaitForExternalEvent<string>("e"))
            .Orchestrator("O", context =>
            {
                context.SendEvent("r", "E", "hello");
                return Task.FromResult<object?>(null);
            });
        await bench.StartAsync("Receiver", id: "r");

        await bench.RunAsync("O");

        Assert.Equal("hello", (await bench.IdleAsync("r")).ReadOutputAs<string>());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task NewGuid_IsUniqueAndRepeats(bool replayEveryTurn)
    {
        await using var bench = new EngineBench(replayEveryTurn);
        var seen = new List<Guid>();
        bench.Functions.Orchestrator("O", async context =>
        {
            var one = context.NewGuid();
            var two = context.NewGuid();
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            var three = context.NewGuid();
            seen.Clear();
            seen.AddRange([one, two, three]);
            return seen.Distinct().Count();
        });

        var ended = await bench.RunAsync("O");

        Assert.Equal(3, ended.ReadOutputAs<int>());
        Assert.All(seen, g => Assert.Equal(5, g.Version));
    }

    [Fact]
    public async Task Input_ThatAzureWouldMangle_IsRefusedByName()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", context => Task.FromResult<object?>(context.GetInput<IReadOnlyList<string>>()))
            .Orchestrator("T", async context => await context.CallActivityAsync<int>("A", (1, 2)));

        var listed = await bench.RunAsync("O", new[] { "x" });
        await bench.StartAsync("T", id: "t");

        Assert.Contains("is an interface, which arrives as null", listed.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("tuple", (await bench.IdleAsync("t")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }
}

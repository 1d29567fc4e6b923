using GwbCloud.Embedded.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Embedded.Engine;

/// <summary>What a killed process finds again, and what code must not do because of it.</summary>
public sealed class DurabilityTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_WhileAnActivityRuns_RunsItAgain_AndNothingBeforeIt()
    {
        await using var bench = new EngineBench();
        var gate = new TaskCompletionSource<object?>();
        bench.Functions.Activity<string>("First", s => s).Activity("Second", (_, _) => gate.Task)
            .Orchestrator("O", async context => await context.CallActivityAsync<string>("First", "a") + await context.CallActivityAsync<string>("Second", "b"));
        await bench.StartAsync("O");
        while (bench.Functions.Ran.Count < 2) { await Task.Yield(); }

        bench.Kill();
        gate.SetResult("done");
        var ended = await bench.EndAsync();

        Assert.Equal("adone", ended.ReadOutputAs<string>());
        Assert.Equal(["First(\"a\")", "Second(\"b\")", "Second(\"b\")"], bench.Functions.Ran);
    }

    [Fact]
    public async Task Killed_WhileATimerWaits_FiresItOnTime_OrLateWhenTheProcessWasDown()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(90), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
        await bench.StartAsync("O");
        await bench.StartAsync("O", id: "j");
        await bench.IdleAsync();
        var start = bench.Clock.GetUtcNow();

        bench.Kill();
        var onTime = await bench.EndAsync("i");
        bench.Kill();

        Assert.Equal(start.AddDays(90).UtcDateTime, onTime.ReadOutputAs<DateTime>());
        Assert.Equal(start.AddDays(90).UtcDateTime, (await bench.EndAsync("j")).ReadOutputAs<DateTime>());
    }

    [Fact]
    public async Task Killed_WithABufferedEvent_StillHasIt()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            return await context.WaitForExternalEvent<string>("e");
        });
        await bench.StartAsync("O");
        await bench.Client.RaiseEventAsync("i", "e", "kept", Stop);

        bench.Kill();

        Assert.Equal("kept", (await bench.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Started_IsOnDiskWhenTheStartIsAcknowledged()
    {
        await using var bench = new EngineBench();
        bench.Options = bench.Options with { Durability = GwbCloud.Journal.JournalDurability.Disk };
        bench.Functions.Orchestrator("O", _ => Task.FromResult<object?>(1));
        await bench.StartAsync("O");

        bench.Kill();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await bench.EndAsync()).RuntimeStatus);
    }

    [Fact]
    public async Task Stopped_Gracefully_KeepsTheAnswerOfTheActivityItWaitedFor()
    {
        await using var bench = new EngineBench();
        var gate = new TaskCompletionSource<object?>();
        bench.Functions.Activity("A", (_, _) => gate.Task).Orchestrator("O", async context => await context.CallActivityAsync<string>("A"));
        await bench.StartAsync("O");
        while (bench.Functions.Ran.IsEmpty) { await Task.Yield(); }

        var stopped = bench.Engine.StopAsync(Stop);
        gate.SetResult("kept");
        await stopped;
        bench.Kill();

        Assert.Equal("kept", (await bench.EndAsync()).ReadOutputAs<string>());
        Assert.Single(bench.Functions.Ran);
    }

    [Fact]
    public async Task Stopped_WithoutPatience_CancelsTheActivity_AndDoesNotTakeItForAFailure()
    {
        await using var bench = new EngineBench();
        var inside = new TaskCompletionSource();
        bench.Functions.Activity("A", async (_, cancellation) =>
        {
            if (!inside.TrySetResult()) { return "second"; }
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        }).Orchestrator("O", async context => await context.CallActivityAsync<string>("A"));
        await bench.StartAsync("O");
        await inside.Task;

        await bench.Engine.DisposeAsync();
        bench.Kill();

        Assert.Equal("second", (await bench.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Code_ThatChangedItsSteps_FailsWithTheDifferingStep()
    {
        await using var bench = new EngineBench();
        string asks = "First";
        bench.Functions.Activity<string>("First", s => s).Activity<string>("Other", s => s).Orchestrator("O", async context =>
        {
            await context.CallActivityAsync<string>("First", "same");
            await context.CallActivityAsync<string>(asks, "x");
            return await context.WaitForExternalEvent<string>("go");
        });
        await bench.StartAsync("O");
        await bench.IdleAsync();

        bench.Kill();
        asks = "Other";
        await bench.Client.RaiseEventAsync("i", "go", "", Stop);
        var ended = await bench.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, ended.FailureDetails!.ErrorType);
        Assert.Contains("Turn 2, step 1: history has activity 'First' (#1) with input \"x\", the code now asks for activity 'Other' (#1) with input \"x\"", ended.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("guid")]
    [InlineData("less")]
    [InlineData("more")]
    [InlineData("ends")]
    [InlineData("throws")]
    public async Task Code_ThatDoesNotRepeat_IsFoundByReplayingEveryTurn(string how)
    {
        await using var bench = new EngineBench(replayEveryTurn: true);
        int runs = 0;
        bench.Functions.Activity<string>("A", s => s).Orchestrator("O", async context =>
        {
            bool again = Interlocked.Increment(ref runs) > 1;
            if (again && how == "throws") { throw new InvalidOperationException("only the second time"); }
            if (again && how == "ends") { return "early"; }
            if (again && how == "more") { context.SendEvent("x", "e", 1); }
            if (!(again && how == "less")) { await context.CallActivityAsync<string>("A", how == "guid" ? Guid.NewGuid().ToString() : ""); }
            return await context.WaitForExternalEvent<string>("go");
        });

        var ended = await bench.RunAsync("O");

        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, ended.FailureDetails!.ErrorType);
        Assert.Contains("Turn 1", ended.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("run")]
    [InlineData("configureAwait")]
    [InlineData("foreignSource")]
    [InlineData("delayBesideTimer")]
    [InlineData("timeoutToken")]
    public async Task Code_ThatAwaitsSomethingForeign_FailsInsteadOfHanging(string how)
    {
        await using var bench = new EngineBench();
        bench.Functions.Activity<string>("A", s => s).Orchestrator("O", async context =>
        {
            switch (how)
            {
                case "delay":
                    await Task.Delay(20);
                    break;
                case "run":
                    await Task.Run(() => Thread.Yield());
                    break;
                case "configureAwait":
                    await context.CallActivityAsync<string>("A", "x").ConfigureAwait(false);
                    await context.CallActivityAsync<string>("A", "y");
                    break;
                case "foreignSource":
                    await new TaskCompletionSource().Task;
                    break;
                case "delayBesideTimer":
                    await Task.WhenAny(Task.Delay(20), context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None));
                    break;
                case "timeoutToken":
                    using (var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20))) { await context.CreateTimer(TimeSpan.FromDays(1), soon.Token); }
                    break;
            }
            return "not noticed";
        });
        await bench.StartAsync("O");

        // The foreign thing runs on wall time, so the end is waited for, not jumped to.
        var ended = await bench.Client.WaitForInstanceCompletionAsync("i", true, Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Equal(typeof(IllegalAwaitException).FullName, ended.FailureDetails!.ErrorType);
        Assert.Contains("'O' (i) did something illegal", ended.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_ThatYieldsOrContinuesOnItsOwnTasks_IsLegal()
    {
        await using var bench = new EngineBench(replayEveryTurn: true);
        bench.Functions.Activity<int>("A", n => n).Orchestrator("O", async context =>
        {
            await Task.Yield();
            int sum = await context.CallActivityAsync<int>("A", 1).ContinueWith(t => t.Result + 1, TaskScheduler.Current);
            var all = await Task.WhenAll(context.CallActivityAsync<int>("A", 100), context.CallActivityAsync<int>("A", 200));
            return sum + all.Sum();
        });

        var ended = await bench.RunAsync("O");

        Assert.Null(ended.FailureDetails);
        Assert.Equal(302, ended.ReadOutputAs<int>());
    }

    [Fact]
    public async Task ReplaySafeLogger_SpeaksOnce()
    {
        await using var bench = new EngineBench(replayEveryTurn: true);
        var logged = new LogCounter();
        bench.Options = bench.Options with { LoggerFactory = logged };
        bench.Functions.Activity<int>("A", n => n).Orchestrator("O", async context =>
        {
            var logger = context.CreateReplaySafeLogger("test");
#pragma warning disable CA1848, CA2254, CA1873
            for (int i = 0; i < 3; i++)
            {
                Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(logger, "step");
                await context.CallActivityAsync<int>("A", i);
            }
#pragma warning restore CA1848, CA2254, CA1873
            return null;
        });

        await bench.RunAsync("O");

        Assert.Equal(3, logged.Count);
    }

    [Fact]
    public async Task Turn_ThatCannotBeWritten_StandsStillAndIsTakenAgainAfterARestart()
    {
        await using var bench = new EngineBench();
        var logged = new LogCounter();
        bench.Options = bench.Options with { LoggerFactory = logged };
        int length = GwbCloud.Journal.JournalFile.MaxRecordBytes + 1;
        bench.Functions.Activity<string>("A", s => s.Length).Orchestrator("O", async context =>
        {
            int seen = await context.CallActivityAsync<int>("A", new string('x', length));
            return $"{seen} {await context.WaitForExternalEvent<string>("e")}";
        });
        await bench.StartAsync("O");
        await bench.IdleAsync();

        await bench.Client.RaiseEventAsync("i", "e", "kept", Stop);
        var halted = await bench.IdleAsync();
        bench.Kill();
        length = 3;

        Assert.Equal((OrchestrationRuntimeStatus.Pending, 1, 0), (halted.RuntimeStatus, logged.Count, bench.Functions.Ran.Count));
        Assert.Equal("3 kept", (await bench.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Holds_NeverReachZero_WhileWorkIsInHand()
    {
        await using var bench = new EngineBench();
        int holds = 0;
        var seenZero = new List<int>();
        bench.Options = bench.Options with
        {
            Durability = GwbCloud.Journal.JournalDurability.Disk,
            Busy = _ =>
            {
                Interlocked.Increment(ref holds);
                return new OnDispose(() =>
                {
                    if (Interlocked.Decrement(ref holds) == 0) { lock (seenZero) { seenZero.Add(bench.Functions.Ran.Count); } }
                });
            },
        };
        bench.Functions.Activity<int>("A", n => n + 1)
            .Orchestrator("Child", async context => await context.CallActivityAsync<int>("A", context.GetInput<int>()))
            .Orchestrator("O", async context =>
            {
                int n = 0;
                for (int i = 0; i < 20; i++)
                {
                    n = await context.CallActivityAsync<int>("A", n);
                    int[] more = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => context.CallSubOrchestratorAsync<int>("Child", n)));
                    n = more[0];
                }
                return n;
            });
        _ = bench.Engine;
        lock (seenZero) { seenZero.Clear(); }

        await bench.StartAsync("O");
        await bench.Client.WaitForInstanceCompletionAsync("i", true, Stop);
        while (Volatile.Read(ref holds) > 0) { await Task.Yield(); }

        Assert.Equal([80], seenZero);
    }

    sealed class OnDispose(Action action) : IDisposable
    {
        public void Dispose() => action();
    }

    sealed class LogCounter : Microsoft.Extensions.Logging.ILoggerFactory, Microsoft.Extensions.Logging.ILogger
    {
        int _count;

        public int Count => _count;

        public void AddProvider(Microsoft.Extensions.Logging.ILoggerProvider provider) => throw new NotSupportedException();

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Interlocked.Increment(ref _count);

        public void Dispose()
        {
        }
    }
}

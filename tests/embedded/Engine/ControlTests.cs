using GwbCloud.Embedded.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Embedded.Engine;

/// <summary>What a client can do to instances: start, suspend, resume, terminate, purge, query.</summary>
public sealed class ControlTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static TestFunctions Waiting => new TestFunctions()
        .Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go"))
        .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<string>("Wait", options: new TaskOptions().WithInstanceId("child")))
        .Orchestrator("Quick", _ => Task.FromResult<object?>("done"));

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Suspended)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task Start_OverAnInstanceInADedupeStatus_IsRefused_AndOtherwiseReplacesIt(OrchestrationRuntimeStatus status)
    {
        await using var bench = new EngineBench { Functions = Waiting };
        await bring();

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => bench.StartAsync("Quick", dedupe: status));
        Assert.Equal(status, (await bench.GetAsync()).RuntimeStatus);
        await bench.StartAsync("Quick", dedupe: [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Where(s => s != status)]);

        Assert.Equal("done", (await bench.IdleAsync()).ReadOutputAs<string>());

        async Task bring()
        {
            if (status == OrchestrationRuntimeStatus.Pending)
            {
                await bench.Client.ScheduleNewOrchestrationInstanceAsync("Wait", null, new StartOrchestrationOptions("i", bench.Clock.GetUtcNow().AddHours(1)), Stop);
            }
            else
            {
                await bench.StartAsync(status == OrchestrationRuntimeStatus.Completed ? "Quick" : "Wait");
            }
            await bench.IdleAsync();
            if (status == OrchestrationRuntimeStatus.Suspended) { await bench.Client.SuspendInstanceAsync("i", "why", Stop); }
            if (status == OrchestrationRuntimeStatus.Terminated) { await bench.Client.TerminateInstanceAsync("i", "why", Stop); }
        }
    }

    [Fact]
    public async Task Start_WithoutDedupeStatuses_IsRefusedOverAnOpenInstance()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        await bench.StartAsync("Wait");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => bench.Client.ScheduleNewOrchestrationInstanceAsync("Quick", null, new StartOrchestrationOptions("i"), Stop));
    }

    [Fact]
    public async Task Start_InParallelUnderOneId_SucceedsOnce()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        _ = bench.Engine;

        var starts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            try { return await bench.StartAsync("Wait", dedupe: [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running]) is not null; }
            catch (OrchestrationAlreadyExistsException) { return false; }
        }, Stop)));

        Assert.Single(starts, true);
    }

    [Fact]
    public async Task Start_WithATime_WaitsForIt_AlsoAfterAKill()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        var at = bench.Clock.GetUtcNow().AddDays(60);
        await bench.Client.ScheduleNewOrchestrationInstanceAsync("Quick", null, new StartOrchestrationOptions("i", at), Stop);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await bench.IdleAsync()).RuntimeStatus);

        bench.Kill();
        var ended = await bench.EndAsync();

        Assert.Equal(at, ended.LastUpdatedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@x")]
    [InlineData("grüße")]
    public async Task Start_WithABadId_IsRefused(string id)
    {
        await using var bench = new EngineBench { Functions = Waiting };

        await Assert.ThrowsAsync<ArgumentException>(() => bench.StartAsync("Wait", id: id));
    }

    [Fact]
    public async Task Suspended_TakesNoTurn_UntilItIsResumed()
    {
        await using var bench = new EngineBench();
        bench.Functions.Activity<int>("A", n => n).Orchestrator("O", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return await context.WaitForExternalEvent<string>("go") + await context.CallActivityAsync<int>("A", 1);
        });
        await bench.StartAsync("O");
        await bench.IdleAsync();
        await bench.Client.SuspendInstanceAsync("i", "hold", Stop);
        await bench.Client.RaiseEventAsync("i", "go", "x", Stop);
        bench.Clock.JumpToNextTimer();

        var suspended = await bench.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, suspended.RuntimeStatus);
        Assert.Empty(bench.Functions.Ran);
        await bench.Client.ResumeInstanceAsync("i", "go on", Stop);

        Assert.Equal("x1", (await bench.IdleAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Suspended_KeepsTheAnswerOfARunningActivity_AcrossAKill()
    {
        await using var bench = new EngineBench();
        var gate = new TaskCompletionSource<object?>();
        bench.Functions.Activity("A", (_, _) => gate.Task).Orchestrator("O", async context => await context.CallActivityAsync<string>("A"));
        await bench.StartAsync("O");
        await bench.Client.WaitForInstanceStartAsync("i", Stop);
        await bench.Client.SuspendInstanceAsync("i", null, Stop);
        gate.SetResult("once");
        await bench.IdleAsync();

        bench.Kill();
        await bench.Client.ResumeInstanceAsync("i", Stop);

        Assert.Equal("once", (await bench.IdleAsync()).ReadOutputAs<string>());
        Assert.Single(bench.Functions.Ran);
    }

    [Fact]
    public async Task Terminate_EndsWithTheOutput_AndLeavesSubOrchestrationsAlone()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        await bench.StartAsync("Parent");
        await bench.IdleAsync();

        await bench.Client.TerminateInstanceAsync("i", "stopped by hand", Stop);
        var ended = await bench.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
        Assert.Equal("stopped by hand", ended.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await bench.GetAsync("child")).RuntimeStatus);
    }

    [Fact]
    public async Task Terminate_Recursive_EndsSubOrchestrationsToo()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        await bench.StartAsync("Parent");
        await bench.IdleAsync();

        await bench.Client.TerminateInstanceAsync("i", new TerminateInstanceOptions(Recursive: true), Stop);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await bench.IdleAsync("i")).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await bench.GetAsync("child")).RuntimeStatus);
    }

    [Fact]
    public async Task Terminate_OfASubOrchestration_FailsTheCallOfItsParent()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        await bench.StartAsync("Parent");
        await bench.IdleAsync();

        await bench.Client.TerminateInstanceAsync("child", Stop);

        var parent = await bench.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, parent.RuntimeStatus);
        Assert.Contains("'child' was terminated", parent.FailureDetails!.InnerFailure!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_WhileAnActivityRuns_DropsItsLateAnswer()
    {
        await using var bench = new EngineBench();
        var gate = new TaskCompletionSource<object?>();
        bench.Functions.Activity("A", (_, _) => gate.Task).Orchestrator("O", async context => await context.CallActivityAsync<string>("A"));
        await bench.StartAsync("O");
        await bench.Client.WaitForInstanceStartAsync("i", Stop);
        await bench.Client.TerminateInstanceAsync("i", Stop);

        gate.SetResult("late");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await bench.IdleAsync()).RuntimeStatus);
    }

    [Fact]
    public async Task Purge_ForgetsEndedInstancesOnly_AndAlsoAfterAKill()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        await bench.StartAsync("Quick");
        await bench.StartAsync("Wait", id: "open");
        await bench.IdleAsync();

        Assert.Equal(1, (await bench.Client.PurgeInstanceAsync("i", Stop)).PurgedInstanceCount);
        Assert.Equal(0, (await bench.Client.PurgeInstanceAsync("open", Stop)).PurgedInstanceCount);
        bench.Kill();

        Assert.Null(await bench.Client.GetInstanceAsync("i", Stop));
        Assert.NotNull(await bench.Client.GetInstanceAsync("open", Stop));
    }

    [Fact]
    public async Task Purge_RecursiveAndByFilter_TakesDescendants()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("Child", _ => Task.FromResult<object?>(1))
            .Orchestrator("O", async context => await context.CallSubOrchestratorAsync<int>("Child"));
        await bench.RunAsync("O");

        var purged = await bench.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed]), new PurgeInstanceOptions(Recursive: true), Stop);

        Assert.Equal(2, purged.PurgedInstanceCount);
        Assert.Empty(await AllAsync(bench, new()));
    }

    [Fact]
    public async Task Query_FiltersAndPages()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        foreach (int i in Enumerable.Range(0, 7)) { await bench.StartAsync("Quick", id: $"q-{i}"); }
        await bench.StartAsync("Wait", id: "w-1");
        await bench.IdleAsync("q-0");

        var pages = new List<int>();
        await foreach (var page in bench.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "q-", PageSize: 3)).AsPages()) { pages.Add(page.Values.Count); }
        string? token = null;
        await foreach (var page in bench.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 3)).AsPages()) { token = page.ContinuationToken; break; }

        Assert.Equal([3, 3, 1], pages);
        Assert.Equal(["w-1"], await AllAsync(bench, new(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Equal(["q-3", "q-4", "q-5", "q-6", "w-1"], await AllAsync(bench, new(ContinuationToken: token)));
        Assert.Empty(await AllAsync(bench, new(CreatedFrom: bench.Clock.GetUtcNow().AddSeconds(1))));
    }

    [Fact]
    public async Task Query_WithoutPayloads_DoesNotReadThem()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        await bench.RunAsync("Quick");

        var found = await bench.Client.GetInstanceAsync("i", false, Stop);

        Assert.Null(found!.SerializedOutput);
        Assert.Throws<InvalidOperationException>(() => found.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData("1.0", "1.0", true)]
    [InlineData("0.9", "1.0", true)]
    [InlineData("", "1.0", true)]
    [InlineData("1.10", "1.9", false)]
    [InlineData("2.0", "1.0", false)]
    public async Task Version_NewerThanTheHost_WaitsForAHostThatTakesIt(string version, string hostVersion, bool runs)
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("O", context => Task.FromResult<object?>(context.Version));
        bench.Options = bench.Options with { DefaultVersion = hostVersion };
        await bench.Client.ScheduleNewOrchestrationInstanceAsync("O", null, new StartOrchestrationOptions("i") { Version = version }, Stop);
        Assert.Equal(runs ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Pending, (await bench.IdleAsync()).RuntimeStatus);

        bench.Kill();
        bench.Options = bench.Options with { DefaultVersion = "9" };

        Assert.Equal(version, (await bench.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Version_DefaultsToTheHosts_AlsoForSubOrchestrations_AndFailsWhereSo()
    {
        await using var bench = new EngineBench();
        bench.Functions.Orchestrator("Child", context => Task.FromResult<object?>(context.Version))
            .Orchestrator("O", async context => context.Version + await context.CallSubOrchestratorAsync<string>("Child") + await context.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions { Version = "1.2" }));
        bench.Options = bench.Options with { DefaultVersion = "1.5", VersionFailure = VersionFailureStrategy.Fail };
        await bench.Client.ScheduleNewOrchestrationInstanceAsync("O", null, new StartOrchestrationOptions("new") { Version = "3" }, Stop);

        var ended = await bench.RunAsync("O");

        Assert.Equal("1.51.51.2", ended.ReadOutputAs<string>());
        Assert.Contains("'3'", (await bench.GetAsync("new")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForInstanceCompletion_EndsWithTheInstance_OrTheToken()
    {
        await using var bench = new EngineBench { Functions = Waiting };
        await bench.StartAsync("Wait");
        var waiting = bench.Client.WaitForInstanceCompletionAsync("i", true, Stop);
        using var impatience = new CancellationTokenSource();
        var impatient = bench.Client.WaitForInstanceCompletionAsync("i", true, impatience.Token);
        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        await bench.Client.RaiseEventAsync("i", "go", "well", Stop);

        Assert.Equal("well", (await waiting).ReadOutputAs<string>());
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Client.WaitForInstanceCompletionAsync("nobody", Stop));
    }

    static async Task<List<string>> AllAsync(EngineBench bench, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var found in bench.Client.GetAllInstancesAsync(query)) { ids.Add(found.InstanceId); }
        return ids;
    }
}

using GwbCloud.Embedded.Engine;
using GwbCloud.Journal;
using GwbCloud.Tests.Embedded.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;

namespace GwbCloud.Tests.Embedded;

/// <summary>The same orchestrators on Microsoft's engine and on ours, on wall time, compared by what a client sees in the end.</summary>
public sealed class RealEngineTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Orchestrators = new()
    {
        ["Child"] = context => Task.FromResult<object?>($"{context.Parent!.Name}/{context.Parent.InstanceId == "i"}"),
        ["FailingChild"] = _ => throw new InvalidOperationException("child failed", new TimeoutException("inner")),
        ["WaitingChild"] = async context => await context.WaitForExternalEvent<string>("never"),
        [nameof(ActivityFails)] = ActivityFails,
        ["ActivityFailsUncaught"] = async context => await context.CallActivityAsync<string>("Throw", "x"),
        [nameof(UnknownActivity)] = UnknownActivity,
        ["SubOrchestration"] = async context => await context.CallSubOrchestratorAsync<string>("Child"),
        [nameof(SubOrchestrationFails)] = SubOrchestrationFails,
        ["SubOrchestrationFailsUncaught"] = async context => await context.CallSubOrchestratorAsync<string>("FailingChild"),
        [nameof(SubOrchestrationTerminated)] = SubOrchestrationTerminated,
        [nameof(RetryPolicy)] = RetryPolicy,
        [nameof(RetryHandler)] = RetryHandler,
        [nameof(EventsBuffered)] = EventsBuffered,
        [nameof(EventsTwoWaits)] = EventsTwoWaits,
        [nameof(EventAfterCancelledWait)] = EventAfterCancelledWait,
        ["EventDoesNotFit"] = async context => await context.WaitForExternalEvent<int>("a"),
        [nameof(EventDoesNotFitCaught)] = EventDoesNotFitCaught,
        [nameof(EventDoesNotFitBuffered)] = EventDoesNotFitBuffered,
        [nameof(ActivityResultDoesNotFit)] = ActivityResultDoesNotFit,
        [nameof(ContinueAsNew)] = ContinueAsNew,
        [nameof(CustomStatus)] = CustomStatus,
        [nameof(CancelledTimer)] = CancelledTimer,
        [nameof(Guids)] = Guids,
        [nameof(NullResults)] = NullResults,
        ["Throws"] = _ => throw new ArgumentException("bad", "name"),
        [nameof(ThrowsAfterContinueAsNew)] = ThrowsAfterContinueAsNew,
        [nameof(WhenAnyOrder)] = WhenAnyOrder,
    };

    public static TheoryData<string> Programs => [.. Orchestrators.Keys.Where(k => !k.EndsWith("Child", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Engines_OnTheSameCode_EndAlike(string program)
    {
        string real, ours;
        await using (var host = await DurableTaskTestHost.StartAsync(Register, cancellationToken: Stop)) { real = await RunAsync(host.Client, program); }
        using var folder = new TempFolder();
        var functions = new TestFunctions().Activity<string>("Throw", _ => throw Thrown()).Activity<string>("Echo", s => s).Activity<string?>("Null", _ => null);
        foreach (var (name, code) in Orchestrators) { functions.Orchestrator(name, code); }
        await using (var engine = OrchestrationEngine.Start(new() { JournalPath = folder.File("j"), Durability = JournalDurability.Process }, functions)) { ours = await RunAsync(engine.Client, program); }

        Assert.True(real == ours, $"real: {real}\nours: {ours}");
    }

    static InvalidOperationException Thrown() => new("outer", new TimeoutException("inner"));

    static void Register(DurableTaskRegistry registry)
    {
        registry.AddActivityFunc<string, string>("Throw", string (TaskActivityContext _, string _) => throw Thrown());
        registry.AddActivityFunc<string, string?>("Echo", string? (TaskActivityContext _, string s) => s);
        registry.AddActivityFunc<string, string?>("Null", string? (TaskActivityContext _, string _) => null);
        foreach (var (name, code) in Orchestrators) { registry.AddOrchestratorFunc<string, object>(name, (context, _) => code(context)!); }
    }

    static async Task<string> RunAsync(DurableTaskClient client, string program)
    {
        await client.ScheduleNewOrchestrationInstanceAsync(program, "", new StartOrchestrationOptions("i"), Stop);
        await client.WaitForInstanceStartAsync("i", Stop);
        if (program == nameof(SubOrchestrationTerminated))
        {
            while (await client.GetInstanceAsync("sub", Stop) is not { RuntimeStatus: OrchestrationRuntimeStatus.Running }) { await Task.Delay(10, Stop); }
            await client.TerminateInstanceAsync("sub", "by hand", Stop);
        }
        if (program.StartsWith("Event", StringComparison.Ordinal) || program == nameof(ContinueAsNew))
        {
            foreach (string payload in (string[])["1", "2", "3"]) { await client.RaiseEventAsync("i", "A", payload, Stop); }
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var ended = await client.WaitForInstanceCompletionAsync("i", true, patience.Token);
        return $"{ended.RuntimeStatus} | {ended.SerializedOutput} | {Describe(ended.FailureDetails)} | {ended.SerializedCustomStatus}";
    }

    static string Describe(TaskFailureDetails? details) => details is null ? "" : $"{details.ErrorType}: {details.ErrorMessage} <- {Describe(details.InnerFailure)}";

    static async Task<object?> ActivityFails(TaskOrchestrationContext context)
    {
        try { return await context.CallActivityAsync<string>("Throw", "x"); }
        catch (TaskFailedException e) { return $"{e.TaskName} {Describe(e.FailureDetails)} {e.FailureDetails.IsCausedBy<InvalidOperationException>()} {e.FailureDetails.IsCausedBy<ArgumentException>()}"; }
    }

    static async Task<object?> UnknownActivity(TaskOrchestrationContext context)
    {
        try { return await context.CallActivityAsync<string>("Nowhere", "x"); }
        catch (TaskFailedException e) { return e.TaskName; }
    }

    static async Task<object?> SubOrchestrationFails(TaskOrchestrationContext context)
    {
        try { return await context.CallSubOrchestratorAsync<string>("FailingChild"); }
        catch (TaskFailedException e) { return $"{e.TaskName} {Describe(e.FailureDetails)}"; }
    }

    static async Task<object?> SubOrchestrationTerminated(TaskOrchestrationContext context)
    {
        try { return await context.CallSubOrchestratorAsync<string>("WaitingChild", new TaskOptions().WithInstanceId("sub")); }
        catch (TaskFailedException e) { return e.TaskName; }
    }

    static async Task<object?> RetryPolicy(TaskOrchestrationContext context)
    {
        var start = context.CurrentUtcDateTime;
        try { return await context.CallActivityAsync<string>("Throw", "x", TaskOptions.FromRetryPolicy(new(3, TimeSpan.FromMilliseconds(200)))); }
        catch (TaskFailedException e) { return $"{e.TaskName} {(context.CurrentUtcDateTime - start).TotalSeconds >= 0.4} {(context.CurrentUtcDateTime - start).TotalSeconds < 5}"; }
    }

    static async Task<object?> RetryHandler(TaskOrchestrationContext context)
    {
        string seen = "";
        try
        {
            return await context.CallActivityAsync<string>("Throw", "x", TaskOptions.FromRetryHandler(async retry =>
            {
                seen += $"{retry.LastAttemptNumber}{retry.LastFailure.ErrorMessage} ";
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMilliseconds(50), retry.CancellationToken);
                return retry.LastAttemptNumber < 3;
            }));
        }
        catch (TaskFailedException e) { return $"{e.TaskName} {seen}"; }
    }

    static async Task<object?> EventsBuffered(TaskOrchestrationContext context)
    {
        await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
        return await context.WaitForExternalEvent<string>("a") + await context.WaitForExternalEvent<string>("A") + await context.WaitForExternalEvent<string>("a");
    }

    static async Task<object?> EventsTwoWaits(TaskOrchestrationContext context)
    {
        var first = context.WaitForExternalEvent<string>("a");
        var second = context.WaitForExternalEvent<string>("a");
        return string.Join(',', await Task.WhenAll(first, second)) + await context.WaitForExternalEvent<string>("a");
    }

    static async Task<object?> EventAfterCancelledWait(TaskOrchestrationContext context)
    {
        using var stop = new CancellationTokenSource();
        var cancelled = context.WaitForExternalEvent<string>("a", stop.Token);
        stop.Cancel();
        string seen = cancelled.IsCanceled ? "cancelled " : "open ";
        return seen + await context.WaitForExternalEvent<string>("a", TimeSpan.FromSeconds(20)) + await context.WaitForExternalEvent<string>("a");
    }

    static async Task<object?> EventDoesNotFitCaught(TaskOrchestrationContext context)
    {
        try { return await context.WaitForExternalEvent<int>("a"); }
        catch (System.Text.Json.JsonException) { return "caught"; }
    }

    static async Task<object?> EventDoesNotFitBuffered(TaskOrchestrationContext context)
    {
        await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
        try { return await context.WaitForExternalEvent<int>("a"); }
        catch (System.Text.Json.JsonException) { return "caught"; }
    }

    static async Task<object?> ActivityResultDoesNotFit(TaskOrchestrationContext context)
    {
        try { return await context.CallActivityAsync<int>("Echo", "x"); }
        catch (System.Text.Json.JsonException) { return "caught"; }
    }

    static async Task<object?> ContinueAsNew(TaskOrchestrationContext context)
    {
        string seen = context.GetInput<string>() + await context.WaitForExternalEvent<string>("a");
        if (seen.Length == 3) { return seen; }
        context.SetCustomStatus(seen);
        context.ContinueAsNew(seen);
        return "not the output";
    }

    static async Task<object?> CustomStatus(TaskOrchestrationContext context)
    {
        context.SetCustomStatus(new { Phase = "one" });
        await context.CallActivityAsync<string>("Echo", "x");
        context.SetCustomStatus(new { Phase = "two", At = (string?)null });
        return null;
    }

    static async Task<object?> CancelledTimer(TaskOrchestrationContext context)
    {
        using var stop = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
        stop.Cancel();
        try { await timer; }
        catch (OperationCanceledException e) { return e.GetType().Name; }
        return "fired";
    }

    static Task<object?> Guids(TaskOrchestrationContext context)
    {
        Guid one = context.NewGuid(), two = context.NewGuid();
        return Task.FromResult<object?>($"{one != two} {one.Version}");
    }

    static async Task<object?> NullResults(TaskOrchestrationContext context)
        => $"{await context.CallActivityAsync<string>("Null", "x") is null} {await context.CallActivityAsync<int?>("Null", "x") is null} {await context.CallActivityAsync<object>("Echo", "x")}";

    static Task<object?> ThrowsAfterContinueAsNew(TaskOrchestrationContext context)
    {
        context.ContinueAsNew("x");
        throw new InvalidOperationException("changed my mind");
    }

    static async Task<object?> WhenAnyOrder(TaskOrchestrationContext context)
    {
        var slow = context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
        var quick = context.CallActivityAsync<string>("Echo", "x");
        string first = await Task.WhenAny(slow, quick) == quick ? "quick" : "slow";
        // The slow one is not cancelled: it holds the end back.
        return $"{first} {slow.IsCompleted}";
    }
}

using System.Collections.Concurrent;
using GwbCloud.Embedded.Engine;
using Microsoft.DurableTask;

namespace GwbCloud.Tests.Embedded.Engine;

/// <summary>Orchestrators and activities of one test, as lambdas.</summary>
sealed class TestFunctions : IFunctionRunner
{
    readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, Func<string?, CancellationToken, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every run of an activity, as "name(input)".</summary>
    public ConcurrentQueue<string> Ran { get; } = new();

    public TestFunctions Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> code)
    {
        _orchestrators.Add(name, code);
        return this;
    }

    public TestFunctions Activity(string name, Func<string?, CancellationToken, Task<object?>> code)
    {
        _activities.Add(name, code);
        return this;
    }

    public TestFunctions Activity<T>(string name, Func<T, object?> code)
        => Activity(name, (input, _) => Task.FromResult(code(WorkerDataConverter.Instance.Deserialize<T>(input)!)));

    public Task<object?>? RunOrchestrator(string name, TaskOrchestrationContext context) => _orchestrators.GetValueOrDefault(name)?.Invoke(context);

    public Task<object?> RunActivityAsync(string name, string? input, string instanceId, CancellationToken cancellation)
    {
        Ran.Enqueue($"{name}({input})");
        return _activities.TryGetValue(name, out var code) ? code(input, cancellation) : throw new InvalidOperationException($"There is no activity named '{name}'.");
    }
}

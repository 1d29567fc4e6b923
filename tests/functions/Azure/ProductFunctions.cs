using System.Reflection;
using System.Text.Json;
using GwbCloud.Embedded.Engine;
using GwbCloud.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Tests.Functions;

/// <summary>The product's own orchestrators, and activities of the test in the place and with the types of the product's, for either engine.</summary>
sealed class ProductFunctions : IFunctionRunner
{
    readonly Dictionary<string, MethodInfo> _orchestrators = MethodsWith<OrchestrationTriggerAttribute>();
    readonly Dictionary<string, MethodInfo> _activities = MethodsWith<ActivityTriggerAttribute>();
    readonly Func<string, object, Task<object?>> _activity;

    /// <param name="activity">Runs the activity of that name on its input, whose type is what the product's activity takes.</param>
    public ProductFunctions(Func<string, object, Task<object?>> activity) => _activity = activity;

    /// <summary>Registers everything with Microsoft's engine.</summary>
    public void Register(DurableTaskRegistry registry)
    {
        foreach (var name in _orchestrators.Keys) { registry.AddOrchestrator(name, () => new Orchestrator(this, name)); }
        foreach (var name in _activities.Keys) { registry.AddActivity(name, _ => new Activity(this, name)); }
    }

    public Task<object?>? RunOrchestrator(string name, TaskOrchestrationContext context)
        => _orchestrators.ContainsKey(name) ? RunAsync(name, new HurriedContext(context)) : null;

    public async Task<object?> RunActivityAsync(string name, string? input, string instanceId, CancellationToken cancellation)
    {
        var method = _activities[name];
        var type = method.GetParameters().Single(p => p.IsDefined(typeof(ActivityTriggerAttribute))).ParameterType;
        var result = await _activity(name, WorkerDataConverter.Instance.Deserialize(input, type)!);
        if (method.ReturnType.IsGenericType) { Assert.IsType(method.ReturnType.GetGenericArguments()[0], result); }
        return result;
    }

    async Task<object?> RunAsync(string name, TaskOrchestrationContext context)
    {
        var task = (Task)_orchestrators[name].Invoke(null, BindingFlags.DoNotWrapExceptions, null, [context], null)!;
        await task;
        return task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task);
    }

    static Dictionary<string, MethodInfo> MethodsWith<TTrigger>()
        where TTrigger : Attribute
        => typeof(GwbCloudServices).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetParameters().Any(p => p.IsDefined(typeof(TTrigger))))
            .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives the input on as JSON, as the Functions worker does: the code says what it is.</summary>
    sealed class Orchestrator(ProductFunctions functions, string name) : ITaskOrchestrator
    {
        public Type InputType => typeof(JsonElement);

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskOrchestrationContext context, object? input) => functions.RunAsync(name, new HurriedContext(context, (JsonElement)input!));
    }

    sealed class Activity(ProductFunctions functions, string name) : ITaskActivity
    {
        public Type InputType => typeof(JsonElement);

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskActivityContext context, object? input)
            => functions.RunActivityAsync(name, ((JsonElement)input!).GetRawText(), context.InstanceId, CancellationToken.None);
    }
}

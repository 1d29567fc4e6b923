using System.Reflection;
using GwbCloud.Embedded.Engine;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Embedded.Hosting;

/// <summary>Calls the catalog's orchestrators and activities with services of their own scope.</summary>
sealed class FunctionRunner(FunctionCatalog catalog, IServiceProvider services, Func<DurableTaskClient> client) : IFunctionRunner
{
    static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    public Task<object?>? RunOrchestrator(string name, TaskOrchestrationContext context)
        => catalog.Find(name, FunctionTrigger.Orchestration) is { } function ? RunOrchestratorAsync(function, context) : null;

    public async Task<object?> RunActivityAsync(string name, string? input, string instanceId, CancellationToken cancellation)
    {
        var function = catalog.Find(name, FunctionTrigger.Activity) ?? throw new InvalidOperationException($"There is no activity named '{name}'.");
        await using var scope = services.CreateAsyncScope();
        return await function.InvokeAsync(scope.ServiceProvider, p =>
            p.Position == function.TriggerParameter.Position ? WorkerDataConverter.Instance.Deserialize(input, p.ParameterType) ?? Default(p.ParameterType)
            : p.ParameterType == typeof(CancellationToken) ? cancellation
            : p.IsDefined(typeof(DurableClientAttribute), inherit: false) ? client()
            : instanceId);
    }

    async Task<object?> RunOrchestratorAsync(FunctionMethod function, TaskOrchestrationContext context)
    {
        // No asynchronous disposal: it would leave the orchestration's thread.
        using var scope = services.CreateScope();
        return await function.InvokeAsync(scope.ServiceProvider, p =>
            p.Position == function.TriggerParameter.Position ? context : GetInput.MakeGenericMethod(p.ParameterType).Invoke(context, BindingFlags.DoNotWrapExceptions, null, null, null));
    }

    static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;
}

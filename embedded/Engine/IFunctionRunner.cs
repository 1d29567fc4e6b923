using Microsoft.DurableTask;

namespace GwbCloud.Embedded.Engine;

/// <summary>The orchestrators and activities that the engine can call, by name without regard to case.</summary>
public interface IFunctionRunner
{
    /// <summary>Runs an orchestrator; null when there is none of that name. Called on the orchestration's thread, and must stay there.</summary>
    Task<object?>? RunOrchestrator(string name, TaskOrchestrationContext context);

    /// <summary>Runs an activity on its JSON input.</summary>
    /// <exception cref="InvalidOperationException">There is no activity of that name.</exception>
    Task<object?> RunActivityAsync(string name, string? input, string instanceId, CancellationToken cancellation);
}

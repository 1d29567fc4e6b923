namespace GwbCloud.Embedded.Engine;

/// <summary>A start was refused, because the id is in use by an instance in one of the statuses that were named.</summary>
/// <remarks>Azure throws a type of its own here: callers read the instance and decide, and do not catch by type.</remarks>
public sealed class OrchestrationAlreadyExistsException(string message) : InvalidOperationException(message);

/// <summary>An orchestrator's code did not repeat its history.</summary>
public sealed class NonDeterministicOrchestrationException(string message) : InvalidOperationException(message);

/// <summary>An orchestrator waited for, or was continued by, something that is not the orchestration's own.</summary>
public sealed class IllegalAwaitException(string message) : InvalidOperationException(message);

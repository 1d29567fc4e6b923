using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>Instance ids and which states of an instance forbid a second start. Named always: the framework's default has changed before.</summary>
static class Instances
{
    /// <summary>One migration per tenant at a time.</summary>
    public const string Migration = "migration";

    /// <summary>One operation that writes at a time, and never beside a migration.</summary>
    public const string Operation = "operation";

    /// <summary>For an id that is never used again.</summary>
    public static OrchestrationRuntimeStatus[] AnyStatus { get; } = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    /// <summary>For an id that may be used again after the end.</summary>
    public static OrchestrationRuntimeStatus[] NotEnded { get; } =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];
}

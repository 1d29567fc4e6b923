using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Assessment;

/// <summary>Everything that the checks look at, in memory.</summary>
public sealed record AssessmentFacts
{
    public required TenantFacts Tenant { get; init; }
    public required ForestFacts Forest { get; init; }
    public required IReadOnlyList<ServerFacts> Servers { get; init; }

    /// <summary>Configured listeners that gave no facts.</summary>
    public IReadOnlyList<SilentServer> Silent { get; init; } = [];

    /// <summary>How the runs of each server that answered stand.</summary>
    public IReadOnlyList<ServerRuns> Runs { get; init; } = [];

    /// <summary>The Cloud Sync that the tenant has already; null where nobody looked.</summary>
    public CloudSyncSurvey? CloudSync { get; init; }

    /// <summary>When the facts were read.</summary>
    public required DateTimeOffset ReadAt { get; init; }
    public required IReadOnlyList<AdGroup> Inventory { get; init; }
    public required IReadOnlyDictionary<Guid, CloudGroupFacts> Cloud { get; init; }
    public required Classification Classified { get; init; }
    public required Canaries? Canaries { get; init; }

    /// <summary>Canaries of earlier migrations: their objects may stand in the OU.</summary>
    public required IReadOnlySet<Guid> KnownCanaries { get; init; }
    public required TimePlan Time { get; init; }
    public required AssessmentOptions Options { get; init; }

    /// <summary>The named canaries; none at a first look.</summary>
    public IReadOnlyList<Guid> CanaryIds => Canaries?.All ?? [];

    /// <summary>What people accepted, so that a check can tell what nobody needed to accept.</summary>
    public IReadOnlyList<Acceptance> Acceptances { get; init; } = [];

    public IEnumerable<ClassifiedGroup> With(string reason) => Classified.Groups.Where(g => g.Reasons.Contains(reason));

    public IEnumerable<ClassifiedGroup> Of(GroupClass kind) => Classified.Groups.Where(g => g.Class == kind);
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>What one look of the guards saw. What could not be read is missing, and missing is never a change.</summary>
public sealed record GuardSight
{
    public required IReadOnlyList<ServerSight> Servers { get; init; }
    public JobSight? Job { get; init; }
    public GroupSight? Groups { get; init; }
}

public sealed record ServerSight
{
    public required string Server { get; init; }

    /// <summary>Null when the listener gave no answer.</summary>
    public ServerFacts? Facts { get; init; }
}

/// <summary>Groups of the tenant, without members: output of the activity <c>GuardGroups</c>.</summary>
public sealed record GroupSight
{
    /// <summary>objectIds of planned groups that are gone for good, at most 20.</summary>
    public required IReadOnlyList<string> Gone { get; init; }

    /// <summary>objectIds of security groups for which writeback was turned on since the plan, at most 20.</summary>
    public required IReadOnlyList<string> Enabled { get; init; }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Repair;

/// <summary>Input of the activity <c>OfferRepair</c>.</summary>
public sealed record RepairOffer
{
    public required RepairPack Pack { get; init; }
}

/// <summary>Input of the activity <c>TellRepair</c>.</summary>
public sealed record RepairTold
{
    /// <summary>Document of <see cref="GroupRepair"/>.</summary>
    public required DocumentReference Groups { get; init; }
}

/// <summary>What people are told of groups that did not come back whole.</summary>
public sealed record RepairTale
{
    /// <summary>One sentence for each, at most 20.</summary>
    public required IReadOnlyList<string> Open { get; init; }
}

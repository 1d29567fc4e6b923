using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>What the parts of a listener's evidence have in common: named checks, and whether all of them hold.</summary>
/// <remarks>Normalised: nothing in here changes while a tenant merely lives on, so the same state always has the same hash.</remarks>
public record EvidenceFacts
{
    public required string Tenant { get; init; }

    public required string Migration { get; init; }

    /// <summary>Hashes of what the evidence was measured against.</summary>
    public required ScopeHashes Scope { get; init; }

    public required Ceilings Ceilings { get; init; }

    /// <summary>Every check by its name.</summary>
    public required SortedDictionary<string, bool> Checks { get; init; }

    /// <summary>One sentence for each thing that does not hold, at most 100.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>True when every check holds. Evidence that fails can't be approved.</summary>
    public required bool Passed { get; init; }
}

/// <summary>Facts of the part <c>server:{name}</c>.</summary>
public sealed record ServerEvidence : EvidenceFacts
{
    public required string Server { get; init; }
    public required string Version { get; init; }

    /// <summary>SHA-256 of both coexistence rules' content; null when they are not as specified.</summary>
    public string? RulesHash { get; init; }

    /// <summary>SHA-256 over every active rule for groups in the order of precedence: any edit voids the approval.</summary>
    public required string GroupRulesHash { get; init; }
}

/// <summary>Facts of the part <c>directory</c>.</summary>
public sealed record DirectoryEvidence : EvidenceFacts
{
    /// <summary>The global catalogs that were asked, sorted.</summary>
    public required IReadOnlyList<string> GlobalCatalogs { get; init; }

    /// <summary>Number of groups that migrate.</summary>
    public required int Planned { get; init; }
}

/// <summary>SHA-256 of each document of an <see cref="EvidenceScope"/>.</summary>
public sealed record ScopeHashes
{
    public required string Groups { get; init; }
    public required string Frozen { get; init; }
    public required string Ours { get; init; }
    public required string Snapshot { get; init; }
    public required string KnownErrors { get; init; }
    public required string PendingBaseline { get; init; }

    public static ScopeHashes Of(EvidenceScope scope) => new()
    {
        Groups = scope.Groups.Sha256,
        Frozen = scope.Frozen.Sha256,
        Ours = scope.Ours.Sha256,
        Snapshot = scope.Snapshot.Sha256,
        KnownErrors = scope.KnownErrors.Sha256,
        PendingBaseline = scope.PendingBaseline.Sha256,
    };
}

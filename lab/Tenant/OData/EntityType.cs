namespace GwbCloud.Lab.Tenant.OData;

/// <summary>Which properties of an entity Graph knows, gives unasked, and filters by.</summary>
public sealed record EntityType
{
    /// <summary>For example <c>group</c>, without namespace.</summary>
    public required string Name { get; init; }

    /// <summary>Given without $select.</summary>
    public required IReadOnlyList<string> Default { get; init; }

    /// <summary>Given only when asked for by $select.</summary>
    public IReadOnlyList<string> OnRequest { get; init; } = [];

    /// <summary>Those of the above that v1.0 does not know.</summary>
    public IReadOnlyList<string> BetaOnly { get; init; } = [];

    public IReadOnlyList<string> Filterable { get; init; } = [];

    /// <summary>Properties of directory extensions, <c>extension_…</c>, may be selected and filtered by.</summary>
    public bool Extensible { get; init; }

    /// <summary>$orderby is accepted on these.</summary>
    public IReadOnlyList<string> Orderable { get; init; } = [];

    /// <summary>Directory objects: advanced queries want ConsistencyLevel, $top ends at 999.</summary>
    public bool DirectoryObject { get; init; } = true;

    public bool Knows(string property, bool beta) =>
        ((Default.Contains(property) || OnRequest.Contains(property)) && (beta || !BetaOnly.Contains(property)))
        || (Extensible && property.StartsWith("extension_", StringComparison.Ordinal));
}

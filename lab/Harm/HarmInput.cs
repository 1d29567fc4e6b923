namespace GwbCloud.Lab.Harm;

/// <summary>What the world cannot know by itself: what was planned, announced and approved, as the simulated approvers read it from the API.</summary>
public sealed record HarmInput
{
    /// <summary>How the migration ended.</summary>
    public required string Outcome { get; init; }

    /// <summary>Entra ids of the planned groups.</summary>
    public IReadOnlyCollection<Guid> Planned { get; init; } = [];

    /// <summary>Entra ids of the canaries: ours, left out of every count.</summary>
    public IReadOnlyCollection<Guid> Ours { get; init; } = [];

    /// <summary>Entra ids of members that a group loses as announced, by the group's Entra id.</summary>
    public IReadOnlyDictionary<Guid, IReadOnlyCollection<Guid>> AnnouncedLosses { get; init; } = new Dictionary<Guid, IReadOnlyCollection<Guid>>();

    /// <summary>Entra ids of the groups that were announced to stay without following Entra.</summary>
    public IReadOnlyCollection<Guid> AnnouncedFrozen { get; init; } = [];

    /// <summary>Entra ids of the groups of which it was announced that their descriptions are cut.</summary>
    public IReadOnlyCollection<Guid> AnnouncedCuts { get; init; } = [];

    /// <summary>Entra ids of the Microsoft 365 groups of which it was announced that they appear.</summary>
    public IReadOnlyCollection<Guid> AnnouncedNewM365 { get; init; } = [];

    /// <summary>Entra ids of the Microsoft 365 groups of which it was announced that they change their type.</summary>
    public IReadOnlyCollection<Guid> AnnouncedTypeChanges { get; init; } = [];

    /// <summary>When a switch was approved, from the quorum's decision to its deadline.</summary>
    public IReadOnlyCollection<Period> Approvals { get; init; } = [];

    /// <summary>The approved window; null counts nothing as outside.</summary>
    public Period? Window { get; init; }

    /// <summary>How long exports to Entra may stand still; null counts nothing as beyond. Whoever is parked after the switch was told, and counts no hours.</summary>
    public TimeSpan? ApprovedOutage { get; init; }

    /// <summary>Entra ids of groups of which people were told, by name, that they are gone in Entra and their objects left, or that they came and are not written.</summary>
    public IReadOnlyCollection<Guid> Told { get; init; } = [];

    /// <summary>As the runner saw them.</summary>
    public IReadOnlyList<StageAccount> Stages { get; init; } = [];
}

public sealed record Period
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset Until { get; init; }

    public bool Covers(DateTimeOffset moment) => From <= moment && moment <= Until;
}

using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Assessment;

/// <summary>The plan document's items, each with what it says and what the tenant has: the report of a discovery, and a part of every assessment.</summary>
public sealed record DiscoveryReport
{
    /// <summary>When the facts were read.</summary>
    public required DateTimeOffset ReadAt { get; init; }
    public required Guid Tenant { get; init; }

    /// <summary>DNS name of the domain that holds the writeback container.</summary>
    public required string Domain { get; init; }

    /// <summary>In the order of the document.</summary>
    public required IReadOnlyList<DiscoveryItem> Items { get; init; }

    /// <summary>Document of <see cref="DiscoveredGroup"/>: every Microsoft 365 group, deleted ones aside, by its id.</summary>
    public required DocumentReference Groups { get; init; }
}

/// <summary>Chapters of the plan document.</summary>
public enum DiscoveryPart
{
    /// <summary>Discover: what is on, and how groups are set.</summary>
    Settings,
    Prerequisites,

    /// <summary>Choose the right approach: what writeback does unless somebody changes it.</summary>
    Defaults,

    /// <summary>What version 2 adds.</summary>
    Capabilities,
    Limitations,
}

/// <summary>How the tenant stands to what the document says.</summary>
public enum DiscoveryStanding
{
    /// <summary>As the document describes it, or within its limit.</summary>
    AsDescribed,

    /// <summary>Somebody changed the default, in a way that the document offers.</summary>
    Changed,

    /// <summary>A requirement or limit is not met, or something is on that does harm.</summary>
    Attention,

    /// <summary>It could not be read, or not all of it.</summary>
    Unknown,
}

/// <summary>One item of the document beside the tenant.</summary>
public sealed record DiscoveryItem
{
    /// <summary>Short name that stays the same from version to version, for example <c>feature-v2</c>.</summary>
    public required string Id { get; init; }
    public required DiscoveryPart Part { get; init; }
    public required string Title { get; init; }

    /// <summary>What the document says about it, in one or two sentences.</summary>
    public required string Says { get; init; }

    /// <summary>What holds where nobody changed anything; null where there is no default.</summary>
    public string? Default { get; init; }

    /// <summary>The document's limit or requirement; null where it names none.</summary>
    public string? Limit { get; init; }

    /// <summary>The tenant's own values.</summary>
    public required IReadOnlyList<DiscoveredValue> Values { get; init; }

    /// <summary>Where they were read.</summary>
    public required string ReadFrom { get; init; }
    public required DiscoveryStanding Standing { get; init; }

    /// <summary>What the values mean for this tenant.</summary>
    public required string Meaning { get; init; }
}

/// <summary>A value of the tenant and whose it is: a server, the tenant, the forest, or a kind of groups.</summary>
public sealed record DiscoveredValue(string Of, string Value);

/// <summary>Whether a Microsoft 365 group is written back.</summary>
public enum DiscoveredWriteback
{
    /// <summary>Nobody decided: it is written back.</summary>
    NotSet,
    On,
    Off,
}

/// <summary>A Microsoft 365 group and its writeback.</summary>
public sealed record DiscoveredGroup
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary><c>writebackConfiguration.isEnabled</c> as Graph has it.</summary>
    public required DiscoveredWriteback Writeback { get; init; }

    /// <summary>An object in the writeback OU bears its anchor.</summary>
    public required bool InDirectory { get; init; }

    /// <summary>Type that writeback gives its object; null where Entra names none.</summary>
    public string? Type { get; init; }

    public static DiscoveredGroup Of(CloudGroupFacts group, bool inDirectory)
    {
        ArgumentNullException.ThrowIfNull(group);
        return new()
        {
            Id = group.Id,
            Name = group.DisplayName,
            Writeback = group.WritebackEnabled switch { null => DiscoveredWriteback.NotSet, true => DiscoveredWriteback.On, false => DiscoveredWriteback.Off },
            InDirectory = inDirectory,
            Type = group.OnPremisesGroupType,
        };
    }
}

namespace GwbCloud.Lab.Hosting;

/// <summary>What somebody needs who wants to reach a world: addresses, names, and where the keys are. Nothing in it opens anything but a lab.</summary>
public sealed record WorldCard
{
    /// <summary>Graph and the sign-in service, without a trailing slash; the clock and this card are below <c>/lab</c>.</summary>
    public required string Address { get; init; }
    public required Guid Tenant { get; init; }
    public required string Domain { get; init; }

    /// <summary>Folder of the issuer's keys and, below it, of those that sign commands and results.</summary>
    public required string KeyFolder { get; init; }

    /// <summary>Name of the key with which commands are signed.</summary>
    public required string CommandKey { get; init; }
    public required IReadOnlyList<ListenerCard> Listeners { get; init; }
    public required CanaryCard Canaries { get; init; }

    /// <summary>The world's virtual moment when the card was written.</summary>
    public required DateTimeOffset Moment { get; init; }
    public required WorldSize Size { get; init; }

    /// <summary>Id of the world's process.</summary>
    public required int ProcessId { get; init; }
}

/// <summary>The listener of one Connect server.</summary>
public sealed record ListenerCard
{
    public required string Server { get; init; }
    public required Uri Address { get; init; }

    /// <summary>Name of the key with which it signs results.</summary>
    public required string KeyId { get; init; }

    /// <summary>That key's public half: SubjectPublicKeyInfo, base64.</summary>
    public required string PublicKey { get; init; }
}

/// <summary>Ids of the groups that are named as canaries.</summary>
public sealed record CanaryCard
{
    public required Guid New { get; init; }
    public required Guid Match { get; init; }
    public required Guid Unassigned { get; init; }
}

/// <summary>How large a world is, as Graph counts.</summary>
public sealed record WorldSize
{
    /// <summary>Largest page that Graph gives of groups and of members.</summary>
    const int Page = Tenant.OData.ODataQuery.PageCap;

    /// <summary>Cloud groups that are not deleted, synced ones among them.</summary>
    public required int CloudGroups { get; init; }
    public required int DeletedGroups { get; init; }

    /// <summary>Security groups that are written back.</summary>
    public required int WrittenGroups { get; init; }

    /// <summary>Memberships of all cloud groups.</summary>
    public required long Memberships { get; init; }

    /// <summary>Those of the groups that are written back.</summary>
    public required long WrittenMemberships { get; init; }

    /// <summary>Pages that the members of the written groups fill.</summary>
    public required int WrittenMemberPages { get; init; }
    public required int Principals { get; init; }

    /// <summary>Groups in the writeback OU.</summary>
    public required int DirectoryGroups { get; init; }

    internal static WorldSize Of(World.SimulatedWorld world) => world.Store.Read(() =>
    {
        var groups = world.Groups.Values.Where(g => g.DeletedAt is null).ToList();
        var written = groups.Where(g => g is { WritebackEnabled: true, Unified: false }).ToList();
        return new WorldSize
        {
            CloudGroups = groups.Count,
            DeletedGroups = world.Groups.Count - groups.Count,
            WrittenGroups = written.Count,
            Memberships = groups.Sum(g => (long)g.Members.Count),
            WrittenMemberships = written.Sum(g => (long)g.Members.Count),
            WrittenMemberPages = written.Sum(g => PagesOf(g.Members.Count)),
            Principals = world.Principals.Count,
            DirectoryGroups = world.Forest.GroupsUnder(world.ForestFacts.WritebackOu).Count(),
        };
    });

    /// <summary>Pages of a list; an empty one has a page too.</summary>
    public static int PagesOf(int entries) => Math.Max(1, (entries + Page - 1) / Page);
}

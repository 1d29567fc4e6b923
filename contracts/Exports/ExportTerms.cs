using GwbCloud.Contracts.Commands;

namespace GwbCloud.Contracts.Exports;

/// <summary>What pending exports are held against. Each half fills it with what it knows by itself: the listener's own answer never rests on the cloud's.</summary>
public sealed record ExportTerms
{
    /// <summary>The connector that holds the writeback container; empty when nobody told, and then the container alone decides.</summary>
    public required string AdConnector { get; init; }

    /// <summary>Distinguished name of the container that Connect writes groups to.</summary>
    public required string WritebackOu { get; init; }

    /// <summary>The groups that migrate and those that freeze: nothing excuses harm to them.</summary>
    public required IReadOnlyCollection<GroupIdentity> Held { get; init; }

    /// <summary>Anchors of objects that the migration made, or that are new in Entra and nobody's harm.</summary>
    public required IReadOnlySet<string> Ours { get; init; }

    /// <summary>What was pending when the connectors were drained.</summary>
    public required IReadOnlyCollection<PendingExport> Baseline { get; init; }

    /// <summary>Direct members before the first write, by anchor and by distinguished name; see <see cref="CountMembers"/>.</summary>
    public required IReadOnlyDictionary<string, int> Members { get; init; }

    /// <summary>What people approved. Before the switch nothing of it is due yet: <see cref="NothingDue"/>.</summary>
    public required Ceilings Ceilings { get; init; }

    /// <summary>People and devices that leave in the hours of a window; more than that is nobody's ordinary day.</summary>
    public int OrdinaryDeletes { get; init; } = 25;

    /// <summary>Microsoft 365 groups that owners found in those hours, for a half that can't ask Entra which ones are new; no security group may come with them.</summary>
    public int OrdinaryAdds { get; init; }

    /// <summary>Ceilings for the time before the switch: no Microsoft 365 group appears or changes, and no membership is lost.</summary>
    public static Ceilings NothingDue { get; } = new() { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 };

    /// <summary>Members of each group of a snapshot, under both of its names.</summary>
    public static IReadOnlyDictionary<string, int> CountMembers(IEnumerable<GroupSnapshot> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var members = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in snapshot)
        {
            members[group.Group.DistinguishedName] = group.Members.Count;
            if (group.Group.AdminDescription is { Length: > 0 } anchor) { members[anchor] = group.Members.Count; }
        }
        return members;
    }
}

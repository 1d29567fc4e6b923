using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration;

/// <summary>A group's membership in Entra at this moment.</summary>
/// <param name="Members">Members whose Active Directory object Entra names: objectGUID and the member's own id.</param>
/// <param name="Unnamed">Synced groups, whose object Entra does not name.</param>
sealed record EntraMembership(IReadOnlyDictionary<Guid, Guid> Members, int Unnamed)
{
    /// <summary>objectGUIDs of the members that Cloud Sync writes: synced users and planned groups.</summary>
    public IReadOnlySet<Guid> Writable { get; init; } = new HashSet<Guid>();
}

/// <summary>Holds differences in the directory against what was announced and what Entra says now. Pure.</summary>
/// <remarks>
/// A member that came must be in Entra; a member that went must be gone from Entra, or be one of those that were announced because Cloud Sync
/// can't write them. Everything else about a group may not change at all. Synced groups as members can't be told apart here; the canaries show
/// what becomes of them.
/// </remarks>
sealed class DirectoryJudge(
    IReadOnlyDictionary<Guid, GroupIdentity> planned,
    IReadOnlySet<Guid> takenOver,
    IReadOnlyDictionary<Guid, GroupLoss> losses,
    IReadOnlyDictionary<string, ClassifiedGroup> announced,
    IReadOnlySet<string> ours,
    Ceilings ceilings)
{
    public IReadOnlyList<ReviewItem> Judge(IEnumerable<GroupDifference> differences, IReadOnlyDictionary<Guid, EntraMembership> entra)
    {
        var reasons = new List<ReviewItem>();
        int added = 0, changed = 0;
        foreach (var d in differences.Where(d => !(d.Anchor is { } anchor && ours.Contains(anchor))))
        {
            var known = d.Anchor is { } name ? announced.GetValueOrDefault(name) : null;
            if (d.Deleted) { Add("deleted", "deleted"); }
            // A Microsoft 365 group that its owner gave another name is Connect's everyday work, and none of the migration's.
            if (d.Renamed && (known is not { Class: GroupClass.FallsToV1 } || planned.ContainsKey(d.ObjectGuid))) { Add("renamed", "renamed"); }
            if (d.Moved) { Add("moved", "moved"); }
            if (d.SidChanged) { Add("sid", "SID changed"); }
            if (d.AnchorChanged) { Add("anchor", "anchor changed"); }
            if (d.AccountNameChanged) { Add("accountName", "sAMAccountName changed"); }
            if (d.TypeChanged && known is not { TypeChange: true }) { Add("type", "type changed"); }
            if (d.TypeChanged && known is { TypeChange: true }) { changed++; }
            if (d.Created && known is not { NewlyWritten: true }) { Add("created", "created"); }
            if (d.Created && known is { NewlyWritten: true }) { added++; }
            if (!d.Created && !d.Deleted && planned.TryGetValue(d.ObjectGuid, out var group)) { reasons.AddRange(Members(d, group, entra)); }

            void Add(string kind, string what) => reasons.Add(ReviewItem.Of(kind, $"{what}: {d.DistinguishedName}", d.ObjectGuid));
        }
        if (added > ceilings.M365NewlyWritten) { reasons.Add(ReviewItem.Of("m365Added", $"{added} Microsoft 365 groups appeared, approved are {ceilings.M365NewlyWritten}")); }
        if (changed > ceilings.M365TypeChanged) { reasons.Add(ReviewItem.Of("m365Changed", $"{changed} Microsoft 365 groups changed type, approved are {ceilings.M365TypeChanged}")); }
        return reasons;
    }

    /// <summary>Two readings, each after a cycle of the other engine: who is written by one only stands the same in both.</summary>
    /// <remarks>Asked of members that were announced as lost: for all others each reading by itself says whether their going is wrong, and a person may have
    /// left the group and come back in between.</remarks>
    public IReadOnlyList<ReviewItem> Alternating(
        IEnumerable<GroupDifference> earlier, IEnumerable<GroupDifference> now, IReadOnlyDictionary<Guid, EntraMembership> entra)
    {
        var before = earlier.ToDictionary(d => d.ObjectGuid);
        var after = now.ToDictionary(d => d.ObjectGuid);
        var reasons = new List<ReviewItem>();
        foreach (var id in before.Keys.Union(after.Keys).Where(takenOver.Contains))
        {
            if (!planned.TryGetValue(id, out var group) || !entra.TryGetValue(group.CloudId, out var members)) { continue; }
            var announcedLosses = losses.GetValueOrDefault(group.CloudId)?.Members ?? [];
            var flipped = Lost(before, id).ToHashSet();
            flipped.SymmetricExceptWith(Lost(after, id));
            flipped.RemoveWhere(m => !members.Members.TryGetValue(m, out var entraId) || !announcedLosses.Contains(entraId));
            if (flipped.Count > 0)
            {
                reasons.Add(ReviewItem.Of(
                    "alternating", $"{flipped.Count} members of {group.DistinguishedName} went and came while Entra had them all the time", id, ReviewItem.Seen(flipped)));
            }
        }
        return reasons;

        static IEnumerable<Guid> Lost(Dictionary<Guid, GroupDifference> of, Guid id) => of.GetValueOrDefault(id)?.MembersLost ?? [];
    }

    IEnumerable<ReviewItem> Members(GroupDifference d, GroupIdentity group, IReadOnlyDictionary<Guid, EntraMembership> entra)
    {
        if (d.MembersLost.Count == 0 && d.MembersGained.Count == 0) { yield break; }
        if (!entra.TryGetValue(group.CloudId, out var now))
        {
            yield return Item("membersUnexplained", "members changed and Entra can't say why", [.. d.MembersLost, .. d.MembersGained]);
            yield break;
        }

        // Announced losses are real only once Cloud Sync writes the group; before that Connect must have kept them.
        var announcedLosses = takenOver.Contains(group.ObjectGuid) ? losses.GetValueOrDefault(group.CloudId)?.Members ?? [] : [];
        List<Guid> wrong = [.. d.MembersLost.Where(m => now.Members.TryGetValue(m, out var id) && !announcedLosses.Contains(id))];
        if (wrong.Count > 0) { yield return Item("membersLost", $"lost {wrong.Count} members that Entra still has and nobody announced", wrong); }
        List<Guid> strangers = [.. d.MembersGained.Where(m => !now.Members.ContainsKey(m))];
        if (strangers.Count > now.Unnamed) { yield return Item("membersGained", $"gained {strangers.Count} members that Entra does not have", strangers); }

        ReviewItem Item(string kind, string what, IEnumerable<Guid> members)
            => ReviewItem.Of(kind, $"{what}: {d.DistinguishedName}", d.ObjectGuid, ReviewItem.Seen(members));
    }
}

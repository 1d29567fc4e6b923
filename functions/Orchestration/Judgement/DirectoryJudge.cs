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
    public IReadOnlyList<string> Judge(IEnumerable<GroupDifference> differences, IReadOnlyDictionary<Guid, EntraMembership> entra)
    {
        var reasons = new List<string>();
        int added = 0, changed = 0;
        foreach (var d in differences.Where(d => !(d.Anchor is { } anchor && ours.Contains(anchor))))
        {
            var known = d.Anchor is { } name ? announced.GetValueOrDefault(name) : null;
            if (d.Deleted) { reasons.Add($"deleted: {d.DistinguishedName}"); }
            // A Microsoft 365 group that its owner gave another name is Connect's everyday work, and none of the migration's.
            if (d.Renamed && (known is not { Class: GroupClass.FallsToV1 } || planned.ContainsKey(d.ObjectGuid))) { reasons.Add($"renamed: {d.DistinguishedName}"); }
            if (d.Moved) { reasons.Add($"moved: {d.DistinguishedName}"); }
            if (d.SidChanged) { reasons.Add($"SID changed: {d.DistinguishedName}"); }
            if (d.AnchorChanged) { reasons.Add($"anchor changed: {d.DistinguishedName}"); }
            if (d.AccountNameChanged) { reasons.Add($"sAMAccountName changed: {d.DistinguishedName}"); }
            if (d.TypeChanged && known is not { TypeChange: true }) { reasons.Add($"type changed: {d.DistinguishedName}"); }
            if (d.TypeChanged && known is { TypeChange: true }) { changed++; }
            if (d.Created && known is not { NewlyWritten: true }) { reasons.Add($"created: {d.DistinguishedName}"); }
            if (d.Created && known is { NewlyWritten: true }) { added++; }
            if (!d.Created && !d.Deleted && planned.TryGetValue(d.ObjectGuid, out var group)) { reasons.AddRange(Members(d, group, entra)); }
        }
        if (added > ceilings.M365NewlyWritten) { reasons.Add($"{added} Microsoft 365 groups appeared, approved are {ceilings.M365NewlyWritten}"); }
        if (changed > ceilings.M365TypeChanged) { reasons.Add($"{changed} Microsoft 365 groups changed type, approved are {ceilings.M365TypeChanged}"); }
        return reasons;
    }

    /// <summary>Two readings, each after a cycle of the other engine: who is written by one only stands the same in both.</summary>
    /// <remarks>Asked of members that were announced as lost: for all others each reading by itself says whether their going is wrong, and a person may have
    /// left the group and come back in between.</remarks>
    public IReadOnlyList<string> Alternating(
        IEnumerable<GroupDifference> earlier, IEnumerable<GroupDifference> now, IReadOnlyDictionary<Guid, EntraMembership> entra)
    {
        var before = earlier.ToDictionary(d => d.ObjectGuid);
        var after = now.ToDictionary(d => d.ObjectGuid);
        var reasons = new List<string>();
        foreach (var id in before.Keys.Union(after.Keys).Where(takenOver.Contains))
        {
            if (!planned.TryGetValue(id, out var group) || !entra.TryGetValue(group.CloudId, out var members)) { continue; }
            var announcedLosses = losses.GetValueOrDefault(group.CloudId)?.Members ?? [];
            var flipped = Lost(before, id).ToHashSet();
            flipped.SymmetricExceptWith(Lost(after, id));
            var count = flipped.Count(m => members.Members.TryGetValue(m, out var entraId) && announcedLosses.Contains(entraId));
            if (count > 0) { reasons.Add($"{count} members of {group.DistinguishedName} went and came while Entra had them all the time"); }
        }
        return reasons;

        static IEnumerable<Guid> Lost(Dictionary<Guid, GroupDifference> of, Guid id) => of.GetValueOrDefault(id)?.MembersLost ?? [];
    }

    IEnumerable<string> Members(GroupDifference d, GroupIdentity group, IReadOnlyDictionary<Guid, EntraMembership> entra)
    {
        if (d.MembersLost.Count == 0 && d.MembersGained.Count == 0) { yield break; }
        if (!entra.TryGetValue(group.CloudId, out var now)) { yield return $"members changed and Entra can't say why: {d.DistinguishedName}"; yield break; }

        // Announced losses are real only once Cloud Sync writes the group; before that Connect must have kept them.
        var announcedLosses = takenOver.Contains(group.ObjectGuid) ? losses.GetValueOrDefault(group.CloudId)?.Members ?? [] : [];
        var wrong = d.MembersLost.Count(m => now.Members.TryGetValue(m, out var id) && !announcedLosses.Contains(id));
        if (wrong > 0) { yield return $"lost {wrong} members that Entra still has and nobody announced: {d.DistinguishedName}"; }
        var strangers = d.MembersGained.Count(m => !now.Members.ContainsKey(m));
        if (strangers > now.Unnamed) { yield return $"gained {strangers} members that Entra does not have: {d.DistinguishedName}"; }
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration;

/// <summary>A group's membership in Entra at this moment.</summary>
/// <param name="Known">objectGUIDs of members whose Active Directory object Entra names.</param>
/// <param name="Unnamed">Members whose object Entra does not name: devices, synced groups, cloud-only users.</param>
sealed record EntraMembership(IReadOnlySet<Guid> Known, int Unnamed);

/// <summary>Holds differences in the directory against what was announced and what Entra says now. Pure.</summary>
/// <remarks>
/// A member that came must be in Entra; a member that went must be gone from Entra, or be one of those that were announced because Cloud Sync
/// can't write them. Everything else about a group may not change at all.
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
            if (d.Renamed) { reasons.Add($"renamed: {d.DistinguishedName}"); }
            if (d.Moved) { reasons.Add($"moved: {d.DistinguishedName}"); }
            if (d.SidChanged) { reasons.Add($"SID changed: {d.DistinguishedName}"); }
            if (d.AnchorChanged) { reasons.Add($"anchor changed: {d.DistinguishedName}"); }
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

    IEnumerable<string> Members(GroupDifference d, GroupIdentity group, IReadOnlyDictionary<Guid, EntraMembership> entra)
    {
        if (d.MembersLost.Count == 0 && d.MembersGained.Count == 0) { yield break; }
        if (!entra.TryGetValue(group.CloudId, out var now)) { yield return $"members changed and Entra can't say why: {d.DistinguishedName}"; yield break; }

        if (d.MembersLost.Any(now.Known.Contains)) { yield return $"lost members that Entra still has: {d.DistinguishedName}"; }
        var unexplained = d.MembersLost.Count(m => !now.Known.Contains(m));
        var allowed = takenOver.Contains(group.ObjectGuid) ? losses.GetValueOrDefault(group.CloudId)?.Members.Count ?? 0 : 0;
        // Members that left Entra and announced losses look alike here: neither has a name in Entra. Only more of them than both is wrong.
        if (unexplained > allowed + Departed(d, now)) { yield return $"lost {unexplained} members, announced were {allowed}: {d.DistinguishedName}"; }
        if (d.MembersGained.Count(m => !now.Known.Contains(m)) > now.Unnamed) { yield return $"gained members that Entra does not have: {d.DistinguishedName}"; }
    }

    /// <summary>Members that are neither in Entra's list nor among what Entra can't name are gone there.</summary>
    static int Departed(GroupDifference d, EntraMembership now) => Math.Max(0, d.MembersLost.Count(m => !now.Known.Contains(m)) - now.Unnamed);
}

using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>What differs between a group's snapshot and the group as it is now. Pure.</summary>
static class SnapshotComparison
{
    /// <summary>The difference, or null when the group is as it was.</summary>
    /// <param name="was">The snapshot.</param>
    /// <param name="now">The group with its members; null when it is gone.</param>
    public static GroupDifference? Compare(GroupSnapshot was, GroupSnapshot? now)
    {
        var before = was.Group;
        var difference = new GroupDifference
        {
            ObjectGuid = before.ObjectGuid,
            DistinguishedName = now?.Group.DistinguishedName ?? before.DistinguishedName,
            Anchor = before.AdminDescription,
        };
        if (now is null) { return difference with { Deleted = true }; }

        var after = now.Group;
        difference = difference with
        {
            // The name is compared exactly, because people see its case; the place is not, because nothing does.
            Renamed = DistinguishedName.Rdn(before.DistinguishedName) != DistinguishedName.Rdn(after.DistinguishedName),
            Moved = !string.Equals(
                DistinguishedName.Parent(before.DistinguishedName), DistinguishedName.Parent(after.DistinguishedName), StringComparison.OrdinalIgnoreCase),
            SidChanged = before.Sid != after.Sid,
            TypeChanged = before.GroupType != after.GroupType,
            AnchorChanged = HasOtherAnchors(before, after),
            MembersLost = [.. was.Members.Except(now.Members).Order()],
            MembersGained = [.. now.Members.Except(was.Members).Order()],
            AccountNameChanged = before.SamAccountName != after.SamAccountName,
            TextChanged = before.DisplayName != after.DisplayName || was.Description != now.Description,
            OwnerChanged = HasOther(was.Owner, now.Owner),
            AccessListChanged = HasOther(was.AccessList, now.AccessList),
            MemberOfLost = Gone(was.MemberOf, now.MemberOf),
            MemberOfGained = Gone(now.MemberOf, was.MemberOf),
        };
        return IsDifferent(difference) ? difference : null;
    }

    /// <summary>A group that nobody announced.</summary>
    public static GroupDifference Created(AdGroup group) => new()
    {
        ObjectGuid = group.ObjectGuid,
        DistinguishedName = group.DistinguishedName,
        Anchor = group.AdminDescription ?? group.ExternalDirectoryObjectId,
        Created = true,
    };

    /// <summary>A stamp that copied the group's own anchor is what the migration does, not a change.</summary>
    static bool HasOtherAnchors(AdGroup before, AdGroup after) =>
        before.AdminDescription != after.AdminDescription
        || (before.ExternalDirectoryObjectId != after.ExternalDirectoryObjectId
            && !(string.IsNullOrEmpty(before.ExternalDirectoryObjectId) && after.ExternalDirectoryObjectId == before.AdminDescription));

    /// <summary>What one side did not read tells nothing.</summary>
    static bool HasOther(string? before, string? after) => before is not null && after is not null && before != after;

    static IReadOnlyList<Guid> Gone(IReadOnlyList<Guid>? from, IReadOnlyList<Guid>? to) => from is null || to is null ? [] : [.. from.Except(to).Order()];

    static bool IsDifferent(GroupDifference difference) =>
        difference.Renamed || difference.Moved || difference.SidChanged || difference.TypeChanged || difference.AnchorChanged
        || difference.MembersLost.Count > 0 || difference.MembersGained.Count > 0
        || difference.AccountNameChanged || difference.TextChanged || difference.OwnerChanged || difference.AccessListChanged
        || difference.MemberOfLost.Count > 0 || difference.MemberOfGained.Count > 0;
}

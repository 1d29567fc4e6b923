using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Counts differences while they pass by.</summary>
sealed class ComparisonTally
{
    readonly List<string> _examples = [];
    int _deleted, _renamed, _moved, _sidChanged, _typeChanged, _created, _anchorsChanged, _membersLost, _membersGained;
    int _accountNamesChanged, _textsChanged, _ownersChanged, _accessListsChanged, _memberOfLost, _memberOfGained;

    /// <summary>When the reading began.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Groups of the snapshot that were looked at.</summary>
    public int Compared { get; set; }

    /// <summary>Counts a difference and hands it on.</summary>
    public GroupDifference Count(GroupDifference difference)
    {
        _deleted += One(difference.Deleted);
        _renamed += One(difference.Renamed);
        _moved += One(difference.Moved);
        _sidChanged += One(difference.SidChanged);
        _typeChanged += One(difference.TypeChanged);
        _created += One(difference.Created);
        _anchorsChanged += One(difference.AnchorChanged);
        _membersLost += difference.MembersLost.Count;
        _membersGained += difference.MembersGained.Count;
        _accountNamesChanged += One(difference.AccountNameChanged);
        _textsChanged += One(difference.TextChanged);
        _ownersChanged += One(difference.OwnerChanged);
        _accessListsChanged += One(difference.AccessListChanged);
        _memberOfLost += difference.MemberOfLost.Count;
        _memberOfGained += difference.MemberOfGained.Count;
        _examples.AddCapped([Describe(difference)]);
        return difference;
    }

    public DirectoryComparison ToComparison(DocumentReference differences) => new()
    {
        ReadAt = ReadAt,
        Compared = Compared,
        Deleted = _deleted,
        Renamed = _renamed,
        Moved = _moved,
        SidChanged = _sidChanged,
        TypeChanged = _typeChanged,
        Created = _created,
        AnchorsChanged = _anchorsChanged,
        MembersLost = _membersLost,
        MembersGained = _membersGained,
        AccountNamesChanged = _accountNamesChanged,
        TextsChanged = _textsChanged,
        OwnersChanged = _ownersChanged,
        AccessListsChanged = _accessListsChanged,
        MemberOfLost = _memberOfLost,
        MemberOfGained = _memberOfGained,
        Examples = _examples,
        Differences = differences,
    };

    static int One(bool yes) => yes ? 1 : 0;

    static string Describe(GroupDifference difference)
    {
        var what = new List<string>();
        if (difference.Deleted) { what.Add("is gone"); }
        if (difference.Created) { what.Add("is new"); }
        if (difference.Renamed) { what.Add("was renamed"); }
        if (difference.Moved) { what.Add("was moved"); }
        if (difference.SidChanged) { what.Add("has another SID"); }
        if (difference.TypeChanged) { what.Add("has another type"); }
        if (difference.AnchorChanged) { what.Add("has another anchor"); }
        if (difference.MembersLost.Count > 0) { what.Add($"lost {difference.MembersLost.Count} members"); }
        if (difference.MembersGained.Count > 0) { what.Add($"gained {difference.MembersGained.Count} members"); }
        if (difference.AccountNameChanged) { what.Add("has another sAMAccountName"); }
        if (difference.TextChanged) { what.Add("has another display name or description"); }
        if (difference.OwnerChanged) { what.Add("has another owner"); }
        if (difference.AccessListChanged) { what.Add("has other access control entries"); }
        if (difference.MemberOfLost.Count > 0) { what.Add($"left {difference.MemberOfLost.Count} groups"); }
        if (difference.MemberOfGained.Count > 0) { what.Add($"joined {difference.MemberOfGained.Count} groups"); }
        return $"{difference.DistinguishedName} {string.Join(", ", what)}";
    }
}

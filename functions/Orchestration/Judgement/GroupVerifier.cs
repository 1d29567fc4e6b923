using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What the provisioning log says last of a group.</summary>
public enum LogWitness
{
    /// <summary>Nothing: the log may be incomplete, and what is equal already gets no line.</summary>
    Silent,
    Success,
    Failure,
}

/// <summary>One planned group at the end of its migration.</summary>
public sealed record GroupVerdict
{
    public required Guid CloudId { get; init; }
    public required Guid ObjectGuid { get; init; }

    /// <summary>Its common name.</summary>
    public required string Name { get; init; }

    /// <summary>The same object with the same SID and type.</summary>
    public required bool SameObject { get; init; }
    public required bool SameAnchor { get; init; }
    public required bool SameName { get; init; }
    public required bool SamePlace { get; init; }

    /// <summary>Members that Cloud Sync writes, that Entra has, and that the directory lacks.</summary>
    public required int MembersMissing { get; init; }

    /// <summary>Members that Entra does not have.</summary>
    public required int MembersStrange { get; init; }
    public required int Members { get; init; }
    public required LogWitness Log { get; init; }

    /// <summary>Kinds of <see cref="ReviewItem"/> that were found of the group and accepted as harmless by name.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Each thing is as it was, or is what people looked at: who accepted a move has not accepted that members are missing.</summary>
    public bool Verified => Takes("deleted")
        || ((SameObject || Takes("sid") || Takes("type"))
            && (SameAnchor || Takes("anchor"))
            && (SameName || Takes("renamed"))
            && (SamePlace || Takes("moved"))
            && (MembersMissing == 0 || Takes("membersLost") || Takes("membersUnexplained"))
            && (MembersStrange == 0 || Takes("membersGained") || Takes("membersUnexplained"))
            && Log != LogWitness.Failure);

    bool Takes(string kind) => Accepted.Contains(kind);
}

/// <summary>Whether a group is what it was, with the members that it has in Entra now. Pure.</summary>
static class GroupVerifier
{
    /// <param name="group">The planned group.</param>
    /// <param name="now">Its object as it is, null when it is gone.</param>
    /// <param name="difference">What differs from the freeze, null for nothing.</param>
    /// <param name="entra">Its members in Entra, null when Entra does not have the group any more: then only its object is judged.</param>
    /// <param name="log">What the log says last.</param>
    public static GroupVerdict Verify(GroupIdentity group, GroupSnapshot? now, GroupDifference? difference, EntraMembership? entra, LogWitness log)
    {
        var members = now?.Members ?? [];
        // Which object a synced group is Entra does not say; so many unknown members may be one.
        var strange = entra is null ? 0 : members.Count(m => !entra.Members.ContainsKey(m)) - entra.Unnamed;
        return new()
        {
            CloudId = group.CloudId,
            ObjectGuid = group.ObjectGuid,
            Name = DistinguishedName.CommonName(now?.Group.DistinguishedName ?? group.DistinguishedName),
            SameObject = now is not null && difference is not { Deleted: true } and not { SidChanged: true } and not { TypeChanged: true },
            SameAnchor = now?.Group.ExternalDirectoryObjectId == group.Anchor && difference is not { AnchorChanged: true },
            SameName = difference is not { Renamed: true },
            SamePlace = difference is not { Moved: true },
            MembersMissing = entra is null ? 0 : entra.Writable.Except(members).Count(),
            MembersStrange = Math.Max(0, strange),
            Members = members.Count,
            Log = log,
        };
    }
}

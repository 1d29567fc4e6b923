namespace GwbCloud.Lab.CloudSync;

/// <summary>What a job remembers of a group that it once provisioned; key is job and group.</summary>
public sealed record CloudSyncLink
{
    public required string JobId { get; init; }
    public required Guid GroupId { get; init; }

    /// <summary>The object in Active Directory that the group was matched with or made as.</summary>
    public required Guid ObjectGuid { get; init; }

    /// <summary>Members (objectGUIDs) that the last cycle meant to be there; null until a cycle has written members at all.</summary>
    public IReadOnlyList<Guid>? Written { get; init; }

    /// <summary>Of the values last written. While it stays the same, nothing is written: changes made by hand in the directory are not seen.</summary>
    public string Fingerprint { get; init; } = "";

    public static string Key(string jobId, Guid groupId) => $"{jobId}|{groupId:D}";
}

using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Repair;

/// <summary>What the repair of a migration is made from; kept under the migration's name from the freeze on, and never changed.</summary>
public sealed record RepairPack
{
    public required string MigrationId { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>: every group of the OU at the freeze.</summary>
    public required DocumentReference Snapshot { get; init; }
    public required string WritebackOu { get; init; }
    public required DateTimeOffset FrozenAt { get; init; }

    /// <summary>Whether a group is one of those that are brought back: written by writeback, and in its OU by the snapshot's word.</summary>
    internal static bool Covers(GroupSnapshot was, string writebackOu)
        => !string.IsNullOrEmpty(was.Group.AdminDescription) && DistinguishedName.Under(was.Group.DistinguishedName, writebackOu);

    /// <summary>Values that are put back, those that the group had. Names and members are not among them.</summary>
    internal static IEnumerable<(string Attribute, string Value)> ValuesOf(GroupSnapshot was)
    {
        (string Attribute, string? Value)[] values =
        [
            ("adminDescription", was.Group.AdminDescription),
            ("msDS-ExternalDirectoryObjectId", was.Group.ExternalDirectoryObjectId),
            ("sAMAccountName", was.Group.SamAccountName),
            ("displayName", was.Group.DisplayName),
            ("description", was.Description),
        ];
        return values.Where(v => !string.IsNullOrEmpty(v.Value)).Select(v => (v.Attribute, v.Value!));
    }
}

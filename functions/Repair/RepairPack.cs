using System.Globalization;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Api;

namespace GwbCloud.Functions.Repair;

/// <summary>What a repair is made from. That of a migration is kept under its name from the freeze on, and never changed.</summary>
public sealed record RepairPack
{
    /// <summary>Of the migration, or of the operation that found the groups deleted.</summary>
    public required string MigrationId { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>: every group of the OU at the freeze, or the groups that were deleted.</summary>
    public required DocumentReference Snapshot { get; init; }
    public required string WritebackOu { get; init; }
    public required DateTimeOffset FrozenAt { get; init; }

    /// <summary>As what the groups come back.</summary>
    internal string About => RunIds.IsOperation(MigrationId)
        ? string.Create(CultureInfo.InvariantCulture, $"as they were deleted, found by operation {MigrationId} ({FrozenAt:u})")
        : string.Create(CultureInfo.InvariantCulture, $"as they were when migration {MigrationId} froze them ({FrozenAt:u})");

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

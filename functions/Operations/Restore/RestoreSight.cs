using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Functions.Operations.Restore;

/// <summary>What is known of deleted groups: in Active Directory, in Entra, on the servers, and from migrations.</summary>
sealed class RestoreSight
{
    readonly Dictionary<Guid, AdGroup> _living = [];
    readonly ILookup<Guid, AdGroup> _livingOf;
    readonly ILookup<Guid, DeletedWritebackGroup> _deletedOf;

    public RestoreSight(IReadOnlyList<DeletedWritebackGroup> deleted, IEnumerable<AdGroup> living)
    {
        Deleted = deleted;
        foreach (var group in living) { _living[group.ObjectGuid] = group; }
        _livingOf = _living.Values.Where(group => CloudIdOf(group) is not null).ToLookup(group => CloudIdOf(group)!.Value);
        _deletedOf = deleted.Where(group => !group.Recycled && CloudIdOf(group.Was.Group) is not null).ToLookup(group => CloudIdOf(group.Was.Group)!.Value);
    }

    public required string WritebackOu { get; init; }
    public required bool RecycleBin { get; init; }
    public required int KeptDays { get; init; }
    public required ServerSight Servers { get; init; }

    /// <summary>Groups of the tenant by objectId, the soft-deleted among them.</summary>
    public required IReadOnlyDictionary<Guid, CloudGroupFacts> Cloud { get; init; }

    /// <summary>Groups in the snapshots of migrations, the newest of each, by objectGUID.</summary>
    public IReadOnlyDictionary<Guid, KnownSnapshot> Snapshots { get; init; } = new Dictionary<Guid, KnownSnapshot>();

    public IReadOnlyList<DeletedWritebackGroup> Deleted { get; }

    /// <summary>The living object of an objectGUID in the writeback OU.</summary>
    public AdGroup? Living(Guid objectGuid) => _living.GetValueOrDefault(objectGuid);

    /// <summary>Living objects of a group in Entra.</summary>
    public IEnumerable<AdGroup> LivingOf(Guid cloudId) => _livingOf[cloudId];

    /// <summary>Deleted objects of a group in Entra that may still come back.</summary>
    public IEnumerable<DeletedWritebackGroup> DeletedOf(Guid cloudId) => _deletedOf[cloudId];

    /// <summary>The objectId that either anchor names. A deletion without the Recycle Bin takes the first of them.</summary>
    public static Guid? CloudIdOf(AdGroup group) => Anchors.CloudId(group.AdminDescription) ?? Anchors.CloudId(group.ExternalDirectoryObjectId);
}

/// <summary>A group in the snapshot of a migration.</summary>
sealed record KnownSnapshot(string MigrationId, GroupSnapshot Was);

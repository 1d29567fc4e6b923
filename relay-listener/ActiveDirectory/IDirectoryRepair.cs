using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>What bringing a group back needs beyond <see cref="IDirectory"/>. Only <see cref="RepairGroups"/> and <see cref="FindDeletedGroups"/> use it.</summary>
/// <remarks>
/// Each method does one thing and decides nothing: whether a group may be touched, and whether it has to be, stands in the handler.
/// Errors are <see cref="DirectoryException"/>.
/// </remarks>
public interface IDirectoryRepair
{
    /// <summary>Whether there is a Recycle Bin, and how long the directory keeps what is deleted.</summary>
    Task<DeletionTerms> DeletionTermsAsync(CancellationToken cancellationToken);

    /// <summary>Every deleted group of the domain that writeback wrote, by its anchors or by the container that it stood in, those among them that are gone for good.</summary>
    /// <exception cref="DirectoryException">GWB6102 when the account may not look where deleted objects are kept.</exception>
    IAsyncEnumerable<DeletedWritebackGroup> DeletedGroupsAsync(CancellationToken cancellationToken);

    /// <summary>The deleted object of this objectGUID, or null when the directory keeps none: it lives, or is gone for good.</summary>
    /// <exception cref="DirectoryException">GWB6102 when the account may not look where deleted objects are kept.</exception>
    Task<DeletedGroup?> FindDeletedAsync(Guid objectGuid, CancellationToken cancellationToken);

    /// <summary>Brings a deleted object back under its name, with the texts and anchors of the snapshot where the deletion took them.</summary>
    /// <remarks>With the Recycle Bin the directory brings members and memberships back too; without it they are gone.</remarks>
    Task ReanimateAsync(GroupSnapshot was, CancellationToken cancellationToken);

    /// <summary>Gives a living object this distinguished name: another name, another place, or both in one step.</summary>
    Task RelocateAsync(Guid objectGuid, string distinguishedName, CancellationToken cancellationToken);

    /// <summary>Adds these direct members where they are not there yet; whoever has no object any more is left out.</summary>
    Task AddMembersAsync(Guid objectGuid, IReadOnlyList<Guid> members, CancellationToken cancellationToken);
}

/// <summary>How the directory treats what is deleted.</summary>
public sealed record DeletionTerms
{
    public required bool RecycleBinEnabled { get; init; }

    /// <summary>As <see cref="DeletedGroups.KeptDays"/>.</summary>
    public required int KeptDays { get; init; }
}

/// <summary>What the directory still knows of a deleted group.</summary>
public sealed record DeletedGroup
{
    public required Guid ObjectGuid { get; init; }
    public required string Sid { get; init; }

    /// <summary>Null where the deletion took it: without the Recycle Bin it does.</summary>
    public string? AdminDescription { get; init; }

    /// <summary>msDS-ExternalDirectoryObjectId, which a deletion keeps in any case.</summary>
    public string? ExternalDirectoryObjectId { get; init; }
}

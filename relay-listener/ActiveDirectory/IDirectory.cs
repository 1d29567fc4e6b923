using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>
/// Active Directory as the listener needs it: one writable domain controller for the whole run, and the forest's global catalogs.
/// </summary>
/// <remarks>
/// Decisions (compare, write only what differs, read back) stand in the command handlers, so that every directory behind this port
/// is handled alike. Errors are <see cref="DirectoryException"/>.
/// </remarks>
public interface IDirectory
{
    /// <summary>Distinguished name of the writeback OU: configuration, so that no search is needed to know what lies in it.</summary>
    string WritebackOu { get; }

    /// <summary>How deleted, renamed and emptied groups are brought back.</summary>
    IDirectoryRepair Repair { get; }

    /// <summary>Facts of forest, schema and agent.</summary>
    Task<ForestFacts> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Which servers there are to ask: the part of <see cref="InspectAsync"/> that costs little.</summary>
    Task<ForestServers> ServersAsync(CancellationToken cancellationToken);

    /// <summary>Every group under the writeback OU, subtree, paged, with the number of its members and its nested groups.</summary>
    IAsyncEnumerable<AdGroup> GroupsUnderWritebackOuAsync(CancellationToken cancellationToken);

    /// <summary>The same groups with names, type and anchors only, as <see cref="ReadGroupsAsync"/> reads them: many times faster where that is enough.</summary>
    IAsyncEnumerable<AdGroup> NamesUnderWritebackOuAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The named groups as they are now, wherever in the domain, read in batches from the writable domain controller, in any order.
    /// Whichever is gone is absent.
    /// </summary>
    /// <remarks>Names, type and anchors only: <see cref="AdGroup.MemberCount"/> and <see cref="AdGroup.Nested"/> are left empty, because
    /// counting members is reading them.</remarks>
    IAsyncEnumerable<AdGroup> ReadGroupsAsync(IReadOnlyCollection<Guid> objectGuids, CancellationToken cancellationToken);

    /// <summary>The named groups with all their direct members, as <see cref="ReadGroupsAsync"/> reads them; one page's members in memory at a time.</summary>
    /// <remarks><see cref="AdGroup.Nested"/> is left empty: which members are groups is told by the inventory alone, because it takes a look at every
    /// group of the forest.</remarks>
    IAsyncEnumerable<GroupSnapshot> ReadSnapshotsAsync(IReadOnlyCollection<Guid> objectGuids, CancellationToken cancellationToken);

    /// <summary>Objects, anywhere in the forest, that bear one of the anchors, as one global catalog sees it.</summary>
    /// <param name="globalCatalog">A name of <see cref="ForestServers.GlobalCatalogs"/>.</param>
    /// <param name="anchors">At most 100 values of msDS-ExternalDirectoryObjectId.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    Task<IReadOnlyList<CatalogEntry>> FindInCatalogAsync(string globalCatalog, IReadOnlyList<string> anchors, CancellationToken cancellationToken);

    /// <summary>Sets or clears msDS-ExternalDirectoryObjectId of many groups, several at a time.</summary>
    /// <remarks>
    /// The directory itself compares and writes in one step: a value is set only where none is, and cleared only where it is exactly the
    /// named one, so that two writers can't overwrite each other. Nothing is tried twice here. A server that fails in the middle doesn't throw:
    /// whatever has no answer is <see cref="AnchorState.Unknown"/>, and the caller reads the group before it decides.
    /// </remarks>
    /// <param name="writes">Each group at most once.</param>
    /// <param name="cancellationToken">Begins no further write, waits for those under way, then throws.</param>
    /// <returns>One outcome for each write, in the same order.</returns>
    Task<IReadOnlyList<AnchorOutcome>> WriteAnchorsAsync(IReadOnlyList<AnchorWrite> writes, CancellationToken cancellationToken);

    /// <summary>Makes a universal security group and returns its objectGUID.</summary>
    Task<Guid> CreateGroupAsync(NewGroup group, CancellationToken cancellationToken);

    /// <summary>When the object was made, by the directory's own record (whenCreated, to the second); null when it is gone or does not tell.</summary>
    Task<DateTimeOffset?> WhenCreatedAsync(Guid objectGuid, CancellationToken cancellationToken);

    /// <summary>Deletes a canary's object, only when the object with the recorded objectGUID bears the recorded value in both anchors and is young enough.</summary>
    /// <param name="canary">The object and its anchor.</param>
    /// <param name="notBefore">An object that was made before that, or does not tell when, is left alone.</param>
    /// <param name="cancellationToken">Stops before the deletion.</param>
    Task<CanaryDeletion> DeleteGroupAsync(CanaryIdentity canary, DateTimeOffset notBefore, CancellationToken cancellationToken);
}

/// <summary>Shorthands over <see cref="IDirectory"/>.</summary>
public static class DirectoryReads
{
    /// <summary>One group with its members, or null when it is gone. For many, <see cref="IDirectory.ReadSnapshotsAsync"/>.</summary>
    public static async Task<GroupSnapshot?> ReadAsync(this IDirectory directory, Guid objectGuid, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(directory);
        await foreach (var group in directory.ReadSnapshotsAsync([objectGuid], cancellationToken)) { return group; }
        return null;
    }
}

/// <summary>A value to set or to clear.</summary>
public sealed record AnchorWrite
{
    public required Guid ObjectGuid { get; init; }

    /// <summary>The value to set, or the value that must be there to be cleared.</summary>
    public required string Value { get; init; }

    /// <summary>False sets, true clears.</summary>
    public bool Clear { get; init; }
}

/// <summary>What became of one <see cref="AnchorWrite"/>.</summary>
public sealed record AnchorOutcome
{
    public required Guid ObjectGuid { get; init; }
    public required AnchorState State { get; init; }

    /// <summary>Why, when <see cref="State"/> is <see cref="AnchorState.Refused"/> or <see cref="AnchorState.Unknown"/>.</summary>
    public CommandError? Error { get; init; }
}

/// <summary>How a write of an anchor ended.</summary>
public enum AnchorState
{
    /// <summary>The directory has acknowledged this write.</summary>
    Written,

    /// <summary>The value to set was there already, or the value to clear was not: nothing was written.</summary>
    AlreadySo,

    /// <summary>Another value stands there; it was left alone.</summary>
    HoldsOther,

    /// <summary>There is no such object any more.</summary>
    Gone,

    /// <summary>The directory refused this write; others may have passed.</summary>
    Refused,

    /// <summary>Not sent, or sent and never answered: the truth must be read.</summary>
    Unknown,
}

/// <summary>How the deletion of a canary's object ended.</summary>
public enum CanaryDeletion
{
    /// <summary>It is deleted, or was gone.</summary>
    Gone,

    /// <summary>It bears another anchor; nothing was deleted.</summary>
    HoldsOther,

    /// <summary>It was made before its migration; nothing was deleted.</summary>
    Older,
}

/// <summary>The servers of a run, by their DNS names.</summary>
public sealed record ForestServers
{
    public required string WritableDomainController { get; init; }

    /// <summary>Nearest to the writable domain controller first.</summary>
    public required IReadOnlyList<string> GlobalCatalogs { get; init; }
}

/// <summary>What a global catalog shows of an object that bears an anchor.</summary>
public sealed record CatalogEntry
{
    public required Guid ObjectGuid { get; init; }
    public required string DistinguishedName { get; init; }
    public required string Anchor { get; init; }
}

/// <summary>A canary's object.</summary>
public sealed record NewGroup
{
    public required string Cn { get; init; }
    public required string DisplayName { get; init; }

    /// <summary>Value of adminDescription and msDS-ExternalDirectoryObjectId.</summary>
    public required string Anchor { get; init; }
    public required IReadOnlyList<Guid> Members { get; init; }

    /// <summary>Distinguished name of the place in the domain; null is the writeback OU.</summary>
    public string? Container { get; init; }
}

/// <summary>The directory answered with an error, or not at all.</summary>
public sealed class DirectoryException(CommandError error, Exception? inner = null) : Exception($"{error.Code}: {error.Message}", inner)
{
    public CommandError Error { get; } = error;
}

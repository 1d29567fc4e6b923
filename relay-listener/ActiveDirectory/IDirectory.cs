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
    /// <summary>Facts of forest, schema and agent.</summary>
    Task<ForestFacts> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Every group under the writeback OU, subtree, paged.</summary>
    IAsyncEnumerable<AdGroup> GroupsUnderWritebackOuAsync(CancellationToken cancellationToken);

    /// <summary>A group with all its direct members, or null when it is gone. Read from the writable domain controller.</summary>
    Task<GroupSnapshot?> ReadAsync(Guid objectGuid, CancellationToken cancellationToken);

    /// <summary>Objects, anywhere in the forest, that bear one of the anchors, as one global catalog sees it.</summary>
    /// <param name="globalCatalog">A name of <see cref="ForestFacts.GlobalCatalogs"/>.</param>
    /// <param name="anchors">At most 100 values of msDS-ExternalDirectoryObjectId.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    Task<IReadOnlyList<CatalogEntry>> FindInCatalogAsync(string globalCatalog, IReadOnlyList<string> anchors, CancellationToken cancellationToken);

    /// <summary>Sets msDS-ExternalDirectoryObjectId when it is empty, or clears it when it holds the value; otherwise writes nothing.</summary>
    /// <param name="objectGuid">The group.</param>
    /// <param name="value">The anchor.</param>
    /// <param name="clear">False sets, true clears.</param>
    /// <param name="cancellationToken">Stops before the write, never in its middle.</param>
    Task SetAnchorAsync(Guid objectGuid, string value, bool clear, CancellationToken cancellationToken);

    /// <summary>Makes a universal security group in the writeback OU and returns its objectGUID.</summary>
    Task<Guid> CreateGroupAsync(NewGroup group, CancellationToken cancellationToken);

    /// <summary>Deletes one group.</summary>
    Task DeleteGroupAsync(Guid objectGuid, CancellationToken cancellationToken);
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
}

/// <summary>The directory answered with an error, or not at all.</summary>
public sealed class DirectoryException(CommandError error, Exception? inner = null) : Exception($"{error.Code}: {error.Message}", inner)
{
    public CommandError Error { get; } = error;
}

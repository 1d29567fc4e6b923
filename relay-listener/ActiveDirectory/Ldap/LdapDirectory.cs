using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>A real Active Directory: one writable domain controller for the whole run, and the forest's global catalogs.</summary>
/// <remarks>
/// Objects are named by objectGUID, so that nobody's rename or move in between matters. Reading streams; nothing holds a whole directory.
/// After a fault of a server the call fails with GWB6101, and the next call connects again. docs/decisions/0020-ldap.md.
/// </remarks>
public sealed class LdapDirectory : IDirectory, IDisposable
{
    readonly LdapOptions _options;
    readonly LdapServer _writable;
    readonly List<LdapServer> _writers = [];
    readonly Dictionary<string, LdapServer> _catalogs = new(StringComparer.OrdinalIgnoreCase);
    readonly Lock _gate = new();

    /// <param name="options">Nothing is connected before the first call.</param>
    /// <exception cref="CommandFailedException">GWB6009: an option is not valid; the message names it.</exception>
    public LdapDirectory(LdapOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } wrong) { throw JobError.ConfigurationInvalid.Exception(string.Join("; ", wrong), transient: false); }
        _options = options;
        _writable = new(options, options.Server, catalog: false, unfit: found => found.Unfit(options.WritebackOu));
    }

    /// <inheritdoc/>
    public string WritebackOu => _options.WritebackOu;

    /// <inheritdoc/>
    public IDirectoryRepair Repair => new LdapRepair(this);

    /// <summary>The session with the writable domain controller.</summary>
    internal Task<LdapSession> WritableAsync(CancellationToken cancellationToken) => _writable.SessionAsync(cancellationToken);

    /// <summary>The session with one global catalog.</summary>
    internal Task<LdapSession> CatalogAsync(string host, CancellationToken cancellationToken)
    {
        LdapServer? server;
        lock (_gate)
        {
            if (!_catalogs.TryGetValue(host, out server))
            {
                server = new(_options, host, catalog: true, unfit: found => found.IsGlobalCatalog ? null : "is no global catalog, or not yet");
                _catalogs.Add(host, server);
            }
        }
        return server.SessionAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ForestFacts> InspectAsync(CancellationToken cancellationToken) =>
        await new LdapForest(await WritableAsync(cancellationToken), await ForestViewOrNullAsync(cancellationToken), _options).ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ForestServers> ServersAsync(CancellationToken cancellationToken)
    {
        var session = await WritableAsync(cancellationToken);
        var servers = await session.DomainControllersAsync(cancellationToken);
        return new()
        {
            WritableDomainController = session.RootDse.HostName,
            GlobalCatalogs = [.. servers.CatalogsNearestFirst(session.RootDse.HostName).Select(server => server.HostName)],
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AdGroup> GroupsUnderWritebackOuAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = await GroupsAsync(cancellationToken);
        var (forest, root) = await ForestViewAsync(cancellationToken);
        var rights = await RightsView.ReadAsync(await WritableAsync(cancellationToken), _options.AgentAccount, cancellationToken);
        await foreach (var group in reader.BelowAsync(WritebackOu, forest, root, rights, cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AdGroup> NamesUnderWritebackOuAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = await GroupsAsync(cancellationToken);
        await foreach (var group in reader.NamesBelowAsync(WritebackOu, cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AdGroup> ReadGroupsAsync(IReadOnlyCollection<Guid> objectGuids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = await GroupsAsync(cancellationToken);
        await foreach (var group in reader.ReadNamesAsync(objectGuids, cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<GroupSnapshot> ReadSnapshotsAsync(
        IReadOnlyCollection<Guid> objectGuids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (objectGuids.Count == 0) { yield break; }
        var reader = await GroupsAsync(cancellationToken);
        await foreach (var snapshot in reader.ReadAsync(objectGuids, cancellationToken)) { yield return snapshot; }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CatalogEntry>> FindInCatalogAsync(string globalCatalog, IReadOnlyList<string> anchors, CancellationToken cancellationToken)
    {
        if (anchors.Count > DirectoryReading.CatalogBatch) { throw new DirectoryException(DirectoryError.TooManyAnchors.ToError()); }
        if (anchors.Count == 0) { return []; }
        var session = await CatalogAsync(globalCatalog, cancellationToken);
        var found = new List<CatalogEntry>();
        var search = new LdapSearch
        {
            Base = "",
            Filter = LdapText.AnyOf(AnchorWriter.Attribute, anchors),
            Attributes = ["objectGUID", AnchorWriter.Attribute],
            Paged = false,
        };
        await foreach (var entry in session.SearchAsync(search, cancellationToken))
        {
            if ((entry.Id("objectGUID"), entry.Text(AnchorWriter.Attribute)) is ({ } objectGuid, { } anchor))
            {
                found.Add(new() { ObjectGuid = objectGuid, DistinguishedName = entry.Name, Anchor = anchor });
            }
        }
        return found;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AnchorOutcome>> WriteAnchorsAsync(IReadOnlyList<AnchorWrite> writes, CancellationToken cancellationToken)
    {
        var sessions = await WritersAsync(Math.Min(writes.Count, _options.WriteConnections), cancellationToken);
        return await new AnchorWriter(sessions).WriteAsync(writes, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Guid> CreateGroupAsync(NewGroup group, CancellationToken cancellationToken) =>
        await new CanaryWriter(await WritableAsync(cancellationToken), WritebackOu).CreateAsync(group, cancellationToken);

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> WhenCreatedAsync(Guid objectGuid, CancellationToken cancellationToken) =>
        await new CanaryWriter(await WritableAsync(cancellationToken), WritebackOu).WhenCreatedAsync(objectGuid, cancellationToken);

    /// <inheritdoc/>
    public async Task<CanaryDeletion> DeleteGroupAsync(CanaryIdentity canary, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        await new CanaryWriter(await WritableAsync(cancellationToken), WritebackOu).DeleteAsync(canary, notBefore, cancellationToken);

    /// <summary>Ends every session.</summary>
    public void Dispose()
    {
        _writable.Dispose();
        lock (_gate)
        {
            foreach (var writer in _writers) { writer.Dispose(); }
            foreach (var catalog in _catalogs.Values) { catalog.Dispose(); }
        }
    }

    /// <summary>Sessions with the writable domain controller itself. The one that reads is the first of them: nobody reads while a batch is written.</summary>
    async Task<IReadOnlyList<LdapSession>> WritersAsync(int count, CancellationToken cancellationToken)
    {
        var reader = await WritableAsync(cancellationToken);
        List<LdapServer> others;
        lock (_gate)
        {
            while (_writers.Count < count - 1) { _writers.Add(new(_options, reader.RootDse.HostName, catalog: false, pinned: reader.RootDse)); }
            others = _writers[..Math.Max(0, count - 1)];
        }
        return [reader, .. await Task.WhenAll(others.Select(writer => writer.SessionAsync(cancellationToken)))];
    }

    /// <summary>
    /// A view of the whole forest and where a search of it begins: the writable server's own global catalog, if it is one, shows its own domain
    /// without delay; otherwise the nearest; in a forest without any, the domain.
    /// </summary>
    internal async Task<(LdapSession Session, string Base)> ForestViewAsync(CancellationToken cancellationToken)
    {
        var session = await WritableAsync(cancellationToken);
        string? catalog = session.RootDse.IsGlobalCatalog ? session.RootDse.HostName : (await ServersAsync(cancellationToken)).GlobalCatalogs is [var first, ..] ? first : null;
        return catalog is null ? (session, session.RootDse.DomainNaming) : (await CatalogAsync(catalog, cancellationToken), "");
    }

    /// <summary>For facts that are worth having without it: a catalog that does not answer is told as an endpoint.</summary>
    async Task<LdapSession?> ForestViewOrNullAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (forest, root) = await ForestViewAsync(cancellationToken);
            return root.Length == 0 ? forest : null;
        }
        catch (DirectoryException)
        {
            return null;
        }
    }

    async Task<GroupReader> GroupsAsync(CancellationToken cancellationToken) => new(await WritableAsync(cancellationToken));
}

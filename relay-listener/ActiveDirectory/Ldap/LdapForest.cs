using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory.Security;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Facts of the forest that the directory itself tells.</summary>
/// <param name="session">The writable domain controller.</param>
/// <param name="forest">The same server's view of the whole forest, or the same session where no global catalog is at hand.</param>
/// <param name="options">The OU, the agent's account, addresses.</param>
sealed class LdapForest(LdapSession session, LdapSession? forest, LdapOptions options)
{
    RootDse Root => session.RootDse;

    public async Task<ForestFacts> ReadAsync(CancellationToken cancellationToken)
    {
        var schema = await session.ReadAsync(new() { Base = Root.SchemaNaming, Attributes = ["objectVersion"] }, cancellationToken);
        var controllers = await session.DomainControllersAsync(cancellationToken);
        var rights = await RightsView.ReadAsync(session, options.AgentAccount, cancellationToken);
        var ou = await session.ReadAsync(
            new() { Base = options.WritebackOu, Attributes = ["objectGUID", "nTSecurityDescriptor"], SecurityDescriptor = true }, cancellationToken);
        return new()
        {
            Domain = Root.Domain,
            Forest = RootDse.DnsOf(Root.ForestRootNaming),
            OtherDomains = await OtherDomainsAsync(cancellationToken),
            WritableDomainController = Root.HostName,
            GlobalCatalogs = [.. controllers.Where(server => server.IsGlobalCatalog).Select(server => server.HostName)],
            DomainLevel = Root.DomainLevel,
            ForestLevel = Root.ForestLevel,
            SchemaVersion = schema?.Number("objectVersion") ?? 0,
            HasExternalDirectoryObjectId = await FirstAsync(Root.SchemaNaming, LdapText.AnyOf("lDAPDisplayName", [DirectorySchema.Anchor]), "objectGUID", cancellationToken) is not null,
            RecycleBinEnabled = await LdapDeletions.RecycleBinAsync(session, cancellationToken),
            LastBackup = await LastBackupAsync(cancellationToken),
            Exchange = await ExchangeAsync(cancellationToken),
            WritebackOu = options.WritebackOu,
            WritebackOuExists = ou is not null,
            AgentMayWriteOu = ou is null ? null : rights.AgentMayServe(ou),
            ListenerMayStampOu = ou is null ? null : rights.ListenerMayStampUnder(ou),
            Agents = AgentAccounts.Told(rights.Agents),
            UnreachableEndpoints = await EndpointProbe.UnreachableAsync(controllers, options, cancellationToken),
            ConnectComputers = ConnectAccounts.Computers(await ConnectDescriptionsAsync(cancellationToken)),
        };
    }

    /// <summary>As <c>repadmin /showbackup</c> tells it.</summary>
    async Task<DateTimeOffset?> LastBackupAsync(CancellationToken cancellationToken)
    {
        var domain = await session.ReadAsync(new() { Base = Root.DomainNaming, Attributes = ["replPropertyMetaData"] }, cancellationToken);
        return domain?.Bytes("replPropertyMetaData") is { } bytes ? ReplicationMetadata.LastWritten(bytes, ReplicationMetadata.BackupSignature) : null;
    }

    /// <summary>Source: Exchange's schema versions; where its preparation of forest and domain leaves its numbers.</summary>
    async Task<ExchangeFacts> ExchangeAsync(CancellationToken cancellationToken)
    {
        var version = await session.ReadAsync(new() { Base = $"CN=ms-Exch-Schema-Version-Pt,{Root.SchemaNaming}", Attributes = ["rangeUpper"] }, cancellationToken);
        var objects = await session.ReadAsync(new() { Base = $"CN=Microsoft Exchange System Objects,{Root.DomainNaming}", Attributes = ["objectVersion"] }, cancellationToken);
        var organization = await FirstAsync(
            $"CN=Microsoft Exchange,CN=Services,{Root.ConfigurationNaming}", "(objectClass=msExchOrganizationContainer)", "objectVersion", cancellationToken);
        return new() { Schema = version?.Number("rangeUpper"), Configuration = organization?.Number("objectVersion"), Domain = objects?.Number("objectVersion") };
    }

    /// <summary>Connect's setup makes its accounts in any domain; the global catalog shows those of the others.</summary>
    async Task<IReadOnlyList<string?>> ConnectDescriptionsAsync(CancellationToken cancellationToken)
    {
        var descriptions = new List<string?>();
        string filter = $"(&(objectCategory=person)(sAMAccountName={LdapText.EscapeFilter(ConnectAccounts.NamePrefix)}*))";
        await foreach (var account in session.SearchAsync(new() { Base = Root.DomainNaming, Filter = filter, Attributes = ["description"] }, cancellationToken))
        {
            descriptions.Add(account.Text("description"));
        }
        if (forest is null) { return descriptions; }
        await foreach (var account in forest.SearchAsync(new() { Base = "", Filter = filter, Attributes = ["description"] }, cancellationToken))
        {
            descriptions.Add(account.Text("description"));
        }
        return descriptions;
    }

    /// <summary>The forest's other domains, and the accounts of agents that a global catalog shows there: where they run, it does not tell.</summary>
    async Task<IReadOnlyList<DomainFacts>> OtherDomainsAsync(CancellationToken cancellationToken)
    {
        // Bit 1 of the flags: a domain of this forest, and not one of the partitions for DNS or of an application.
        const string domains = "(&(objectClass=crossRef)(systemFlags:1.2.840.113556.1.4.803:=2))";
        var namings = new List<string>();
        var search = new LdapSearch { Base = $"CN=Partitions,{Root.ConfigurationNaming}", Filter = domains, Attributes = ["nCName"] };
        await foreach (var partition in session.SearchAsync(search, cancellationToken))
        {
            if (partition.Text("nCName") is { } naming && !DistinguishedName.Same(naming, Root.DomainNaming)) { namings.Add(naming); }
        }
        if (namings.Count == 0) { return []; }
        IReadOnlyList<string>? accounts = forest is { RootDse.IsGlobalCatalog: true } ? await AgentAccounts.NamesAsync(forest, cancellationToken) : null;
        return
        [
            .. namings.Order(StringComparer.OrdinalIgnoreCase).Select(naming => new DomainFacts
            {
                Domain = RootDse.DnsOf(naming),
                Agents = accounts is null ? null
                    : [.. accounts.Where(account => string.Equals(RootDse.DnsOf(account), RootDse.DnsOf(naming), StringComparison.OrdinalIgnoreCase))
                        .Select(account => new ProvisioningAgent { Computer = DistinguishedName.CommonName(account), Version = "", Active = null })],
            }),
        ];
    }

    /// <summary>The first object found; null when there is none, or no such place.</summary>
    async Task<LdapEntry?> FirstAsync(string root, string filter, string attribute, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var entry in session.SearchAsync(new() { Base = root, Filter = filter, Attributes = [attribute] }, cancellationToken)) { return entry; }
            return null;
        }
        catch (DirectoryException e) when (e.Error.Code == Errors.DirectoryError.NoSuchObject.Code)
        {
            return null;
        }
    }
}

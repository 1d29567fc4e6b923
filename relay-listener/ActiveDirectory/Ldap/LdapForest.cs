using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Facts of the forest that the directory itself tells.</summary>
static class LdapForest
{
    public static async Task<ForestFacts> ReadAsync(LdapSession session, string writebackOu, CancellationToken cancellationToken)
    {
        var root = session.RootDse;
        var schema = await session.ReadAsync(new() { Base = root.SchemaNaming, Attributes = ["objectVersion"] }, cancellationToken);
        var attribute = await AnyAsync(session, new()
        {
            Base = root.SchemaNaming, Filter = $"(lDAPDisplayName={AnchorWriter.Attribute})", Attributes = ["objectGUID"],
        }, cancellationToken);
        var controllers = await session.DomainControllersAsync(cancellationToken);
        return new()
        {
            Domain = root.Domain,
            WritableDomainController = root.HostName,
            GlobalCatalogs = [.. controllers.Where(server => server.IsGlobalCatalog).Select(server => server.HostName)],
            SchemaVersion = schema?.Number("objectVersion") ?? 0,
            HasExternalDirectoryObjectId = attribute,
            RecycleBinEnabled = false,
            Exchange = new(),
            WritebackOu = writebackOu,
            WritebackOuExists = await session.ReadAsync(new() { Base = writebackOu, Attributes = ["objectGUID"] }, cancellationToken) is not null,
            AgentMayWriteOu = false,
            Agents = [],
            UnreachableEndpoints = [],
            ConnectComputers = [],
        };
    }

    static async Task<bool> AnyAsync(LdapSession session, LdapSearch search, CancellationToken cancellationToken)
    {
        await foreach (var _ in session.SearchAsync(search, cancellationToken)) { return true; }
        return false;
    }
}

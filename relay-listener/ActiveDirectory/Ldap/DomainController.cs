using GwbCloud.Contracts.ActiveDirectory;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>A domain controller of the forest, as the configuration partition names it.</summary>
public sealed record DomainController
{
    public required string HostName { get; init; }
    public required bool IsGlobalCatalog { get; init; }
    public required bool IsReadOnly { get; init; }

    /// <summary>Name of the site in which it stands.</summary>
    public required string Site { get; init; }
}

/// <summary>The forest's domain controllers, of all its domains.</summary>
static class ForestTopology
{
    const string SettingsPrefix = "CN=NTDS Settings,";
    const int GlobalCatalogBit = 1;

    /// <summary>Read from the configuration partition, which every domain controller has: two searches, sorted by name.</summary>
    public static async Task<IReadOnlyList<DomainController>> DomainControllersAsync(this LdapSession session, CancellationToken cancellationToken)
    {
        string sites = $"CN=Sites,{session.RootDse.ConfigurationNaming}";
        var hosts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await foreach (var server in session.SearchAsync(
            new() { Base = sites, Filter = "(objectClass=server)", Attributes = ["dNSHostName"] }, cancellationToken))
        {
            if (server.Text("dNSHostName") is { } host) { hosts[server.Name] = host; }
        }

        var found = new List<DomainController>();
        // Read-only ones have a class of their own, which is a kind of this one.
        await foreach (var settings in session.SearchAsync(
            new() { Base = sites, Filter = "(objectClass=nTDSDSA)", Attributes = ["options", "msDS-isRODC"] }, cancellationToken))
        {
            // A server object without a name is what a removed domain controller left behind.
            if (!settings.Name.StartsWith(SettingsPrefix, StringComparison.OrdinalIgnoreCase)) { continue; }
            string server = DistinguishedName.Parent(settings.Name);
            if (!hosts.TryGetValue(server, out string? host)) { continue; }
            found.Add(new()
            {
                HostName = host,
                IsGlobalCatalog = ((settings.Number("options") ?? 0) & GlobalCatalogBit) != 0,
                IsReadOnly = settings.Flag("msDS-isRODC"),
                Site = DistinguishedName.CommonName(DistinguishedName.Parent(DistinguishedName.Parent(server))),
            });
        }
        found.Sort((one, other) => StringComparer.OrdinalIgnoreCase.Compare(one.HostName, other.HostName));
        return found;
    }

    /// <summary>The global catalogs, the one to ask first in front: the server itself, then those of its site, then the others by name.</summary>
    /// <remarks>Read-only ones come last: they stand where lines are thin, and hear of a change later than all others.</remarks>
    /// <param name="controllers">The forest's domain controllers.</param>
    /// <param name="host">DNS name of the writable domain controller of the run.</param>
    public static IReadOnlyList<DomainController> CatalogsNearestFirst(this IReadOnlyList<DomainController> controllers, string host)
    {
        string? site = controllers.FirstOrDefault(IsItself)?.Site;
        return
        [
            .. controllers.Where(controller => controller.IsGlobalCatalog)
                .OrderBy(controller => IsItself(controller) ? 0 : controller.IsReadOnly ? 3 : string.Equals(controller.Site, site, StringComparison.OrdinalIgnoreCase) ? 1 : 2)
                .ThenBy(controller => controller.HostName, StringComparer.OrdinalIgnoreCase),
        ];

        bool IsItself(DomainController controller) => string.Equals(controller.HostName, host, StringComparison.OrdinalIgnoreCase);
    }
}

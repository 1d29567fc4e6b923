using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Which connector holds the writeback OU, and whether the OU is in its scope. Pure.</summary>
static class ConnectorChoice
{
    /// <summary>The AD connector of the OU: by its partitions, then by the forest that the settings name, then the only one there is.</summary>
    /// <exception cref="AdSyncException">GWB6219: several, and none fits.</exception>
    public static ConnectorValue Of(HostValue host)
    {
        var candidates = host.Connectors.Where(connector => connector.Id != RuleIds.EntraConnector && Same(connector.Type, "AD")).ToList();
        if (host.Container.Length > 0 && candidates.Where(connector => PartitionOf(connector, host.Container) is not null).ToList() is [var holder]) { return holder; }
        if (host.Forest.Length > 0 && candidates.Where(connector => Same(connector.Name, host.Forest)).ToList() is [var named]) { return named; }
        // A container that lies in none of its partitions is a fault, not a reason to take the next best.
        return candidates is [var only] && (host.Container.Length == 0 || only.Partitions.Count == 0)
            ? only
            : throw new AdSyncException(AdSyncError.ConnectorNotFound.ToError($"{candidates.Count} connectors"));
    }

    /// <summary>True when the nearest container above the OU that the connector lists is an included one.</summary>
    public static bool HoldsInScope(ConnectorValue connector, string container)
    {
        if (container.Length == 0 || PartitionOf(connector, container) is not { Selected: true } partition) { return false; }
        int included = Nearest(partition.Included, container), excluded = Nearest(partition.Excluded, container);
        return included >= 0 && included > excluded;
    }

    /// <summary>Distinguished names of the domains that a connector synchronises, sorted.</summary>
    public static IReadOnlyList<string> RootsOf(ConnectorValue connector) =>
    [
        .. connector.Partitions.Where(IsDomain).Select(partition => partition.Dn).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal),
    ];

    /// <summary>What is told of every connector, by name. Objects are not counted: no cmdlet does it cheaply.</summary>
    /// <param name="host">The server.</param>
    /// <param name="chosen">The connector that <see cref="Of"/> chose.</param>
    public static IReadOnlyList<ConnectorFacts> FactsOf(HostValue host, ConnectorValue chosen) =>
    [
        .. host.Connectors.OrderBy(connector => connector.Name, StringComparer.Ordinal).Select(connector => new ConnectorFacts
        {
            Name = connector.Name,
            Identifier = connector.Id,
            Kind = KindOf(connector),
            // The connector of a forest bears the name of its root domain.
            Forest = KindOf(connector) == ConnectorKind.ActiveDirectory ? connector.Name : null,
            Domains = KindOf(connector) == ConnectorKind.ActiveDirectory ? DomainsOf(connector) : [],
            HoldsWritebackOu = connector.Id == chosen.Id && PartitionOf(connector, host.Container) is not null,
        }),
    ];

    static ConnectorKind KindOf(ConnectorValue connector) =>
        connector.Id == RuleIds.EntraConnector ? ConnectorKind.Entra : Same(connector.Type, "AD") ? ConnectorKind.ActiveDirectory : ConnectorKind.Other;

    static IReadOnlyList<string> DomainsOf(ConnectorValue connector) =>
        [.. connector.Partitions.Where(IsDomain).Select(partition => RootDse.DnsOf(partition.Dn)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];

    /// <summary>Selected partitions that are domains: those of DNS and of the configuration hold no accounts.</summary>
    static bool IsDomain(PartitionValue partition) =>
        partition.Selected && partition.Dn.StartsWith("DC=", StringComparison.OrdinalIgnoreCase)
        && !partition.Dn.StartsWith("DC=DomainDnsZones,", StringComparison.OrdinalIgnoreCase) && !partition.Dn.StartsWith("DC=ForestDnsZones,", StringComparison.OrdinalIgnoreCase);

    static PartitionValue? PartitionOf(ConnectorValue connector, string container) =>
        connector.Partitions.Where(partition => IsAtOrUnder(container, partition.Dn)).MaxBy(partition => partition.Dn.Length);

    static int Nearest(IReadOnlyList<string> containers, string container) =>
        containers.Where(above => IsAtOrUnder(container, above)).Select(above => above.Length).DefaultIfEmpty(-1).Max();

    static bool IsAtOrUnder(string dn, string above) =>
        above.Length > 0 && (Same(dn, above) || dn.EndsWith("," + above, StringComparison.OrdinalIgnoreCase));

    static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

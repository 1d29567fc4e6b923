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

    static PartitionValue? PartitionOf(ConnectorValue connector, string container) =>
        connector.Partitions.Where(partition => IsAtOrUnder(container, partition.Dn)).MaxBy(partition => partition.Dn.Length);

    static int Nearest(IReadOnlyList<string> containers, string container) =>
        containers.Where(above => IsAtOrUnder(container, above)).Select(above => above.Length).DefaultIfEmpty(-1).Max();

    static bool IsAtOrUnder(string dn, string above) =>
        above.Length > 0 && (Same(dn, above) || dn.EndsWith("," + above, StringComparison.OrdinalIgnoreCase));

    static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment;

/// <summary>The forest that holds the writeback container: Cloud Sync, like Connect, writes members of this forest only.</summary>
static class HomeForest
{
    /// <summary>DNS names of its domains, sorted; empty where the servers know no other forest, so that nobody has to be asked where he lives.</summary>
    public static IReadOnlyList<string> DomainsOf(ForestFacts forest, IEnumerable<ServerFacts> servers) =>
        servers.All(s => s.Connectors.Count(c => c.Kind == ConnectorKind.ActiveDirectory) < 2)
            ? []
            : [.. forest.OtherDomains.Select(d => d.Domain).Append(forest.Domain).Select(d => d.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether a synchronised user lives in another forest.</summary>
    /// <param name="domain">The user's <c>onPremisesDomainName</c>; null when Entra does not tell.</param>
    /// <param name="domains">As <see cref="DomainsOf"/> says.</param>
    public static bool IsElsewhere(string? domain, IReadOnlyList<string> domains) =>
        domains.Count > 0 && domain is not null && !domains.Contains(domain, StringComparer.OrdinalIgnoreCase);
}

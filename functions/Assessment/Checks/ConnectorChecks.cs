using GwbCloud.Contracts.Commands;
using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>Several forests behind one Connect server, several domains in one forest: which of them is meant, and what people should know of the others.</summary>
static class ConnectorChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        OfNames("GWB2119", Blocks, "The servers write groups through connectors of different forests",
            "The writeback OU lies in one forest, and every server must have found the connector of that one.",
            "Compare connectors and writeback container of the servers.",
            f => f.Servers.DistinctBy(s => s.AdConnector, StringComparer.OrdinalIgnoreCase).Count() > 1 ? f.Servers.Select(s => $"{s.Server}: {s.AdConnector}") : []),
        OfNames("GWB2120", Blocks, "The connector of the writeback OU is of another forest than the directory that was read",
            "Connect writes into one forest, and the listener reads another one.",
            "Point the listener's directory at a domain controller of the domain that holds the OU.",
            f => f.Servers.SelectMany(s => s.Connectors.Where(c => c.HoldsWritebackOu && !Holds(c, f.Forest)).Select(c => $"{s.Server}: {c.Name}"))),
        Of("GWB2121", NeedsAcceptance, "The servers do not synchronise the same forests and domains",
            "A server that lacks one would treat its objects as gone if it were promoted.",
            "Bring the connectors in line; or accept, when that server is never to become the active one.",
            f => Differing([.. f.Servers.Where(s => s.Connectors.Count > 0)])),
        Of("GWB2122", ToKnow, "Connect synchronises several forests",
            "The gates look at the pending exports of every connector; groups are written into one forest alone.",
            "Nothing.",
            f => f.Servers.SelectMany(s => s.Connectors).Where(c => c.Kind == ConnectorKind.ActiveDirectory).DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase)
                .ToList() is { Count: > 1 } several ? several.Select(OfConnector) : []),
        Of("GWB2123", ToKnow, "Other domains of the forest have no active agent",
            "Cloud Sync needs agents in the domain of the writeback OU alone; a configuration for another domain would need its own.",
            "Nothing for this migration.",
            f => f.Forest.OtherDomains.Where(d => d.Agents is null || d.Agents.All(a => a.Active is false)).Select(d => new Concern
            {
                Name = d.Domain,
                Detail = d.Agents is null ? "The domain could not be asked." : null,
            })),
        OfGroups("GWB2124", ToKnow, "Groups that freeze have members from other forests",
            "Entra does not know these members: they are in Active Directory alone, and stay there until somebody takes them out by hand. While a group holds them it cannot become universal, and so cannot migrate.",
            "Nothing, where they may stay. Else give their access by a group of their own forest, take them out, and make the group universal before the migration.",
            Foreign),
    ];

    static bool Holds(ConnectorFacts connector, ForestFacts forest) =>
        connector.Domains.Contains(forest.Domain, StringComparer.OrdinalIgnoreCase)
        || (connector.Domains.Count == 0 && (forest.Forest.Length == 0 || string.Equals(connector.Forest, forest.Forest, StringComparison.OrdinalIgnoreCase)));

    static Concern OfConnector(ConnectorFacts connector) => new()
    {
        Name = connector.Name,
        Detail = string.Join("; ", new[]
        {
            connector.HoldsWritebackOu ? "holds the writeback OU" : "holds no written-back group",
            connector.Domains.Count > 0 ? $"domains {string.Join(", ", connector.Domains)}" : null,
            connector.Objects is { } objects ? $"{FindingText.Number(objects)} objects" : null,
        }.OfType<string>()),
    };

    static IEnumerable<Concern> Differing(List<ServerFacts> servers)
    {
        var all = servers.SelectMany(ServerNames.ForestsOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return servers.Select(s => (s.Server, Missing: all.Except(ServerNames.ForestsOf(s), StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList()))
            .Where(s => s.Missing.Count > 0)
            .Select(s => new Concern { Name = s.Server, Detail = $"It lacks {string.Join(", ", s.Missing)}." });
    }

    /// <summary>A universal group cannot hold them, so that none that migrates has any.</summary>
    static IEnumerable<ClassifiedGroup> Foreign(AssessmentFacts facts)
    {
        var foreign = facts.Inventory.Where(g => g.ForeignMembers > 0).Select(g => g.ObjectGuid).ToHashSet();
        return foreign.Count == 0 ? [] : facts.Classified.Groups.Where(g => g.Class == GroupClass.Freezes && g.ObjectGuid is { } id && foreign.Contains(id));
    }
}

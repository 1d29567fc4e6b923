using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration.Servers;

/// <summary>Holds the Connect servers against the plan. Pure; the freeze asks, and whoever watches may.</summary>
public static class ServerComparison
{
    /// <param name="plan">The servers that it names, and those that people stated to be gone.</param>
    /// <param name="now">Facts of the servers that answered.</param>
    /// <param name="traces">Names that Connect's accounts in Entra and Active Directory bear, and those of configured listeners.</param>
    /// <param name="active">The server that should export; null while every server is in staging mode on purpose.</param>
    public static IReadOnlyList<ServerDeviation> Compare(MigrationPlan plan, IReadOnlyList<ServerFacts> now, IEnumerable<string> traces, string? active)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(traces);
        var exporter = active is null ? null : ServerNames.Find(plan.Servers, planned => planned.Name, active);
        return
        [
            .. plan.Servers.SelectMany(planned => Planned(planned, ServerNames.Find(now, facts => facts.Server, planned.Name), planned == exporter)),
            .. now.Where(facts => !plan.Servers.Any(planned => ServerNames.Same(planned.Name, facts.Server)))
                .Select(facts => Change(ServerDeviationKind.Appeared, facts.Server, facts.Staging ? "is no server of the plan" : "exports, and is no server of the plan")),
            .. ServerNames.Strangers([.. plan.Servers.Select(s => s.Name), .. Decommissioned(plan)], traces).Except(now.Select(f => ServerNames.HostOf(f.Server)), StringComparer.OrdinalIgnoreCase)
                .Select(name => Change(ServerDeviationKind.Appeared, name, "has left an account of Connect since the plan, and has no listener")),
        ];
    }

    /// <summary>Servers that a person stated to be gone for good; see <see cref="FindingCatalogue.ServerWithoutListener"/>.</summary>
    public static IEnumerable<string> Decommissioned(MigrationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Acceptances.Where(a => a.Code == FindingCatalogue.ServerWithoutListener).Select(a => a.Subject).OfType<string>();
    }

    static IEnumerable<ServerDeviation> Planned(PlannedServer planned, ServerFacts? facts, bool shouldExport)
    {
        if (facts is null)
        {
            yield return Change(ServerDeviationKind.Gone, planned.Name, "gave no facts");
            yield break;
        }
        if (shouldExport && facts.Staging) { yield return Change(ServerDeviationKind.Demoted, planned.Name, "is in staging mode, and should be the active one"); }
        if (!shouldExport && !facts.Staging) { yield return Change(ServerDeviationKind.Promoted, planned.Name, "exports, and should be in staging mode"); }
        if (facts.Version != planned.Version) { yield return Change(ServerDeviationKind.Upgraded, planned.Name, $"runs build {facts.Version}, and ran {planned.Version}"); }
        else if (facts.Cmdlet != planned.Cmdlet) { yield return Change(ServerDeviationKind.Upgraded, planned.Name, "wants the cmdlet of the switch called in another way"); }
        if (planned.AdConnector is { } connector && !connector.Equals(facts.AdConnector, StringComparison.OrdinalIgnoreCase))
        {
            yield return Change(ServerDeviationKind.OtherForests, planned.Name, $"writes groups through {facts.AdConnector}, and did through {connector}");
        }
        else if (planned.Forests is { } forests && ServerNames.ForestsOf(facts) is var read && !forests.SequenceEqual(read, StringComparer.OrdinalIgnoreCase))
        {
            yield return Change(ServerDeviationKind.OtherForests, planned.Name, $"synchronises {List(read)}, and did {List(forests)}");
        }
    }

    static string List(IReadOnlyList<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);

    static ServerDeviation Change(ServerDeviationKind kind, string server, string reads) => new() { Kind = kind, Server = server, Reads = reads };
}

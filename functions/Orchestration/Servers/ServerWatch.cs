using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration.Servers;

/// <summary>Before anything stands still: every server of the tenant is one of the plan, and as the plan has it.</summary>
static class ServerWatch
{
    /// <summary>Reads every server, the listeners that are configured, and the accounts that Connect left in Active Directory.</summary>
    /// <exception cref="StageStoppedException">A server was promoted, demoted, upgraded, or appeared since the plan.</exception>
    public static async Task DemandAsync(StageRun run)
    {
        var facts = new List<ServerFacts>();
        foreach (var server in run.Servers) { facts.Add(await run.OnServerAsync(server, new InspectServer())); }
        var forest = await run.OnLeadAsync(new InspectForest());
        var listeners = await run.Context.CallActivityAsync<string[]>("ListServers", Retries.Standard);
        Demand(run, facts, [.. forest.ConnectComputers, .. listeners]);
    }

    /// <summary>The same of accounts in Entra, which are read with the tenant.</summary>
    /// <exception cref="StageStoppedException">A server appeared since the plan.</exception>
    public static void Demand(StageRun run, IReadOnlyList<ServerFacts> facts, IReadOnlyList<string> traces)
    {
        // A build that people approved anew, on fresh evidence, is the one that must be.
        var approved = run.Plan with
        {
            Servers = [.. run.Plan.Servers.Select(s => run.Facts.Guarded?.Servers.FirstOrDefault(g => g.Server == s.Name) is { } known ? s with { Version = known.Version } : s)],
        };
        var changes = ServerComparison.Compare(approved, facts, traces, run.Lead);
        if (changes.Count > 0)
        {
            throw new StageStoppedException(ServerError.ServersChanged.Notice(
                $"The Connect servers are not those of the plan: {string.Join("; ", changes.Take(5).Select(change => change.Sentence))}."));
        }
    }
}

using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The two coexistence rules on servers: made where they are missing, read back, and remembered as ours. Steps 3 and 4 of the how-to.</summary>
static class CoexistenceRuleWork
{
    public static async Task AddAsync(StageRun run, IReadOnlyList<string> servers)
    {
        foreach (var server in servers)
        {
            var before = (await run.OnServerAsync(server, new InspectServer())).Coexistence;
            if (before is not { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified })
            {
                Remember(run, server, before);
                await run.KeepFactsAsync();
            }
            await run.OnServerAsync(server, new AddCoexistenceRules());
            // What the cmdlet said is not what counts.
            var now = (await run.OnServerAsync(server, new InspectServer())).Coexistence;
            if (now is not { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified })
            {
                throw new StageStoppedException(Notices.RulesNotInPlace(server, now));
            }
        }
    }

    /// <summary>Half of a pair that was there is somebody's, but not when we come a second time: then it is what we made the first time.</summary>
    static void Remember(StageRun run, string server, CoexistenceRules before)
    {
        if (run.Facts.RulesMadeOn.Contains(server)) { return; }
        var (inbound, outbound) = (before.Inbound == RuleState.AsSpecified, before.Outbound == RuleState.AsSpecified);
        run.Facts = run.Facts with
        {
            RulesMadeOn = [.. run.Facts.RulesMadeOn, server],
            RulesFound = inbound || outbound ? [.. run.Facts.RulesFound, new RuleFound { Server = server, Inbound = inbound, Outbound = outbound }] : run.Facts.RulesFound,
        };
    }
}

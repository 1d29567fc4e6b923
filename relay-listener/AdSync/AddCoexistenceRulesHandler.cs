using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Adds what is missing of the two coexistence rules; the result is what reads back.</summary>
sealed class AddCoexistenceRulesHandler(IAdSync adSync) : ICommandHandler<AddCoexistenceRules, CoexistenceRules>
{
    public async Task<CoexistenceRules> HandleAsync(AddCoexistenceRules command, JobContext job, CancellationToken cancellationToken)
    {
        var host = await adSync.GetHostAsync(cancellationToken);
        var rules = await adSync.GetRulesAsync(cancellationToken);
        var found = CoexistenceRuleSpec.Judge(rules, host.AdConnectorId);
        // Add-ADSyncRule is an upsert: adding would silently overwrite somebody's rule.
        if (found.Inbound == RuleState.Different) { throw AdSyncError.RuleIdInUse.Exception("inbound", transient: false); }
        if (found.Outbound == RuleState.Different) { throw AdSyncError.RuleIdInUse.Exception("outbound", transient: false); }
        if (found.InPlace()) { return found; }

        int missing = (found.Inbound == RuleState.Absent ? 1 : 0) + (found.Outbound == RuleState.Absent ? 1 : 0);
        var free = new Queue<int>(FreePrecedences.Choose(rules, [RuleIds.EntraConnector, host.AdConnectorId], missing));
        if (found.Inbound == RuleState.Absent) { await adSync.AddRuleAsync(CoexistenceRuleSpec.Inbound(free.Dequeue()), cancellationToken); }
        if (found.Outbound == RuleState.Absent) { await adSync.AddRuleAsync(CoexistenceRuleSpec.Outbound(host.AdConnectorId, free.Dequeue()), cancellationToken); }
        return CoexistenceRuleSpec.Judge(await adSync.GetRulesAsync(cancellationToken), host.AdConnectorId);
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Removes the two rules, only as we made them and only while GroupWritebackV2 reads true; the result is what reads back.</summary>
sealed class RemoveCoexistenceRulesHandler(IAdSync adSync) : ICommandHandler<RemoveCoexistenceRules, CoexistenceRules>
{
    public async Task<CoexistenceRules> HandleAsync(RemoveCoexistenceRules command, JobContext job, CancellationToken cancellationToken)
    {
        var host = await adSync.GetHostAsync(cancellationToken);
        var found = CoexistenceRuleSpec.Judge(await adSync.GetRulesAsync(cancellationToken), host.AdConnectorId);
        if (!command.KeepInbound && found.Inbound == RuleState.Different) { throw AdSyncError.RuleIdInUse.Exception("inbound", transient: false); }
        if (!command.KeepOutbound && found.Outbound == RuleState.Different) { throw AdSyncError.RuleIdInUse.Exception("outbound", transient: false); }

        // Outbound last: while it is there, a marked group stays joined. The flag is read again before each removal.
        if (!command.KeepInbound && found.Inbound == RuleState.AsSpecified) { await RemoveAsync(RuleIds.CoexistenceInbound, cancellationToken); }
        if (!command.KeepOutbound && found.Outbound == RuleState.AsSpecified) { await RemoveAsync(RuleIds.CoexistenceOutbound, cancellationToken); }
        return CoexistenceRuleSpec.Judge(await adSync.GetRulesAsync(cancellationToken), host.AdConnectorId);
    }

    async Task RemoveAsync(Guid rule, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await adSync.DemandWritebackOnAsync(cancellationToken);
        await adSync.RemoveRuleAsync(rule, cancellationToken);
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Removes the two rules, only as we made them and only while GroupWritebackV2 reads true; the result is what reads back.</summary>
sealed class RemoveCoexistenceRulesHandler(IAdSync adSync) : ICommandHandler<RemoveCoexistenceRules, CoexistenceRules>
{
    public Task<CoexistenceRules> HandleAsync(RemoveCoexistenceRules command, JobContext job, CancellationToken cancellationToken) =>
        CoexistenceRuleRemoval.RunAsync(adSync, () => adSync.DemandWritebackOnAsync(cancellationToken), cancellationToken, command.KeepInbound, command.KeepOutbound);
}

/// <summary>
/// Removes the two rules after a migration: only as we made them, only while GroupWritebackV2 reads false, and on a server that exports only where its
/// own configuration allows it.
/// </summary>
/// <remarks>Nobody outside the server can relax that: what Connect does to groups that lose their rules is documented nowhere.</remarks>
sealed class RetireCoexistenceRulesHandler(IAdSync adSync, bool allowedWhereExporting) : ICommandHandler<RetireCoexistenceRules, CoexistenceRules>
{
    public Task<CoexistenceRules> HandleAsync(RetireCoexistenceRules command, JobContext job, CancellationToken cancellationToken) =>
        CoexistenceRuleRemoval.RunAsync(adSync, () => DemandAsync(cancellationToken), cancellationToken);

    async Task DemandAsync(CancellationToken cancellationToken)
    {
        var scheduler = await adSync.GetSchedulerAsync(cancellationToken);
        if (!scheduler.StagingModeEnabled && !allowedWhereExporting) { throw AdSyncError.RetiringNotAllowed.Exception(null, transient: false); }
        if (scheduler.SchedulerSuspended) { throw AdSyncError.Suspended.Exception(null, transient: true); }
        // A cycle that began with the rules must not see half of them.
        if (scheduler.SyncCycleInProgress) { throw AdSyncError.Busy.Exception(null, transient: true); }
        bool? reads = (await adSync.GetFeaturesAsync(cancellationToken)).GroupWritebackV2;
        if (reads is not false) { throw AdSyncError.WritebackNotOff.Exception(reads is null ? "it could not be read" : "it reads true", transient: reads is null); }
    }
}

/// <summary>Takes the two rules away, one after the other, each after the demand of whoever asks for it.</summary>
static class CoexistenceRuleRemoval
{
    public static async Task<CoexistenceRules> RunAsync(IAdSync adSync, Func<Task> demandAsync, CancellationToken cancellationToken, bool keepInbound = false, bool keepOutbound = false)
    {
        var host = await adSync.GetHostAsync(cancellationToken);
        var found = CoexistenceRuleSpec.Judge(await adSync.GetRulesAsync(cancellationToken), host.AdConnectorId);
        if (!keepInbound && found.Inbound == RuleState.Different) { throw AdSyncError.RuleIdInUse.Exception("inbound", transient: false); }
        if (!keepOutbound && found.Outbound == RuleState.Different) { throw AdSyncError.RuleIdInUse.Exception("outbound", transient: false); }

        // Outbound last: while it is there, a marked group stays joined. What is demanded is read again before each removal.
        if (!keepInbound && found.Inbound == RuleState.AsSpecified) { await RemoveAsync(RuleIds.CoexistenceInbound); }
        if (!keepOutbound && found.Outbound == RuleState.AsSpecified) { await RemoveAsync(RuleIds.CoexistenceOutbound); }
        return CoexistenceRuleSpec.Judge(await adSync.GetRulesAsync(cancellationToken), host.AdConnectorId);

        async Task RemoveAsync(Guid rule)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await demandAsync();
            await adSync.RemoveRuleAsync(rule, cancellationToken);
        }
    }
}

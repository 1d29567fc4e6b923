using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Switches the scheduler and reads it back. What it was before is kept first: undo gives that value back.</summary>
sealed class SetSchedulerHandler(IAdSync adSync, IDirectory directory) : ICommandHandler<SetScheduler, SchedulerChange>
{
    public async Task<SchedulerChange> HandleAsync(SetScheduler command, JobContext job, CancellationToken cancellationToken)
    {
        if (command.Enabled) { await DemandSafeAsync(adSync, directory, cancellationToken); }
        var before = await KeptAsync(job, async () => ServerInspection.FactsOf(await adSync.GetSchedulerAsync(cancellationToken)));
        var now = await adSync.GetSchedulerAsync(cancellationToken);
        if (now.SyncCycleEnabled != command.Enabled)
        {
            await adSync.SetSchedulerAsync(command.Enabled, cancellationToken);
            now = await adSync.GetSchedulerAsync(cancellationToken);
        }
        return new() { Before = before, After = ServerInspection.FactsOf(now) };
    }

    /// <summary>Refuses what lets a server export while GroupWritebackV2 is off and the rules are missing, and there is a group that they would keep.</summary>
    /// <remarks>
    /// The directory is asked too: the connector space of a server that was set up anew is empty until its first import, and its first export is then the one that
    /// deletes. A security group counts, because version 1 makes distribution groups alone: where it has written all there is, it goes on without the rules.
    /// </remarks>
    /// <exception cref="CommandFailedException">GWB6210.</exception>
    internal static async Task DemandSafeAsync(IAdSync adSync, IDirectory directory, CancellationToken cancellationToken)
    {
        if ((await adSync.GetFeaturesAsync(cancellationToken)).GroupWritebackV2 is not false) { return; }
        var host = await adSync.GetHostAsync(cancellationToken);
        if (CoexistenceRuleSpec.Judge(await adSync.GetRulesAsync(cancellationToken), host.AdConnectorId).InPlace()) { return; }
        await foreach (var group in directory.NamesUnderWritebackOuAsync(cancellationToken))
        {
            if (group is { AdminDescription: { } anchor, IsSecurity: true } && anchor.StartsWith("Group_", StringComparison.OrdinalIgnoreCase)) { throw AdSyncError.RulesNotInPlace.Exception(null, transient: false); }
        }

        // And those that somebody moved elsewhere.
        await foreach (var group in adSync.GetGroupsAsync(cancellationToken))
        {
            if (group.Anchor is not null && (group.Security ?? !group.MailEnabled)) { throw AdSyncError.RulesNotInPlace.Exception(null, transient: false); }
        }
    }

    /// <summary>A value that the first run of a job keeps, and that a run after a restart finds again instead of reading its own effect.</summary>
    internal static async Task<T> KeptAsync<T>(JobContext job, Func<Task<T>> read)
    {
        if (job.Note is { } note) { return JsonSerializer.Deserialize<T>(note, ContractJson.Options)!; }
        var value = await read();
        await job.KeepNoteAsync(JsonSerializer.Serialize(value, ContractJson.Options));
        return value;
    }
}

using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>
/// One round of imports, synchronisations and the export to Entra while Active Directory must stay as it is. A run that did not come to its
/// end ends the round: nothing is exported on half of the facts.
/// </summary>
sealed class RunEntraOnlyHandler(IAdSync adSync, RunHistory history) : ICommandHandler<RunEntraOnly, EntraOnlyReport>
{
    static readonly EntraOnlyStep[] Order =
        [EntraOnlyStep.AdImport, EntraOnlyStep.EntraImport, EntraOnlyStep.AdSync, EntraOnlyStep.EntraSync, EntraOnlyStep.EntraExport];

    public async Task<EntraOnlyReport> HandleAsync(RunEntraOnly command, JobContext job, CancellationToken cancellationToken)
    {
        await DemandQuietAsync(cancellationToken);
        var round = job.Note is { } note
            ? JsonSerializer.Deserialize<Round>(note, ContractJson.Options)!
            : new Round { RunsBefore = await history.HighestAsync(cancellationToken), Steps = [] };
        await KeepAsync(job, round);
        foreach (var step in Order[round.Steps.Count..])
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Between two steps somebody may have turned the scheduler on, and its cycle would export to Active Directory.
            await DemandQuietAsync(cancellationToken);
            job.Report(step.ToString(), round.Steps.Count, Order.Length);
            await adSync.RunEntraOnlyStepAsync(step, cancellationToken);
            round = round with { Steps = [.. round.Steps, step] };
            await KeepAsync(job, round);
            if ((await adSync.GetRunsAsync(round.RunsBefore, cancellationToken)).Any(run => !CameToItsEnd(run))) { break; }
        }
        return new() { Steps = round.Steps, Runs = await adSync.GetRunsAsync(round.RunsBefore, cancellationToken) };
    }

    async Task DemandQuietAsync(CancellationToken cancellationToken)
    {
        var now = await adSync.GetSchedulerAsync(cancellationToken);
        if (now.SyncCycleEnabled || now.StagingModeEnabled)
        {
            throw AdSyncError.EntraOnlyRefused.Exception(now.SyncCycleEnabled ? "the scheduler is on" : "the server is in staging mode", transient: false);
        }
        if (now.SchedulerSuspended) { throw AdSyncError.Suspended.Exception(null, transient: true); }
        if (now.SyncCycleInProgress) { throw AdSyncError.Busy.Exception(null, transient: true); }
    }

    /// <summary>A run with errors of single objects has seen everything; one that was stopped or never started has not.</summary>
    static bool CameToItsEnd(RunResult run) =>
        run.Result == "success" || run.Result.StartsWith("completed-", StringComparison.Ordinal);

    static Task KeepAsync(JobContext job, Round round) => job.KeepNoteAsync(JsonSerializer.Serialize(round, ContractJson.Options));

    sealed record Round
    {
        public required int RunsBefore { get; init; }
        public required IReadOnlyList<EntraOnlyStep> Steps { get; init; }
    }
}

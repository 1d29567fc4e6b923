using GwbCloud.Contracts.Commands;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What a migration does meanwhile that is parked past the switch at the limit of its time, as the view shows it.</summary>
public sealed record EntraOnlyView
{
    public required DateTimeOffset Since { get; init; }

    /// <summary>Rounds that exported to Entra.</summary>
    public int Rounds { get; init; }

    /// <summary>When the last of them ended; null before the first.</summary>
    public DateTimeOffset? LastAt { get; init; }
}

/// <summary>
/// "Entra only": the tenant's changes reach Entra again, and nothing reaches Active Directory. A person takes the active server out of staging
/// mode with its scheduler off; imports, synchronisations and the export to Entra then run by run profile, time and again.
/// </summary>
static class EntraOnly
{
    /// <summary>Imports of a large tenant take hours; a round that takes longer than this is stuck.</summary>
    public static readonly TimeSpan LongestRound = TimeSpan.FromHours(6);

    /// <summary>Longest silence of the listener: the next round comes anyway.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(20);

    /// <summary>Whether it is of any use: exports stand still because of us, and there is no way back.</summary>
    public static bool CanBeOffered(StageRun run) =>
        run.Facts is { SwitchedOff: true } and not { StagingSince: null, SchedulerOffSince: null } && run.Stage <= StageName.ResumeScheduler;

    /// <summary>Only the rules hold the groups now: without them one cycle too many would let them go, and no server leaves staging mode.</summary>
    public static bool IsSafeOn(ServerFacts? lead) => lead is { Coexistence: { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified } };

    public static OperatorTask Task(StageRun run, DateTimeOffset deadline) => new()
    {
        Id = $"entraonly-{run.Context.NewGuid():N}"[..^20],
        Kind = TaskKind.EntraOnly,
        State = TaskState.Open,
        Title = $"Choose 'Entra only' on {run.Lead}, if the migration can't go on soon",
        Why = "Exports to Entra, password hash sync and password writeback of the whole tenant stand still. 'Entra only' lets them go on, by run profile, and keeps "
            + "everything that is pending for Active Directory where it is. Leave this task alone to wait without them.",
        Server = run.Lead,
        Steps =
        [
            $"On {run.Lead}, see that (Get-ADSyncScheduler).SyncCycleEnabled reads False. Leave it so, and let nobody start a cycle: a cycle would export to Active Directory.",
            "Open Microsoft Entra Connect Sync, choose Configure, then Configure staging mode, and sign in to Entra. Where staging mode is off already, close the wizard again.",
            "Clear Enable staging mode, then Next. Clear 'Start the synchronization process when configuration completes', choose Configure, then Exit.",
            "Choose Check now. The software runs the imports, the synchronisations and the export to Entra, and tells each round.",
            "When what parked the migration is mended, ask for a retry: it first has staging mode turned on again.",
        ],
        Commands = [TaskCommands.Scheduler(run.Lead, "Shows whether the scheduler is off and whether staging mode is on.")],
        OpenedAt = run.Now,
        Deadline = deadline,
    };

    /// <summary>Whether the server stands as "Entra only" needs it; null when it can't be read.</summary>
    public static async Task<ServerFacts?> ReadAsync(StageRun run)
    {
        try
        {
            return await run.Context.RunOnPremAsync(run.Request.MigrationId, run.Request.PlanHash, run.Lead, new InspectServer(), Silence, Silence);
        }
        catch (StageStoppedException)
        {
            return null;
        }
    }

    /// <summary>One round. Null when all of it was done; the reason when not.</summary>
    public static async Task<Notice?> RoundAsync(StageRun run)
    {
        try
        {
            var outcome = await run.Context.CallSubOrchestratorAsync<EntraOnlyRoundOutcome>(
                nameof(EntraOnlyRoundOrchestrator.RunEntraOnlyRound), new EntraOnlyRoundInput { Request = run.Request, Server = run.Lead });
            return outcome.Fault;
        }
        catch (TaskFailedException failure)
        {
            var why = Notices.ActivityFailed(failure);
            return Notices.EntraOnlyFails(run.Lead, $"{why.Code} {why.Message}");
        }
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Finds where the way forward is entered when the flag reads false and the migration stands anywhere else than right behind the switch.</summary>
/// <remarks>
/// A full synchronisation on a server that exports would act before anybody looked. So a server that left staging mode on a way back stops
/// its scheduler first, and goes back into staging mode.
/// </remarks>
public static class WayForwardOrchestrator
{
    [Function(nameof(WayForwardOrchestrator))]
    public static async Task<WayForwardOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = new StageRun(context, context.GetInput<StageInput>() ?? throw new InvalidOperationException("The way forward has no input."));
        await run.AuditAsync("forward.started");
        IReadOnlyList<StageName>? stages = null;
        try
        {
            var servers = new List<ServerFacts>();
            foreach (var server in run.Servers) { servers.Add(await run.OnServerAsync(server, new InspectServer())); }
            // What was pending for Active Directory was looked at before; since then changes have come to it.
            if (run.Facts.WentEntraOnly) { await run.ShowAsync(run.View with { Stages = WayForward.Reopened(run.View.Stages) }); }
            stages = WayForward.Stages(run.View.Stages, run.Lead, servers, run.Facts);
            if (stages.Contains(StageName.EnterStagingMode))
            {
                run.NoteSchedulerOff(before: ServerNames.Find(servers, s => s.Server, run.Lead) is { Scheduler.Enabled: true });
                await run.KeepFactsAsync();
                await run.OnLeadAsync(new SetScheduler { Enabled = false });
            }
            await run.AuditAsync("forward.entered", detail: stages is [var first, ..] ? first.ToString() : null);
        }
        catch (StageStoppedException stop)
        {
            stages = null;
            run.Tell(stop.Notice);
            await run.AuditAsync("forward.stopped", stop.Notice.Code);
        }
        return new WayForwardOutcome { Stages = stages, Facts = run.Facts, View = run.View };
    }
}

public sealed record WayForwardOutcome
{
    /// <summary>What is left, in order; null when the servers can't be read or stopped.</summary>
    public required IReadOnlyList<StageName>? Stages { get; init; }
    public required MigrationFacts Facts { get; init; }
    public required MigrationView View { get; init; }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What each step of the way back does. Whoever calls has just read that <c>GroupWritebackV2</c> is true; after a wait for a person it is read again.</summary>
/// <remarks>Every step may be repeated, and touches only what is ours by now: days may have passed, and the directory has moved on.</remarks>
static class UndoSteps
{
    static readonly TimeSpan CycleAgainAfter = TimeSpan.FromHours(1);

    /// <exception cref="StageStoppedException">It can't be done or read back; what it undoes is still to be undone.</exception>
    public static Task DoAsync(StageRun run, UndoKind kind) => kind switch
    {
        UndoKind.RemoveRules or UndoKind.RemoveStandbyRules => RemoveRulesAsync(run),
        UndoKind.LeaveStagingMode => LeaveStagingAsync(run),
        UndoKind.RestoreScheduler => Restore.SchedulerAsync(run),
        UndoKind.RestoreAutoUpgrade => Restore.AutoUpgradeAsync(run),
        UndoKind.UnstampAnchors => UnstampAsync(run),
        UndoKind.RemoveCloudSync => RemoveCloudSyncAsync(run),
        UndoKind.RemoveCanaryObjects => CanaryWork.RemoveObjectsAsync(run),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such step."),
    };

    /// <summary>Rules off, then an Initial while nothing is exported, and a look at what would be.</summary>
    static async Task RemoveRulesAsync(StageRun run)
    {
        var servers = run.Facts.RulesMadeOn;
        if (servers.Count == 0) { return; }

        await DemandStagingAsync(run, servers);
        foreach (var server in servers)
        {
            // Whoever was asked back into staging mode may have taken hours, and each removal takes minutes.
            await FlagWatch.DemandOnAsync(run, UndoKind.RemoveRules);
            var found = run.Facts.RulesFound.FirstOrDefault(f => f.Server == server);
            var (keepIn, keepOut) = (found is { Inbound: true }, found is { Outbound: true });
            var now = await run.OnServerAsync(server, new RemoveCoexistenceRules { KeepInbound = keepIn, KeepOutbound = keepOut });
            // Rules of ours that stay behind would freeze every group for good, and nobody would know.
            if ((now.Inbound != RuleState.Absent && !keepIn) || (now.Outbound != RuleState.Absent && !keepOut)) { throw new StageStoppedException(Notices.RulesStayed(server, now)); }
        }
        await RecalculateAsync(run, servers);
        run.Facts = run.Facts with { RulesMadeOn = [], RulesFound = [] };
    }

    /// <summary>A cycle that ends with errors is tried again for as long as a task may take: whoever mends their cause needs that time, and staging mode keeps it safe.</summary>
    static async Task RecalculateAsync(StageRun run, IReadOnlyList<string> servers)
    {
        var until = run.Now.AddHours(run.Settings.TaskHours);
        for (var told = false; ; told = true)
        {
            try
            {
                var cycles = await run.CyclesAsync(CyclePolicy.Initial, servers);
                await CycleProof.DemandExportsAsync(run, cycles, run.Baseline, afterSwitch: false, wayBack: true);
                return;
            }
            catch (StageStoppedException errors) when (errors.Notice.Code == OrchestrationError.NewRunErrors.Code && run.Now + CycleAgainAfter < until)
            {
                if (!told) { run.Tell(Notices.CycleAgain(errors.Notice, until)); }
            }
            await run.ShowAsync(run.View);
            await run.DelayAsync(CycleAgainAfter);
        }
    }

    /// <summary>An Initial on a server that exports would act before anybody looked at what it does.</summary>
    static async Task DemandStagingAsync(StageRun run, IReadOnlyList<string> servers)
    {
        foreach (var server in servers)
        {
            var facts = await run.OnServerAsync(server, new InspectServer());
            if (facts.Staging) { continue; }
            if (server != run.Lead)
            {
                await AskBackIntoStagingAsync(run, server);
                continue;
            }

            // It left staging mode with the rules in place, on the way back after an attempted switch or by somebody's hand.
            run.NoteSchedulerOff(before: facts.Scheduler.Enabled);
            run.Facts = run.Facts with { StagingSince = run.Facts.StagingSince ?? run.Now };
            await run.PushUndoAsync(UndoKind.RestoreScheduler, UndoKind.LeaveStagingMode);
            await run.OnLeadAsync(new SetScheduler { Enabled = false });
            await TaskDesk.StagingAsync(run, server, on: true, TimeSpan.FromHours(run.Settings.TaskHours), Notices.WayBackWaits);
        }
    }

    /// <summary>Somebody made a standby the active server meanwhile; the way back leads to what was there before.</summary>
    static Task AskBackIntoStagingAsync(StageRun run, string server)
    {
        run.Tell(Notices.OtherServerExports(server));
        return TaskDesk.StagingAsync(run, server, on: true, TimeSpan.FromHours(run.Settings.TaskHours), Notices.WayBackWaits);
    }

    /// <summary>What the server would export is looked at once more: since the last look a task may have waited for days.</summary>
    static async Task LeaveStagingAsync(StageRun run)
    {
        foreach (var server in run.Servers.Where(s => s != run.Lead))
        {
            // Two that export would write against each other.
            if ((await run.OnServerAsync(server, new InspectServer())).Staging) { continue; }
            await AskBackIntoStagingAsync(run, server);
            await FlagWatch.DemandOnAsync(run, UndoKind.LeaveStagingMode);
        }
        if ((await run.OnLeadAsync(new InspectServer())).Staging) { await CycleProof.DemandPendingAsync(run, run.Lead, run.Baseline, afterSwitch: false, wayBack: true); }
        await TaskDesk.StagingAsync(run, run.Lead, on: false, TimeSpan.FromHours(run.Settings.TaskHours), Notices.WayBackWaits);
        run.Facts = run.Facts with { StagingSince = null };
        // The wizard's hours are long enough for somebody's switch. The scheduler is off: nothing is exported before this cycle.
        await FlagWatch.DemandOnAsync(run, UndoKind.LeaveStagingMode);
        await run.DeltaAsync();
    }

    /// <summary>Only stamps of groups that Cloud Sync never wrote: without its anchor such a group would be made a second time.</summary>
    static async Task UnstampAsync(StageRun run)
    {
        var groups = run.Groups;
        if (run.Facts.Job is not null)
        {
            var input = run.CloudSyncInput;
            var facts = await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input);
            if (facts.Started) { await run.CallAsync<JobStatus>("PauseJob", input); }
            if (facts.Started || facts.PlannedInScope > 0)
            {
                var untouched = await run.CallAsync<UntouchedGroups>("FindUntouched", new UntouchedInput
                {
                    Job = run.Facts.Job,
                    Groups = groups,
                    Since = run.View.StartedAt,
                });
                if (untouched.Touched.Count > 0) { run.Tell(Notices.StampsKept(untouched.Touched)); }
                groups = untouched.Groups;
            }
        }
        // Half of it may be done when nothing answers any longer: from here on the stamps are no longer proved.
        run.Facts = run.Facts with { AnchorsVerified = false };
        await run.KeepFactsAsync();
        await run.OnLeadAsync(new UnstampAnchors { Groups = groups, Earlier = run.Request.Follows });
    }

    static async Task RemoveCloudSyncAsync(StageRun run)
    {
        var input = run.CloudSyncInput;
        // A configuration that was there before stays, and so would the canaries' assignments.
        if (input.Job is { Created: false }) { await CanaryWork.UnassignAsync(run, input); }
        await run.CallAsync<CloudSyncFacts>("RemoveCloudSync", input);
        await KeptNames.GiveBackAsync(run);
    }
}

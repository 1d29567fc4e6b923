using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Servers;
using GwbCloud.Functions.Repair;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>At the window's start: no upgrade, no scheduler, everything exported; the tenant is read again and must still be the plan's.</summary>
public static class FreezeAndDrainStage
{
    [Function(nameof(FreezeAndDrainStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        if (run.Facts.SwitchedOff) { return await FreezeAsItIsAsync(run); }
        await run.ShowAsync(StageState.Waiting, $"the window opens at {run.Request.Window.Start:u}");
        // Asked while there is still time to find somebody; then the window itself.
        if (await UntilAsync(run, run.Request.Window.Start - OperatorPresence.Ahead) is { } early) { return early; }
        if (await OperatorPresence.ConfirmAsync(run) is { } nobody) { return nobody; }
        if (await UntilAsync(run, run.Request.Window.Start) is { } instead) { return instead; }
        if (TimeCheck.Missed(run) is { } missed) { return run.Ended(Ending.Expired, missed); }
        await run.ShowAsync(StageState.Running, "draining");
        // The cycle that drains exports: what would make it dangerous must be seen before.
        if (Voided(run, await GuardDuty.LookAsync(run, GuardPhase.BeforeWindow)) is { } voided) { return voided; }

        await ServerWatch.DemandAsync(run);

        await SuspendAutoUpgradeAsync(run);
        await DrainAsync(run);
        var servers = await RestAsync(run);

        var drift = await DriftAsync(run, servers);
        if (!drift.Holds) { return run.Blocked(Notices.DriftedFromPlan(drift.Reasons)); }
        await TakeUpNewGroupsAsync(run, drift);
        if (run.Facts.Job is { KeepsNames: true } && await RefreshKeptNamesAsync(run) is { Count: > 0 } deviations) { return run.Blocked(Notices.CloudSyncDeviates(deviations)); }
        await FreezeSnapshotAsync(run);

        var baseline = await CycleProof.BaselineAsync(run, run.Servers);
        run.Facts = run.Facts with { KnownErrors = baseline.KnownErrors, PendingBaseline = baseline.Pending };
        return run.Done($"{run.Groups.Count} groups frozen, {drift.Added.Count} of them new since the plan; {baseline.KnownErrors.Count} known run errors");
    }

    /// <summary>May take days, guarded, and ends at once when an operator wants out or when what was approved is void. Null when the moment has come.</summary>
    static async Task<StageOutcome?> UntilAsync(StageRun run, DateTimeOffset moment)
    {
        using var stop = new WaitScope();
        var opens = run.Context.CreateTimer(moment.UtcDateTime, stop.Token);
        var asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        await using var guard = GuardPost.Open(run, GuardPhase.BeforeWindow);
        var verdict = GuardVerdict.Nothing;
        OperatorRequest? wish = null;
        // What was asked before counts also when the moment has come.
        while (wish is null && verdict.Effect < GuardEffect.AskAgain && await Task.WhenAny(asked, guard.Noticed, opens) is var first && first != opens)
        {
            if (first == guard.Noticed)
            {
                verdict = await guard.TakeAsync();
                continue;
            }
            wish = await asked is var request && request.Ending() is not null ? request : null;
            asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        }
        stop.Cancel();
        if (await guard.CloseAsync() is var last && last.Effect > verdict.Effect) { verdict = last; }
        GuardDuty.Raise(verdict);
        return wish is null ? Voided(run, verdict) : run.EndedBy(wish);
    }

    /// <summary>Back to the first gate, which waits or asks again; null while what was approved still holds.</summary>
    static StageOutcome? Voided(StageRun run, GuardVerdict verdict)
    {
        if (verdict.Effect < GuardEffect.AskAgain) { return null; }
        run.Facts = run.Facts with { PlanApproved = false, Guarded = run.Facts.Guarded?.Taking(verdict.Seen) };
        return run.AskAgain(GuardError.Void("plan", verdict.Changes));
    }

    /// <summary>Somebody else switched: no cycle may export, so nothing is drained; what is there now is what must be kept.</summary>
    /// <remarks>Guarded, because a cycle that passes by may take hours to end, and until the rules are there every other one would let groups go.</remarks>
    static Task<StageOutcome> FreezeAsItIsAsync(StageRun run) => GuardDuty.BesideAsync(run, GuardPhase.AfterTheirSwitch, async () =>
    {
        await run.ShowAsync(StageState.Running, "keeping what is there");
        await SuspendAutoUpgradeAsync(run);
        // The limit on a scheduler that is off counts here as everywhere.
        run.NoteSchedulerOff(before: (await run.OnLeadAsync(new InspectServer())).Scheduler.Enabled);
        await run.KeepFactsAsync();
        await run.OnLeadAsync(new SetScheduler { Enabled = false });
        await RestAsync(run);
        await FreezeSnapshotAsync(run);
        // Deletes that wait by now are no baseline: the cycle with the rules must take them back.
        var baseline = await CycleProof.BaselineAsync(run, run.Servers, pendingCounts: false);
        run.Facts = run.Facts with { KnownErrors = baseline.KnownErrors, PendingBaseline = baseline.Pending };
        return run.Done($"{run.Groups.Count} groups frozen as they were after somebody else's switch");
    });

    static async Task SuspendAutoUpgradeAsync(StageRun run)
    {
        // All are read before the first is written, so that what is kept for the way back is whole.
        foreach (var server in run.Servers)
        {
            var facts = await run.OnServerAsync(server, new InspectServer());
            run.Facts = run.Facts with
            {
                AutoUpgradeBefore = [.. run.Facts.AutoUpgradeBefore, new AutoUpgradeBefore { Server = server, State = facts.AutoUpgrade }],
            };
        }
        await run.PushUndoAsync(UndoKind.RestoreAutoUpgrade);
        foreach (var before in run.Facts.AutoUpgradeBefore.Where(b => b.State == AutoUpgradeState.Enabled))
        {
            await run.OnServerAsync(before.Server, new SetAutoUpgrade { State = AutoUpgradeState.Suspended });
        }
    }

    /// <summary>One last Delta, exported; then the scheduler stops for every server of the tenant.</summary>
    static async Task DrainAsync(StageRun run)
    {
        await run.DeltaAsync();
        run.NoteSchedulerOff(before: (await run.OnLeadAsync(new InspectServer())).Scheduler.Enabled);
        await run.PushUndoAsync(UndoKind.RestoreScheduler);
        await run.OnLeadAsync(new SetScheduler { Enabled = false });
    }

    /// <summary>A cycle that began before the scheduler stopped must end first.</summary>
    /// <returns>Each server as it rests.</returns>
    static async Task<IReadOnlyList<ServerFacts>> RestAsync(StageRun run)
    {
        var rested = new List<ServerFacts>();
        foreach (var server in run.Servers) { rested.Add(await run.RestAsync(server)); }
        return rested;
    }

    static async Task<PlanDrift> DriftAsync(StageRun run, IReadOnlyList<ServerFacts> servers)
    {
        await run.ShowAsync(StageState.Running, "reading the tenant again");
        var tenant = await run.Context.ReadTenantAsync(new AssessmentRequest
        {
            AssessmentId = run.Request.AssessmentId,
            RequestedBy = run.Request.RequestedBy,
            Canaries = run.Plan.Canaries,
            ForestDomains = run.Plan.ForestDomains,
        });
        ServerWatch.Demand(run, servers, tenant.ConnectServers);
        var inventory = await run.OnLeadAsync(new InventoryWritebackOu());
        return await run.CallAsync<PlanDrift>("CheckDrift", new DriftInput
        {
            Plan = run.Request.Plan,
            Tenant = tenant,
            Inventory = inventory.Groups,
            Elsewhere = inventory.Elsewhere,
            Servers = servers,
        });
    }

    static async Task TakeUpNewGroupsAsync(StageRun run, PlanDrift drift)
    {
        run.Facts = run.Facts with { Groups = drift.Groups };
        if (drift.Added.Count == 0) { return; }

        // The way back must know those that are stamped now.
        await run.KeepFactsAsync();

        // Before the first write, as for the others.
        await run.OnLeadAsync(new SnapshotGroups { Groups = drift.Added });
        var stamped = await run.OnLeadAsync(new StampAnchors { Groups = drift.Added });
        if (stamped.LeftAlone > 0) { throw new StageStoppedException(Notices.AnchorConflicts(stamped)); }
        await AnchorWatch.UntilEverywhereAsync(run, drift.Added);
    }

    /// <summary>Groups that keep a name or place of their own may have been renamed or moved since the plan.</summary>
    static async Task<IReadOnlyList<string>> RefreshKeptNamesAsync(StageRun run)
    {
        await KeptNames.WriteAsync(run);
        return (await run.CallAsync<CloudSyncFacts>("ReadCloudSync", run.CloudSyncInput)).Deviations;
    }

    static async Task FreezeSnapshotAsync(StageRun run)
    {
        var inventory = await run.OnLeadAsync(new InventoryWritebackOu());
        var everything = await run.CallAsync<DocumentBox>("IdentifyInventory", new DocumentBox { Document = inventory.Groups });
        var snapshot = await run.OnLeadAsync(new SnapshotGroups { Groups = everything.Document });
        run.Facts = run.Facts with { FrozenSnapshot = snapshot.Snapshot, Ours = await EvidenceWork.OursAsync(run) };
        await run.Context.CallActivityAsync(
            "OfferRepair",
            new RepairOffer
            {
                Pack = new() { MigrationId = run.Request.MigrationId, Snapshot = snapshot.Snapshot, WritebackOu = run.Plan.WritebackOu, FrozenAt = run.Now },
            },
            Retries.OwnStore);
    }
}

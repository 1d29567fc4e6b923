using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What a full cycle must show before anything goes on: no new error, the right lineage, no pending export that nobody allowed.</summary>
static class CycleProof
{
    /// <summary>Errors and pending exports as they are now, as documents.</summary>
    /// <exception cref="StageStoppedException">A group's delete is pending already: as part of a baseline it would pass every later check, on every server.</exception>
    /// <param name="run">The stage.</param>
    /// <param name="servers">The servers.</param>
    /// <param name="pendingCounts">False where nothing that is pending may count as old.</param>
    public static async Task<CycleBaseline> BaselineAsync(StageRun run, IReadOnlyList<string> servers, bool pendingCounts = true)
    {
        var runs = new List<RunResult>();
        var pending = new List<DocumentReference>();
        foreach (var server in servers)
        {
            var report = await run.OnServerAsync(server, new ReadCycle
            {
                Ticket = new CycleTicket { Server = server, Policy = CyclePolicy.Delta, RunsBefore = 0 },
            });
            runs.AddRange(report.Runs);
            if (pendingCounts) { pending.Add((await run.OnServerAsync(server, new ReadPendingExports())).Details); }
        }
        var baseline = await run.CallAsync<CycleBaseline>("KeepBaseline", new BaselineInput
        {
            Errors = [.. runs.SelectMany(r => r.Errors).Distinct().Order(StringComparer.Ordinal)],
            Pending = pending,
            WritebackOu = run.Plan.WritebackOu,
        });
        if (baseline.Deletes.Count > 0) { throw new StageStoppedException(Notices.PendingNotAllowed(string.Join(", ", servers), baseline.Deletes)); }
        return baseline;
    }

    /// <summary>Lineage, run results and pending exports.</summary>
    /// <exception cref="StageStoppedException">Something does not hold.</exception>
    public static async Task DemandAsync(StageRun run, IReadOnlyList<CycleOutcome> cycles, CycleBaseline baseline, bool afterSwitch)
    {
        await DemandExportsAsync(run, cycles, baseline, afterSwitch);
        foreach (var cycle in cycles)
        {
            foreach (var groups in new[] { run.Groups, run.Plan.Frozen }.Where(g => g.Count > 0))
            {
                var lineage = await run.OnServerAsync(cycle.Server, new ReadLineage { Groups = groups });
                if (lineage.JoinNoFlow != lineage.Groups || lineage.MailEnabledWithNoFlow.Count > 0)
                {
                    throw new StageStoppedException(Notices.LineageWrong(cycle.Server, lineage));
                }
            }
        }
    }

    /// <summary>Run results and pending exports only: without the rules the lineage is the ordinary one.</summary>
    /// <exception cref="StageStoppedException">Something does not hold.</exception>
    public static async Task DemandExportsAsync(StageRun run, IReadOnlyList<CycleOutcome> cycles, CycleBaseline baseline, bool afterSwitch)
    {
        foreach (var cycle in cycles)
        {
            if (cycle.Stopped is not null) { throw new StageStoppedException(cycle.Stopped); }

            var results = await run.CallAsync<Judgement>("JudgeRuns", new JudgeRunsInput { Runs = cycle.Runs, KnownErrors = baseline.KnownErrors });
            if (results.Reasons.Count > 0) { throw new StageStoppedException(Notices.NewRunErrors(cycle.Server, results.Reasons)); }

            await DemandPendingAsync(run, cycle.Server, baseline, afterSwitch);
        }
    }

    /// <summary>Pending exports only.</summary>
    /// <exception cref="StageStoppedException">The server would export what nobody allowed.</exception>
    public static async Task DemandPendingAsync(StageRun run, string server, CycleBaseline baseline, bool afterSwitch)
    {
        var pending = await run.OnServerAsync(server, new ReadPendingExports());
        var exports = await run.CallAsync<Judgement>("JudgePending", new JudgePendingInput
        {
            Pending = pending.Details,
            Baseline = baseline.Pending,
            Ours = run.Facts.Ours,
            Plan = run.Request.Plan,
            AfterSwitch = afterSwitch,
        });
        if (exports.Reasons.Count > 0) { throw new StageStoppedException(Notices.PendingNotAllowed(server, exports.Reasons)); }
    }
}

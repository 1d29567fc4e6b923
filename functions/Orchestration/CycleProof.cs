using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What a full cycle must show before anything goes on: no error that nobody accepted, the right lineage, no pending export that nobody allowed.</summary>
static class CycleProof
{
    /// <summary>What is pending now, and the errors that people accepted, as documents.</summary>
    /// <param name="run">The stage.</param>
    /// <param name="servers">The servers to ask.</param>
    /// <param name="takesNewErrors">True before the first gate, where errors are shown and accepted.</param>
    /// <param name="pendingCounts">False after somebody else's switch: nothing that is pending may count as old, and errors are taken as they are.</param>
    /// <exception cref="StageStoppedException">
    /// A group's delete is pending already (as part of a baseline it would pass every later check, on every server), a run's result is unknown, or an object is
    /// in error that nobody accepted.
    /// </exception>
    public static async Task<CycleBaseline> BaselineAsync(StageRun run, IReadOnlyList<string> servers, bool takesNewErrors = false, bool pendingCounts = true)
    {
        var runs = await RunsAsync(run, servers);
        var pending = new List<PendingExports>();
        foreach (var server in pendingCounts ? servers : []) { pending.Add(await run.OnServerAsync(server, new ReadPendingExports())); }
        var baseline = await run.CallAsync<CycleBaseline>("KeepBaseline", new BaselineInput
        {
            Runs = runs,
            Accepted = [.. new[] { run.Plan.KnownErrors, run.Facts.AcceptedErrors }.OfType<DocumentReference>()],
            TakesNewErrors = takesNewErrors || !pendingCounts,
            Pending = pending,
            WritebackOu = run.Plan.WritebackOu,
        });
        var names = string.Join(", ", servers);
        if (baseline.Deletes.Count > 0)
        {
            run.Review(names, baseline.Offending);
            throw new StageStoppedException(Notices.PendingNotAllowed(names, baseline.Deletes));
        }
        // After somebody else's switch waiting for better runs would be worse than any of them.
        if (pendingCounts && baseline.RunReasons.Count > 0) { throw new StageStoppedException(Notices.NewRunErrors(names, baseline.RunReasons)); }
        return baseline;
    }

    /// <summary>How the runs of each server stand.</summary>
    public static async Task<IReadOnlyList<ServerRuns>> RunsAsync(StageRun run, IReadOnlyList<string> servers)
    {
        var runs = new List<ServerRuns>();
        foreach (var server in servers) { runs.Add(ServerRuns.Of(server, await run.OnServerAsync(server, ServerRuns.Question(server)))); }
        return runs;
    }

    /// <summary>Lineage, run results and pending exports.</summary>
    /// <exception cref="StageStoppedException">Something does not hold.</exception>
    public static async Task DemandAsync(StageRun run, IReadOnlyList<CycleOutcome> cycles, CycleBaseline baseline, bool afterSwitch)
    {
        await DemandExportsAsync(run, cycles, baseline, afterSwitch);
        IReadOnlyList<DocumentReference> held = [run.Groups, run.Plan.Frozen];
        // There is no way back any more, and what is gone in Entra for good no cycle can ever hold again.
        if (afterSwitch) { held = await Orphans.LeaveOutAsync(run, held); }
        List<ReviewItem> open = [];
        Notice? wrong = null;
        foreach (var cycle in cycles)
        {
            foreach (var groups in held.Where(g => g.Count > 0))
            {
                var lineage = await run.OnServerAsync(cycle.Server, new ReadLineage { Groups = groups });
                if (lineage.JoinNoFlow == lineage.Groups && lineage.MailEnabledWithNoFlow.Count == 0) { continue; }
                if (!afterSwitch || !OnlyLetGo(lineage)) { throw new StageStoppedException(Notices.LineageWrong(cycle.Server, lineage)); }
                var left = ReviewItem.Open(lineage.LetGo.Select(group => LetGo(cycle.Server, group)), run.Facts.Accepted);
                if (left.Count > 0) { wrong ??= Notices.LineageWrong(cycle.Server, lineage); }
                open.AddRange(left);
            }
        }
        if (wrong is null) { return; }
        await run.ReviewAsync(open);
        throw new StageStoppedException(wrong);
    }

    /// <summary>Every group that is not held is one that Connect has let go of; with the flag off it takes none up again, and has nothing to write or delete there.</summary>
    static bool OnlyLetGo(LineageReport lineage) => lineage.MailEnabledWithNoFlow.Count == 0 && lineage.LetGo.Count == lineage.Groups - lineage.JoinNoFlow;

    static ReviewItem LetGo(string server, GroupIdentity group) => ReviewItem.Of(
        "letGo", $"let go by Connect on {server}, and held by no rule: {group.DistinguishedName}", group.ObjectGuid, server);

    /// <summary>Run results and pending exports only: without the rules the lineage is the ordinary one.</summary>
    /// <exception cref="StageStoppedException">Something does not hold.</exception>
    public static async Task DemandExportsAsync(
        StageRun run, IReadOnlyList<CycleOutcome> cycles, CycleBaseline baseline, bool afterSwitch, bool wayBack = false)
    {
        foreach (var cycle in cycles)
        {
            if (cycle.Stopped is not null) { throw new StageStoppedException(cycle.Stopped); }

            var results = await run.CallAsync<Judgement>("JudgeRuns", new JudgeRunsInput { Runs = cycle.Runs, KnownErrors = baseline.KnownErrors });
            if (results.Reasons.Count > 0) { throw new StageStoppedException(Notices.NewRunErrors(cycle.Server, results.Reasons)); }

            await DemandPendingAsync(run, cycle.Server, baseline, afterSwitch, wayBack);
        }
    }

    /// <summary>Pending exports only.</summary>
    /// <exception cref="StageStoppedException">The server would export what nobody allowed; each object is explained at <c>exports</c>.</exception>
    public static async Task DemandPendingAsync(StageRun run, string server, CycleBaseline baseline, bool afterSwitch, bool wayBack = false)
    {
        var exports = await run.CallAsync<Judgement>("JudgePending", new JudgePendingInput
        {
            Pending = await run.OnServerAsync(server, new ReadPendingExports()),
            Baseline = baseline.Pending,
            Ours = run.Facts.Ours,
            Plan = run.Request.Plan,
            Planned = run.Groups,
            Snapshot = run.Facts.FrozenSnapshot ?? run.Facts.FirstSnapshot,
            AfterSwitch = afterSwitch,
            WayBack = wayBack,
        });
        if (exports.Reasons.Count == 0) { return; }
        run.Review(server, exports.Offending);
        throw new StageStoppedException(Notices.PendingNotAllowed(server, exports.Reasons));
    }
}

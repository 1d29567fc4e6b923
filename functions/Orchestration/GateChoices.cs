using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What people can choose at each gate, and what follows from it, in sentences. Pure.</summary>
static class GateChoices
{
    const string Kept = "Stamps, the provisioning app, its paused job and the canaries are kept; a later migration takes them up.";

    public static IReadOnlyList<GateChoice> AtPlan(StageRun run)
    {
        var minutes = run.Plan.Time.PredictedStagingSeconds / 60;
        return
        [
            new()
            {
                Decision = ApprovalDecision.Approve,
                Consequences = run.Facts.SwitchedOff
                    ? ["GroupWritebackV2 reads false already: the migration goes on at once, and only forward."]
                    :
                    [
                        $"At {run.Request.Window.Start:u} the scheduler is turned off, and the servers enter staging mode.",
                        "The switch itself is asked once more, on fresh evidence. Until then everything can be undone.",
                    ],
                NeedsDomain = true,
                StagingMinutes = minutes,
                Impact = GateImpact.Exports,
            },
            new() { Decision = ApprovalDecision.Postpone, Consequences = ["The migration ends as postponed.", Kept] },
            new()
            {
                Decision = ApprovalDecision.Deny,
                Consequences = ["The migration ends as denied, and everything that it prepared is undone: our job and app, the canaries, the stamps that are still ours."],
                NeedsComment = true,
            },
            new()
            {
                Decision = ApprovalDecision.DenyAndLeave,
                Consequences =
                [
                    "The migration ends as denied, and nothing is undone.",
                    "The stamps, the provisioning app, its paused job and the canaries stay until somebody takes them away, or a later migration takes them up.",
                ],
                NeedsComment = true,
            },
        ];
    }

    public static IReadOnlyList<GateChoice> AtSwitch(StageRun run)
    {
        var (undo, forward) = (run.Limits.Time.UndoSeconds / 60, run.Limits.Time.ForwardSeconds / 60);
        const string back = "The rules go, and each server runs an Initial, still in staging mode, before normal operation is back.";
        return
        [
            new()
            {
                Decision = ApprovalDecision.Approve,
                Consequences =
                [
                    "GroupWritebackV2 is switched off for the whole tenant. Nobody can undo that; from there on the migration only goes forward.",
                    "Right before the switch the evidence is gathered again. If it differs, this approval is void, and you are asked again.",
                ],
                NeedsDomain = true,
                StagingMinutes = forward,
                Impact = GateImpact.Exports,
            },
            new() { Decision = ApprovalDecision.Postpone, Consequences = [back, Kept], StagingMinutes = undo, Impact = GateImpact.Exports },
            new()
            {
                Decision = ApprovalDecision.Deny,
                Consequences = [back, "Then everything that was prepared is undone as well: our job and app, the canaries, the stamps that are still ours."],
                NeedsComment = true,
                StagingMinutes = undo,
                Impact = GateImpact.Exports,
            },
        ];
    }

    /// <summary>Since when the tenant's exports stand still, for who decides at the second gate.</summary>
    public static IEnumerable<string> Standing(StageRun run)
    {
        if (run.Facts.StagingSince is not { } since) { yield break; }
        yield return $"Exports to Entra, password hash sync and password writeback have stood still since {since:u}, for {Words.Span(run.Now - since)}.";
    }
}

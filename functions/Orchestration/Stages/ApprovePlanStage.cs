using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Reporting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>The first gate: plan, ceilings and window. It may take days, because nothing stands still before it.</summary>
public static class ApprovePlanStage
{
    [Function(nameof(ApprovePlanStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        await GuardDuty.BaselineAsync(run);
        var deadline = run.Now.AddHours(run.Settings.PlanGateHours);
        // A window that is open already can be entered as long as the whole still fits.
        var latest = run.Request.Window.Start > run.Now ? run.Request.Window.Start : run.Limits.LatestEntry;
        // Once somebody else has switched, the window is no bound any longer: what is approved then is what follows from it.
        if (!run.Facts.SwitchedOff && latest < deadline) { deadline = latest; }
        while (true)
        {
            var evidence = await run.CallAsync<GateEvidence>("GatherPlanEvidence", new PlanEvidenceInput
            {
                Request = run.Request,
                Facts = run.Facts,
                Runs = await CycleProof.RunsAsync(run, run.Servers),
            });
            if (evidence.Reasons.Count > 0) { return run.Blocked(Notices.EvidenceFailed(evidence.Reasons)); }
            var gate = await EvidenceWork.ForPeopleAsync(run, new OpenGate
            {
                Gate = GateName.Plan,
                EvidenceDigest = evidence.Digest,
                EvidenceAt = run.Now,
                Deadline = deadline,
                Required = run.Settings.ApprovalsRequired,
                Evidence = evidence.Parts,
                Consequences = PlanConsequences(run, evidence),
            }, GateChoices.AtPlan(run));
            var end = await TimeCheck.GateAsync(run, gate, Phase(run));
            if (end.Asked is { } asked) { return run.EndedBy(asked); }
            if (end.Void is not { } verdict) { return Decided(run, end.Tally, evidence); }

            GuardDuty.Raise(verdict);
            run.Facts = run.Facts with { Guarded = run.Facts.Guarded?.Taking(verdict.Seen) };
            if (verdict.Effect == GuardEffect.Hold && await Gate.UntilClearAsync(run, Phase(run), deadline) is { } instead)
            {
                return instead.Asked is { } other ? run.EndedBy(other) : Decided(run, end.Tally with { State = GateState.Expired }, evidence);
            }
        }
    }

    static GuardPhase Phase(StageRun run) => run.Facts.SwitchedOff ? GuardPhase.SwitchedOff : GuardPhase.BeforeWindow;

    static StageOutcome Decided(StageRun run, GateTally tally, GateEvidence evidence)
    {
        if (tally.State == GateState.Approved) { run.Facts = run.Facts with { PlanApproved = true, AcceptedErrors = evidence.KnownErrors }; }
        return tally.State switch
        {
            GateState.Approved => run.Done($"approved by {tally.Approvals}"),
            GateState.Denied => run.Ended(Ending.Denied, Notices.GateEnded("plan", "denied, everything is undone")),
            GateState.DeniedAndLeft => run.Ended(Ending.DeniedAndLeft, Notices.GateEnded("plan", "denied, what was prepared is left as it is")),
            GateState.Postponed => run.Ended(Ending.Postponed, Notices.GateEnded("plan", "postponed")),
            _ => run.Ended(Ending.Expired, Notices.GateEnded("plan", "nobody decided in time")),
        };
    }

    static List<string> PlanConsequences(StageRun run, GateEvidence evidence) =>
    [
        $"{Words.Count(run.Groups.Count, "group moves", "groups move")} to Cloud Sync, {Words.Count(run.Plan.Frozen.Count, "stays", "stay")} in the OU and no longer follow Entra.",
        $"At most {run.Plan.Ceilings.M365NewlyWritten} Microsoft 365 groups appear newly in Active Directory, at most {run.Plan.Ceilings.M365TypeChanged} change from security to distribution.",
        $"At most {run.Plan.Ceilings.MembersLost} memberships are lost, each announced by name.",
        $"It was requested for the {run.Request.Window.Describe()}. Exports to Entra and password hash sync stand still for about {Words.Span(TimeSpan.FromMinutes(run.Plan.Time.PredictedStagingSeconds / 60))} of it.",
        run.Plan.Standbys.Any()
            ? $"Rules and a full cycle were rehearsed on {string.Join(", ", run.Plan.Standbys.Select(s => s.Name))}; what it saw is part of the evidence."
            : "There is no standby server: nothing was rehearsed, and this gate rests on the assessment alone.",
        .. evidence.NewErrors == 0 ? Array.Empty<string>()
            : [$"{evidence.NewErrors} objects that runs have in error since the assessment are accepted as known; the part 'runs' names each."],
    ];
}

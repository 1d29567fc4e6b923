using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>The second gate, the last word on the switch: fresh evidence of every server, the directory and the cloud; hours at most.</summary>
public static class ConfirmSwitchStage
{
    /// <summary>What runs longer fails the evidence.</summary>
    static readonly TimeSpan LongestCycleOfOthers = TimeSpan.FromHours(1);

    [Function(nameof(ConfirmSwitchStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        while (true)
        {
            if (await AskAsync(run) is { } outcome) { return outcome; }
            // A cycle of somebody else's must end before evidence can be gathered on what it left.
            await IdleAsync(run);
        }
    }

    /// <summary>Evidence and gate; null when something changed meanwhile that only fresh evidence can show.</summary>
    static async Task<StageOutcome?> AskAsync(StageRun run)
    {
        // What comes after the gate must still fit into the window, whichever way it goes.
        var latest = run.Limits.LatestGateEnd;
        if (run.Limits.Objection(StageName.ConfirmSwitch, run.Now) is { } objection) { return run.Blocked(objection); }

        var scope = EvidenceWork.ScopeOf(run);
        var gathered = await EvidenceWork.ForSwitchAsync(run, scope);
        var evidence = gathered.Bound;
        if (evidence.Reasons.Count > 0) { return run.Blocked(Notices.EvidenceFailed(evidence.Reasons)); }

        var wish = run.Now.AddHours(run.Settings.ConfirmHours);
        var gate = await EvidenceWork.ForPeopleAsync(run, new OpenGate
        {
            Gate = GateName.Switch,
            EvidenceDigest = evidence.Digest,
            EvidenceAt = run.Now,
            Deadline = wish < latest ? wish : latest,
            Required = run.Settings.ApprovalsRequired,
            Evidence = evidence.Parts,
            Consequences = Consequences(run),
        }, GateChoices.AtSwitch(run));
        var end = await TimeCheck.GateAsync(run, gate, GuardPhase.RulesInPlace);
        if (end.Asked is { } asked) { return run.EndedBy(asked); }
        if (end.Void is { } verdict)
        {
            GuardDuty.Raise(verdict);
            run.Facts = run.Facts with { Guarded = run.Facts.Guarded?.Taking(verdict.Seen) };
            return null;
        }
        var tally = end.Tally;
        if (tally.State == GateState.Approved)
        {
            run.Facts = run.Facts with
            {
                Approval = new SwitchApproval
                {
                    Scope = scope,
                    EvidenceDigest = evidence.Digest,
                    EvidenceAt = gate.EvidenceAt,
                    Deadline = gate.Deadline,
                    Decisions = tally.Decisions,
                    CloudPart = gathered.CloudPart,
                },
            };
            return run.Done($"approved by {tally.Approvals} on evidence {evidence.Digest[..12]}");
        }
        return tally.State switch
        {
            GateState.Postponed => run.Ended(Ending.Postponed, Notices.GateEnded("switch", "postponed, back to normal operation")),
            GateState.Expired => run.Ended(Ending.Expired, Notices.GateEnded("switch", "nobody decided in time, back to normal operation")),
            _ => run.Ended(Ending.Denied, Notices.GateEnded("switch", "denied, everything is undone")),
        };
    }

    static async Task IdleAsync(StageRun run)
    {
        var until = run.Now + LongestCycleOfOthers;
        foreach (var server in run.Servers)
        {
            while (run.Now < until && (await run.OnServerAsync(server, new InspectServer())).Scheduler.CycleInProgress) { await run.DelayAsync(TimeSpan.FromMinutes(2)); }
        }
    }

    static List<string> Consequences(StageRun run) =>
    [
        .. TimeCheck.Consequences(run),
        .. GateChoices.Standing(run),
        $"{run.Groups.Count} groups stay in Active Directory, held by the coexistence rules until Cloud Sync takes over.",
        $"At most {run.Plan.Ceilings.M365NewlyWritten} Microsoft 365 groups appear newly, at most {run.Plan.Ceilings.M365TypeChanged} become distribution groups.",
    ];
}

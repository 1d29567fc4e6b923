using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.People;

/// <summary>Reads what a gate asks and decides, with a fresh sign-in that is good for nothing else.</summary>
sealed class Approver(LabPerson who, LabRole role, ProductApi api, PeopleMemory memory, SimulatedWorld world, LabIssuer issuer, Story story, IPeopleWatch watch, TimeSpan offset)
    : Person(who, api, memory, world.Clock, offset)
{
    /// <summary>GWB5006: an earlier try of the same decision arrived after all.</summary>
    const string DecidedAlready = "GWB5006";

    /// <summary>GWB5001: the other approver's decision has closed the gate.</summary>
    const string GateClosed = "GWB5001";

    bool IsAway => world.Deeds.IsAway(role);

    protected override async Task<TimeSpan?> ActAsync(CancellationToken cancellationToken)
    {
        var known = Memory.Requester;
        if (known.EndedAt is not null) { return null; }
        if (known.MigrationId is not { } migration) { return Later; }
        var view = await Api.MigrationAsync(migration, cancellationToken);
        if (view.Outcome is not null) { return story.GoesOn ? Later : null; }
        if (view.Gate is { } gate && !IsAway) { await JudgeAsync(view, gate, cancellationToken); }
        return PauseAt(view);
    }

    async Task JudgeAsync(MigrationView view, OpenGate gate, CancellationToken cancellationToken)
    {
        string key = $"{(gate.Gate == GateName.Plan ? "plan" : "switch")}|{gate.EvidenceAt.UtcTicks}|{Who.Key}";
        if (Memory.Decision(key) is { Taken: true } || Wish(gate) is not { } decision) { return; }
        if (await DecideAsync(view, gate, key, decision, cancellationToken) || decision != ApprovalDecision.DenyAndLeave) { return; }
        // Near the switch nothing can be left as it is.
        await DecideAsync(view, gate, key, ApprovalDecision.Deny, cancellationToken);
    }

    /// <summary>What the story wants here; null is to let the gate expire.</summary>
    ApprovalDecision? Wish(OpenGate gate)
    {
        // Failing evidence is nothing that a person could approve.
        if (gate.Evidence.Any(e => !e.Passed)) { return ApprovalDecision.Deny; }
        if (gate.Gate == GateName.Switch && world.Suffers(Sabotage.NobodyForUndo)) { return ApprovalDecision.Deny; }
        bool here = story.At == RehearsedGate.Plan == (gate.Gate == GateName.Plan);
        var decision = Memory.Requester.AgainAt is null ? story.Decision : story.AgainDecision;
        return (here ? decision : RehearsedDecision.Approve) switch
        {
            RehearsedDecision.Approve => ApprovalDecision.Approve,
            RehearsedDecision.Deny => ApprovalDecision.Deny,
            RehearsedDecision.DenyAndLeave => ApprovalDecision.DenyAndLeave,
            RehearsedDecision.Postpone => ApprovalDecision.Postpone,
            _ => null,
        };
    }

    /// <summary>Signs in for the decision and hands it in; false when the product does not take it.</summary>
    async Task<bool> DecideAsync(MigrationView view, OpenGate gate, string key, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        string comment = decision == ApprovalDecision.Approve ? "Read and approved." : "Not now.";
        var record = new ApprovalRecord
        {
            Tenant = issuer.TenantId.ToString("D"),
            MigrationId = view.MigrationId,
            Gate = gate.Gate == GateName.Plan ? ApprovalGate.Plan : ApprovalGate.Switch,
            EvidenceDigest = gate.EvidenceDigest,
            Decision = decision,
            CommentHash = ApprovalRecord.HashComment(comment),
            Salt = LabSalt.Of(world, $"{key}|{decision}"),
        };
        var note = new DecisionMemory
        {
            Person = Who.Key,
            Gate = gate.Gate == GateName.Plan ? "plan" : "switch",
            Approved = decision == ApprovalDecision.Approve,
            At = Clock.GetUtcNow(),
            Deadline = gate.Deadline,
        };
        // Decided first, handed in second: an approval must be known to the world before anything can follow from it.
        await Memory.KeepAsync(key, note);
        if (note.Approved && gate.Approved + 1 == gate.Required)
        {
            if (note.Gate == "switch") { await world.Connect.SecondGateApprovedAsync(); }
            await world.Deeds.ReachAsync(MomentKind.GateApproved, note.Gate);
        }
        var signed = new SignedDecision { Record = record, IdToken = issuer.IdToken(Who, record.Nonce()) };
        string? refusal = await Api.DecideAsync(view.MigrationId, gate.Gate, signed.ToStatement(), comment, gate.Domain, cancellationToken);
        bool taken = refusal is null or DecidedAlready or GateClosed;
        watch.Said(Who, taken ? $"decides at the gate {note.Gate}: {Names.Of(decision)}" : $"is refused at the gate {note.Gate}: {refusal}");
        await Memory.KeepAsync(key, note with { Taken = taken, Refused = !taken });
        return taken;
    }
}

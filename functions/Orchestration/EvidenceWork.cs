using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Evidence of the on-premises half: each server signs its own part, the lead also the directory's.</summary>
static class EvidenceWork
{
    public static EvidenceScope ScopeOf(StageRun run) => new()
    {
        Groups = run.Groups,
        Frozen = run.Plan.Frozen,
        Ours = run.Facts.Ours!,
        Snapshot = run.Facts.FrozenSnapshot!,
        KnownErrors = run.Facts.KnownErrors!,
        PendingBaseline = run.Facts.PendingBaseline!,
        Ceilings = run.Plan.Ceilings,
    };

    /// <summary>What the standbys saw, signed by each, for the first gate. Document of compact JWS.</summary>
    /// <remarks>Of what our own judgement excused only the canaries are told: the listeners' word is worth something because it does not rest on ours.</remarks>
    public static async Task<DocumentReference> RehearsalAsync(StageRun run, CycleBaseline baseline)
    {
        var ours = await OursAsync(run);
        var parts = new List<string>();
        foreach (var standby in run.Plan.Standbys)
        {
            var scope = new EvidenceScope
            {
                Groups = run.Groups,
                Frozen = run.Plan.Frozen,
                Ours = ours,
                Snapshot = run.Facts.FirstSnapshot!,
                KnownErrors = baseline.KnownErrors,
                PendingBaseline = baseline.Pending,
                Ceilings = run.Plan.Ceilings,
            };
            var answer = await run.OnServerAsync(
                standby.Name, new GatherEvidence { Scope = scope, IncludeDirectory = false, Purpose = EvidencePurpose.Rehearsal });
            parts.AddRange(answer.Parts);
        }
        return (await run.CallAsync<DocumentBox>("SaveStrings", new StringList { Kind = "rehearsal-evidence", Strings = parts })).Document;
    }

    /// <summary>Document of strings: anchors of the canaries.</summary>
    public static async Task<DocumentReference> OursAsync(StageRun run) =>
        (await run.CallAsync<DocumentBox>("SaveStrings", new StringList { Kind = "anchors", Strings = [.. run.Plan.Canaries.All.Select(Anchors.Of)] })).Document;

    /// <summary>Everything that the second gate binds, as it is now: every server's part, the directory's and the cloud's.</summary>
    public static async Task<SwitchEvidence> ForSwitchAsync(StageRun run, EvidenceScope scope)
    {
        var lead = ServersAsync(run, scope, [run.Lead]);
        var others = ServersAsync(run, scope, [.. run.Servers.Where(server => server != run.Lead)]);
        await Task.WhenAll(lead, others);
        var cloud = await run.CallAsync<CloudEvidence>("GatherCloudEvidence", new CloudEvidenceInput
        {
            MigrationId = run.Request.MigrationId,
            Plan = run.Request.Plan,
            Groups = run.Groups,
            Job = run.Facts.Job!,
            Window = new() { Start = run.Request.Window.Start, End = run.Request.Window.End },
            CanariesProved = run.Facts.CanariesProved,
        });
        var bound = await run.CallAsync<GateEvidence>(
            "BindEvidence", new BindEvidenceInput { Servers = run.Servers, SignedParts = [.. await lead, .. await others], Cloud = cloud });
        return new() { Others = await others, CloudPart = cloud.Part, Bound = bound };
    }

    /// <summary>The gate with who decides, what they type, what they can choose, and what differs from the evidence on which they were asked before.</summary>
    public static async Task<OpenGate> ForPeopleAsync(StageRun run, OpenGate gate, IReadOnlyList<GateChoice> ends)
    {
        var before = run.Facts.Asked is { } asked && asked.Gate == gate.Gate && asked.Digest != gate.EvidenceDigest ? asked : null;
        var changes = before is null ? [] : (await run.CallAsync<EvidenceDifference>("CompareEvidence", new EvidencePair { Before = before.Parts, After = gate.Evidence })).Changes;
        run.Facts = run.Facts with { Asked = new() { Gate = gate.Gate, Digest = gate.EvidenceDigest, Parts = gate.Evidence } };
        return gate with
        {
            Domain = run.Plan.DomainToType,
            Ends = ends,
            Changes = changes,
            Approvers = run.Settings.Approvers,
            Escalation = run.Settings.EscalationApprovers.Count == 0 ? null : new()
            {
                At = run.Now + ((gate.Deadline - run.Now) * run.Settings.EscalateAtPercent / 100),
                Approvers = run.Settings.EscalationApprovers,
            },
        };
    }

    public static async Task<IReadOnlyList<string>> ServersAsync(StageRun run, EvidenceScope scope, IReadOnlyList<string> servers)
    {
        var answers = await Task.WhenAll(servers.Select(server => run.OnServerAsync(
            server, new GatherEvidence { Scope = scope, IncludeDirectory = server == run.Lead })));
        return [.. answers.SelectMany(a => a.Parts)];
    }
}

/// <summary>Evidence for the switch.</summary>
sealed record SwitchEvidence
{
    /// <summary>Parts of the servers that do not act, signed by them: the acting one demands them with the command.</summary>
    public required IReadOnlyList<string> Others { get; init; }

    /// <summary>Canonical JSON of the cloud's part.</summary>
    public required string CloudPart { get; init; }
    public required GateEvidence Bound { get; init; }
}

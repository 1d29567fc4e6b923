using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.OnPremises;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Binds evidence into one digest, and hands the approved switch to the listener.</summary>
public sealed class EvidenceActivities(IDocumentStore documents, IOnPremises onPremises, TimeProvider clock)
{
    static readonly TimeSpan FreshEnough = TimeSpan.FromMinutes(15);

    /// <summary>What the first gate decides on: the plan, what the canaries showed, where it was rehearsed.</summary>
    [Function(nameof(GatherPlanEvidence))]
    public async Task<GateEvidence> GatherPlanEvidence([ActivityTrigger] PlanEvidenceInput input, CancellationToken cancellationToken)
    {
        var plan = await documents.LoadOneAsync<MigrationPlan>(input.Request.Plan, cancellationToken);
        var now = clock.GetUtcNow();
        EvidencePart[] parts =
        [
            EvidencePart.Of("plan", null, now, new
            {
                input.Request.PlanHash,
                Groups = plan.Groups.Count,
                Frozen = plan.Frozen.Count,
                plan.Ceilings,
                input.Request.Window,
                Passed = true,
            }),
            EvidencePart.Of("preparation", null, now, new
            {
                input.Facts.CanariesProved,
                input.Facts.AnchorsVerified,
                RehearsedOn = plan.Standbys.Select(s => s.Name).Order(StringComparer.Ordinal).ToArray(),
                Passed = input.Facts is { CanariesProved: true, AnchorsVerified: true },
            }),
        ];
        return Bind(parts, [.. parts.Where(p => !Passed(p)).Select(p => $"{p.Name}: does not hold")]);
    }

    /// <summary>The servers' signed parts and the cloud's, bound into the digest that people approve.</summary>
    [Function(nameof(BindEvidence))]
    public GateEvidence BindEvidence([ActivityTrigger] BindEvidenceInput input)
    {
        var reasons = new List<string>(input.Cloud.Reasons);
        var parts = new List<EvidencePart>();
        foreach (var signed in input.SignedParts)
        {
            var verdict = onPremises.VerifyEvidence(signed, FreshEnough);
            if (verdict is not { IsAccepted: true, Envelope: { } part })
            {
                reasons.Add("a part of the evidence does not bear its server's signature, or is too old");
                continue;
            }
            parts.Add(part);
            if (!Passed(part)) { reasons.Add($"{part.Name}: {Failing(part)}"); }
        }
        foreach (var missing in input.Servers.Select(s => $"server:{s}").Append("directory").Except(parts.Select(p => p.Name)))
        {
            reasons.Add($"{missing}: there is no such part");
        }
        parts.Add(CloudPart(input.Cloud.Part));
        if (!input.Cloud.Passed && input.Cloud.Reasons.Count == 0) { reasons.Add("cloud: does not hold"); }
        return Bind(parts, reasons);
    }

    [Function(nameof(SubmitSwitch))]
    public async Task<CommandReply> SubmitSwitch([ActivityTrigger] SwitchSubmission input, CancellationToken cancellationToken)
    {
        var command = new DisableGroupWritebackV2
        {
            Scope = input.Approval.Scope,
            Request = await documents.LoadOneAsync<SignedStatement>(input.RequestProof, cancellationToken),
            Decisions = await documents.LoadListAsync<SignedStatement>(input.Approval.Decisions, cancellationToken),
            EvidenceAt = input.Approval.EvidenceAt,
            Deadline = input.Approval.Deadline,
            OtherServers = input.OtherServers,
            CloudPart = input.Approval.CloudPart,
        };
        return await onPremises.SubmitAsync(
            new CommandSubmission
            {
                MigrationId = input.MigrationId,
                PlanHash = input.PlanHash,
                Server = input.Server,
                CommandId = input.CommandId,
                Command = JsonSerializer.Serialize<Command>(command, ContractJson.Options),
            },
            cancellationToken);
    }

    static GateEvidence Bind(IReadOnlyList<EvidencePart> parts, IReadOnlyList<string> reasons) => new()
    {
        Digest = EvidenceDigest.Of(parts),
        Parts = [.. parts.Select(p => new EvidenceLink { Name = p.Name, Hash = p.Hash(), Passed = Passed(p) })],
        Reasons = reasons,
    };

    EvidencePart CloudPart(string facts) => new()
    {
        Name = "cloud",
        GatheredAt = clock.GetUtcNow(),
        Facts = JsonSerializer.Deserialize<JsonElement>(facts, ContractJson.Options),
    };

    /// <summary>A part passes when its facts say so. Silence is no pass.</summary>
    static bool Passed(EvidencePart part) => part.Facts.TryGetProperty("passed", out var passed) && passed.ValueKind == JsonValueKind.True;

    static string Failing(EvidencePart part) =>
        part.Facts.TryGetProperty("problems", out var problems) && problems.ValueKind == JsonValueKind.Array
            ? string.Join(", ", problems.EnumerateArray().Take(3).Select(p => p.GetString()))
            : "does not hold";
}

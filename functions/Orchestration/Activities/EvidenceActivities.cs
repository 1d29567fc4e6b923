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

    /// <summary>Nothing stands still at the first gate, which may take days and open again; what the standbys saw is true for as long as no guard saw a change.</summary>
    static readonly TimeSpan RehearsalAge = TimeSpan.FromDays(7);

    /// <summary>What the first gate decides on: the plan, what the canaries showed, where it was rehearsed.</summary>
    [Function(nameof(GatherPlanEvidence))]
    public async Task<GateEvidence> GatherPlanEvidence([ActivityTrigger] PlanEvidenceInput input, CancellationToken cancellationToken)
    {
        var plan = await documents.LoadOneAsync<MigrationPlan>(input.Request.Plan, cancellationToken);
        var now = clock.GetUtcNow();
        var runs = await RunEvidence.GatherAsync(documents, plan, input.Runs, cancellationToken);
        var reasons = new List<string>();
        List<EvidencePart> parts =
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
                RestsOn = plan.Standbys.Any() ? "rehearsal" : "assessment",
                Passed = input.Facts is { CanariesProved: true, AnchorsVerified: true },
            }),
            EvidencePart.Of("runs", null, now, runs),
        ];
        reasons.AddRange(parts.Where(p => !Passed(p)).Select(p => $"{p.Name}: {Failing(p)}"));
        var rehearsed = input.Facts.Rehearsal is { } rehearsal ? await documents.LoadListAsync<string>(rehearsal, cancellationToken) : [];
        parts.AddRange(Verified(rehearsed, RehearsalAge, plan.Standbys.Select(s => EvidencePart.NameOfRehearsal(s.Name)), reasons));
        return await BindAsync(parts, reasons, cancellationToken) with
        {
            KnownErrors = await documents.SaveListAsync("known-errors", runs.Keys, cancellationToken),
            NewErrors = runs.NewCount,
        };
    }

    /// <summary>The servers' signed parts and the cloud's, bound into the digest that people approve.</summary>
    [Function(nameof(BindEvidence))]
    public Task<GateEvidence> BindEvidence([ActivityTrigger] BindEvidenceInput input, CancellationToken cancellationToken)
    {
        var reasons = new List<string>(input.Cloud.Reasons);
        var wanted = input.Servers.Select(EvidencePart.NameOf).Append(EvidencePart.Directory);
        List<EvidencePart> parts = [.. Verified(input.SignedParts, FreshEnough, wanted, reasons), CloudPart(input.Cloud.Part)];
        if (!input.Cloud.Passed && input.Cloud.Reasons.Count == 0) { reasons.Add("cloud: does not hold"); }
        return BindAsync(parts, reasons, cancellationToken);
    }

    /// <summary>What differs from the evidence on which people were asked before.</summary>
    [Function(nameof(CompareEvidence))]
    public async Task<EvidenceDifference> CompareEvidence([ActivityTrigger] EvidencePair input, CancellationToken cancellationToken) =>
        new() { Changes = EvidenceComparer.Compare(await PartsAsync(input.Before, cancellationToken), await PartsAsync(input.After, cancellationToken)) };

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

    async Task<List<EvidencePart>> PartsAsync(IReadOnlyList<EvidenceLink> links, CancellationToken cancellationToken)
    {
        var parts = new List<EvidencePart>();
        foreach (var link in links)
        {
            if (link.Facts is { } facts) { parts.Add(await documents.LoadOneAsync<EvidencePart>(facts, cancellationToken)); }
        }
        return parts;
    }

    /// <summary>The parts that bear their server's signature; whatever is missing or does not hold is a reason.</summary>
    List<EvidencePart> Verified(IReadOnlyList<string> signed, TimeSpan maxAge, IEnumerable<string> wanted, List<string> reasons)
    {
        var parts = new List<EvidencePart>();
        foreach (var text in signed)
        {
            if (onPremises.VerifyEvidence(text, maxAge) is not { IsAccepted: true, Envelope: { } part })
            {
                reasons.Add("a part of the evidence does not bear its server's signature, or is too old");
                continue;
            }
            parts.Add(part);
            if (!Passed(part)) { reasons.Add($"{part.Name}: {Failing(part)}"); }
        }
        reasons.AddRange(wanted.Except(parts.Select(p => p.Name)).Select(missing => $"{missing}: there is no such part"));
        return parts;
    }

    async Task<GateEvidence> BindAsync(List<EvidencePart> parts, List<string> reasons, CancellationToken cancellationToken)
    {
        var links = new List<EvidenceLink>();
        foreach (var part in parts)
        {
            links.Add(new EvidenceLink
            {
                Name = part.Name,
                Hash = part.Hash(),
                Passed = Passed(part),
                Facts = await documents.SaveOneAsync("evidence-part", part, cancellationToken),
            });
        }
        return new() { Digest = EvidenceDigest.Of(parts), Parts = links, Reasons = reasons };
    }

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

using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Loads what the verifier of single groups compares, some hundred groups at a time.</summary>
public sealed class VerificationActivities(IDocumentStore documents, EntraMembers entra, CloudSyncRemote remote)
{
    /// <summary>Groups of one part: their members in Entra are read within a minute or two.</summary>
    const int PartSize = 500;

    /// <summary>Cuts the planned groups into parts, and keeps what the log says of each group.</summary>
    [Function(nameof(PlanVerification))]
    public async Task<VerificationPlan> PlanVerification([ActivityTrigger] VerificationInput input, CancellationToken cancellationToken)
    {
        var parts = new List<DocumentReference>();
        foreach (var part in (await documents.LoadListAsync<GroupIdentity>(input.Groups, cancellationToken)).Chunk(PartSize))
        {
            parts.Add(await documents.SaveListAsync("part", part, cancellationToken));
        }
        var last = new Dictionary<Guid, (DateTimeOffset At, LogWitness Says)>();
        await foreach (var line in remote.LogAsync(input.Job, input.Since, cancellationToken))
        {
            LogWitness? says = line.ProvisioningStatusInfo?.Status switch
            {
                "success" or "warning" => LogWitness.Success,
                "failure" => LogWitness.Failure,
                _ => null,
            };
            if (says is { } word && Guid.TryParse(line.SourceIdentity?.Id, out var id) && (!last.TryGetValue(id, out var before) || before.At <= line.ActivityDateTime))
            {
                last[id] = (line.ActivityDateTime, word);
            }
        }
        var log = last.OrderBy(l => l.Key).Select(l => new LoggedGroup { CloudId = l.Key, Says = l.Value.Says });
        return new() { Parts = parts, Log = await documents.SaveListAsync("provisioning-log", log, cancellationToken) };
    }

    /// <summary>The verdicts of one part.</summary>
    [Function(nameof(VerifyGroups))]
    public async Task<VerificationPart> VerifyGroups([ActivityTrigger] VerifyGroupsInput input, CancellationToken cancellationToken)
    {
        var groups = await documents.LoadListAsync<GroupIdentity>(input.Part, cancellationToken);
        var now = (await documents.LoadListAsync<GroupSnapshot>(input.Snapshot, cancellationToken)).ToDictionary(s => s.Group.ObjectGuid);
        var comparison = await documents.LoadOneAsync<DirectoryComparison>(input.Comparison, cancellationToken);
        var differences = (await documents.LoadListAsync<GroupDifference>(comparison.Differences, cancellationToken)).ToDictionary(d => d.ObjectGuid);
        var log = (await documents.LoadListAsync<LoggedGroup>(input.Log, cancellationToken)).ToDictionary(l => l.CloudId, l => l.Says);
        var planned = await documents.LoadListAsync<GroupIdentity>(input.Groups, cancellationToken);
        var memberships = await entra.ReadAsync(groups, planned, input.ForestDomains, cancellationToken);

        var verdicts = groups.Select(g => GroupVerifier.Verify(
            g, now.GetValueOrDefault(g.ObjectGuid), differences.GetValueOrDefault(g.ObjectGuid), memberships.GetValueOrDefault(g.CloudId),
            log.GetValueOrDefault(g.CloudId))).ToList();
        // What somebody looked at and took for harmless is no reason to end without an end; it stays in the verdict, by itself.
        verdicts = [.. verdicts.Select(v => v with { Accepted = ReviewItem.KindsOf(v.ObjectGuid, input.Accepted) })];
        var failing = verdicts.Where(v => !v.Verified).Select(v => v.CloudId).ToHashSet();
        return new()
        {
            Verdicts = await documents.SaveListAsync("verdicts", verdicts, cancellationToken),
            Failing = failing.Count == 0 ? null : await documents.SaveListAsync("part", groups.Where(g => failing.Contains(g.CloudId)), cancellationToken),
        };
    }

    /// <summary>One list out of those of the parts; a later verdict of a group replaces an earlier one.</summary>
    [Function(nameof(JoinVerdicts))]
    public async Task<Verification> JoinVerdicts([ActivityTrigger] JoinVerdictsInput input, CancellationToken cancellationToken)
    {
        var all = new Dictionary<Guid, GroupVerdict>();
        foreach (var part in input.Verdicts)
        {
            foreach (var verdict in await documents.LoadListAsync<GroupVerdict>(part, cancellationToken)) { all[verdict.CloudId] = verdict; }
        }
        var failing = all.Values.Where(v => !v.Verified).OrderBy(v => v.Name, StringComparer.Ordinal).ToList();
        return new()
        {
            Groups = all.Count,
            Verified = all.Count - failing.Count,
            LoggedAsDone = all.Values.Count(v => v.Log == LogWitness.Success),
            Examples = [.. failing.Take(20).Select(v => v.Name)],
            Verdicts = await documents.SaveListAsync("verification", all.Values.OrderBy(v => v.CloudId), cancellationToken),
        };
    }
}

public sealed record VerificationInput
{
    /// <summary>Document of <see cref="GroupIdentity"/>: every planned group.</summary>
    public required DocumentReference Groups { get; init; }
    public required CloudSyncJob Job { get; init; }

    /// <summary>When the first ring began.</summary>
    public required DateTimeOffset Since { get; init; }
}

public sealed record VerificationPlan
{
    /// <summary>Documents of <see cref="GroupIdentity"/>; every planned group is in exactly one.</summary>
    public required IReadOnlyList<DocumentReference> Parts { get; init; }

    /// <summary>Document of <see cref="LoggedGroup"/>.</summary>
    public required DocumentReference Log { get; init; }
}

/// <summary>What the provisioning log says last of a group.</summary>
public sealed record LoggedGroup
{
    public required Guid CloudId { get; init; }
    public required LogWitness Says { get; init; }
}

public sealed record VerifyGroupsInput
{
    /// <summary>Document of <see cref="GroupIdentity"/>: the groups to verify.</summary>
    public required DocumentReference Part { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>: these groups as they are.</summary>
    public required DocumentReference Snapshot { get; init; }

    /// <summary>Document of one <see cref="DirectoryComparison"/>: everything against the freeze.</summary>
    public required DocumentReference Comparison { get; init; }
    public required DocumentReference Log { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: every planned group, for the references between them.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>As <see cref="MigrationPlan.ForestDomains"/>.</summary>
    public IReadOnlyList<string> ForestDomains { get; init; } = [];

    /// <summary>Names of <see cref="ReviewItem"/> that people accepted.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];
}

public sealed record VerificationPart
{
    /// <summary>Document of <see cref="GroupVerdict"/>.</summary>
    public required DocumentReference Verdicts { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: those that are not verified; null when all are.</summary>
    public DocumentReference? Failing { get; init; }
}

public sealed record JoinVerdictsInput
{
    public required IReadOnlyList<DocumentReference> Verdicts { get; init; }
}

/// <summary>All planned groups at the end; in the report.</summary>
public sealed record Verification
{
    /// <summary>When the last of them had been read; null in reports of earlier versions.</summary>
    public DateTimeOffset? ReadAt { get; init; }
    public required int Groups { get; init; }
    public required int Verified { get; init; }

    /// <summary>Groups of which the provisioning log, too, says that they were written.</summary>
    public required int LoggedAsDone { get; init; }

    /// <summary>Names of groups that are not verified, at most 20.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Document of <see cref="GroupVerdict"/>, one for each planned group.</summary>
    public required DocumentReference Verdicts { get; init; }
}

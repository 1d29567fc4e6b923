using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Exports;
using GwbCloud.Contracts.Runs;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Loads what the pure judges compare.</summary>
public sealed class JudgementActivities(IDocumentStore documents, EntraMembers entra)
{
    const int ReasonsKept = 50;

    [Function(nameof(JudgeRuns))]
    public async Task<Judgement> JudgeRuns([ActivityTrigger] JudgeRunsInput input, CancellationToken cancellationToken)
    {
        var known = await documents.LoadListAsync<string>(input.KnownErrors, cancellationToken);
        return Of(RunJudge.JudgeCycle(input.Runs, known.ToHashSet(StringComparer.Ordinal)));
    }

    [Function(nameof(JudgePending))]
    public async Task<Judgement> JudgePending([ActivityTrigger] JudgePendingInput input, CancellationToken cancellationToken)
    {
        var pending = await documents.LoadListAsync<PendingExport>(input.Pending.Details, cancellationToken);
        var baseline = await documents.LoadListAsync<PendingExport>(input.Baseline, cancellationToken);
        var ours = input.Ours is null ? [] : await documents.LoadListAsync<string>(input.Ours, cancellationToken);
        var plan = await documents.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var added = pending.Where(p => p is { Operation: ExportOperation.Add, Anchor: not null }).Select(p => p.Anchor!);
        var announced = (await AnnouncedAsync(plan, cancellationToken)).Keys.ToHashSet();
        var founded = await entra.FoundedSinceAsync(added, announced, cancellationToken);
        var planned = await documents.LoadListAsync<GroupIdentity>(input.Planned, cancellationToken);
        var updated = pending.Where(p => p is { ObjectType: "group", Anchor: not null }).GroupBy(p => p.Anchor!)
            .Where(of => of.All(p => p is { Operation: ExportOperation.Update, TypeChange: false })).Select(of => of.Key);
        var came = await entra.NewSinceAsync(updated.Except(planned.Select(g => g.Anchor)), announced, cancellationToken);
        var snapshot = input.Snapshot is null ? [] : await documents.LoadListAsync<GroupSnapshot>(input.Snapshot, cancellationToken);
        var excused = ours.Concat(founded).Concat(came).Concat(plan.Canaries.All.Select(Anchors.Of)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var known = planned.Select(g => g.Anchor).Concat(announced).ToHashSet(StringComparer.Ordinal);
        var before = snapshot.Select(g => g.Group).DistinctBy(g => g.DistinguishedName, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.DistinguishedName, StringComparer.OrdinalIgnoreCase);
        var carried = input.WayBack ? await entra.CarriedOverAsync(pending, known, before, cancellationToken) : [];
        var judgement = new ExportJudge(new ExportTerms
        {
            AdConnector = input.Pending.AdConnector,
            WritebackOu = plan.WritebackOu,
            Held =
            [
                .. planned,
                .. await documents.LoadListAsync<GroupIdentity>(plan.Frozen, cancellationToken),
            ],
            Ours = excused,
            Baseline = baseline,
            Members = ExportTerms.CountMembers(snapshot),
            Ceilings = input.AfterSwitch ? plan.Ceilings : ExportTerms.NothingDue,
        }).Judge([.. pending.Except(carried)]);
        if (judgement.Passed) { return Of([]); }
        var offending = judgement.Offending.Select(export => export with { Server = input.Pending.Server });
        return Of(judgement.Reasons()) with { Offending = await documents.SaveListAsync("offending-exports", offending, cancellationToken) };
    }

    [Function(nameof(JudgeDirectory))]
    public async Task<DirectoryJudgement> JudgeDirectory([ActivityTrigger] JudgeDirectoryInput input, CancellationToken cancellationToken)
    {
        var plan = await documents.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var differences = await documents.LoadListAsync<GroupDifference>(input.Comparison.Differences, cancellationToken);
        // A group that freezes follows Entra no more, and so has all the less to lose: its members count like those of one that migrates.
        // One that froze by the plan may have come along at the freeze.
        var planned = (await IdentitiesAsync(input.Planned)).Concat(await IdentitiesAsync(plan.Frozen)).DistinctBy(g => g.CloudId).ToDictionary(g => g.ObjectGuid);
        var takenOver = new HashSet<Guid>();
        foreach (var ring in input.TakenOver) { takenOver.UnionWith((await IdentitiesAsync(ring)).Select(g => g.ObjectGuid)); }
        var losses = (await documents.LoadListAsync<GroupLoss>(plan.Losses, cancellationToken)).ToDictionary(l => l.CloudId);
        var announced = await AnnouncedAsync(plan, cancellationToken);
        var created = differences.Where(d => d is { Created: true, Anchor: not null }).Select(d => d.Anchor!);
        var founded = await entra.FoundedSinceAsync(created, announced.Keys.ToHashSet(), cancellationToken);
        var ours = plan.Canaries.All.Select(Anchors.Of).Concat(founded).ToHashSet();

        var earlier = input.Earlier is null ? [] : await documents.LoadListAsync<GroupDifference>(
            (await documents.LoadOneAsync<DirectoryComparison>(input.Earlier, cancellationToken)).Differences, cancellationToken);
        var changed = differences.Concat(earlier)
            .Where(d => input.Starting is null && d.MembersLost.Count + d.MembersGained.Count > 0 && planned.ContainsKey(d.ObjectGuid))
            .Select(d => d.ObjectGuid).Distinct().Select(id => planned[id]);
        var memberships = await entra.ReadAsync([.. changed], planned.Values, plan.ForestDomains, cancellationToken);

        var judge = new DirectoryJudge(planned, takenOver, losses, announced, ours, plan.Ceilings);
        var judged = judge.Judge(differences, memberships);
        var found = input.Starting is { } starting
            ? ReviewItem.BeforeStart(judged, input.Accepted, (await IdentitiesAsync(starting)).Select(g => g.ObjectGuid).ToHashSet())
            : ReviewItem.Open(judged, input.Accepted);
        var alternating = input.Earlier is null ? [] : ReviewItem.Open(judge.Alternating(earlier, differences, memberships), input.Accepted);
        return new()
        {
            Found = [.. found.Take(ReasonsKept)],
            Summary = $"{input.Comparison.Compared} groups compared, {differences.Count} differ, "
                + $"{input.Comparison.MembersLost} members fewer and {input.Comparison.MembersGained} more, all explained",
            Alternating = [.. alternating.Take(ReasonsKept)],
            Comparison = await documents.SaveOneAsync("comparison", input.Comparison, cancellationToken),
        };

        Task<IReadOnlyList<GroupIdentity>> IdentitiesAsync(DocumentReference reference)
            => documents.LoadListAsync<GroupIdentity>(reference, cancellationToken);
    }

    /// <summary>Keeps what a person must look at.</summary>
    [Function(nameof(KeepReview))]
    public async Task<DocumentBox> KeepReview([ActivityTrigger] ReviewBox input, CancellationToken cancellationToken)
        => new() { Document = await documents.SaveListAsync("review", input.Items.DistinctBy(item => item.Name), cancellationToken) };

    /// <summary>Which of the groups that Cloud Sync took over Connect would write, and how many of their members.</summary>
    [Function(nameof(PickConnectWrites))]
    public async Task<ConnectWrites> PickConnectWrites([ActivityTrigger] PickConnectInput input, CancellationToken cancellationToken)
    {
        var takenOver = new Dictionary<string, GroupIdentity>(StringComparer.OrdinalIgnoreCase);
        foreach (var ring in input.TakenOver)
        {
            foreach (var group in await documents.LoadListAsync<GroupIdentity>(ring, cancellationToken)) { takenOver[group.Anchor] = group; }
        }

        var pending = await documents.LoadListAsync<PendingExport>(input.Pending, cancellationToken);
        List<PendingExport> theirs = [.. pending.Where(p => p.Anchor is { } anchor && takenOver.ContainsKey(anchor) && ConnectWriteJudge.Writes(p))];
        return new()
        {
            Groups = await documents.SaveListAsync("connect-writes", theirs.Select(p => takenOver[p.Anchor!]).DistinctBy(g => g.ObjectGuid), cancellationToken),
            Exports = await documents.SaveListAsync("connect-exports", theirs, cancellationToken),
        };
    }

    /// <summary>Whether Entra explains what Connect would write.</summary>
    [Function(nameof(JudgeConnectWrites))]
    public async Task<ConnectJudgement> JudgeConnectWrites([ActivityTrigger] JudgeConnectInput input, CancellationToken cancellationToken)
    {
        var groups = await documents.LoadListAsync<GroupIdentity>(input.Writes.Groups, cancellationToken);
        var exports = await documents.LoadListAsync<PendingExport>(input.Writes.Exports, cancellationToken);
        var now = (await documents.LoadListAsync<GroupSnapshot>(input.Snapshot, cancellationToken)).ToDictionary(s => s.Group.ObjectGuid);
        var memberships = await entra.ReadAsync(groups, await documents.LoadListAsync<GroupIdentity>(input.Planned, cancellationToken), input.ForestDomains, cancellationToken);
        var byAnchor = groups.ToDictionary(g => g.Anchor, StringComparer.OrdinalIgnoreCase);
        var found = exports.SelectMany(export => byAnchor[export.Anchor!] is var group
            ? ConnectWriteJudge.Judge(export, group, now.GetValueOrDefault(group.ObjectGuid), memberships.GetValueOrDefault(group.CloudId))
            : []);
        return new() { Found = [.. ReviewItem.Open(found, input.Accepted).Take(ReasonsKept)] };
    }

    /// <summary>Every group that the plan classified, by its anchor, but for those whose object may come any moment without the switch.</summary>
    /// <remarks>Two objects may bear one anchor, where neither migrates nor freezes.</remarks>
    async Task<IReadOnlyDictionary<string, ClassifiedGroup>> AnnouncedAsync(MigrationPlan plan, CancellationToken cancellationToken)
        => (await documents.LoadListAsync<ClassifiedGroup>(plan.Classified, cancellationToken))
            .Where(c => c.CloudId is not null && !c.Reasons.Contains(ClassReason.M365NotWritten))
            .DistinctBy(c => c.CloudId)
            .ToDictionary(c => Anchors.Of(c.CloudId!.Value));

    static Judgement Of(IReadOnlyList<string> reasons) => new() { Reasons = [.. reasons.Take(ReasonsKept)] };
}

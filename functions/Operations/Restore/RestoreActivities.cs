using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Repair;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Operations.Restore;

/// <summary>Reads what deleted groups are judged by, keeps what is begun, and looks at what came of it.</summary>
public sealed class RestoreActivities(TenantReader tenant, IDocumentStore store)
{
    /// <summary>Groups that a listener restores in one job: a stop waits for no more than these.</summary>
    const int GroupsAtOnce = 100;

    [Function(nameof(PlanRestore))]
    public async Task<OperationDraft> PlanRestore([ActivityTrigger] RestoreQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var plan = RestorePlanner.Plan(question.Terms, await LookAsync(question, cancellationToken));
        var report = new RestoreReport
        {
            ReadAt = question.ReadAt,
            WritebackOu = question.Deleted.WritebackOu,
            RecycleBinEnabled = question.Deleted.RecycleBinEnabled,
            KeptDays = question.Deleted.KeptDays,
            Findings = plan.Findings,
            Snapshot = await SaveAsync("snapshot", plan.Groups, cancellationToken),
        };
        return plan.Draft with
        {
            Changes = await SaveAsync("value-changes", plan.Changes, cancellationToken),
            LeftOut = await SaveAsync("left", plan.LeftOut, cancellationToken),
            Affected = await SaveAsync("affected", plan.Affected, cancellationToken),
            Report = await store.SaveOneAsync("restore", report, cancellationToken),
        };
    }

    /// <summary>What of the plan is still to be done, judged as things stand now. What was deleted when it began is kept, once.</summary>
    [Function(nameof(OpenRestore))]
    public async Task<RestoreLot> OpenRestore([ActivityTrigger] RestoreQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var sight = await LookAsync(question, cancellationToken);
        var plan = RestorePlanner.Plan(question.Terms, sight);
        var changes = await store.LoadListAsync<ValueChange>(question.Changes!, cancellationToken);
        var now = Words(changes.Select(change => change.Target), plan, sight);
        var kept = await KeepAsync(question.OperationId, changes, now, cancellationToken);
        var open = ValueJudge.ToWrite(kept, now).Select(value => Guid.Parse(value.Target)).ToHashSet();
        var groups = plan.Groups.Where(group => open.Contains(group.Group.ObjectGuid)).ToList();
        List<DocumentReference> parts = [];
        foreach (var part in groups.Select(group => group.Group.ObjectGuid).Chunk(GroupsAtOnce)) { parts.Add(await store.SaveListAsync("restore-objects", part, cancellationToken)); }
        return new()
        {
            Snapshot = await SaveAsync("snapshot", groups, cancellationToken),
            Parts = parts,
            Nested = groups.Exists(group => group.Members.Any(open.Contains)),
            Total = kept.Values.Count,
            Dangers = plan.Draft.Dangers,
        };
    }

    /// <summary>What the directory shows, held against what was begun.</summary>
    [Function(nameof(CloseRestore))]
    public async Task<RestoreEnd> CloseRestore([ActivityTrigger] RestoreClosing closing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(closing);
        var question = closing.Question;
        var sight = await LookAsync(question, cancellationToken);
        var kept = await KeepAsync(question.OperationId, [], new Dictionary<string, string>(), cancellationToken);
        var now = Words(kept.Values.Select(value => value.Target), RestorePlanner.Plan(question.Terms, sight), sight);
        var repairs = new Dictionary<string, GroupRepair>(StringComparer.Ordinal);
        foreach (var document in closing.Repairs)
        {
            await foreach (var repair in store.EntriesAsync<GroupRepair>(document, cancellationToken)) { repairs[repair.ObjectGuid.ToString("D")] = repair; }
        }

        var refused = repairs.Where(repair => repair.Value.Error is not null).ToDictionary(repair => repair.Key, repair => RepairActivities.Sentence(repair.Value), StringComparer.Ordinal);
        var (restored, left) = ValueJudge.AfterWrite(kept, now, refused);
        var there = kept.Values.Where(value => now.GetValueOrDefault(value.Target) == value.After).ToList();
        var whole = there.Where(value => repairs.GetValueOrDefault(value.Target) is not { MembersMissing.Count: > 0 }).Select(value => value.Target).ToHashSet(StringComparer.Ordinal);
        var cloud = there.Select(value => Cloud(value, sight)).OfType<CloudGroupFacts>().DistinctBy(group => group.Id).ToList();
        return new()
        {
            Restored = restored,
            Left = await SaveAsync("left", [.. left, .. there.Where(value => !whole.Contains(value.Target)).Select(value => Lacking(value, repairs[value.Target]))], cancellationToken),
            Off = await SaveAsync("value-changes", [.. cloud.Where(IsOff).Select(SwitchOn)], cancellationToken),
            SoftDeleted = cloud.Count(group => group.SoftDeleted),
        };
    }

    static CloudGroupFacts? Cloud(KeptValue restored, RestoreSight sight) =>
        sight.Living(Guid.Parse(restored.Target)) is { } group && RestoreSight.CloudIdOf(group) is { } id ? sight.Cloud.GetValueOrDefault(id) : null;

    static bool IsOff(CloudGroupFacts group) => !group.SoftDeleted && !RestoreJudge.IsOn(group);

    static ValueChange SwitchOn(CloudGroupFacts group) => new()
    {
        Target = group.Id.ToString("D"), Name = group.DisplayName, Before = WritebackWords.Of(group.WritebackEnabled), After = WritebackWords.On,
    };

    static LeftValue Lacking(KeptValue restored, GroupRepair repair) =>
        new() { Target = restored.Target, Name = restored.Name, Why = $"it is restored, and {repair.MembersMissing.Count} of its members could not be added again" };

    static Dictionary<string, string> Words(IEnumerable<string> targets, RestorePlan plan, RestoreSight sight)
    {
        var findings = plan.Findings.ToDictionary(finding => finding.ObjectGuid);
        return targets.ToDictionary(target => target, target =>
        {
            var id = Guid.Parse(target);
            return RestoreJudge.Word(findings.GetValueOrDefault(id), sight.Living(id));
        }, StringComparer.Ordinal);
    }

    async Task<KeptPart> KeepAsync(string operationId, IReadOnlyList<ValueChange> changes, IReadOnlyDictionary<string, string> now, CancellationToken cancellationToken)
    {
        var name = StoreNames.ValuesBefore(operationId, 0);
        if (await store.ReadOneAsync<KeptPart>(name, cancellationToken) is { } known) { return known; }
        var kept = ValueJudge.Keep(changes, now);
        return await store.WriteOneAsync(name, kept, etag: "", cancellationToken)
            ? kept
            : await store.ReadOneAsync<KeptPart>(name, cancellationToken) ?? throw new DocumentException($"The document {name} is missing.");
    }

    async Task<RestoreSight> LookAsync(RestoreQuestion question, CancellationToken cancellationToken)
    {
        var deleted = await store.LoadListAsync<DeletedWritebackGroup>(question.Deleted.Groups, cancellationToken);
        var living = await store.LoadListAsync<AdGroup>(question.Inventory, cancellationToken);
        return new(deleted, living)
        {
            WritebackOu = question.Deleted.WritebackOu,
            RecycleBin = question.Deleted.RecycleBinEnabled,
            KeptDays = question.Deleted.KeptDays,
            Servers = question.Servers,
            Cloud = (await tenant.GroupsAsync(cancellationToken)).ToDictionary(group => group.Id),
            Snapshots = await SnapshotsAsync([.. deleted.Select(group => group.Was.Group.ObjectGuid)], cancellationToken),
        };
    }

    /// <summary>The frozen snapshots of migrations, the newest first: they are what their repair packs are made from.</summary>
    async Task<Dictionary<Guid, KnownSnapshot>> SnapshotsAsync(HashSet<Guid> wanted, CancellationToken cancellationToken)
    {
        var known = new Dictionary<Guid, KnownSnapshot>();
        if (wanted.Count == 0) { return known; }
        foreach (var name in (await store.NamesAsync(StoreNames.Migrations, cancellationToken)).Where(name => name.EndsWith("/repair", StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal))
        {
            if (await store.ReadOneAsync<RepairPack>(name, cancellationToken) is not { } pack) { continue; }
            await foreach (var was in store.EntriesAsync<GroupSnapshot>(pack.Snapshot, cancellationToken))
            {
                if (wanted.Contains(was.Group.ObjectGuid)) { known.TryAdd(was.Group.ObjectGuid, new(pack.MigrationId, was)); }
            }
        }

        return known;
    }

    async Task<DocumentReference?> SaveAsync<T>(string kind, IReadOnlyList<T> list, CancellationToken cancellationToken) =>
        list.Count == 0 ? null : await store.SaveListAsync(kind, list, cancellationToken);
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations.Changes;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Operations.Rules;

/// <summary>Plans for rules, and what is kept of them.</summary>
public sealed class RuleActivities(TenantReader tenant, IDocumentStore store)
{
    [Function(nameof(PlanRule))]
    public async Task<OperationDraft> PlanRule([ActivityTrigger] RuleQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var affected = question.Inventory is { } inventory ? await PreviewAsync(inventory, cancellationToken) : [];
        var (draft, changes, leftOut) = RulePlanner.Plan(question, affected.Count);
        return draft with
        {
            Changes = changes.Count == 0 ? null : await store.SaveListAsync("value-changes", changes, cancellationToken),
            LeftOut = leftOut.Count == 0 ? null : await store.SaveListAsync("left", leftOut, cancellationToken),
            Affected = affected.Count == 0 ? null : await store.SaveListAsync("affected", affected, cancellationToken),
        };
    }

    [Function(nameof(LoadRuleChanges))]
    public async Task<RuleChanges> LoadRuleChanges([ActivityTrigger] DocumentReference changes, CancellationToken cancellationToken) =>
        new() { Changes = await store.LoadListAsync<ValueChange>(changes, cancellationToken) };

    /// <summary>Keeps what a value is, once: whoever asks again gets what was kept first.</summary>
    [Function(nameof(KeepRuleValue))]
    public async Task<KeptPart> KeepRuleValue([ActivityTrigger] RuleKeep keep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keep);
        var name = StoreNames.ValuesBefore(keep.Part.OperationId, keep.Part.Part);
        await store.WriteOneAsync(name, ValueJudge.Keep(keep.Changes, keep.Now), etag: "", cancellationToken);
        return await store.ReadOneAsync<KeptPart>(name, cancellationToken) ?? throw new DocumentException($"The document {name} is missing.");
    }

    [Function(nameof(ReadKeptRule))]
    public async Task<KeptFound> ReadKeptRule([ActivityTrigger] ValuePart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        return new() { Part = await store.ReadOneAsync<KeptPart>(StoreNames.ValuesBefore(part.OperationId, part.Part), cancellationToken) };
    }

    [Function(nameof(SaveLeftValues))]
    public async Task<LeftWhole> SaveLeftValues([ActivityTrigger] LeftList list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        return new() { Left = await store.SaveListAsync("left", list.Left, cancellationToken) };
    }

    /// <summary>What would be deleted now and was not in the preview that people read.</summary>
    [Function(nameof(FindMoreAffected))]
    public async Task<MoreAffected> FindMoreAffected([ActivityTrigger] AffectedQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        HashSet<string> known = [];
        if (question.Known is { } document)
        {
            await foreach (var affected in store.EntriesAsync<LeftValue>(document, cancellationToken)) { known.Add(affected.Target); }
        }

        var more = (await PreviewAsync(question.Inventory, cancellationToken)).FindAll(affected => !known.Contains(affected.Target));
        return new() { Count = more.Count, Example = more is [var first, ..] ? first.Name : null };
    }

    async Task<List<LeftValue>> PreviewAsync(DocumentReference inventory, CancellationToken cancellationToken)
    {
        var groups = (await tenant.GroupsAsync(cancellationToken)).ToDictionary(group => $"Group_{group.Id:D}", StringComparer.OrdinalIgnoreCase);
        List<LeftValue> affected = [];
        await foreach (var written in store.EntriesAsync<AdGroup>(inventory, cancellationToken))
        {
            if (RulePlanner.WhyDeleted(written.AdminDescription is { } anchor ? groups.GetValueOrDefault(anchor) : null) is { } why)
            {
                affected.Add(new() { Target = written.ObjectGuid.ToString("D"), Name = written.DistinguishedName, Why = why });
            }
        }

        return affected;
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations.Changes;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Operations.Enabling;

/// <summary>Reads what enabling is planned by, keeps what was there before, and looks at what was written.</summary>
public sealed class EnableActivities(TenantReader tenant, IDocumentStore store)
{
    /// <summary>The tenant's groups pass once, and never stand in memory together.</summary>
    [Function(nameof(PlanEnable))]
    public async Task<OperationDraft> PlanEnable([ActivityTrigger] EnableQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (there, _) = await FoundAsync(question.Inventory, cancellationToken);
        var planner = new EnablePlanner(question.Terms, question.Servers, question.WritebackOu, there, question.ApprovalFrom);
        var groups = tenant.EachM365Async(cancellationToken).Select(planner.Take).OfType<ValueChange>();
        var list = await store.SaveListAsync("value-changes", planner.Settings().Concat(groups.ToBlockingEnumerable(cancellationToken)), cancellationToken);
        return planner.Finish() with
        {
            Changes = list.Count == 0 ? null : list,
            LeftOut = planner.LeftOut.Count == 0 ? null : await store.SaveListAsync("left", planner.LeftOut, cancellationToken),
        };
    }

    /// <summary>Keeps what was there before, once: a later run goes by it and never by its own effect.</summary>
    [Function(nameof(KeepBeforeEnable))]
    public async Task<EnableBefore> KeepBeforeEnable([ActivityTrigger] EnableBefore before, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(before);
        var name = StoreNames.EnableBefore(before.OperationId);
        return await store.WriteOneAsync(name, before, etag: "", cancellationToken)
            ? before
            : await store.ReadOneAsync<EnableBefore>(name, cancellationToken) ?? throw new DocumentException($"The document {name} is missing.");
    }

    /// <summary>Which of the planned groups have an object in the OU.</summary>
    [Function(nameof(CompareWritten))]
    public async Task<WrittenGroups> CompareWritten([ActivityTrigger] WrittenQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (there, security) = await FoundAsync(question.Inventory, cancellationToken);
        List<LeftValue> left = [];
        var written = 0;
        await foreach (var change in store.EntriesAsync<ValueChange>(question.Changes, cancellationToken))
        {
            if (!Guid.TryParseExact(change.Target, "D", out var id)) { continue; }
            security.Remove(id);
            if (there.Contains(id)) { written++; }
            if (there.Contains(id) == question.Backwards)
            {
                left.Add(new() { Target = change.Target, Name = change.Name, Why = question.Backwards ? "its object is still in the OU" : "the cycle made no object of it" });
            }
        }

        return new() { Written = written, Security = security.Count, Left = left.Count == 0 ? null : await store.SaveListAsync("left", left, cancellationToken) };
    }

    /// <summary>Cloud ids of the groups that have an object, and of those whose object is a security group.</summary>
    async Task<(HashSet<Guid> All, HashSet<Guid> Security)> FoundAsync(DocumentReference inventory, CancellationToken cancellationToken)
    {
        HashSet<Guid> all = [], security = [];
        await foreach (var group in store.EntriesAsync<AdGroup>(inventory, cancellationToken))
        {
            if (Anchors.CloudId(group.AdminDescription) is not { } id) { continue; }
            all.Add(id);
            if (group.IsSecurity) { security.Add(id); }
        }

        return (all, security);
    }
}

/// <summary>Input of <see cref="EnableActivities.PlanEnable"/>.</summary>
public sealed record EnableQuestion
{
    public required EnableTerms Terms { get; init; }
    public required ConnectSights Servers { get; init; }

    /// <summary>Of the listener's configuration.</summary>
    public required string WritebackOu { get; init; }

    /// <summary>Document of <see cref="AdGroup"/>: what the OU holds.</summary>
    public required DocumentReference Inventory { get; init; }

    /// <summary>As <see cref="OperationSettings.ApprovalFromGroups"/>.</summary>
    public required int ApprovalFrom { get; init; }
}

/// <summary>What was there before the operation changed anything: <c>operations/{id}/enable-before</c>.</summary>
public sealed record EnableBefore
{
    public required string OperationId { get; init; }

    /// <summary>The server that exports.</summary>
    public required string Server { get; init; }
    public required bool Version1 { get; init; }

    /// <summary>The writeback OU of the listener's configuration.</summary>
    public required string WritebackOu { get; init; }

    /// <summary>Objects that the newest exports to Active Directory could not write: known before us.</summary>
    public IReadOnlyList<string> KnownErrors { get; init; } = [];
}

/// <summary>Input of <see cref="EnableActivities.CompareWritten"/>.</summary>
public sealed record WrittenQuestion
{
    /// <summary>Document of <see cref="ValueChange"/>: the plan's.</summary>
    public required DocumentReference Changes { get; init; }

    /// <summary>Document of <see cref="AdGroup"/>.</summary>
    public required DocumentReference Inventory { get; init; }

    /// <summary>No object is to be there, rather than all of them.</summary>
    public required bool Backwards { get; init; }
}

/// <summary>What the OU holds of the plan.</summary>
public sealed record WrittenGroups
{
    /// <summary>Planned groups that have an object.</summary>
    public required int Written { get; init; }

    /// <summary>Security groups of Entra with an object in the OU that the plan does not name: version 1 writes none, so that somebody else did.</summary>
    public int Security { get; init; }

    /// <summary>Document of <see cref="LeftValue"/>: those that are not as they shall be; null when all are.</summary>
    public DocumentReference? Left { get; init; }
}

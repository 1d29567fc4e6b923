using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations.Changes;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Operations.Writeback;

/// <summary>Reads what the operations on writeback's defaults are planned by.</summary>
public sealed class WritebackActivities(TenantReader tenant, UnifiedSettingPort setting, IDocumentStore store)
{
    [Function(nameof(PlanNewGroups))]
    public async Task<OperationDraft> PlanNewGroups([ActivityTrigger] NewGroupsQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var now = (await setting.ReadAsync(cancellationToken)).Value;
        var (draft, change) = NewGroupsPlanner.Plan(question.Terms, now, question.Servers);
        return change is null ? draft : draft with { Changes = await store.SaveListAsync("value-changes", [change], cancellationToken) };
    }

    /// <summary>The tenant's groups pass once, and never stand in memory together.</summary>
    [Function(nameof(PlanExistingGroups))]
    public async Task<OperationDraft> PlanExistingGroups([ActivityTrigger] ExistingGroupsQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var planner = new ExistingGroupsPlanner(question.Terms, question.Servers, question.ApprovalFrom);
        var changes = tenant.EachM365Async(cancellationToken).Select(planner.Take).OfType<ValueChange>();
        var list = await store.SaveListAsync("value-changes", changes.ToBlockingEnumerable(cancellationToken), cancellationToken);
        var draft = planner.Finish();
        return draft with
        {
            Changes = list.Count == 0 ? null : list,
            LeftOut = planner.LeftOut.Count == 0 ? null : await store.SaveListAsync("left", planner.LeftOut, cancellationToken),
        };
    }
}

/// <summary>Input of <see cref="WritebackActivities.PlanNewGroups"/>.</summary>
public sealed record NewGroupsQuestion
{
    public required NewGroupsTerms Terms { get; init; }
    public required ServerSight Servers { get; init; }
}

/// <summary>Input of <see cref="WritebackActivities.PlanExistingGroups"/>.</summary>
public sealed record ExistingGroupsQuestion
{
    public required ExistingGroupsTerms Terms { get; init; }
    public required ServerSight Servers { get; init; }

    /// <summary>As <see cref="OperationSettings.ApprovalFromGroups"/>.</summary>
    public required int ApprovalFrom { get; init; }
}

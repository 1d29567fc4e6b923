using GwbCloud.Functions.Operations.Changes;

namespace GwbCloud.Functions.Operations.Writeback;

/// <summary>Whether Microsoft 365 groups that are there are written back.</summary>
public sealed record ExistingGroupsTerms : OperationTerms
{
    const int MostGroups = 1_000;

    public required WritebackWish Writeback { get; init; }

    /// <summary>objectIds, 1 to 1,000; null is all Microsoft 365 groups of the tenant.</summary>
    public IReadOnlyList<Guid>? Groups { get; init; }

    public override (string Field, string Why)? Objection() => Groups switch
    {
        null => null,
        { Count: 0 or > MostGroups } => ("groups", "1 to 1,000 objectIds; leave it out for all groups"),
        _ when Groups.Distinct().Count() != Groups.Count => ("groups", "a group twice"),
        _ => null,
    };
}

/// <summary>Writeback of existing Microsoft 365 groups off, or on again: all of them, or selected ones. Source: modify default behaviour.</summary>
public sealed class ExistingGroupsOperation : ValueOperation<ExistingGroupsTerms>
{
    public const string Name = "existingGroups";

    public override string Kind => Name;

    protected override ValueKind Values => ValueKind.GroupWriteback;

    internal override async Task<OperationDraft> PlanAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var servers = await work.InspectAsync();
        return await work.CallAsync<OperationDraft>(
            nameof(WritebackActivities.PlanExistingGroups),
            new ExistingGroupsQuestion { Terms = work.Terms<ExistingGroupsTerms>(), Servers = servers, ApprovalFrom = work.Request.Settings.ApprovalFromGroups });
    }
}

using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Orchestration;

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

    internal override async Task<OperationResult> RunAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Terms<ExistingGroupsTerms>().Writeback == WritebackWish.Off) { await DemandKnownDangersAsync(work); }
        return await base.RunAsync(work);
    }

    internal override async Task<OperationResult> UndoAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        // The way back of a switch-on is a switch-off, of which nobody has approved that it deletes.
        if (work.Terms<ExistingGroupsTerms>().Writeback == WritebackWish.On) { await DemandKnownDangersAsync(work); }
        return await base.UndoAsync(work);
    }

    /// <summary>A switch-off deletes where the delete-on-disable rule is in force: what came up since the plan was read by nobody.</summary>
    /// <exception cref="StageStoppedException">GWB2907.</exception>
    static async Task DemandKnownDangersAsync(OperationWork work)
    {
        var known = work.Plan.Draft.Dangers;
        if (ExistingGroupsPlanner.DangersOfOff(await work.InspectAsync()).FirstOrDefault(danger => !known.Contains(danger)) is { } fresh)
        {
            throw new StageStoppedException(OperationError.DangerSincePlan.Notice(fresh));
        }
    }
}

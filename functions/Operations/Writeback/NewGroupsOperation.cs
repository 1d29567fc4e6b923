using GwbCloud.Functions.Operations.Changes;

namespace GwbCloud.Functions.Operations.Writeback;

/// <summary>On or off.</summary>
public enum WritebackWish
{
    Off,
    On,
}

/// <summary>Whether Microsoft 365 groups that are made from now on are written back.</summary>
public sealed record NewGroupsTerms : OperationTerms
{
    public required WritebackWish Writeback { get; init; }
}

/// <summary>Writeback of new Microsoft 365 groups off, or on again. Source: modify default behaviour.</summary>
public sealed class NewGroupsOperation : ValueOperation<NewGroupsTerms>
{
    public const string Name = "newGroups";

    public override string Kind => Name;

    protected override ValueKind Values => ValueKind.NewGroupsDefault;

    internal override async Task<OperationDraft> PlanAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var servers = await work.InspectAsync();
        return await work.CallAsync<OperationDraft>(
            nameof(WritebackActivities.PlanNewGroups), new NewGroupsQuestion { Terms = work.Terms<NewGroupsTerms>(), Servers = servers });
    }
}

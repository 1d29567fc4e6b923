using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.Restore;

/// <summary>
/// Brings deleted groups back from the Recycle Bin in the order that joins them again: the object first, its group in Entra afterwards. There is no
/// undo. Source: modify default behaviour, restore from the Recycle Bin.
/// </summary>
public sealed class RestoreOperation : Operation
{
    public const string Name = "restore";

    public override string Kind => Name;

    public override Type Terms => typeof(RestoreTerms);

    internal override async Task<OperationDraft> PlanAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var (sight, lead) = await RestoreLook.InspectAsync(work);
        return await work.CallAsync<OperationDraft>(nameof(RestoreActivities.PlanRestore), await RestoreLook.ReadAsync(work, lead, sight));
    }

    internal override Task<OperationResult> RunAsync(OperationWork work) => new RestoreRun(work).RunAsync();

    internal override Task<OperationResult> UndoAsync(OperationWork work) => throw new NotSupportedException("What is restored is not deleted again.");
}

/// <summary>What servers and directory say of deleted groups.</summary>
static class RestoreLook
{
    /// <returns>What the servers say, and the one whose listener reads and restores.</returns>
    /// <exception cref="StageStoppedException">GWB2970: nobody can say what is written back, so that no order is safe.</exception>
    public static async Task<(ServerSight Servers, string Lead)> InspectAsync(OperationWork work)
    {
        var sight = await ServerSights.InspectAsync(work);
        var lead = (await work.ServersAsync()).FirstOrDefault(server => !sight.Silent.Contains(server));
        if (lead is null || sight.Version2 is null || (sight.Version2 == false && sight.Version1 is null))
        {
            throw new StageStoppedException(OperationError.RestoreUnsafe.Notice(lead is null ? "No Connect server answers." : "Which versions of group writeback are on could not be read."));
        }

        return (sight, lead);
    }

    /// <summary>What the directory shows now.</summary>
    public static async Task<RestoreQuestion> ReadAsync(OperationWork work, string lead, ServerSight sight) => new()
    {
        OperationId = work.Request.OperationId,
        Terms = work.Terms<RestoreTerms>(),
        Servers = sight,
        // The dead before the living: who comes back in between is seen twice, and never missed.
        Deleted = await work.AskAsync(lead, new FindDeletedGroups()),
        Inventory = (await work.AskAsync(lead, new InventoryWritebackOu())).Groups,
        ReadAt = work.Context.CurrentUtcDateTime,
    };
}

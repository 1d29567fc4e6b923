using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Whether Cloud Sync's agents may still write the groups that they are about to take over.</summary>
/// <remarks>
/// A group in which nothing changes when it is matched shows nothing in cycle, log or directory; it only stops following Entra. So the rights
/// are read again here: the assessment is days old by then.
/// </remarks>
static class AgentRights
{
    /// <summary>Names of planned groups that the agents may not write, but for those of which AdminSDHolder takes it and people accepted it.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(StageRun run)
    {
        var inventory = await run.OnLeadAsync(new InventoryWritebackOu());
        return (await run.CallAsync<StringList>("FindUnwritable", new UnwritableInput { Inventory = inventory.Groups, Planned = run.Groups })).Strings;
    }
}

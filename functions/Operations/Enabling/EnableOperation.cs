using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Operations.Enabling;

/// <summary>The two versions of group writeback.</summary>
public enum WritebackVersion
{
    /// <summary>Microsoft 365 groups, as distribution groups. The wizard switches it on.</summary>
    Version1,

    /// <summary>Security groups too. Nobody can switch it on any more.</summary>
    Version2,
}

/// <summary>What Connect's account is granted on the way.</summary>
public enum WritebackGrant
{
    /// <summary>Nothing: it has what it needs, or an administrator sees to it.</summary>
    Nothing,

    /// <summary>On the writeback OU of the listener's configuration.</summary>
    WritebackOu,

    /// <summary>On every domain of the forest.</summary>
    AllDomains,
}

/// <summary>Group writeback switched on.</summary>
public sealed record EnableTerms : OperationTerms
{
    public required WritebackVersion Version { get; init; }
    public WritebackGrant Permissions { get; init; }
}

/// <summary>Group writeback on, version 1 for Microsoft 365 groups; version 2 is refused, with the evidence. Source: enable group writeback.</summary>
public sealed class EnableOperation : Operation
{
    public const string Name = "enable";

    public override string Kind => Name;

    public override Type Terms => typeof(EnableTerms);

    internal override async Task<OperationDraft> PlanAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var terms = work.Terms<EnableTerms>();
        var servers = await ConnectSights.AskAsync(work);
        EnablePlanner.DemandPossible(terms, servers);
        var acting = servers.Acting()!;
        var forest = await work.AskAsync(acting.Server, new InspectForest());
        EnablePlanner.DemandPlace(acting, forest);
        var inventory = await work.AskAsync(acting.Server, new InventoryWritebackOu());
        return await work.CallAsync<OperationDraft>(nameof(EnableActivities.PlanEnable), new EnableQuestion
        {
            Terms = terms,
            Servers = servers,
            WritebackOu = forest.WritebackOu,
            Inventory = inventory.Groups,
            ApprovalFrom = work.Request.Settings.ApprovalFromGroups,
        });
    }

    internal override Task<OperationResult> RunAsync(OperationWork work) => new EnableRun(work).RunAsync();

    internal override Task<OperationResult> UndoAsync(OperationWork work) => new EnableRun(work).UndoAsync();
}

/// <summary>Every Connect server that has a listener, as it answers now.</summary>
public sealed record ConnectSights
{
    public required IReadOnlyList<ServerFacts> Servers { get; init; }

    /// <summary>Servers that gave no answer.</summary>
    public IReadOnlyList<string> Silent { get; init; } = [];

    /// <summary>The one that exports; null when none does, or several.</summary>
    internal ServerFacts? Acting() => Servers.Where(server => !server.Staging).ToList() is [var only] ? only : null;

    /// <summary>Asks all side by side.</summary>
    internal static async Task<ConnectSights> AskAsync(OperationWork work)
    {
        var names = await work.ServersAsync();
        var answers = await Task.WhenAll(names.Select(FindAsync));
        return new() { Servers = [.. answers.OfType<ServerFacts>()], Silent = [.. names.Zip(answers).Where(pair => pair.Second is null).Select(pair => pair.First)] };

        async Task<ServerFacts?> FindAsync(string name)
        {
            try
            {
                return await work.AskAsync(name, new InspectServer(), briefly: true);
            }
            catch (Exception silent) when (silent is StageStoppedException or TaskFailedException)
            {
                return null;
            }
        }
    }
}

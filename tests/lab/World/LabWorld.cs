using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Lab.World;

/// <summary>A small world that runs, with the hands of somebody who follows no gate.</summary>
sealed class LabWorld : IAsyncDisposable
{
    readonly IDisposable _hold;

    LabWorld(SimulatedWorld world)
    {
        World = world;
        _hold = world.Clock.Busy("test");
        Written = world.Store.Read(() => world.Forest.GroupsUnder(WorldSeeder.WritebackOu).Where(o => o.MadeBy == "connect").ToDictionary(o => o.ObjectGuid));
    }

    public static WorldOptions Small { get; } = new() { Groups = 40, M365 = 12, ConnectVersion = "2.5.190.0" };

    public SimulatedWorld World { get; }

    /// <summary>What Connect had written when the world began.</summary>
    public IReadOnlyDictionary<Guid, AdObject> Written { get; }

    public int SecurityGroups => Written.Values.Count(o => o.Mail is null);

    /// <summary>Security groups of the beginning that are gone from Active Directory.</summary>
    public int Deleted => World.Store.Read(() => Written.Values.Count(o => o.Mail is null && World.Forest.Find(o.ObjectGuid) is null));

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<LabWorld> StartAsync(WorldOptions? options = null)
    {
        var world = await SimulatedWorld.OpenAsync(null, VirtualClock.InMemory(), options ?? Small);
        var lab = new LabWorld(world);
        await world.Connect.StartAsync();
        return lab;
    }

    public SimulatedAdSync Server(int server = 0) => new(World, ConnectServers.NameOf(server));

    public static SyncRule Inbound { get; } = new()
    {
        Identifier = new Guid("e4eae1c9-b9bc-4328-ade9-df871cdd3027"),
        Name = "In from AAD - Group SOAinAAD coexistence with Cloud Sync",
        Direction = RuleDirection.Inbound,
        Link = RuleLink.Join,
        Connector = StandardRules.EntraConnector,
        Precedence = 88,
        SourceObjectType = "group",
        TargetObjectType = "group",
        Scope = [new ScopeCondition { Attribute = "cloudMastered", Operator = "EQUAL", Value = "true" }, new ScopeCondition { Attribute = "mail", Operator = "ISNULL", Value = "" }],
        Flows = [new RuleFlow { Destination = "cloudNoFlow", FlowType = "Constant", Source = "true" }],
    };

    public SyncRule Outbound => OutboundOf(World);

    public static SyncRule OutboundOf(SimulatedWorld world) => new()
    {
        Identifier = new Guid("419fda18-75bb-4e23-b947-8b06e7246551"),
        Name = "Out to AD - Group SOAinAAD coexistence with Cloud Sync",
        Direction = RuleDirection.Outbound,
        Link = RuleLink.JoinNoFlow,
        Connector = world.Connect.AdConnectorId,
        Precedence = 89,
        SourceObjectType = "group",
        TargetObjectType = "group",
        Scope = [new ScopeCondition { Attribute = "cloudNoFlow", Operator = "EQUAL", Value = "true" }],
        Flows = [],
    };

    public async Task AddRulesAsync(int server = 0, bool inbound = true, bool outbound = true)
    {
        if (inbound) { await Server(server).AddRuleAsync(Inbound, Stop); }
        if (outbound) { await Server(server).AddRuleAsync(Outbound, Stop); }
    }

    /// <summary>Both rules and the Initial that makes them count.</summary>
    public async Task HoldByRulesAsync()
    {
        await AddRulesAsync();
        await CycleAsync(CyclePolicy.Initial);
    }

    public Task PassAsync(TimeSpan time) => World.Clock.SleepAsync(time, Stop);

    /// <summary>Runs a cycle to its end and returns its runs.</summary>
    public async Task<IReadOnlyList<RunResult>> CycleAsync(CyclePolicy policy, int server = 0)
    {
        var sync = Server(server);
        await IdleAsync(server);
        int before = World.Store.Read(() => World.Servers[ConnectServers.NameOf(server)].LastRunNumber);
        await sync.StartCycleAsync(policy, Stop);
        await IdleAsync(server);
        return await sync.GetRunsAsync(before, Stop);
    }

    public async Task IdleAsync(int server = 0)
    {
        while ((await Server(server).GetSchedulerAsync(Stop)).SyncCycleInProgress) { await PassAsync(TimeSpan.FromMinutes(1)); }
    }

    public Task SetStagingAsync(int server, bool on) => new ConnectWizard(World).SetStagingAsync(ConnectServers.NameOf(server), on, Stop);

    public Task DisableAsync(int server = 0) => Server(server).DisableGroupWritebackV2Async(null, Stop);

    public Task<List<PendingExport>> PendingAsync(int server = 0) => Server(server).GetPendingExportsAsync(Stop).ToListAsync(Stop).AsTask();

    public async Task EditAsync(string name, Func<CloudGroup, CloudGroup> edit) => await World.Store.ChangeAsync(c =>
    {
        var group = World.Groups.Values.Single(g => g.DisplayName == name);
        World.Groups.Put(c, group.Id, edit(group));
    });

    public CloudGroup Group(Func<CloudGroup, bool> which) => World.Store.Read(() => World.Groups.Values.First(g => g.WritebackEnabled == true && !g.Unified && !g.OnPremisesSynced && which(g)));

    public AdObject? ObjectOf(CloudGroup group) => World.Store.Read(() => World.Forest.FindByAdminDescription(group.Anchor).SingleOrDefault());

    public async Task ChangeForestAsync(Action<WorldChange, SimulatedForest> change) => await World.Store.ChangeAsync(c => change(c, World.Forest));

    public async ValueTask DisposeAsync()
    {
        Assert.False(World.Connect.Faulted.IsFaulted, World.Connect.Faulted.Exception?.ToString());
        await World.DisposeAsync();
        World.Clock.Dispose();
        _hold.Dispose();
    }
}

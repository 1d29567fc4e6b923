using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.World;

/// <summary>A simulated company: its tenant, forest and Connect servers, on one store and one clock.</summary>
public sealed class SimulatedWorld : IAsyncDisposable
{
    const string Only = "only";

    readonly Table<TenantState> _tenant;
    readonly Table<ForestState> _forest;
    readonly Table<EffectCount> _effects;
    readonly Table<WorldOptions> _options;
    readonly HashSet<Sabotage> _sabotage;

    SimulatedWorld(WorldStore store, LabClock clock, WorldOptions options, IForestDirectory? directory)
    {
        (Store, Clock, Options, Random, Directory) = (store, clock, options, new WorldRandom(options.Seed), directory);
        _sabotage = [.. options.Sabotage];
        _options = store.Table<WorldOptions>("options");
        _tenant = store.Table<TenantState>("tenant");
        _forest = store.Table<ForestState>("forest");
        _effects = store.Table<EffectCount>("effects");
        Groups = store.Table<CloudGroup>("groups");
        Principals = store.Table<CloudPrincipal>("principals");
        Objects = store.Table<AdObject>("objects");
        Servers = store.Table<ConnectServer>("servers");
        Rules = store.Table<ServerRules>("rules");
        Runs = store.Table<RunRecord>("runs");
        ConnectorObjects = store.Table<ConnectorObject>("connectorObjects");
        Switchings = store.Table<SwitchRecord>("switchings");
        Outage = store.Table<OutageState>("outage");
        Apps = store.Table<AppState>("apps");
        Jobs = store.Table<JobState>("jobs");
        Assignments = store.Table<AssignmentState>("assignments");
        ConnectTraces = store.Table<ConnectTrace>("connectTraces");
        ProvisioningLog = store.Table<ProvisioningEvent>("provisioning");
        Forest = new SimulatedForest(this);
        Connect = new ConnectServers(this);
        Deeds = new DeedBook(this);
    }

    public WorldStore Store { get; }
    public LabClock Clock { get; }
    public WorldRandom Random { get; }
    public WorldOptions Options { get; }
    public WorldSwitches Switches => Options.Switches;

    /// <summary>Where the forest's objects really are; null when that is here alone.</summary>
    public IForestDirectory? Directory { get; }

    /// <summary>Active Directory.</summary>
    public SimulatedForest Forest { get; }

    /// <summary>The Connect servers; nothing runs on them before <see cref="ConnectServers.Start"/>.</summary>
    public ConnectServers Connect { get; }

    /// <summary>What administrators do whom nobody asked, and who is away; nothing is done before <see cref="DeedBook.StartAsync"/>.</summary>
    public DeedBook Deeds { get; }

    /// <summary>By id. Synced groups are here and in <see cref="Principals"/>.</summary>
    public Table<CloudGroup> Groups { get; }

    /// <summary>By id.</summary>
    public Table<CloudPrincipal> Principals { get; }

    /// <summary>By objectGUID, deleted ones too. Change them through <see cref="Forest"/>.</summary>
    public Table<AdObject> Objects { get; }

    /// <summary>By name.</summary>
    public Table<ConnectServer> Servers { get; }

    /// <summary>By name of the server.</summary>
    public Table<ServerRules> Rules { get; }

    /// <summary>By server and run number; <see cref="ConnectServers.RunKey"/>.</summary>
    public Table<RunRecord> Runs { get; }

    /// <summary>By server and cloud id; <see cref="ConnectServers.ObjectKey"/>.</summary>
    public Table<ConnectorObject> ConnectorObjects { get; }

    /// <summary>By running number, five digits.</summary>
    public Table<SwitchRecord> Switchings { get; }
    public Table<OutageState> Outage { get; }

    /// <summary>What Connect servers, also forgotten ones, left in Entra; by the server's name.</summary>
    public Table<ConnectTrace> ConnectTraces { get; }

    /// <summary>By the service principal's id.</summary>
    public Table<AppState> Apps { get; }

    /// <summary>By id.</summary>
    public Table<JobState> Jobs { get; }

    /// <summary>By id.</summary>
    public Table<AssignmentState> Assignments { get; }

    /// <summary>By id; ids rise with time.</summary>
    public Table<ProvisioningEvent> ProvisioningLog { get; }

    /// <summary>Within a read or change.</summary>
    public TenantState Tenant => _tenant[Only];

    /// <summary>Within a read or change.</summary>
    public ForestState ForestFacts => _forest[Only];

    /// <summary>Opens the world of a journal, or makes a new one. Call <see cref="ConnectServers.Start"/> to set it going.</summary>
    /// <param name="path">The journal; null for a world in memory. A world that was killed while it was being made is made again.</param>
    /// <param name="clock">The clock, already at the journal's last moment.</param>
    /// <param name="options">For a new world; one that is there keeps its own.</param>
    /// <param name="directory">Where the forest's objects really are; null when that is here alone.</param>
    public static async ValueTask<SimulatedWorld> OpenAsync(string? path, LabClock clock, WorldOptions options, IForestDirectory? directory = null)
    {
        var store = WorldStore.Open(path);
        if (store.Reopened)
        {
            var known = store.Read(() => store.Table<WorldOptions>("options").Find(Only));
            if (known is not null) { return new SimulatedWorld(store, clock, known, directory); }
            await store.DisposeAsync();
            File.Delete(path!);
            store = WorldStore.Open(path);
        }
        var world = new SimulatedWorld(store, clock, options, directory);
        await new WorldSeeder(world).SeedAsync();
        // Last: a world without options is not finished.
        await store.ChangeAsync(c => world._options.Put(c, Only, options));
        return world;
    }

    /// <summary>Within a read or change: the story has not begun, and what is made now stood there before it.</summary>
    internal bool IsBeingMade => _options.Find(Only) is null;

    /// <summary>Whether something goes wrong silently here.</summary>
    public bool Suffers(Sabotage sabotage) => _sabotage.Contains(sabotage);

    public void PutTenant(WorldChange change, TenantState tenant) => _tenant.Put(change, Only, tenant);

    public void PutForest(WorldChange change, ForestState forest) => _forest.Put(change, Only, forest);

    /// <summary>Counts an effect, for the world's own account.</summary>
    /// <returns>How often it happened, with this time.</returns>
    public int Count(WorldChange change, string effect, int times = 1)
    {
        int count = CountOf(effect) + times;
        _effects.Put(change, effect, new EffectCount { Count = count });
        return count;
    }

    /// <summary>How often an effect happened; within a read or change.</summary>
    public int CountOf(string effect) => _effects.Find(effect)?.Count ?? 0;

    /// <summary>Stops what runs and closes the journal after everything acknowledged is in it.</summary>
    public async ValueTask DisposeAsync()
    {
        Deeds.Dispose();
        Connect.Dispose();
        await Store.DisposeAsync();
    }

    sealed record EffectCount
    {
        public required int Count { get; init; }
    }
}

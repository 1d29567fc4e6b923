using GwbCloud.Contracts.Envelopes;
using GwbCloud.Journal;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.DomainController;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Switch;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Lab.Hosting;

/// <summary>What a world is started with.</summary>
public sealed record WorldHostOptions
{
    /// <summary>Folder of keys and of the listeners' journals; there already.</summary>
    public required string Folder { get; init; }

    /// <summary>The clock of everything in the world.</summary>
    public required LabClock Clock { get; init; }

    /// <summary>For a new world.</summary>
    public required WorldOptions World { get; init; }

    /// <summary>The domain that the world's forest is in; null for a simulated one.</summary>
    public LabDomain? Domain { get; init; }

    /// <summary>Hears how many objects the domain holds, and of how many.</summary>
    public IProgress<(int Done, int Total)>? Filled { get; init; }

    /// <summary>The world's journal; null keeps it in memory.</summary>
    public string? Journal { get; init; }

    /// <summary>Port of Graph and the sign-in service on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Further addresses beside Graph.</summary>
    public Action<WebApplication>? Endpoints { get; init; }
    public required ILoggerFactory Logging { get; init; }
}

/// <summary>A world that can be reached: Graph and the sign-in service, and a listener for each Connect server, all on 127.0.0.1.</summary>
public sealed class WorldHost : IAsyncDisposable
{
    /// <summary>Name of the key that every listener has pinned.</summary>
    public const string CommandKey = "gwbcloud";

    readonly WorldHostOptions _options;
    readonly LabKeys _keys;
    readonly Dictionary<string, ListenerHost> _listeners = [];
    readonly Dictionary<string, PinnedKey> _pinned = [];
    readonly List<IDisposable> _directories = [];
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    GraphServer? _graph;
    CloudSyncEngine? _cloudSync;

    WorldHost(WorldHostOptions options) => (_options, _keys) = (options, LabKeys.In(options.Folder));

    public SimulatedWorld World { get; private set; } = null!;
    public LabIssuer Issuer { get; private set; } = null!;

    /// <summary>Graph and the sign-in service.</summary>
    public GraphServer Graph => _graph!;

    /// <summary>What the operator's own session at a Connect server offers.</summary>
    public InteractiveSwitch SwitchOn(string server) => _listeners[server].InteractiveSwitch;

    /// <summary>Makes or reopens the world and starts what listens. The caller has a hold of the clock; cycles run from <see cref="ConnectServers.StartAsync"/> on.</summary>
    public static async Task<WorldHost> StartAsync(WorldHostOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var host = new WorldHost(options);
        try
        {
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>How to reach this world now.</summary>
    public WorldCard Card() => new()
    {
        Address = Graph.BaseAddress,
        Tenant = Issuer.TenantId,
        Domain = Issuer.Domain,
        KeyFolder = _options.Folder,
        CommandKey = CommandKey,
        Listeners =
        [
            .. _listeners.Select(l => new ListenerCard
            {
                Server = l.Key,
                Address = l.Value.Address,
                KeyId = _pinned[l.Key].Kid,
                PublicKey = _pinned[l.Key].PublicKey,
            }),
        ],
        Canaries = World.Store.Read(() => new CanaryCard
        {
            New = Canary(WorldSeeder.CanaryNew),
            Match = Canary(WorldSeeder.CanaryMatch),
            Unassigned = Canary(WorldSeeder.CanaryUnassigned),
        }),
        Moment = _options.Clock.GetUtcNow(),
        Size = WorldSize.Of(World),
        ProcessId = Environment.ProcessId,
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners.Values) { await listener.DisposeAsync(); }
        foreach (var directory in _directories) { directory.Dispose(); }
        if (_graph is not null) { await _graph.DisposeAsync(); }
        _cloudSync?.Dispose();
        if (World is not null) { await World.DisposeAsync(); }
        Issuer?.Dispose();
        _keys.Dispose();
        _http.Dispose();
    }

    async Task StartAsync(CancellationToken cancellationToken)
    {
        World = _options.Domain is { } domain
            ? await domain.OpenWorldAsync(_options.Clock, _options.World, _options.Filled, cancellationToken)
            : await SimulatedWorld.OpenAsync(_options.Journal, _options.Clock, _options.World);
        var tenant = World.Store.Read(() => World.Tenant);
        Issuer = new LabIssuer(tenant.TenantId, _options.Clock, tenant.Domain, _options.Folder);
        _cloudSync = new CloudSyncEngine(World);
        _graph = await GraphServer.StartAsync(World, Issuer, _cloudSync, _options.Port, _options.Endpoints, cancellationToken);
        var trusted = PinnedKey.Of(CommandKey, _keys.Open(CommandKey));
        var servers = World.Store.Read(() => World.Servers.Values.Where(s => !s.Forgotten).Select(s => s.Name).ToList());
        foreach (string server in servers) { _pinned[server] = PinnedKey.Of(KeyOf(server), _keys.Open(KeyOf(server)), server); }
        foreach (string server in servers) { await StartListenerAsync(server, trusted, tenant.TenantId, cancellationToken); }
    }

    async Task StartListenerAsync(string server, PinnedKey trusted, Guid tenant, CancellationToken cancellationToken)
    {
        _listeners[server] = await ListenerHost.StartAsync(
            new ListenerOptions
            {
                Server = server,
                Tenant = tenant.ToString("D"),
                DataDirectory = Path.Combine(_options.Folder, "listeners", server),
                CommandKeys = [trusted],
                Signer = new EnvelopeSigner(_keys.Open(KeyOf(server)), KeyOf(server)),
                OtherServers = [.. _pinned.Where(p => p.Key != server).Select(p => p.Value)],
                Approvals = new ApprovalTrust
                {
                    Issuer = Issuer.Issuer,
                    Audience = Issuer.ClientId.ToString("D"),
                    Required = 2,
                    FetchKeys = async stop => await _http.GetByteArrayAsync(Issuer.KeysAddress(Graph.BaseAddress), stop),
                },
                MayRetireRules = true,
                MayAddDeleteRule = true,
                Durability = JournalDurability.Process,
                MayGrantPermissions = true,
                Time = _options.Clock,
                Busy = _options.Clock.Busy,
                Logging = _options.Logging,
            },
            OpenDirectory(),
            new SimulatedAdSync(World, server),
            cancellationToken);
    }

    IDirectory OpenDirectory()
    {
        if (_options.Domain is not { } domain) { return new SimulatedDirectory(World); }
        var product = domain.OpenProductDirectory();
        _directories.Add(product);
        return new DirectoryOnTheWire(product, World, domain.Forest);
    }

    Guid Canary(string name) => World.Groups.Values.Single(g => g.DisplayName == name).Id;

    static string KeyOf(string server) => $"listener-{server.ToLowerInvariant()}";
}

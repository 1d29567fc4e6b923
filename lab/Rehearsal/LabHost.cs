using System.Globalization;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Embedded.Hosting;
using GwbCloud.Functions;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Journal;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Switch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>Everything of one rehearsal in this process: a world on its clock, its sign-in service and Graph, a listener for each Connect server, and the product.</summary>
/// <remarks>All of it on 127.0.0.1. With a data folder, a second start goes on where the first one ended or was killed.</remarks>
public sealed class LabHost : IAsyncDisposable
{
    /// <summary>Wizards and cycles take a fiftieth of their time when a person waits for them.</summary>
    const double InteractiveTimeScale = 0.02;

    const string CommandKey = "gwbcloud";

    /// <summary>A migration takes some days; what is not over after these is not going to end.</summary>
    static readonly TimeSpan LongestRun = TimeSpan.FromDays(40);

    readonly RehearsalOptions _options;
    readonly LabKeys _keys;
    readonly IDisposable _starting;
    readonly Dictionary<string, ListenerHost> _listeners = [];
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    readonly ILoggerFactory _logging;
    readonly bool _temporary;
    EmbeddedHost? _product;
    GraphServer? _graph;
    CloudSyncEngine? _cloudSync;
    bool _begun;

    LabHost(RehearsalOptions options, string folder, LabClock clock, ILoggerFactory logging)
    {
        (_options, Folder, Clock, _logging) = (options, folder, clock, logging);
        _temporary = options.Data is null;
        _keys = new LabKeys(Path.Combine(folder, "keys"));
        _starting = clock.Busy("start");
    }

    /// <summary>The data folder.</summary>
    public string Folder { get; }
    public Story Story => _options.Story;
    public LabClock Clock { get; }
    public SimulatedWorld World { get; private set; } = null!;
    public LabIssuer Issuer { get; private set; } = null!;
    public OutsideChanges Outside { get; private set; } = null!;

    /// <summary>Where the product's API answers.</summary>
    public Uri Address => _product!.Address;

    /// <summary>Where Graph and the sign-in service answer.</summary>
    public Uri GraphAddress => new(_graph!.BaseAddress);

    /// <summary>What the operator's own session at a Connect server offers.</summary>
    public InteractiveSwitch SwitchOn(string server) => _listeners[server].InteractiveSwitch;

    /// <summary>Starts everything; time stands still until <see cref="Begin"/>.</summary>
    public static async Task<LabHost> StartAsync(RehearsalOptions options, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        string folder = options.Data ?? Directory.CreateTempSubdirectory("gwb-rehearsal-").FullName;
        StoryFile.Write(folder, options.Story);
        LabClock clock = options.Story.Interactive ? new WallClock()
            : options.Data is null ? VirtualClock.InMemory()
            : VirtualClock.Open(folder);
        if (clock is VirtualClock time) { time.Limit = VirtualClock.Start + LongestRun; }
        var host = new LabHost(options, folder, clock, logging);
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

    /// <summary>Lets time pass. Whoever acts from the first moment on has opened a hold by now.</summary>
    public void Begin()
    {
        _begun = true;
        _starting.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_product is not null) { await _product.DisposeAsync(); }
        foreach (var listener in _listeners.Values) { await listener.DisposeAsync(); }
        if (_graph is not null) { await _graph.DisposeAsync(); }
        Outside?.Dispose();
        _cloudSync?.Dispose();
        if (World is not null) { await World.DisposeAsync(); }
        if (!_begun) { _starting.Dispose(); }
        Issuer?.Dispose();
        Clock.Dispose();
        _keys.Dispose();
        _http.Dispose();
        if (_temporary) { Directory.Delete(Folder, recursive: true); }
    }

    async Task StartAsync(CancellationToken cancellationToken)
    {
        string? journal = _temporary ? null : Path.Combine(Folder, "world.journal");
        var world = Story.World with { TimeScale = Story.Interactive ? InteractiveTimeScale : Story.World.TimeScale };
        World = await SimulatedWorld.OpenAsync(journal, Clock, world);
        var tenant = World.Store.Read(() => World.Tenant);
        Issuer = new LabIssuer(tenant.TenantId, Clock, tenant.Domain, Folder);
        _cloudSync = new CloudSyncEngine(World);
        _graph = await GraphServer.StartAsync(World, Issuer, _cloudSync, cancellationToken: cancellationToken);
        await StartListenersAsync(tenant.TenantId, cancellationToken);
        _product = await EmbeddedHost.StartAsync(typeof(MigrationView).Assembly, Configure, cancellationToken);
        // On the wall's clock nobody waits until the other changes have arrived everywhere.
        Outside = await OutsideChanges.StartAsync(World, Story.Interactive ? new OutsideOptions { PerDay = 0 } : null);
        await World.Connect.StartAsync();
    }

    async Task StartListenersAsync(Guid tenant, CancellationToken cancellationToken)
    {
        var servers = World.Store.Read(() => World.Servers.Keys.ToList());
        var trusted = PinnedKey.Of(CommandKey, _keys.Open(CommandKey));
        var pinned = servers.ToDictionary(s => s, s => PinnedKey.Of(KeyOf(s), _keys.Open(KeyOf(s)), s));
        foreach (string server in servers)
        {
            _listeners[server] = await ListenerHost.StartAsync(
                new ListenerOptions
                {
                    Server = server,
                    Tenant = tenant.ToString("D"),
                    DataDirectory = Path.Combine(Folder, "listeners", server),
                    CommandKeys = [trusted],
                    Signer = new EnvelopeSigner(_keys.Open(KeyOf(server)), KeyOf(server)),
                    OtherServers = [.. pinned.Where(p => p.Key != server).Select(p => p.Value)],
                    Approvals = new ApprovalTrust
                    {
                        Issuer = Issuer.Issuer,
                        Audience = Issuer.ClientId.ToString("D"),
                        Required = 2,
                        FetchKeys = async stop => await _http.GetByteArrayAsync(KeysAddress, stop),
                    },
                    Durability = JournalDurability.Process,
                    Time = Clock,
                    Busy = Clock.Busy,
                    Logging = _logging,
                },
                new SimulatedDirectory(World),
                new SimulatedAdSync(World, server),
                cancellationToken);
        }
    }

    void Configure(EmbeddedHostOptions options)
    {
        options.DataDirectory = Path.Combine(Folder, "product");
        options.Port = _options.Port;
        options.TimeProvider = Clock;
        options.Busy = Clock.Busy;
        options.Durability = JournalDurability.Process;
        options.Builder = builder =>
        {
            builder.Configuration.AddInMemoryCollection(Settings());
            builder.Services.AddSingleton(_logging);
            builder.Services.AddGwbCloud(builder.Configuration);
            builder.Services.AddSingleton<IDelay>(new LabDelay(Clock));
            builder.Services.AddSingleton<IGraphTokens>(new LabGraphTokens(Issuer, Clock));
        };
    }

    Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Graph:BaseUrl"] = _graph!.BaseAddress,
            ["Identity:Tenant"] = Issuer.TenantId.ToString("D"),
            ["Identity:Issuer"] = Issuer.Issuer,
            ["Identity:ClientId"] = Issuer.ClientId.ToString("D"),
            ["Identity:ApiAudience"] = Issuer.ApiAudience,
            ["Identity:KeysAddress"] = KeysAddress.AbsoluteUri,
            ["Authentication:Mode"] = "Bearer",
            ["OnPremises:SigningKeyFile"] = _keys.PathOf(CommandKey),
            ["OnPremises:SigningKeyId"] = CommandKey,
            ["Documents:Folder"] = Path.Combine(Folder, "product", "documents"),
            ["Documents:FlushToDisk"] = "false",
            ["Assessment:EnforceLimits"] = Story.EnforceLimits.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (index, (server, listener)) in _listeners.Index())
        {
            string section = string.Create(CultureInfo.InvariantCulture, $"OnPremises:Listeners:{index}:");
            settings[section + "Server"] = server;
            settings[section + "Address"] = listener.Address.AbsoluteUri;
            settings[section + "ResultKeyId"] = KeyOf(server);
            settings[section + "ResultKey"] = PinnedKey.Of(KeyOf(server), _keys.Open(KeyOf(server))).PublicKey;
        }

        return settings;
    }

    Uri KeysAddress => new($"{_graph!.BaseAddress}/{Issuer.TenantId:D}/discovery/v2.0/keys");

    static string KeyOf(string server) => $"listener-{server.ToLowerInvariant()}";
}

using GwbCloud.Embedded.Hosting;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.DomainController;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.Switch;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>Everything of one rehearsal in this process: a world on its clock, its sign-in service and Graph, a listener for each Connect server, and the product.</summary>
/// <remarks>All of it on 127.0.0.1. With a data folder, a second start goes on where the first one ended or was killed.</remarks>
public sealed class LabHost : IAsyncDisposable
{
    /// <summary>Wizards and cycles take a fiftieth of their time when a person waits for them.</summary>
    const double InteractiveTimeScale = 0.02;

    /// <summary>A migration takes some days; what is not over after these is not going to end.</summary>
    static readonly TimeSpan LongestRun = TimeSpan.FromDays(40);

    /// <summary>How long one command may take on a real directory, in real time.</summary>
    static readonly TimeSpan RealPatience = TimeSpan.FromMinutes(30);

    readonly RehearsalOptions _options;
    readonly IDisposable _starting;
    readonly ILoggerFactory _logging;
    readonly bool _temporary;
    LabDomain? _domain;
    WorldHost? _world;
    EmbeddedHost? _product;
    bool _begun;

    LabHost(RehearsalOptions options, string folder, LabClock clock, ILoggerFactory logging)
    {
        (_options, Folder, Clock, _logging) = (options, folder, clock, logging);
        _temporary = options.Data is null;
        _starting = clock.Busy("start");
    }

    /// <summary>The data folder.</summary>
    public string Folder { get; }
    public Story Story => _options.Story;

    /// <summary>Whether a person acts by himself here.</summary>
    public bool Simulates(LabPerson person) => !_options.Real.Contains(person);
    public LabClock Clock { get; }
    public SimulatedWorld World => _world!.World;

    /// <summary>The real domain of the world's forest; null when it is simulated.</summary>
    public LabDomain? Domain => _domain;
    public LabIssuer Issuer => _world!.Issuer;
    public OutsideChanges Outside { get; private set; } = null!;

    /// <summary>The chat system: every message that the product sent to people.</summary>
    public WebhookReceiver Messages { get; private set; } = null!;

    /// <summary>Where the product's API answers.</summary>
    public Uri Address => _product!.Address;

    /// <summary>Where Graph and the sign-in service answer.</summary>
    public Uri GraphAddress => new(_world!.Graph.BaseAddress);

    /// <summary>The groups of the world that are there to be tried on.</summary>
    public CanaryCard Canaries => _world!.Card().Canaries;

    /// <summary>What the operator's own session at a Connect server offers.</summary>
    public InteractiveSwitch SwitchOn(string server) => _world!.SwitchOn(server);

    /// <summary>Starts everything; time stands still until <see cref="Begin"/>.</summary>
    /// <param name="options">What to rehearse.</param>
    /// <param name="logging">Where everything logs.</param>
    /// <param name="filled">Hears how far a real directory is filled.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="BadUsageException">The directory can't be used.</exception>
    public static async Task<LabHost> StartAsync(
        RehearsalOptions options, ILoggerFactory logging, IProgress<(int Done, int Total)>? filled, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        string folder = options.Data ?? Directory.CreateTempSubdirectory("gwb-rehearsal-").FullName;
        if (options.Data is not null) { StoryFile.Write(folder, options.Story); }
        LabClock clock = options.Story.Interactive ? new WallClock()
            : options.Data is null ? VirtualClock.InMemory()
            : VirtualClock.Open(folder);
        if (clock is VirtualClock time)
        {
            time.Limit = VirtualClock.Start + LongestRun;
            // A real directory takes its own time for what a simulated one does at once.
            if (options.Directory is not null) { time.HoldPatience = RealPatience; }
        }
        var host = new LabHost(options, folder, clock, logging);
        try
        {
            await host.StartAsync(filled, cancellationToken);
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
        Outside?.Dispose();
        if (_world is not null) { await _world.DisposeAsync(); }
        _domain?.Dispose();
        if (!_begun) { _starting.Dispose(); }
        Clock.Dispose();
        if (_temporary) { Directory.Delete(Folder, recursive: true); }
    }

    async Task StartAsync(IProgress<(int Done, int Total)>? filled, CancellationToken cancellationToken)
    {
        _domain = _options.Directory is { } directory ? LabDomain.Open(directory) : null;
        _world = await WorldHost.StartAsync(
            new WorldHostOptions
            {
                Folder = Folder,
                Clock = Clock,
                World = Story.World with { TimeScale = Story.Interactive ? InteractiveTimeScale : Story.World.TimeScale },
                Domain = _domain,
                Filled = filled,
                Journal = _temporary ? null : Path.Combine(Folder, "world.journal"),
                Logging = _logging,
            },
            cancellationToken);
        Messages = new WebhookReceiver(Path.Combine(Folder, "messages"));
        _product = await ProductHost.StartAsync(
            new ProductHostOptions
            {
                Folder = Path.Combine(Folder, "product"),
                World = _world.Card(),
                Issuer = Issuer,
                Clock = Clock,
                EnforceLimits = Story.EnforceLimits,
                Port = _options.Port,
                Webhooks = Messages,
                Shown = World.Deeds.HasPlans || _options.Shown is not null ? ReachAsync : null,
                Services = _options.Services,
                Logging = _logging,
            },
            cancellationToken);
        // On the wall's clock nobody waits until the other changes have arrived everywhere.
        // What an operation did is compared value by value, so that nobody else changes anything meanwhile.
        Outside = await OutsideChanges.StartAsync(World, Story.Interactive || Story.Operation is not null ? new OutsideOptions { PerDay = 0 } : null);
        await World.Connect.StartAsync();
        await World.Deeds.StartAsync();
    }

    async Task ReachAsync(MigrationView view)
    {
        foreach (var (at, of) in Moments.ShownBy(view)) { await World.Deeds.ReachAsync(at, of); }
        if (_options.Shown is { } shown) { await shown(view); }
    }
}

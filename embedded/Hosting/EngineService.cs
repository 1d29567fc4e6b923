using GwbCloud.Embedded.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Embedded.Hosting;

/// <summary>Starts the engine before the web server, and stops it after.</summary>
sealed class EngineService(EmbeddedHostOptions options, HostJson hostJson, FunctionCatalog catalog, IServiceProvider services, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    OrchestrationEngine? _engine;

    public OrchestrationEngine Engine => _engine ?? throw new InvalidOperationException("The host has not been started.");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var defaults = new EngineOptions { JournalPath = Path.Combine(options.DataDirectory, "orchestrations.journal") };
        _engine = OrchestrationEngine.Start(
            defaults with
            {
                Durability = options.Durability,
                TimeProvider = options.TimeProvider,
                Busy = options.Busy ?? defaults.Busy,
                MaxConcurrentActivities = hostJson.MaxConcurrentActivities,
                DefaultVersion = hostJson.DefaultVersion,
                VersionMatch = hostJson.VersionMatch,
                VersionFailure = hostJson.VersionFailure,
                ReplayEveryTurn = options.ReplayEveryTurn,
                LoggerFactory = loggers,
            },
            new FunctionRunner(catalog, services, () => Engine.Client));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_engine is null) { return; }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(options.StopPatienceSeconds));
        await _engine.StopAsync(patience.Token);
    }

    /// <summary>Frees the journal also where the host began to start and could not, as when its port was taken.</summary>
    public ValueTask DisposeAsync() => _engine?.DisposeAsync() ?? ValueTask.CompletedTask;
}

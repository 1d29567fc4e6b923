using System.Reflection;
using GwbCloud.Embedded.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GwbCloud.Embedded.Hosting;

/// <summary>A function app that runs in this process: HTTP functions on loopback, orchestrations on a journal.</summary>
public sealed class EmbeddedHost : IAsyncDisposable
{
    readonly WebApplication _application;
    bool _ended;

    EmbeddedHost(WebApplication application) => _application = application;

    /// <summary>The app's services.</summary>
    public IServiceProvider Services => _application.Services;

    /// <summary>Where the app listens, with the port that was taken; ends without a slash.</summary>
    public Uri Address => new(_application.Urls.Single());

    /// <summary>Starts and steers orchestrations.</summary>
    public DurableTaskClient Client => Engine.Client;

    OrchestrationEngine Engine => Services.GetRequiredService<EngineService>().Engine;

    /// <summary>Starts the functions of an assembly, and goes on with what its journal holds.</summary>
    /// <param name="functions">The assembly that has the <c>[Function]</c> methods.</param>
    /// <param name="configure">Sets the options; the app's services go into <see cref="EmbeddedHostOptions.Services"/>.</param>
    /// <exception cref="EmbeddedHostException">A function would not work on Azure, or host.json can't be read.</exception>
    /// <exception cref="Journal.JournalException">The data folder is in use or damaged.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<EmbeddedHost> StartAsync(Assembly functions, Action<EmbeddedHostOptions> configure, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new EmbeddedHostOptions();
        configure(options);
        var application = EmbeddedApplication.Within(functions, options).Build();
        try
        {
            await application.StartAsync(cancellation);
            return new(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc cref="StartAsync"/>
    public static EmbeddedHost Start(Assembly functions, Action<EmbeddedHostOptions> configure) => StartAsync(functions, configure).GetAwaiter().GetResult();

    /// <summary>Stops gracefully: no new requests, running activities get their time, the journal is closed.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _application.StopAsync(cancellation);

    /// <summary>Stops as a killed process does: nothing more is written; folder and port are free when this returns.</summary>
    public async Task KillAsync()
    {
        if (_ended) { return; }
        _ended = true;
        Engine.Kill();
        try { await _application.StopAsync(new CancellationToken(canceled: true)); }
        catch (OperationCanceledException) { }
        await _application.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ended) { return; }
        _ended = true;
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}

using GwbCloud.Journal;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Embedded.Hosting;

/// <summary>How a function app runs in this process.</summary>
public sealed class EmbeddedHostOptions
{
    /// <summary>The folder of the engine's journal; a second start on the same folder goes on. Created when it is missing.</summary>
    public string DataDirectory { get; set; } = Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>The port on 127.0.0.1; 0 takes a free one, which <see cref="EmbeddedHost.Address"/> tells.</summary>
    public int Port { get; set; }

    /// <summary>The clock of orchestrations; also registered as a service.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Asked for a hold while anything is at work: a request, a turn, an activity, a flush. For virtual clocks.</summary>
    public Func<string, IDisposable>? Busy { get; set; }

    /// <summary>Adds the function app's services, and whatever replaces some of them.</summary>
    public Action<IServiceCollection>? Services { get; set; }

    /// <summary>Further changes of the web application: logging, configuration, Kestrel.</summary>
    public Action<WebApplicationBuilder>? Builder { get; set; }

    /// <summary>The host.json; by default the one beside the program.</summary>
    public string HostJsonPath { get; set; } = Path.Combine(AppContext.BaseDirectory, "host.json");

    /// <summary>How far a record goes before its effect is acknowledged.</summary>
    public JournalDurability Durability { get; set; } = JournalDurability.Disk;

    /// <summary>Rebuilds every orchestration from history for each turn, as a host without memory would. Slow; finds what does not repeat.</summary>
    public bool ReplayEveryTurn { get; set; }

    /// <summary>Seconds that running activities get when the host stops; after that they are cancelled and run again at the next start.</summary>
    public int StopPatienceSeconds { get; set; } = 5;
}

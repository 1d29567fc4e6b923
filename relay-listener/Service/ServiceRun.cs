using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Service;

/// <summary>The verb <c>run</c>: a generic host around <see cref="ListenerService"/>, ended by Ctrl+C, a signal or the service control manager.</summary>
static partial class ServiceRun
{
    /// <summary>Name of the Windows service.</summary>
    public const string ServiceName = "GwbListener";

    /// <summary>Runs until it is told to stop.</summary>
    /// <param name="configuration">Checked already.</param>
    /// <param name="environment">The machine.</param>
    /// <param name="console">Where the lines of the log go besides the files; standard error, so that it can be redirected.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandFailedException">GWB6014: the disk refuses, the process has to be started again.</exception>
    public static async Task RunAsync(ListenerConfiguration configuration, ListenerEnvironment environment, TextWriter console, CancellationToken cancellationToken)
    {
        configuration.RequireDataDirectoryHere();
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "gwb-listener", DisableDefaults = true });
        AddWindowsService(builder.Services);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_ => LogsOf(configuration, environment, "listener", console));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(2));
        builder.Services.AddSingleton(configuration).AddSingleton(environment).AddSingleton<ServiceEnd>().AddHostedService<ListenerService>();
        var host = builder.Build();
        var end = host.Services.GetRequiredService<ServiceEnd>();
        // Disposes the host, and everything in it, in any case.
        await host.RunAsync(cancellationToken);
        if (end.Fault is { } fault) { throw new CommandFailedException(fault); }
    }

    /// <summary>The log of a session: files, Event Log, and the console where there is one.</summary>
    public static ILoggerFactory LogsOf(ListenerConfiguration configuration, ListenerEnvironment environment, string name, TextWriter? console)
    {
        var logging = configuration.Logging;
        var file = new RollingFile(Path.Combine(configuration.DataDirectory, "logs"), name, logging.MaxFileBytes, logging.Files, environment.Time);
        return LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LevelOf(logging.Level) < LogLevel.Information ? LevelOf(logging.Level) : LogLevel.Information);
            builder.AddProvider(new LineLoggerProvider(file.WriteLine, LevelOf(logging.Level), environment.Time, file));
            if (console is not null) { builder.AddProvider(new LineLoggerProvider(TextWriter.Synchronized(console).WriteLine, LogLevel.Information, environment.Time)); }
            // The host's own words say nothing that an administrator could act on.
            builder.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddFilter<EventLogProvider>("Microsoft", LogLevel.None);
            if (logging.EventLog) { builder.AddProvider(new EventLogProvider(environment.EventLog, environment.Time)); }
        });
    }

    static LogLevel LevelOf(LogDepth depth) => depth switch
    {
        LogDepth.Debug => LogLevel.Debug,
        LogDepth.Warning => LogLevel.Warning,
        LogDepth.Error => LogLevel.Error,
        _ => LogLevel.Information,
    };

    // Vanishes where the Windows service is no part of the build; then the console ends it.
    static partial void AddWindowsService(IServiceCollection services);
}

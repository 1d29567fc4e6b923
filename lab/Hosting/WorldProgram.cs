using System.Text.Json;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Lab.Hosting;

/// <summary>The verb <c>world</c>: a world in a process of its own, for as long as nobody stops it.</summary>
public static class WorldProgram
{
    /// <summary>Starts the world, says on one line how to reach it, and waits for the signal that ends it.</summary>
    public static async Task<int> RunAsync(WorldProgramOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = Directory.CreateTempSubdirectory("gwb-world-");
        using var clock = new LedClock();
        try
        {
            WorldHost? running = null;
            await using var host = running = await WorldHost.StartAsync(
                new WorldHostOptions
                {
                    Folder = folder.FullName,
                    Clock = clock.Clock,
                    World = options.World,
                    Port = options.Port,
                    Endpoints = routes => routes.MapWorld(clock, () => running),
                    Logging = NullLoggerFactory.Instance,
                },
                cancellationToken);
            await host.World.Connect.StartAsync();
            await System.Console.Out.WriteLineAsync(JsonSerializer.Serialize(host.Card(), LabJson.Options));
            var first = await Task.WhenAny(host.World.Connect.Faulted, clock.Clock.Stalled, Task.Delay(Timeout.Infinite, cancellationToken));
            await first;
            return ExitCode.Completed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Completed;
        }
        catch (IOException e)
        {
            await System.Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>What <c>lab world</c> is asked for.</summary>
public sealed record WorldProgramOptions
{
    public required WorldOptions World { get; init; }

    /// <summary>Port of Graph and the sign-in service on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }
}

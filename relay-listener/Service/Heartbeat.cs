using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.RelayListener.Service;

/// <summary>What the running service says about itself each minute, for <c>check</c> in another session.</summary>
public sealed record Heartbeat
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "heartbeat.json";

    /// <summary>Older than that, the service does not run.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(3);

    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Where the job API answers.</summary>
    public required Uri Address { get; init; }
    public required TransportState Transport { get; init; }

    /// <summary>When the last verified command came; null when none has since the start.</summary>
    public DateTimeOffset? LastCommandAt { get; init; }

    internal static Heartbeat? Read(string dataDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<Heartbeat>(File.ReadAllBytes(Path.Combine(dataDirectory, FileName)), ContractJson.Lenient);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    internal void Write(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, ContractJson.Options));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>A service that stops in order takes its sign of life away, so that nobody believes it for the rest of <see cref="Life"/>.</summary>
    internal static void Remove(string dataDirectory)
    {
        try
        {
            File.Delete(Path.Combine(dataDirectory, FileName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It gets old by itself.
        }
    }
}

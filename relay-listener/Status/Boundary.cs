using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;

namespace GwbCloud.RelayListener.Status;

/// <summary>Where the migration stood on this server when the listener last acted or looked.</summary>
public sealed record Boundary
{
    public required string Server { get; init; }
    public required string Migration { get; init; }

    /// <summary>The last command that acted, and how it ended; null when none has yet.</summary>
    public string? LastCommand { get; init; }
    public CommandState? LastState { get; init; }
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>The server as last inspected.</summary>
    public ServerFacts? Facts { get; init; }
    public DateTimeOffset? FactsAt { get; init; }
}

/// <summary>Keeps the last boundary on disk, signed with the listener's own key, for the day on which the cloud half is out of reach.</summary>
sealed class BoundaryFile(string path, EnvelopeSigner signer, string server, TimeProvider time)
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "boundary.jws";

    const string Name = "boundary";

    readonly Lock _gate = new();
    Boundary? _last;

    /// <summary>A command that acts has ended, or the server was inspected.</summary>
    public void Record(string migration, Command command, CommandState state, byte[]? payload)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _last = (_last ?? Read() ?? new() { Server = server, Migration = migration }) with { Migration = migration };
            _last = command is InspectServer && payload is not null
                ? _last with { Facts = JsonSerializer.Deserialize<ServerFacts>(payload, ContractJson.Options), FactsAt = now }
                : _last with { LastCommand = command.GetType().Name, LastState = state, LastAt = now };
            string text = signer.Sign(new ResultEnvelope
            {
                Server = server,
                CommandId = Name,
                CommandHash = Name,
                CompletedAt = now,
                Payload = JsonSerializer.SerializeToElement(_last, ContractJson.Options),
            });
            File.WriteAllText(path + ".new", text);
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    /// <summary>The boundary of a data directory, when it bears the listener's own signature.</summary>
    public static Boundary? Read(string path, PinnedKey key, TimeProvider time)
    {
        if (!File.Exists(path) || key.Server is null) { return null; }
        var verdict = new EnvelopeVerifier([key], time, new() { Tenant = "" })
            .VerifyResult(File.ReadAllText(path), new() { Server = key.Server, CommandId = Name, CommandHash = Name });
        return verdict.IsAccepted ? verdict.Envelope.ReadPayload<Boundary>() : null;
    }

    /// <summary>Our own file of an earlier process; one that cannot be read begins anew.</summary>
    Boundary? Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ResultEnvelope>(PayloadOf(File.ReadAllText(path)), ContractJson.Options)?.ReadPayload<Boundary>() : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or IndexOutOfRangeException or Contracts.ContractException)
        {
            return null;
        }
    }

    static byte[] PayloadOf(string jws) => System.Buffers.Text.Base64Url.DecodeFromChars(jws.Split('.')[1]);
}

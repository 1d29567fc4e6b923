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

    /// <summary>The server as last inspected, with what the listener itself has changed since.</summary>
    public ServerFacts? Facts { get; init; }
    public DateTimeOffset? FactsAt { get; init; }

    /// <summary>Staging mode when this migration first looked: true on a standby server, which stays in it. Null while nobody has looked.</summary>
    public bool? StagingBefore { get; init; }

    /// <summary>The last cycle that the listener started in this migration.</summary>
    public CyclePolicy? LastCycle { get; init; }
    public DateTimeOffset? LastCycleAt { get; init; }

    /// <summary>What the last attempt at the switch came to in this migration; null when there was none.</summary>
    public SwitchResult? Switch { get; init; }
    public DateTimeOffset? SwitchAt { get; init; }

    /// <summary>What follows from a command that acted.</summary>
    public Boundary After(Command command, CommandState state, byte[]? result, DateTimeOffset now)
    {
        if (command is InspectServer)
        {
            var seen = Read<ServerFacts>(result);
            return seen is null ? this : this with { Facts = seen, FactsAt = now, StagingBefore = StagingBefore ?? seen.Staging };
        }
        var next = this with { LastCommand = command.GetType().Name, LastState = state, LastAt = now };
        return command switch
        {
            SetScheduler when Read<SchedulerChange>(result) is { } change => next.With(facts => facts with { Scheduler = change.After }),
            SetStaging when Read<StagingChange>(result) is { } change => next.With(facts => facts with { Staging = change.After }),
            AddCoexistenceRules or RemoveCoexistenceRules or RetireCoexistenceRules when Read<CoexistenceRules>(result) is { } rules => next.With(facts => facts with { Coexistence = rules }),
            StartCycle cycle when state == CommandState.Done => next with { LastCycle = cycle.Policy, LastCycleAt = now },
            DisableGroupWritebackV2 when Read<SwitchResult>(result) is { } outcome => next.AfterSwitch(outcome, now),
            _ => next,
        };
    }

    /// <summary>What follows from an attempt at the switch, here or in the operator's session.</summary>
    public Boundary AfterSwitch(SwitchResult outcome, DateTimeOffset now) =>
        // A later refusal must not hide that the cmdlet was called once.
        (Switch?.Outcome == SwitchOutcome.Called && outcome.Outcome == SwitchOutcome.Refused ? this : this with { Switch = outcome, SwitchAt = now })
            .With(facts => facts with { Features = facts.Features with { GroupWritebackV2 = outcome.Reads } });

    Boundary With(Func<ServerFacts, ServerFacts> change) => Facts is null ? this : this with { Facts = change(Facts) };

    static T? Read<T>(byte[]? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, ContractJson.Options);
}

/// <summary>Keeps the last boundary on disk, signed with the listener's own key, for the day on which the cloud half is out of reach.</summary>
/// <remarks>Read anew before each change: the operator's session writes it too.</remarks>
sealed class BoundaryFile(string path, EnvelopeSigner signer, string server, TimeProvider time)
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "boundary.jws";

    const string Name = "boundary";

    readonly Lock _gate = new();

    /// <summary>A command that acts has ended, or the server was inspected.</summary>
    public void Record(string migration, Command command, CommandState state, byte[]? payload) =>
        Change(migration, (last, now) => last.After(command, state, payload, now));

    /// <summary>The operator's own session was at the switch.</summary>
    public void RecordSwitch(string migration, SwitchResult result) => Change(migration, (last, now) => last.AfterSwitch(result, now));

    /// <summary>The boundary of a data directory, when it bears the listener's own signature.</summary>
    public static Boundary? Read(string path, PinnedKey key, TimeProvider time)
    {
        if (!File.Exists(path) || key.Server is null) { return null; }
        var verdict = new EnvelopeVerifier([key], time, new() { Tenant = "" })
            .VerifyResult(File.ReadAllText(path), new() { Server = key.Server, CommandId = Name, CommandHash = Name });
        return verdict.IsAccepted ? verdict.Envelope.ReadPayload<Boundary>() : null;
    }

    /// <summary>Whether this server stands in the window of a migration. One that was in staging mode before and stays in it doesn't.</summary>
    public bool StandsInWindow() => Read()?.StateOf() is { } state && state.IsInWindow() && state != BoundaryState.Standby;

    void Change(string migration, Func<Boundary, DateTimeOffset, Boundary> change)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var last = Read() ?? new() { Server = server, Migration = migration };
            // Another migration begins: the server is the same, what was done to it is another story.
            if (last.Migration != migration) { last = new() { Server = server, Migration = migration, Facts = last.Facts, FactsAt = last.FactsAt }; }
            string text = signer.Sign(new ResultEnvelope
            {
                Server = server,
                CommandId = Name,
                CommandHash = Name,
                CompletedAt = now,
                Payload = JsonSerializer.SerializeToElement(change(last, now), ContractJson.Options),
            });
            string temporary = $"{path}.{Guid.NewGuid():N}.new";
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
    }

    /// <summary>Our own file of an earlier process; one that cannot be read begins anew.</summary>
    Boundary? Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ResultEnvelope>(PayloadOf(File.ReadAllText(path)), ContractJson.Lenient)?.ReadPayload<Boundary>() : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or IndexOutOfRangeException or Contracts.ContractException)
        {
            return null;
        }
    }

    static byte[] PayloadOf(string jws) => System.Buffers.Text.Base64Url.DecodeFromChars(jws.Split('.')[1]);
}

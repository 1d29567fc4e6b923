using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GwbCloud.Embedded.Engine;

/// <summary>One line of the engine's journal. The state of all instances is the fold of these records, live and at start.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "k")]
[JsonDerivedType(typeof(InstanceStarted), "start")]
[JsonDerivedType(typeof(MessageReceived), "message")]
[JsonDerivedType(typeof(TurnTaken), "turn")]
[JsonDerivedType(typeof(InstanceSuspended), "suspend")]
[JsonDerivedType(typeof(InstanceResumed), "resume")]
[JsonDerivedType(typeof(InstancesTerminated), "terminate")]
[JsonDerivedType(typeof(InstancesPurged), "purge")]
abstract record JournalRecord
{
    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    public static JournalRecord Read(ReadOnlySpan<byte> line)
        => JsonSerializer.Deserialize(line, JournalJson.Compact.JournalRecord) ?? throw new JsonException("An empty record.");

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Compact.JournalRecord);
}

/// <summary>A client started an instance; one that is there under the same id is replaced.</summary>
sealed record InstanceStarted : JournalRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    public string? Input { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

/// <summary>Something arrived for an instance and must not be lost.</summary>
sealed record MessageReceived : JournalRecord
{
    public required string Id { get; init; }

    public required HistoryEvent Event { get; init; }
}

/// <summary>An instance took a turn.</summary>
sealed record TurnTaken : JournalRecord
{
    public required string Id { get; init; }

    /// <summary>Numbers of the messages that the turn took from the inbox; negative ones were never in the journal.</summary>
    public required IReadOnlyList<long> Took { get; init; }

    public required Turn Turn { get; init; }
}

/// <summary>An instance takes no turns until it is resumed.</summary>
sealed record InstanceSuspended : JournalRecord
{
    public required string Id { get; init; }
}

/// <summary>An instance takes turns again.</summary>
sealed record InstanceResumed : JournalRecord
{
    public required string Id { get; init; }
}

/// <summary>Instances were ended from outside; the first is the one that was named.</summary>
sealed record InstancesTerminated : JournalRecord
{
    public required IReadOnlyList<string> Ids { get; init; }

    public string? Output { get; init; }
}

/// <summary>Instances were forgotten.</summary>
sealed record InstancesPurged : JournalRecord
{
    public required IReadOnlyList<string> Ids { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalRecord))]
sealed partial class JournalJson : JsonSerializerContext
{
    /// <summary>Payloads are text inside text: escaped as little as JSON allows.</summary>
    public static JournalJson Compact => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Envelopes;

/// <summary>What the cloud half signs when it asks a listener to do something (JWS <c>typ</c> <c>gwb-command</c>).</summary>
public sealed record CommandEnvelope
{
    /// <summary>Directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>Migration or assessment on whose behalf it is asked.</summary>
    public required string Migration { get; init; }

    /// <summary>Hash of the plan that is carried out; null while there is none yet.</summary>
    public string? PlanHash { get; init; }

    /// <summary>Chosen by the sender; the same id with the same command is a repeat, never a second job.</summary>
    public required string CommandId { get; init; }

    /// <summary>The Connect server that is meant.</summary>
    public required string Server { get; init; }

    /// <summary>The command's kind, equal to the one in the payload.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was signed.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From then on it is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The command, as <see cref="Command"/> is written.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>An envelope for a command.</summary>
    public static CommandEnvelope For(
        Command command, string commandId, string tenant, string migration, string? planHash, string server, DateTimeOffset now, TimeSpan life)
    {
        var payload = JsonSerializer.SerializeToElement(command, ContractJson.Options);
        return new()
        {
            Tenant = tenant,
            Migration = migration,
            PlanHash = planHash,
            CommandId = commandId,
            Server = server,
            Kind = payload.GetProperty("kind").GetString()!,
            IssuedAt = now,
            ExpiresAt = now + life,
            Payload = payload,
        };
    }

    /// <summary>The typed command of a verified envelope.</summary>
    /// <exception cref="ContractException">GWB7208 when it is none of the closed list.</exception>
    public Command ReadCommand()
    {
        try
        {
            return Payload.Deserialize<Command>(ContractJson.Options) ?? throw ContractError.EnvelopeClaimsMalformed.Exception("payload");
        }
        catch (Exception refused) when (refused is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw ContractError.EnvelopeClaimsMalformed.Exception("payload", refused);
        }
    }

    /// <summary>Hash of what is asked, without the two times: an activity that runs twice signs the same command again, later.</summary>
    /// <exception cref="ContractException">GWB7003 to GWB7005 when the payload has no canonical form.</exception>
    public string CommandHash() => CanonicalJson.Hash(new { Tenant, Migration, PlanHash, CommandId, Server, Kind, Payload });
}

using System.Text.Json;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Envelopes;

/// <summary>What a listener signs when a job has ended (JWS <c>typ</c> <c>gwb-result</c>). Holds the result, or names its document.</summary>
public sealed record ResultEnvelope
{
    /// <summary>The Connect server that did it; its key may speak for no other.</summary>
    public required string Server { get; init; }

    /// <summary>The command that is answered.</summary>
    public required string CommandId { get; init; }

    /// <summary><see cref="CommandEnvelope.CommandHash"/> of the command that is answered.</summary>
    public required string CommandHash { get; init; }

    /// <summary>When the job ended.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>The result record; null when it is too large and stands in <see cref="Document"/>.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>The document that holds the result; its hash is thereby signed.</summary>
    public DocumentReference? Document { get; init; }

    /// <summary>The typed result of a verified envelope.</summary>
    /// <exception cref="ContractException">GWB7208 when there is no payload or it is of another type.</exception>
    public T ReadPayload<T>()
        where T : class
    {
        try
        {
            return Payload?.Deserialize<T>(ContractJson.Options) ?? throw ContractError.EnvelopeClaimsMalformed.Exception("payload");
        }
        catch (Exception refused) when (refused is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw ContractError.EnvelopeClaimsMalformed.Exception("payload", refused);
        }
    }
}

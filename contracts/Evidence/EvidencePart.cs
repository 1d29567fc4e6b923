using System.Text.Json;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Evidence;

/// <summary>One named part of the evidence at a gate: of one Connect server, of the directory, or of the cloud.</summary>
public sealed record EvidencePart
{
    /// <summary>Unique in one set of evidence, for example <c>cloud</c>, <c>directory</c>, <c>server:AADC1</c>. Counts into the hash.</summary>
    public required string Name { get; init; }

    /// <summary>The Connect server that gathered it; null for the cloud's part. Does not count into the hash, the name does.</summary>
    public string? Server { get; init; }

    /// <summary>When it was gathered. Does not count into the hash: the same facts a minute later are the same evidence.</summary>
    public required DateTimeOffset GatheredAt { get; init; }

    /// <summary>Normalised decision facts only: what changes by a living tenant's breathing must not stand here.</summary>
    public required JsonElement Facts { get; init; }

    /// <summary>A part from a record of facts.</summary>
    public static EvidencePart Of<T>(string name, string? server, DateTimeOffset gatheredAt, T facts) =>
        new() { Name = name, Server = server, GatheredAt = gatheredAt, Facts = JsonSerializer.SerializeToElement(facts, ContractJson.Options) };

    /// <summary>SHA-256 over the canonical JSON of name and facts.</summary>
    public string Hash() => CanonicalJson.Hash(new { Name, Facts });
}

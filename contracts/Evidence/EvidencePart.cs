using System.Text.Json;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Evidence;

/// <summary>One named part of the evidence at a gate: of one Connect server, of the directory, or of the cloud.</summary>
public sealed record EvidencePart
{
    /// <summary>Name of the part about the directory, gathered by one of the servers.</summary>
    public const string Directory = "directory";

    /// <summary>Name of the cloud half's own part; no listener may sign it.</summary>
    public const string Cloud = "cloud";

    private const string ServerPrefix = "server:";

    private const string RehearsalPrefix = "rehearsal:";

    /// <summary>Unique in one set of evidence, for example <c>cloud</c>, <c>directory</c>, <c>server:AADC1</c>. Counts into the hash.</summary>
    public required string Name { get; init; }

    /// <summary>The Connect server that gathered it; null for the cloud's part. Does not count into the hash, the name does.</summary>
    public string? Server { get; init; }

    /// <summary>When it was gathered. Does not count into the hash: the same facts a minute later are the same evidence.</summary>
    public required DateTimeOffset GatheredAt { get; init; }

    /// <summary>Normalised decision facts only: what changes by a living tenant's breathing must not stand here.</summary>
    public required JsonElement Facts { get; init; }

    /// <summary>Name of the part of a Connect server, spelt as the server spells its own name.</summary>
    public static string NameOf(string server) => ServerPrefix + server;

    /// <summary>
    /// Name of the part that a standby signs for the first gate. Another name than that of the switch: it was measured while the tenant lived on, and may
    /// never stand in for a part of the second gate.
    /// </summary>
    public static string NameOfRehearsal(string server) => RehearsalPrefix + server;

    /// <summary>A part from a record of facts.</summary>
    public static EvidencePart Of<T>(string name, string? server, DateTimeOffset gatheredAt, T facts) =>
        new() { Name = name, Server = server, GatheredAt = gatheredAt, Facts = JsonSerializer.SerializeToElement(facts, ContractJson.Options) };

    /// <summary>SHA-256 over the canonical JSON of name and facts.</summary>
    /// <exception cref="ContractException">GWB7003 to GWB7005 when the facts have no canonical form.</exception>
    public string Hash() => CanonicalJson.Hash(new { Name, Facts });

    /// <summary>True when the part is one that its server may sign: the directory's, or its own.</summary>
    internal bool IsNamedForItsServer() => Server is not null && (Name == Directory || Name == NameOf(Server) || Name == NameOfRehearsal(Server));

    /// <summary>True when name and facts have a canonical form.</summary>
    internal bool HasHash()
    {
        try
        {
            _ = Hash();
            return true;
        }
        catch (ContractException)
        {
            return false;
        }
    }
}

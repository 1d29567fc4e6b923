using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant;

/// <summary>One request to Graph, alone or out of a batch.</summary>
public sealed record GraphCall
{
    public required SimulatedWorld World { get; init; }
    public required string Method { get; init; }

    /// <summary>v1.0 or beta.</summary>
    public required string Version { get; init; }

    /// <summary>Segments below the version, decoded.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    /// <summary>Query options by name, decoded.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }
    public JsonNode? Body { get; init; }

    /// <summary>Header ConsistencyLevel: eventual.</summary>
    public required bool Eventual { get; init; }
    public required GraphCaller Caller { get; init; }

    /// <summary>Address of this Graph without version, for links.</summary>
    public required string BaseAddress { get; init; }

    /// <summary>Values of the route's placeholders.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
    public bool IsBeta => Version == "beta";

    public string this[string placeholder] => Values[placeholder];

    /// <summary>The body as an object.</summary>
    /// <exception cref="GraphException">There is none.</exception>
    public JsonObject BodyObject => Body as JsonObject ?? throw GraphException.BadRequest("A JSON object is required in the body.");

    /// <summary>A GUID of the path.</summary>
    /// <exception cref="GraphException">It is no GUID.</exception>
    public Guid Id(string placeholder) => Guid.TryParse(Values[placeholder], out var id)
        ? id
        : throw GraphException.BadRequest($"Invalid object identifier '{Values[placeholder]}'.");
}

/// <summary>Who calls, as the token says.</summary>
public sealed record GraphCaller
{
    public required Guid ObjectId { get; init; }

    /// <summary>Client id of the application; limits are counted for it.</summary>
    public required string AppId { get; init; }

    /// <summary>No person signed in.</summary>
    public required bool AppOnly { get; init; }

    /// <summary>Application permissions or delegated scopes.</summary>
    public required IReadOnlySet<string> Permissions { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <exception cref="GraphException">The caller lacks the permission.</exception>
    public void Demand(Needs needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        if (!needs.MetBy(Permissions))
        {
            throw GraphException.Forbidden();
        }
    }

    /// <summary>What Application.ReadWrite.OwnedBy alone permits only the owner.</summary>
    /// <param name="owner">Who made it.</param>
    /// <param name="otherwise">Permission that others need.</param>
    /// <exception cref="GraphException">The caller is neither.</exception>
    public void DemandOwned(Guid? owner, Needs otherwise)
    {
        if (owner != ObjectId || !Permissions.Contains("Application.ReadWrite.OwnedBy"))
        {
            Demand(otherwise);
        }
    }
}

/// <summary>Graph's answer to one request.</summary>
public sealed record GraphAnswer
{
    public required int Status { get; init; }

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The body is this text instead: a plain number.</summary>
    public string? Text { get; init; }

    /// <summary>A page of a collection.</summary>
    public bool IsPage { get; init; }

    /// <summary>Besides those that every answer has.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static GraphAnswer NoContent { get; } = new() { Status = 204 };

    public static GraphAnswer Ok(JsonNode body) => new() { Status = 200, Json = JsonSerializer.SerializeToUtf8Bytes(body) };
}

using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Tenant;

/// <summary>One request to Graph, alone or out of a batch.</summary>
public sealed record GraphCall
{
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

    /// <summary>No person signed in.</summary>
    public required bool AppOnly { get; init; }

    /// <summary>Application permissions or delegated scopes.</summary>
    public required IReadOnlySet<string> Permissions { get; init; }

    /// <exception cref="GraphException">The caller lacks the permission.</exception>
    public void Demand(string permission)
    {
        if (!Permissions.Contains(permission))
        {
            throw GraphException.Forbidden();
        }
    }
}

/// <summary>Graph's answer to one request.</summary>
public sealed record GraphAnswer
{
    public required int Status { get; init; }
    public JsonNode? Body { get; init; }

    /// <summary>The body is this text instead: a plain number.</summary>
    public string? Text { get; init; }
    public int? RetryAfterSeconds { get; init; }

    public static GraphAnswer NoContent { get; } = new() { Status = 204 };

    public static GraphAnswer Ok(JsonNode body) => new() { Status = 200, Body = body };

    public static GraphAnswer Created(JsonNode body) => new() { Status = 201, Body = body };
}

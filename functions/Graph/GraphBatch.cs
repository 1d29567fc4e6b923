using System.Text.Json;
using System.Text.Json.Serialization;

namespace GwbCloud.Functions.Graph;

/// <summary>One request inside a batch: a read without more said, or a write.</summary>
public sealed record GraphBatchRequest
{
    /// <summary>Unique among the requests that are sent together; the answer bears it.</summary>
    public required string Id { get; init; }

    /// <summary>Path below the version, for example <c>groups/{id}/members?$top=999</c>.</summary>
    public required string Path { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>A wire type, or a <see cref="System.Text.Json.Nodes.JsonObject"/>.</summary>
    public object? Body { get; init; }

    internal bool Writes => Method != HttpMethod.Get;

    internal Repeat Repeat => Method == HttpMethod.Post ? Repeat.AfterRefusal : Repeat.AnyTime;
}

/// <summary>The answer to one item of a batch: a body, or the error that remained after the retries.</summary>
public sealed record GraphBatchAnswer
{
    public required string Id { get; init; }
    public JsonElement Body { get; init; }
    public GraphException? Error { get; init; }

    /// <summary>The body as a number, the answer of a path that ends in <c>/$count</c>; Graph sends it bare or as text.</summary>
    /// <exception cref="GraphException">The item's own error, or GWB4008 when the body is something else.</exception>
    public int ReadCount()
        => Error is not null ? throw Error
            : Body.ValueKind == JsonValueKind.Number && Body.TryGetInt32(out var count) ? count
            : Body.ValueKind == JsonValueKind.String && int.TryParse(Body.GetString(), out var text) ? text
            : throw new GraphTransientException(GraphError.Unreadable, "an item of a batch");

    /// <summary>The body as what it is.</summary>
    /// <exception cref="GraphException">The item's own error, or GWB4008 when the body is something else.</exception>
    public T Read<T>()
        where T : class
    {
        if (Error is not null)
        {
            throw Error;
        }

        try
        {
            return Body.Deserialize(GraphJson.Info<T>()) ?? throw new GraphTransientException(GraphError.Unreadable, "an item of a batch");
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            throw new GraphTransientException(GraphError.Unreadable, "an item of a batch", refused);
        }
    }
}

/// <summary>What came of making what was missing of a set.</summary>
/// <typeparam name="TKey">What names an item.</typeparam>
public sealed record GraphEnsured<TKey>
    where TKey : notnull
{
    /// <summary>Made by this call, and seen since.</summary>
    public required IReadOnlyList<TKey> Made { get; init; }

    /// <summary>Were there already.</summary>
    public required IReadOnlyList<TKey> There { get; init; }

    /// <summary>Refused by Graph, each with its reason. Asking again does not help.</summary>
    public required IReadOnlyDictionary<TKey, GraphException> Refused { get; init; }
}

sealed record BatchBody
{
    public required IReadOnlyList<BatchItem> Requests { get; init; }
}

sealed record BatchItem
{
    public required string Id { get; init; }
    public required string Method { get; init; }
    public required string Url { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Body { get; init; }
}

sealed record BatchReply
{
    public required IReadOnlyList<BatchReplyItem> Responses { get; init => field = value ?? throw new JsonException("The answers of a batch are null."); }
}

sealed record BatchReplyItem
{
    public string? Id { get; init; }
    public int Status { get; init; }
    public Dictionary<string, string>? Headers { get; init; }
    public JsonElement Body { get; init; }
}

using System.Text.Json;

namespace GwbCloud.Functions.Graph;

/// <summary>One read inside a batch.</summary>
public sealed record GraphBatchRequest
{
    /// <summary>Unique among the requests that are sent together; the answer bears it.</summary>
    public required string Id { get; init; }

    /// <summary>Path below the version, for example <c>groups/{id}/members?$top=999</c>.</summary>
    public required string Path { get; init; }
}

/// <summary>The answer to one item of a batch: a body, or the error that remained after the retries.</summary>
public sealed record GraphBatchAnswer
{
    public required string Id { get; init; }
    public JsonElement Body { get; init; }
    public GraphException? Error { get; init; }

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
        catch (JsonException refused)
        {
            throw new GraphTransientException(GraphError.Unreadable, "an item of a batch", refused);
        }
    }
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
}

sealed record BatchReply
{
    public IReadOnlyList<BatchReplyItem> Responses { get; init; } = [];
}

sealed record BatchReplyItem
{
    public string? Id { get; init; }
    public int Status { get; init; }
    public Dictionary<string, string>? Headers { get; init; }
    public JsonElement Body { get; init; }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Tenant;

/// <summary>The requests of a batch, checked as Graph checks them before it runs any.</summary>
/// <param name="requests">In the order in which they run.</param>
sealed class GraphBatch(IReadOnlyList<GraphBatch.Item> requests)
{
    const int Limit = 20;

    public IReadOnlyList<Item> Requests { get; } = requests;

    /// <exception cref="GraphException">400: the batch as a whole.</exception>
    public static GraphBatch Read(GraphCall call)
    {
        var requests = call.BodyObject["requests"] as JsonArray ?? throw GraphException.BadRequest("The batch has no requests.");
        if (requests.Count is 0 or > Limit)
        {
            throw GraphException.BadRequest($"Number of batch request steps must be between 1 and the maximum value of {Limit}.");
        }

        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return new GraphBatch([.. requests.Select(r => ReadItem(r as JsonObject ?? throw GraphException.BadRequest("A request of the batch is not an object."), known))]);
    }

    static Item ReadItem(JsonObject request, HashSet<string> known)
    {
        var id = (string?)request["id"];
        if (string.IsNullOrEmpty(id) || known.Contains(id))
        {
            throw GraphException.BadRequest("Each request of the batch needs an id of its own.");
        }

        var dependsOn = (request["dependsOn"] as JsonArray ?? []).Select(d => (string?)d ?? "").ToList();
        if (dependsOn.FirstOrDefault(d => !known.Contains(d)) is { } unknown)
        {
            throw GraphException.BadRequest($"The request '{id}' depends on '{unknown}', which is not before it.");
        }

        known.Add(id);
        var method = ((string?)request["method"])?.ToUpperInvariant() is "GET" or "POST" or "PATCH" or "PUT" or "DELETE"
            ? ((string)request["method"]!).ToUpperInvariant()
            : throw GraphException.BadRequest($"The request '{id}' has no known method.");
        var url = (string?)request["url"];
        if (string.IsNullOrEmpty(url) || url.Contains("://", StringComparison.Ordinal) || url.TrimStart('/').StartsWith("$batch", StringComparison.OrdinalIgnoreCase))
        {
            throw GraphException.BadRequest($"The request '{id}' needs a url relative to the version, of something other than a batch.");
        }

        var headers = request["headers"] as JsonObject;
        if (request["body"] is not null && Header(headers, "Content-Type") is null)
        {
            throw GraphException.BadRequest($"The request '{id}' has a body but no Content-Type header.");
        }

        return new Item(id, method, url, request["body"], Header(headers, "ConsistencyLevel"), dependsOn);
    }

    static string? Header(JsonObject? headers, string name) =>
        (string?)headers?.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The answer, the last request first: the order of responses means nothing.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<KeyValuePair<string, GraphAnswer>> answers)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteStartArray("responses");
        foreach (var (id, answer) in answers.Reverse())
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteNumber("status", answer.Status);
            json.WriteStartObject("headers");
            foreach (var (name, value) in answer.Headers)
            {
                json.WriteString(name, value);
            }

            if (!answer.Json.IsEmpty)
            {
                json.WriteString("Content-Type", "application/json");
            }

            json.WriteEndObject();
            if (answer.Text is { } text)
            {
                json.WriteString("body", text);
            }
            else if (!answer.Json.IsEmpty)
            {
                json.WritePropertyName("body");
                json.WriteRawValue(answer.Json.Span, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public sealed record Item(string Id, string Method, string Url, JsonNode? Body, string? ConsistencyLevel, IReadOnlyList<string> DependsOn);
}

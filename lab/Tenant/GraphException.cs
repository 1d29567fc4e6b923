using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Tenant;

/// <summary>An answer of Graph that is an error, in Graph's JSON shape.</summary>
public sealed class GraphException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;

    /// <summary>Value of the Retry-After header in seconds, where the answer has one.</summary>
    public int? RetryAfterSeconds { get; init; }

    public JsonObject ToJson(string requestId, DateTimeOffset at) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = Code,
            ["message"] = Message,
            ["innerError"] = new JsonObject { ["date"] = at.ToString("yyyy-MM-ddTHH:mm:ss"), ["request-id"] = requestId, ["client-request-id"] = requestId },
        },
    };

    public static GraphException BadRequest(string message) => new(400, "Request_BadRequest", message);

    public static GraphException UnsupportedQuery(string message) => new(400, "Request_UnsupportedQuery", message);

    public static GraphException NotFound(string id) =>
        new(404, "Request_ResourceNotFound", $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");

    public static GraphException Forbidden() => new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");

    public static GraphException Unauthorized(string message) => new(401, "InvalidAuthenticationToken", message);

    public static GraphException Throttled(int retryAfterSeconds) =>
        new(429, "TooManyRequests", "Too many requests.") { RetryAfterSeconds = retryAfterSeconds };

    public static GraphException NoSuchSegment(string segment) => new(400, "BadRequest", $"Resource not found for the segment '{segment}'.");
}

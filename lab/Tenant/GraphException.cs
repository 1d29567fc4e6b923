using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Tenant;

/// <summary>An answer of Graph that is an error, in Graph's JSON shape.</summary>
public sealed class GraphException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;

    /// <summary>For example Retry-After, in seconds.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public JsonObject ToJson(string requestId, string clientRequestId, DateTimeOffset at) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = Code,
            ["message"] = Message,
            ["innerError"] = new JsonObject { ["date"] = at.ToString("yyyy-MM-ddTHH:mm:ss"), ["request-id"] = requestId, ["client-request-id"] = clientRequestId },
        },
    };

    public static GraphException BadRequest(string message) => new(400, "Request_BadRequest", message);

    public static GraphException UnsupportedQuery(string message) => new(400, "Request_UnsupportedQuery", message);

    public static GraphException NotFound(string id) =>
        new(404, "Request_ResourceNotFound", $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");

    public static GraphException Forbidden() => new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");

    public static GraphException Unauthorized(string message) => new(401, "InvalidAuthenticationToken", message)
    {
        Headers = new Dictionary<string, string>
        {
            ["WWW-Authenticate"] = "Bearer realm=\"\", authorization_uri=\"https://login.lab.example/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"",
        },
    };

    public static GraphException Throttled(int retryAfterSeconds) => new(429, "TooManyRequests", "Too many requests.")
    {
        Headers = new Dictionary<string, string> { ["Retry-After"] = retryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    };

    public static GraphException NoSuchSegment(string segment) => new(400, "BadRequest", $"Resource not found for the segment '{segment}'.");
}

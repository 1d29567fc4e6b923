using System.Net;
using System.Text.Json;

namespace GwbCloud.Functions.Graph;

/// <summary>From Graph's answer to our error.</summary>
static class GraphFailures
{
    /// <summary>What a status other than success means for who asked.</summary>
    public static GraphException Of(HttpStatusCode status, GraphFailureBody? body, Repeat repeat, string shown, string? requestId, string? clientRequestId)
    {
        var error = status switch
        {
            HttpStatusCode.TooManyRequests => GraphError.Throttled,
            HttpStatusCode.Unauthorized => GraphError.NotSignedIn,
            HttpStatusCode.Forbidden => GraphError.Forbidden,
            HttpStatusCode.NotFound => GraphError.NotFound,
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => GraphError.Unavailable,
            _ => GraphError.Refused,
        };

        // A throttled request was never carried out. Any other server error leaves it open.
        if (error == GraphError.Unavailable && repeat == Repeat.AfterRefusal)
        {
            error = GraphError.OutcomeUnknown;
        }

        var detail = Detail($"{(int)status} {body?.Code} at {shown}", requestId, clientRequestId, error == GraphError.Refused ? body?.Message : null);
        return error == GraphError.Throttled || error == GraphError.Unavailable || error == GraphError.OutcomeUnknown
            ? new GraphTransientException(error, detail) { Status = status, RequestId = requestId, ClientRequestId = clientRequestId, GraphCode = body?.Code }
            : new GraphException(error, detail) { Status = status, RequestId = requestId, ClientRequestId = clientRequestId, GraphCode = body?.Code };
    }

    public static string Detail(string what, string? requestId, string? clientRequestId, string? said = null)
    {
        var ids = $"{(requestId is null ? null : $", request-id {requestId}")}{(clientRequestId is null ? null : $", client-request-id {clientRequestId}")}";
        return $"{what}{ids}{(said is null ? null : $": {said}")}";
    }

    /// <summary>The error in the body of a batch's item.</summary>
    public static GraphFailureBody? In(JsonElement? body)
    {
        try
        {
            return body is { ValueKind: JsonValueKind.Object } given ? given.Deserialize(GraphJson.Info<GraphFailure>())?.Error : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string Shown(string path)
    {
        var local = Uri.TryCreate(path, UriKind.Absolute, out var absolute) ? absolute.AbsolutePath : path;
        var query = local.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? local : local[..query];
    }
}

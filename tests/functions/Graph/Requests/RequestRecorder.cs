using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GwbCloud.Tests.Requests;

/// <summary>Notes what goes out to Graph, as the templates of requests.txt have it: without ids, names and values.</summary>
/// <param name="seen">Where it is noted; shared by all recorders of a run.</param>
internal sealed partial class RequestRecorder(ConcurrentDictionary<string, int> seen) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var text = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        foreach (var template in Templates(request, text))
        {
            seen.AddOrUpdate(template, 1, (_, count) => count + 1);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    static IEnumerable<string> Templates(HttpRequestMessage request, string? text)
    {
        // What every request bears stands in no entry.
        if (request.Headers.Authorization is not { Scheme: "Bearer" } || !request.Headers.Contains("client-request-id"))
        {
            yield return $"{request.Method} without a token or a name of its own";
            yield break;
        }

        var body = text is null ? null : JsonNode.Parse(text);
        var target = request.RequestUri!.PathAndQuery.TrimStart('/');
        var eventual = request.Headers.TryGetValues("ConsistencyLevel", out var level) ? level.Single() : null;
        yield return Template(request.Method.Method, target, eventual, body, inBatch: false);
        if (!target.EndsWith("/$batch", StringComparison.Ordinal))
        {
            yield break;
        }

        foreach (var item in body!["requests"]!.AsArray())
        {
            yield return Template(
                (string)item!["method"]!, $"{target.Split('/')[0]}{item["url"]}", (string?)item["headers"]?["ConsistencyLevel"], item["body"], inBatch: true);
        }
    }

    /// <summary>The lines of an entry: request, then header, body and place where it has them.</summary>
    static string Template(string method, string target, string? eventual, JsonNode? body, bool inBatch)
    {
        var parts = target.Split('?', 2);
        var segments = parts[0].Split('/').Select(Uri.UnescapeDataString).ToList();
        var path = string.Join('/', segments.Select((s, i) => Segment(s, i == 0 ? "" : segments[i - 1])));

        // A next link is Graph's own; what follows from it is the request that it continues.
        var options = parts.Length == 1 ? [] : parts[1].Split('&').Select(Uri.UnescapeDataString).Where(o => !o.StartsWith("$skiptoken=", StringComparison.Ordinal));
        var query = string.Join('&', options.Select(Option));
        List<string> lines = [$"{method} {path}{(query.Length == 0 ? "" : $"?{query}")}"];
        if (eventual is not null) { lines.Add($"header: ConsistencyLevel: {eventual}"); }
        if (body is not null) { lines.Add($"body: {Shape(body, path.EndsWith("/schema", StringComparison.Ordinal) ? 1 : path.EndsWith("$batch", StringComparison.Ordinal) ? 2 : 9)}"); }
        if (inBatch) { lines.Add("in: $batch"); }
        return string.Join('\n', lines);
    }

    static string Segment(string segment, string before) => before is "jobs" or "appRoleAssignedTo" or "extensionProperties" || Guid.TryParse(segment, out _)
        ? "{id}"
        : segment;

    static string Option(string option)
    {
        option = ExtensionName().Replace(option, "{property}");
        option = AnyGuid().Replace(option, "{id}");
        option = IdList().Replace(option, "in ({ids})");
        option = Moment().Replace(option, "{moment}");
        return option.StartsWith("$filter", StringComparison.Ordinal) ? Literal().Replace(option, m => Kept.Contains(m.Value) ? m.Value : "'{text}'") : option;
    }

    // Words of Graph's own, not of a tenant.
    static readonly HashSet<string> Kept = ["'Unified'", "'{id}'", "'{moment}'"];

    static string Shape(JsonNode? node, int depth) => node switch
    {
        null => "null",
        JsonObject when depth == 0 => "{…}",
        JsonArray when depth == 0 => "[…]",
        JsonObject members => $"{{{string.Join(", ", members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{ExtensionName().Replace(m.Key, "{property}")}: {Shape(m.Value, depth - 1)}"))}}}",
        JsonArray { Count: 0 } => "[]",
        JsonArray items => $"[{string.Join(" | ", items.Select(i => Shape(i, depth - 1)).Distinct().Order(StringComparer.Ordinal))}]",
        _ => node.GetValueKind() switch { JsonValueKind.True or JsonValueKind.False => "bool", JsonValueKind.Number => "number", _ => "string" },
    };

    [GeneratedRegex("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", RegexOptions.IgnoreCase)]
    private static partial Regex AnyGuid();

    [GeneratedRegex(@"in \('\{id\}'(,'\{id\}')*\)")]
    private static partial Regex IdList();

    [GeneratedRegex("extension_[0-9a-f]{32}_[A-Za-z]+")]
    private static partial Regex ExtensionName();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+Z")]
    private static partial Regex Moment();

    [GeneratedRegex("'(''|[^'])*'")]
    private static partial Regex Literal();
}

namespace GwbCloud.Lab.Tenant;

/// <summary>A method and a path template of Graph, what it needs and costs, and what answers there.</summary>
public sealed record GraphRoute
{
    public required string Method { get; init; }

    /// <summary>Path below the version; a placeholder is <c>{name}</c>.</summary>
    public required string Template { get; init; }

    /// <summary>Permissions; without them the answer is 403.</summary>
    public required Needs Needs { get; init; }
    public required Func<GraphCall, Task<GraphAnswer>> Answer { get; init; }

    /// <summary>Resource units before the query changes them. Source: throttling limits of identity and access.</summary>
    public int Cost { get; init; } = 1;

    /// <summary>Counts as a write.</summary>
    public bool Writes { get; init; }

    /// <summary>v1.0 does not know the path.</summary>
    public bool BetaOnly { get; init; }

    /// <summary>Requests in 10 seconds for each app and tenant, of services that count so; null where only resource units count.</summary>
    public int? Per10Seconds { get; init; }

    public string[] Segments => field ??= Template.Split('/');

    /// <summary>Answers within a read of the store, because everything there does.</summary>
    public static GraphRoute Get(string template, Needs needs, Func<GraphCall, GraphAnswer> answer, int cost = 1) => Read("GET", template, needs, answer, cost);

    /// <inheritdoc cref="Get"/>
    public static GraphRoute Read(string method, string template, Needs needs, Func<GraphCall, GraphAnswer> answer, int cost = 1) =>
        new() { Method = method, Template = template, Needs = needs, Answer = call => Task.FromResult(call.World.Store.Read(() => answer(call))), Cost = cost };

    /// <param name="method">POST, PATCH, PUT or DELETE.</param>
    /// <param name="template">Path below the version.</param>
    /// <param name="needs">Permissions.</param>
    /// <param name="answer">Changes the world by itself.</param>
    public static GraphRoute Write(string method, string template, Needs needs, Func<GraphCall, Task<GraphAnswer>> answer) =>
        new() { Method = method, Template = template, Needs = needs, Answer = answer, Writes = true };

    /// <summary>Values of the placeholders, or null when the path is another.</summary>
    public IReadOnlyDictionary<string, string>? Match(IReadOnlyList<string> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Count != Segments.Length)
        {
            return null;
        }

        for (var i = 0; i < path.Count; i++)
        {
            // $count is a segment of its own wherever it stands.
            if (Segments[i][0] == '{' ? path[i].StartsWith('$') : !Segments[i].Equals(path[i], StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        var values = new Dictionary<string, string>();
        for (var i = 0; i < path.Count; i++)
        {
            if (Segments[i] is ['{', .. var name, '}'])
            {
                values[name] = path[i];
            }
        }

        return values;
    }
}

/// <summary>All routes, found by their first segment and length.</summary>
sealed class GraphRoutes(IEnumerable<GraphRoute> routes)
{
    readonly ILookup<(string, int), GraphRoute> _routes = routes.ToLookup(r => (r.Segments[0].ToLowerInvariant(), r.Segments.Length));

    public IEnumerable<GraphRoute> All => _routes.SelectMany(r => r);

    /// <summary>The route of a call with the values of its placeholders.</summary>
    /// <exception cref="GraphException">The version has no such path, or not this method on it.</exception>
    public (GraphRoute Route, IReadOnlyDictionary<string, string> Values) Find(GraphCall call)
    {
        var known = false;
        foreach (var route in _routes[(call.Path.Count == 0 ? "" : call.Path[0].ToLowerInvariant(), call.Path.Count)])
        {
            if ((call.IsBeta || !route.BetaOnly) && route.Match(call.Path) is { } values)
            {
                if (route.Method == call.Method)
                {
                    return (route, values);
                }

                known = true;
            }
        }

        throw known
            ? new GraphException(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
            : GraphException.NoSuchSegment(call.Path.Count == 0 ? "" : call.Path[^1]);
    }
}

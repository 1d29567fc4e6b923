namespace GwbCloud.Lab.Tenant;

/// <summary>A method and a path template of Graph, and what answers there.</summary>
public sealed record GraphRoute
{
    GraphRoute(string method, string template, Func<GraphCall, Task<GraphAnswer>> answer, bool betaOnly)
    {
        (Method, Segments, Answer, BetaOnly) = (method, template.Split('/'), answer, betaOnly);
    }

    public string Method { get; }
    public IReadOnlyList<string> Segments { get; }
    public Func<GraphCall, Task<GraphAnswer>> Answer { get; }

    /// <summary>v1.0 does not know the path.</summary>
    public bool BetaOnly { get; init; }

    /// <param name="method">HTTP method.</param>
    /// <param name="template">Path below the version; a placeholder is <c>{name}</c>.</param>
    /// <param name="answer">Reads.</param>
    /// <param name="betaOnly">v1.0 does not know the path.</param>
    public static GraphRoute To(string method, string template, Func<GraphCall, GraphAnswer> answer, bool betaOnly = false) =>
        new(method, template, call => Task.FromResult(answer(call)), betaOnly);

    /// <inheritdoc cref="To(string, string, Func{GraphCall, GraphAnswer}, bool)"/>
    public static GraphRoute To(string method, string template, Func<GraphCall, Task<GraphAnswer>> answer, bool betaOnly = false) =>
        new(method, template, answer, betaOnly);

    /// <summary>Values of the placeholders, or null when the path is another.</summary>
    public IReadOnlyDictionary<string, string>? Match(IReadOnlyList<string> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Count != Segments.Count)
        {
            return null;
        }

        var values = new Dictionary<string, string>();
        for (var i = 0; i < path.Count; i++)
        {
            if (Segments[i] is ['{', .. var name, '}'])
            {
                // $count is a segment of its own wherever it stands.
                if (path[i].StartsWith('$'))
                {
                    return null;
                }

                values[name] = path[i];
            }
            else if (!Segments[i].Equals(path[i], StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        return values;
    }
}

using System.Globalization;

namespace GwbCloud.Functions.Pages;

/// <summary>Addresses of the pages and of what they link to. Everything that somebody else chose is escaped.</summary>
public static class PagePaths
{
    public const string Home = "/api/pages";

    public static string Migration(string id) => $"{Home}/migrations/{Part(id)}";

    public static string Migration(string id, string below) => $"{Migration(id)}/{below}";

    public static string Gate(string id, string gate) => Migration(id, $"gates/{Part(gate)}");

    public static string Evidence(string id, string gate, string part) => $"{Gate(id, gate)}/evidence/{Part(part)}";

    public static string Task(string id, string taskId) => Migration(id, $"tasks/{Part(taskId)}");

    public static string Action(string id, string verb) => Migration(id, $"actions/{Part(verb)}");

    public static string Assessment(string id) => $"{Home}/assessments/{Part(id)}";

    public static string Assessment(string id, string below) => $"{Assessment(id)}/{below}";

    public static string Finding(string id, string code) => Assessment(id, $"findings/{Part(code)}");

    public static string Risk(string id, string taskId) => Assessment(id, $"tasks/{Part(taskId)}");

    public const string Operations = $"{Home}/operations";

    public static string Operation(string id) => $"{Operations}/{Part(id)}";

    public static string Operation(string id, string below) => $"{Operation(id)}/{below}";

    public static string Api(string below) => $"/api/{below}";

    /// <summary>A page of a list: its address with the query values that are set.</summary>
    public static string List(string path, int page, params IEnumerable<(string Name, string? Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var query = values.Where(value => value.Value is { Length: > 0 }).Select(value => $"{value.Name}={Part(value.Value!)}").ToList();
        if (page > 1)
        {
            query.Add(string.Create(CultureInfo.InvariantCulture, $"page={page}"));
        }

        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    static string Part(string text) => Uri.EscapeDataString(text);
}

using GwbCloud.Functions.Api;

namespace GwbCloud.Functions.Pages;

/// <summary>Which methods a path would have taken.</summary>
static class RouteFinder
{
    static readonly List<(string[] Parts, string Method)> Routes =
        [.. ApiRoutes.All.Concat(PageRoutes.All.Where(route => !route.Template.StartsWith("{*", StringComparison.Ordinal))).Select(route => (Split(route.Template), route.Method))];

    /// <param name="path">Below the prefix.</param>
    /// <returns>Nothing when no route has this path.</returns>
    public static IReadOnlyList<string> MethodsOf(string path)
    {
        var parts = Split(path);
        return [.. Routes.Where(route => Fits(route.Parts, parts)).Select(route => route.Method).Distinct().Order(StringComparer.Ordinal)];
    }

    static bool Fits(string[] route, string[] path) => route.Length == path.Length
        && route.Zip(path).All(pair => pair.First.StartsWith('{') || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));

    static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}

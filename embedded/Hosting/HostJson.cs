using System.Text.Json;
using GwbCloud.Embedded.Engine;

namespace GwbCloud.Embedded.Hosting;

/// <summary>What the embedded host honours of a host.json.</summary>
sealed record HostJson
{
    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public string RoutePrefix { get; init; } = "api";

    public string DefaultVersion { get; init; } = "";

    public VersionMatchStrategy VersionMatch { get; init; } = VersionMatchStrategy.CurrentOrOlder;

    public VersionFailureStrategy VersionFailure { get; init; } = VersionFailureStrategy.Reject;

    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <exception cref="EmbeddedHostException">The file is missing or can't be read.</exception>
    public static HostJson Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            var root = document.RootElement;
            var defaults = new HostJson();
            return new()
            {
                RoutePrefix = Find(root, "extensions", "http", "routePrefix")?.GetString() ?? defaults.RoutePrefix,
                DefaultVersion = Find(root, "extensions", "durableTask", "defaultVersion")?.GetString() ?? defaults.DefaultVersion,
                VersionMatch = Find(root, "extensions", "durableTask", "versionMatchStrategy")?.GetString() is { } match
                    ? Enum.Parse<VersionMatchStrategy>(match, ignoreCase: true) : defaults.VersionMatch,
                VersionFailure = Find(root, "extensions", "durableTask", "versionFailureStrategy")?.GetString() is { } failure
                    ? Enum.Parse<VersionFailureStrategy>(failure, ignoreCase: true) : defaults.VersionFailure,
                MaxConcurrentActivities = Find(root, "extensions", "durableTask", "maxConcurrentActivityFunctions")?.GetInt32() ?? defaults.MaxConcurrentActivities,
            };
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new EmbeddedHostException($"The host.json at {path} can't be read: {e.Message}", e);
        }
    }

    static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) { return null; }
        }
        return element;
    }
}

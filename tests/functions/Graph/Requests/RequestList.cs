namespace GwbCloud.Tests.Requests;

/// <summary>The list of every request that the product sends to Graph: tests/functions/Graph/requests.txt, whose head says how it reads.</summary>
internal static class RequestList
{
    static readonly string[] s_signature = ["header: ", "body: ", "in: "];

    /// <summary>The entries.</summary>
    public static IReadOnlyList<Entry> Read() => [.. File.ReadAllText(PathOf()).ReplaceLineEndings("\n").Split("\n\n")
        .Select(block => block.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList())
        .Where(lines => lines.Count > 0)
        .Select(ReadEntry)];

    /// <summary>Fails with the requests as the list would have them.</summary>
    public static void AssertNone(string what, IEnumerable<string> templates)
    {
        var some = templates.Order(StringComparer.Ordinal).Select(t => $"  {t.Replace("\n", "\n  ", StringComparison.Ordinal)}").ToList();
        Assert.True(some.Count == 0, $"{some.Count} {what}:\n\n{string.Join("\n\n", some)}");
    }

    static Entry ReadEntry(List<string> lines)
    {
        var rest = lines.Skip(1).Select(l => l.Trim()).ToList();
        string? Value(string name) => rest.FirstOrDefault(l => l.StartsWith($"{name}: ", StringComparison.Ordinal))?[(name.Length + 2)..];
        return new Entry
        {
            Name = lines[0],
            Template = string.Join('\n', rest.Where((line, i) => i == 0 || s_signature.Any(s => line.StartsWith(s, StringComparison.Ordinal)))),
            Permission = Value("permission"),
            Source = Value("source"),
            Seen = Value("seen") ?? "rehearsal",
        };
    }

    static string PathOf()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return Path.Combine(folder.FullName, "tests", "functions", "Graph", "requests.txt");
    }

    /// <summary>One request.</summary>
    internal sealed record Entry
    {
        public required string Name { get; init; }

        /// <summary>What the recorder notes of it.</summary>
        public required string Template { get; init; }
        public required string? Permission { get; init; }
        public required string? Source { get; init; }

        /// <summary>Where it must be seen: <c>rehearsal</c> or <c>flow</c>.</summary>
        public required string Seen { get; init; }
    }
}

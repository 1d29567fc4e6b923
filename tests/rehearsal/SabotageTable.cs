using System.Globalization;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>docs/sabotages.md as it is designed: how each sabotage ends, with which codes, and what the operator sees of it.</summary>
static class SabotageTable
{
    public static IReadOnlyDictionary<Sabotage, SabotageRow> Rows { get; } = Read();

    /// <summary>Names as the tables have them, from top to bottom.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Lines().Select(cells => cells[0])];

    static Dictionary<Sabotage, SabotageRow> Read() => Lines().ToDictionary(
        cells => SabotageName.Parse(cells[0]) ?? throw new InvalidOperationException($"docs/sabotages.md names {cells[0]}, which is no sabotage."),
        cells => new SabotageRow
        {
            What = cells[1],
            ExitCode = int.Parse(cells[2], CultureInfo.InvariantCulture),
            Codes = cells[3].Split(", ", StringSplitOptions.RemoveEmptyEntries),
            Seen = cells[4],
        });

    static IEnumerable<string[]> Lines() => File.ReadLines(Path.Combine(Root(), "docs", "sabotages.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Name ", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return folder.FullName;
    }
}

sealed record SabotageRow
{
    public required string What { get; init; }
    public required int ExitCode { get; init; }

    /// <summary>Codes that the operator reads, among others.</summary>
    public required IReadOnlyList<string> Codes { get; init; }
    public required string Seen { get; init; }
}

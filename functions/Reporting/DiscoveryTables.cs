using System.Text.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Reporting;

/// <summary>The tables of a discovery as CSV, the same on its own and in an assessment. Columns are only ever added at the end.</summary>
static class DiscoveryTables
{
    /// <summary>One line for each item of the plan document.</summary>
    public const string Items = "discovery";

    /// <summary>One line for each Microsoft 365 group.</summary>
    public const string M365 = "m365";

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Columns { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [Items] = ["id", "part", "title", "says", "default", "limit", "values", "readFrom", "standing", "meaning", "readAt"],
        [M365] = ["id", "name", "writeback", "inDirectory", "type"],
    };

    /// <summary>Opens what a table needs and gives back what writes it; without a report there are only the heads.</summary>
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public static async Task<Func<Stream, Task>> PrepareAsync(IDocumentStore documents, DiscoveryReport? report, string table, CancellationToken cancellationToken)
    {
        if (report is null || table == Items)
        {
            return output => CsvWriter.WriteTableAsync(output, Columns[table], (report?.Items ?? []).Select(item => Row(item, report!)).ToAsyncEnumerable(), null, cancellationToken);
        }

        var groups = await documents.OpenAsync(report.Groups, cancellationToken);
        return output => CsvWriter.WriteTableAsync(
            output, Columns[table], DocumentStoreJson.EntriesAsync<DiscoveredGroup>(groups, report.Groups, cancellationToken).Select(Row), groups, cancellationToken);
    }

    static IReadOnlyList<CsvCell> Row(DiscoveryItem item, DiscoveryReport report) =>
    [
        item.Id, Camel(item.Part), item.Title, item.Says, item.Default, item.Limit, string.Join(" | ", item.Values.Select(value => $"{value.Of}: {value.Value}")),
        item.ReadFrom, Camel(item.Standing), item.Meaning, Words.Time(report.ReadAt),
    ];

    static IReadOnlyList<CsvCell> Row(DiscoveredGroup group) => [group.Id, group.Name, Camel(group.Writeback), group.InDirectory, group.Type];

    static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

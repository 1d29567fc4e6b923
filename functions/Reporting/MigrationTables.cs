using System.Text.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>The tables of a migration's report as CSV. Columns are only ever added at the end: people build on their order.</summary>
public sealed class MigrationTables(GroupResults groups, MigrationReports reports)
{
    public const string Groups = "groups";
    public const string Stages = "stages";
    public const string Tasks = "tasks";
    public const string Decisions = "decisions";

    /// <summary>Heads of each table's columns.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Columns { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [Groups] = ["cloudId", "objectGuid", "name", "class", "outcome", "differs", "membersLost", "membersGained", "comparedAt", "verifiedAt"],
        [Stages] = ["stage", "state", "startedAt", "endedAt", "seconds", "detail"],
        [Tasks] = ["id", "kind", "state", "title", "server", "openedAt", "deadline", "reads", "readAt", "checkedBy", "checkedAt", "endedAt"],
        [Decisions] = ["gate", "decision", "by", "at", "comment", "evidenceDigest", "withdrawnAt"],
    };

    /// <summary>Writes one table, group by group where it is long.</summary>
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public async Task WriteAsync(Stream output, ReportSources sources, string table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        await using var csv = new CsvWriter(output);
        await csv.WriteAsync(Columns[table].Select(head => (CsvCell)head), cancellationToken);
        await foreach (var row in RowsAsync(sources, table, cancellationToken)) { await csv.WriteAsync(row, cancellationToken); }
    }

    IAsyncEnumerable<IReadOnlyList<CsvCell>> RowsAsync(ReportSources sources, string table, CancellationToken cancellationToken) => table switch
    {
        Groups => groups.ReadAsync(sources, cancellationToken).Select(group => Row(group, sources)),
        Stages => sources.View.Stages.Select(Row).ToAsyncEnumerable(),
        Tasks => sources.View.Tasks.Select(Row).ToAsyncEnumerable(),
        _ => DecisionRowsAsync(sources, cancellationToken),
    };

    async IAsyncEnumerable<IReadOnlyList<CsvCell>> DecisionRowsAsync(
        ReportSources sources, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var d in await reports.DecisionsAsync(sources.View.MigrationId, cancellationToken))
        {
            yield return [Camel(d.Gate), Camel(d.Decision), d.By, Time(d.At), d.Comment, d.EvidenceDigest, Time(d.WithdrawnAt)];
        }
    }

    /// <summary>Whoever opens the table later must see of when its numbers are.</summary>
    static IReadOnlyList<CsvCell> Row(GroupResult group, ReportSources sources) =>
    [
        group.CloudId, group.ObjectGuid, group.Name, Camel(group.Class), Camel(group.Outcome), string.Join(" | ", group.Differs), group.MembersLost, group.MembersGained,
        Time(group.ObjectGuid is null ? null : sources.Comparison?.ReadAt), Time(group.Outcome is GroupOutcome.Verified or GroupOutcome.NotVerified ? sources.Verification?.ReadAt : null),
    ];

    static IReadOnlyList<CsvCell> Row(StageView stage) =>
    [
        Camel(stage.Name), Camel(stage.State), Time(stage.StartedAt), Time(stage.EndedAt),
        stage is { StartedAt: { } from, EndedAt: { } until } ? (int)(until - from).TotalSeconds : (CsvCell)"", stage.Detail,
    ];

    static IReadOnlyList<CsvCell> Row(OperatorTask task) =>
    [
        task.Id, Camel(task.Kind), Camel(task.State), task.Title, task.Server, Time(task.OpenedAt), Time(task.Deadline), task.Reads, Time(task.ReadAt), task.CheckedBy, Time(task.CheckedAt),
        Time(task.EndedAt),
    ];

    static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) ?? "";

    static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

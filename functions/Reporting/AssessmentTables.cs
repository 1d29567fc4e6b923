using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Reporting;

/// <summary>The tables of an assessment as CSV. Columns are only ever added at the end: people build on their order.</summary>
public sealed class AssessmentTables(IDocumentStore documents, AssessmentReader reader)
{
    public const string Groups = "groups";
    public const string Findings = "findings";
    public const string Losses = "losses";
    public const string Names = "names";

    /// <summary>Heads of each table's columns.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Columns { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [Groups] =
        [
            "cloudId", "objectGuid", "name", "class", "readiness", "members", "membersLost", "newlyWritten", "typeChange", "nestedGroups",
            "deviceMembers", "syncedGroupMembers", "specialCharacters", "reasons",
        ],
        [Findings] = ["code", "severity", "accepted", "acceptedBy", "comment", "concerns", "title", "cause", "remedy", "examples", "byName", "open", "set"],
        [Losses] = ["groupId", "groupName", "memberId"],
        [Names] =
        [
            "cloudId", "objectGuid", "name", "keptBy", "commonName", "writtenCommonName", "container", "writtenContainer", "samAccountName",
            "writtenSamAccountName", "mappedCommonName", "mappedContainer",
        ],
        [DiscoveryTables.Items] = DiscoveryTables.Columns[DiscoveryTables.Items],
        [DiscoveryTables.M365] = DiscoveryTables.Columns[DiscoveryTables.M365],
    };

    /// <summary>Reads what a table needs and gives back what writes it, so that a damaged document is known before the first byte goes out.</summary>
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public async Task<Func<Stream, Task>> PrepareAsync(AssessmentOutcome outcome, string table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        switch (table)
        {
            case Groups:
                var lost = await reader.LostAsync(outcome, cancellationToken);
                var groups = await documents.OpenAsync(outcome.Classified!, cancellationToken);
                return output => WriteAsync(output, table, DocumentStoreJson.EntriesAsync<ClassifiedGroup>(groups, outcome.Classified!, cancellationToken)
                    .Select(group => Row(group, lost)), groups, cancellationToken);
            case Findings:
                var findings = await documents.LoadListAsync<Finding>(outcome.Findings!, cancellationToken);
                var facts = await documents.LoadOneAsync<AssessInput>(outcome.Facts!, cancellationToken);
                return output => WriteAsync(output, table, findings.Select(finding => Row(finding, facts.Request.Acceptances)).ToAsyncEnumerable(), null, cancellationToken);
            case Names:
                var predictions = outcome.Names is { } kept ? await documents.OpenAsync(kept, cancellationToken) : null;
                return output => WriteAsync(output, table, predictions is null ? AsyncEnumerable.Empty<IReadOnlyList<CsvCell>>()
                    : DocumentStoreJson.EntriesAsync<NamePrediction>(predictions, outcome.Names!, cancellationToken).Select(Row), predictions, cancellationToken);
            case DiscoveryTables.Items or DiscoveryTables.M365:
                var discovery = outcome.Discovery is { } found ? await documents.LoadOneAsync<DiscoveryReport>(found, cancellationToken) : null;
                return await DiscoveryTables.PrepareAsync(documents, discovery, table, cancellationToken);
            default:
                var names = await NamesAsync(outcome, cancellationToken);
                var losses = await documents.OpenAsync(outcome.Losses!, cancellationToken);
                return output => WriteAsync(output, table, DocumentStoreJson.EntriesAsync<GroupLoss>(losses, outcome.Losses!, cancellationToken)
                    .SelectMany(loss => loss.Members.Select(member => Row(loss, member, names))), losses, cancellationToken);
        }
    }

    static Task WriteAsync(Stream output, string table, IAsyncEnumerable<IReadOnlyList<CsvCell>> rows, Stream? source, CancellationToken cancellationToken) =>
        CsvWriter.WriteTableAsync(output, Columns[table], rows, source, cancellationToken);

    static IReadOnlyList<CsvCell> Row(ClassifiedGroup group, IReadOnlyDictionary<Guid, int> lost) =>
    [
        group.CloudId, group.ObjectGuid, group.Name, Camel(group.Class), Camel(group.Readiness), group.Members,
        group is { Class: GroupClass.Migrates, CloudId: { } id } ? lost.GetValueOrDefault(id) : 0,
        group.NewlyWritten, group.TypeChange, group.Children.Count, group.DeviceMembers, group.SyncedGroupMembers, group.SpecialCharacters,
        string.Join(' ', group.Reasons),
    ];

    static IReadOnlyList<CsvCell> Row(Finding finding, IReadOnlyList<Acceptance> acceptances)
    {
        var accepted = acceptances.Where(acceptance => finding.Accepted && acceptance.Code == finding.Code).ToList();
        return
        [
            finding.Code, Camel(finding.Severity), finding.Accepted, string.Join(' ', accepted.Select(a => a.By)), string.Join(' ', accepted.Select(a => a.Comment)),
            finding.Groups, finding.Title, finding.Cause, finding.Remedy, string.Join(" | ", finding.Examples), finding.ByName,
            finding.Open, finding.Set,
        ];
    }

    static IReadOnlyList<CsvCell> Row(GroupLoss loss, Guid member, Dictionary<Guid, string> names) => [loss.CloudId, names.GetValueOrDefault(loss.CloudId), member];

    static IReadOnlyList<CsvCell> Row(NamePrediction name) =>
    [
        name.CloudId, name.ObjectGuid, name.Name, Camel(name.KeptBy), name.CommonName, name.WrittenCommonName, name.Container, name.WrittenContainer,
        name.SamAccountName, name.WrittenSamAccountName, name.MappedCommonName, name.MappedContainer,
    ];

    /// <summary>Names of the groups that lose members, and of no others.</summary>
    async Task<Dictionary<Guid, string>> NamesAsync(AssessmentOutcome outcome, CancellationToken cancellationToken)
    {
        var losing = await reader.LostAsync(outcome, cancellationToken);
        var names = new Dictionary<Guid, string>();
        await foreach (var group in documents.EntriesAsync<ClassifiedGroup>(outcome.Classified!, cancellationToken))
        {
            if (group is { Class: GroupClass.Migrates, CloudId: { } id } && losing.ContainsKey(id))
            {
                names[id] = group.Name;
            }
        }

        return names;
    }

    static string Camel<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

using System.Globalization;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Exports;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>Makes what is kept of an assessment and of a migration large: what pages show of a tenant must not grow with it.</summary>
static class LargeTenant
{
    /// <summary>Repeats what an assessment of a small tenant found until there is enough of it.</summary>
    /// <param name="documents">The product's.</param>
    /// <param name="assessment">Its id.</param>
    /// <param name="groups">As many groups, names and losses.</param>
    /// <param name="findings">As many findings.</param>
    public static async Task EnlargeAsync(IDocumentStore documents, string assessment, int groups, int findings)
    {
        var stop = TestContext.Current.CancellationToken;
        string name = StoreNames.AssessmentOutcome(assessment);
        var outcome = (await documents.ReadOneAsync<AssessmentOutcome>(name, stop))!;
        var classified = await ReadAsync<ClassifiedGroup>(outcome.Classified);
        var losses = await ReadAsync<GroupLoss>(outcome.Losses);
        var names = await ReadAsync<NamePrediction>(outcome.Names);
        var found = await ReadAsync<Finding>(outcome.Findings);
        await documents.WriteOneAsync(name, outcome with
        {
            Classified = await WriteAsync(outcome.Classified!, classified, groups, (group, round) => group with { CloudId = Id(group.CloudId, round), Name = $"{group.Name} {round}" }),
            Losses = await WriteAsync(outcome.Losses!, losses, groups, (loss, round) => loss with { CloudId = Id(loss.CloudId, round)!.Value }),
            Names = await WriteAsync(outcome.Names!, names, groups, (one, round) => one with { CloudId = Id(one.CloudId, round)!.Value, Name = $"{one.Name} {round}" }),
            Findings = await WriteAsync(outcome.Findings!, found, findings, (finding, round) => round == 0 ? finding : finding with
            {
                // As codes are made; not all of these exist.
                Code = string.Create(CultureInfo.InvariantCulture, $"GWB{9000 + round}"),
                Title = $"{finding.Title} {round}",
                Groups = groups,
            }),
            Groups = groups,
            Migrating = groups,
        }, stop);

        async Task<IReadOnlyList<T>> ReadAsync<T>(DocumentReference? list) => list is null ? [] : await documents.LoadListAsync<T>(list, stop);

        async Task<DocumentReference> WriteAsync<T>(DocumentReference list, IReadOnlyList<T> few, int many, Func<T, int, T> again) => few.Count == 0 ? list : await documents.SaveListAsync(
            list.Kind, Enumerable.Range(0, many).Select(at => again(few[at % few.Count], at / few.Count)), stop);
    }

    /// <summary>Makes what is shown of a migration as large as it becomes with so many groups: work done, objects left behind, exports and reviewed items to explain.</summary>
    public static async Task EnlargeMigrationAsync(IDocumentStore documents, string migration, int groups)
    {
        var stop = TestContext.Current.CancellationToken;
        string name = StoreNames.MigrationView(migration);
        var view = (await documents.ReadOneAsync<MigrationView>(name, stop))!;
        var gate = view.Gate!;
        var exports = await documents.SaveListAsync("exports", Enumerable.Range(0, groups).Select(at => new OffendingExport
        {
            Server = "AADC01", Connector = "contoso.example", ObjectType = "group", Operation = ExportOperation.Update, Change = "would be changed", Breaks = default,
            DistinguishedName = DistinguishedName(at), Why = "nobody allowed it",
        }), stop);
        var review = await documents.SaveListAsync("review", Enumerable.Range(0, groups).Select(at => new ReviewItem { Name = $"moved/{at}", Kind = "moved", Text = $"Group {at} was moved." }), stop);
        List<EvidenceLink> evidence = [];
        foreach (var link in gate.Evidence)
        {
            var part = await documents.LoadOneAsync<EvidencePart>(link.Facts!, stop);
            var facts = JsonSerializer.SerializeToElement(new { part.Facts, planned = Enumerable.Range(0, groups).Select(at => $"Group_{at}") });
            evidence.Add(link with { Facts = await documents.SaveOneAsync("evidence", part with { Facts = facts }, stop) });
        }

        await documents.WriteOneAsync(name, view with
        {
            Stages = [.. view.Stages.Select(stage => stage.StartedAt is null ? stage : stage with { Done = groups, Total = groups })],
            Orphans = [.. Enumerable.Range(0, groups).Select(at => new OrphanedObject { CloudId = Id(Guid.Empty, at + 1)!.Value, DistinguishedName = DistinguishedName(at) })],
            Exports = [new ExportReview { Server = "AADC01", Stage = StageName.FirstFullSync, At = view.UpdatedAt, Offending = exports }],
            Review = review,
            Tasks = [.. Enumerable.Repeat(view.Tasks[0], 500).Select((task, at) => at == 0 ? task : task with { Id = $"{task.Id}-{at}" }), .. view.Tasks.Skip(1)],
            Gate = gate with { Evidence = evidence },
        }, stop);
    }

    /// <summary>As if every group had lost a member, so that the report names it.</summary>
    public static async Task LoseMembersAsync(IDocumentStore documents, MigrationView view)
    {
        var stop = TestContext.Current.CancellationToken;
        var outcome = (await documents.ReadOneAsync<AssessmentOutcome>(StoreNames.AssessmentOutcome(view.AssessmentId), stop))!;
        var groups = (await documents.LoadListAsync<ClassifiedGroup>(outcome.Classified!, stop)).Where(group => group.ObjectGuid is not null).ToList();
        var differences = await documents.SaveListAsync("differences", groups.Select((group, at) => new GroupDifference
        {
            ObjectGuid = group.ObjectGuid!.Value, DistinguishedName = DistinguishedName(at), MembersLost = [Guid.Empty],
        }), stop);
        var comparison = await documents.SaveOneAsync("comparison", new DirectoryComparison
        {
            Compared = groups.Count, MembersLost = groups.Count, Deleted = 0, Renamed = 0, Moved = 0, SidChanged = 0, TypeChanged = 0, Created = 0, AnchorsChanged = 0, MembersGained = 0,
            Examples = [], Differences = differences,
        }, stop);
        string name = StoreNames.MigrationStanding(view.MigrationId);
        var standing = await documents.ReadOneAsync<MigrationStanding>(name, stop) ?? new() { MigrationId = view.MigrationId, Stage = StageName.ApprovePlan, Facts = new() };
        await documents.WriteOneAsync(name, standing with { Facts = standing.Facts with { Comparison = comparison } }, stop);
    }

    static string DistinguishedName(int number) => $"CN=Group {number},OU=Groups,DC=contoso,DC=example";

    static Guid? Id(Guid? id, int round)
    {
        if (id is not { } known || round == 0) { return id; }
        byte[] bytes = known.ToByteArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(0, 4), BitConverter.ToInt32(bytes, 0) + round);
        return new Guid(bytes);
    }
}

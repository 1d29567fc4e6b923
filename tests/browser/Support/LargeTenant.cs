using System.Globalization;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>Makes the results of an assessment large: what pages show of a tenant must not grow with it.</summary>
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

    static Guid? Id(Guid? id, int round)
    {
        if (id is not { } known || round == 0) { return id; }
        byte[] bytes = known.ToByteArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(0, 4), BitConverter.ToInt32(bytes, 0) + round);
        return new Guid(bytes);
    }
}

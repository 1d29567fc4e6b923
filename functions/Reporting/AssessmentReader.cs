using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Reporting;

/// <summary>Puts the report of an assessment together from its documents. Long lists go by, and are not held.</summary>
public sealed class AssessmentReader(IDocumentStore documents)
{
    /// <param name="outcome">An assessment with results.</param>
    /// <param name="at">When it was asked for.</param>
    /// <param name="cancellationToken">Stops between two entries.</param>
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public async Task<AssessmentReport> ReadAsync(AssessmentOutcome outcome, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var lost = await LostAsync(outcome, cancellationToken);
        var most = lost.OrderByDescending(loss => loss.Value).ThenBy(loss => loss.Key).Take(AssessmentReport.MostLosses).Select(loss => loss.Key).ToHashSet();
        var tally = new GroupTally();
        var losses = new List<LosingGroup>();
        await foreach (var group in documents.EntriesAsync<ClassifiedGroup>(outcome.Classified!, cancellationToken))
        {
            tally.Add(group);
            if (group is { Class: GroupClass.Migrates, CloudId: { } id } && most.Contains(id))
            {
                losses.Add(new() { CloudId = id, Name = group.Name, Members = group.Members, Lost = lost[id] });
            }
        }

        var keeping = Enum.GetValues<NameKeeping>().ToDictionary(way => way, _ => 0);
        var deviating = new List<NamePrediction>();
        await foreach (var name in outcome.Names is { } names ? documents.EntriesAsync<NamePrediction>(names, cancellationToken) : AsyncEnumerable.Empty<NamePrediction>())
        {
            keeping[name.KeptBy]++;
            if (name.KeptBy != NameKeeping.Mapping && deviating.Count < AssessmentReport.MostNames)
            {
                deviating.Add(name);
            }
        }

        return new()
        {
            Outcome = outcome,
            At = at,
            Facts = await documents.LoadOneAsync<AssessInput>(outcome.Facts!, cancellationToken),
            Findings = await documents.LoadListAsync<Finding>(outcome.Findings!, cancellationToken),
            Tally = tally,
            Tasks = outcome.Tasks is { } tasks ? await documents.EntriesAsync<RiskTask>(tasks, cancellationToken).Take(AssessmentReport.MostTasks).ToListAsync(cancellationToken) : [],
            Discovery = outcome.Discovery is { } discovery ? await documents.LoadOneAsync<DiscoveryReport>(discovery, cancellationToken) : null,
            Keeping = keeping,
            Deviating = deviating,
            Losses = [.. losses.OrderByDescending(loss => loss.Lost).ThenBy(loss => loss.CloudId)],
        };
    }

    /// <summary>How many members each group loses.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> LostAsync(AssessmentOutcome outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var lost = new Dictionary<Guid, int>();
        await foreach (var loss in documents.EntriesAsync<GroupLoss>(outcome.Losses!, cancellationToken))
        {
            lost[loss.CloudId] = loss.Members.Count;
        }

        return lost;
    }
}

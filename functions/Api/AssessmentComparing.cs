using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>Compares two assessments of one tenant.</summary>
public sealed class AssessmentComparing(AssessmentCatalog assessments, IDocumentStore documents)
{
    /// <param name="after">The assessment that is looked at.</param>
    /// <param name="with">Id of the one that it is compared with.</param>
    /// <param name="client">Knows what still runs.</param>
    /// <param name="cancellationToken">Stops between two documents.</param>
    /// <returns>The comparison, and every group that changed.</returns>
    /// <exception cref="ApiException">400, 404, or 409.</exception>
    public async Task<(AssessmentComparison Comparison, IReadOnlyList<GroupChange> Groups)> CompareAsync(
        AssessmentOutcome after, string with, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(after);
        return with == after.AssessmentId
            ? throw ApiException.BadRequest(ApiError.SameAssessment, "with")
            : await CompareAsync(await assessments.GetEndedAsync(with, client, cancellationToken), after, cancellationToken);
    }

    async Task<(AssessmentComparison Comparison, IReadOnlyList<GroupChange> Groups)> CompareAsync(
        AssessmentOutcome before, AssessmentOutcome after, CancellationToken cancellationToken)
    {
        var earlier = await documents.LoadOneAsync<AssessInput>(before.Facts!, cancellationToken);
        var later = await documents.LoadOneAsync<AssessInput>(after.Facts!, cancellationToken);
        if (earlier.Tenant.Tenant != later.Tenant.Tenant)
        {
            throw ApiException.Conflict(ApiError.OtherTenant);
        }

        // The same document is the same groups: nothing to read.
        var groups = before.Classified!.Sha256 == after.Classified!.Sha256 ? [] : AssessmentComparer.Groups(
            await documents.LoadListAsync<ClassifiedGroup>(before.Classified, cancellationToken),
            await documents.LoadListAsync<ClassifiedGroup>(after.Classified, cancellationToken));
        var comparison = new AssessmentComparison
        {
            AssessmentId = after.AssessmentId,
            With = before.AssessmentId,
            StateBefore = before.State,
            StateAfter = after.State,
            RadiusBefore = before.Blast!,
            RadiusAfter = after.Blast!,
            StagingSecondsBefore = before.Time!.PredictedStagingSeconds,
            StagingSecondsAfter = after.Time!.PredictedStagingSeconds,
            Findings = AssessmentComparer.Findings(await FindingsOfAsync(before, cancellationToken), await FindingsOfAsync(after, cancellationToken)),
            Servers = AssessmentComparer.Servers(earlier.Servers, later.Servers),
            Plan = new()
            {
                HashBefore = before.PlanHash,
                HashAfter = after.PlanHash,
                Parts = AssessmentComparer.PlanParts(await PlanOfAsync(before, cancellationToken), await PlanOfAsync(after, cancellationToken)),
            },
            Groups = Enum.GetValues<GroupChangeKind>().ToDictionary(kind => kind, kind => groups.Count(group => group.Change == kind)),
        };
        return (comparison, groups);
    }

    async Task<IReadOnlyList<JudgedFinding>> FindingsOfAsync(AssessmentOutcome outcome, CancellationToken cancellationToken)
    {
        List<JudgedFinding> findings = [];
        foreach (var finding in await documents.LoadListAsync<Finding>(outcome.Findings!, cancellationToken))
        {
            findings.Add(new(finding, finding.Concerned is { } concerned ? await documents.LoadListAsync<Concern>(concerned, cancellationToken) : []));
        }

        return findings;
    }

    async Task<MigrationPlan?> PlanOfAsync(AssessmentOutcome outcome, CancellationToken cancellationToken) =>
        outcome.Plan is { } plan ? await documents.LoadOneAsync<MigrationPlan>(plan, cancellationToken) : null;
}

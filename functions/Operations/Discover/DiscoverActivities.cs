using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Operations.Discover;

/// <summary>Makes the report of what was read.</summary>
public sealed class DiscoverActivities(AssessmentJudge judge, IDocumentStore store)
{
    [Function(nameof(DiscoverTenant))]
    public async Task<OperationDraft> DiscoverTenant([ActivityTrigger] AssessInput facts, CancellationToken cancellationToken)
    {
        var report = await judge.DiscoverAsync(facts, cancellationToken);
        return DiscoverDraft.Of(report) with { Report = await store.SaveOneAsync("discovery", report, cancellationToken) };
    }
}

/// <summary>What an operation shows of a discovery: how many items stand how, and what needs attention. Pure.</summary>
static class DiscoverDraft
{
    public static OperationDraft Of(DiscoveryReport report) => new()
    {
        Facts =
        [
            .. report.Items.Where(item => item.Id is "feature-v1" or "feature-v2" or "m365-existing" or "m365-new" or "security-each").Select(item => new OperationFact(item.Title, item.Meaning)),
            new("Items of the plan document", DiscoveryText.Count(report.Items.Count, "item", "items")),
            new("To be looked at", DiscoveryText.Count(report.Items.Count(item => item.Standing == DiscoveryStanding.Attention), "item", "items")),
            new("Not known", DiscoveryText.Count(report.Items.Count(item => item.Standing == DiscoveryStanding.Unknown), "item", "items")),
        ],
        Consequences = [.. report.Items.Where(item => item.Standing == DiscoveryStanding.Attention).Select(item => $"{item.Title}: {item.Meaning}")],
    };
}

using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Assessment;

/// <summary>
/// The items of the plan document in its order, answered from the facts that an assessment reads. Pure: the same facts give the same report.
/// Source: plan document.
/// </summary>
public static class Discovery
{
    static IEnumerable<DiscoveryQuestion> Questions =>
        [.. SettingQuestions.All, .. PrerequisiteQuestions.All, .. DefaultQuestions.All, .. CapabilityQuestions.All, .. LimitationQuestions.All];

    /// <summary>Names of all items.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. Questions.Select(question => question.Id)];

    /// <param name="facts">What was read.</param>
    /// <param name="groups">The kept list of <see cref="M365Of"/>.</param>
    public static DiscoveryReport Of(AssessmentFacts facts, DocumentReference groups)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var counted = new DiscoveryFacts(facts);
        return new()
        {
            ReadAt = facts.ReadAt,
            Tenant = facts.Tenant.Tenant,
            Domain = facts.Forest.Domain,
            Items = [.. Questions.Select(question => question.Answer(counted))],
            Groups = groups,
        };
    }

    /// <summary>Every Microsoft 365 group with its writeback, by its id.</summary>
    public static IEnumerable<DiscoveredGroup> M365Of(AssessmentFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var written = facts.Inventory.Select(g => Anchors.CloudId(g.AdminDescription)).OfType<Guid>().ToHashSet();
        return facts.Cloud.Values.Where(g => g is { Unified: true, SoftDeleted: false, OnPremisesSynced: false })
            .OrderBy(g => g.Id)
            .Select(g => DiscoveredGroup.Of(g, written.Contains(g.Id)));
    }
}

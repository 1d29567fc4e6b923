using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Assessment;

/// <summary>Facts into a plan. The same facts make the same plan, byte for byte: people approve its hash.</summary>
public static class PlanBuilder
{
    public static MigrationPlan Build(AssessmentFacts facts, AssessmentRequest request, JudgingTerms terms, PlanDocuments documents)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(documents);
        return new MigrationPlan
        {
            Tenant = facts.Tenant.Tenant,
            TenantDomain = facts.Tenant.DefaultDomain,
            Domain = facts.Forest.Domain,
            ForestDomains = HomeForest.DomainsOf(facts.Forest, facts.Servers),
            AssessmentId = request.AssessmentId,
            WritebackOu = facts.Forest.WritebackOu,
            Naming = facts.Classified.Naming,
            Servers = [.. facts.Servers
                .Select(s => new PlannedServer
                {
                    Name = s.Server,
                    Active = !s.Staging,
                    Version = s.Version,
                    Cmdlet = s.Cmdlet,
                    AdConnector = s.AdConnector,
                    Forests = s.Connectors.Count == 0 ? null : ServerNames.ForestsOf(s),
                    CustomProvisioningRules = [.. s.CustomProvisioningRules.Order(StringComparer.Ordinal)],
                })
                .OrderByDescending(s => s.Active)
                .ThenBy(s => s.Name, StringComparer.OrdinalIgnoreCase)],
            Groups = documents.Groups,
            Frozen = documents.Frozen,
            Classified = documents.Classified,
            Losses = documents.Losses,
            Kept = documents.Kept,
            Names = documents.Names,
            KnownErrors = documents.KnownErrors,
            Canaries = request.Canaries ?? throw new InvalidOperationException("A plan without canaries: the finding that blocks it is gone."),
            Ceilings = facts.Classified.Ceilings,
            Blast = BlastRadius.Of(facts.Classified),
            Time = facts.Time,
            NewGroupTolerance = facts.Options.NewGroupTolerance,
            Acceptances = [.. Acceptances.Needed(facts, request.Acceptances)
                .OrderBy(a => a.Code, StringComparer.Ordinal).ThenBy(a => a.Subject, StringComparer.Ordinal).ThenBy(a => a.By, StringComparer.Ordinal)],
            AssignScope = terms.AssignScope,
            Setup = terms.Setup,
        };
    }
}

/// <summary>The plan's lists, kept already.</summary>
public sealed record PlanDocuments
{
    public required DocumentReference Groups { get; init; }
    public required DocumentReference Frozen { get; init; }
    public required DocumentReference Classified { get; init; }
    public required DocumentReference Losses { get; init; }
    public DocumentReference? Kept { get; init; }
    public required DocumentReference Names { get; init; }
    public DocumentReference? KnownErrors { get; init; }
}

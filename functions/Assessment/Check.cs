namespace GwbCloud.Functions.Assessment;

/// <summary>One question to the facts. Pure; finds names of groups, servers or settings, never of members.</summary>
public sealed record Check
{
    /// <summary>Names in <see cref="Finding.Examples"/>.</summary>
    const int MostExamples = 20;

    public required string Code { get; init; }
    public required FindingSeverity Severity { get; init; }
    public required string Title { get; init; }
    public required string Cause { get; init; }
    public required string Remedy { get; init; }

    /// <summary>What is wrong, one name each; nothing when all is well.</summary>
    public required Func<AssessmentFacts, IEnumerable<string>> Look { get; init; }

    /// <summary>The finding, or null when all is well.</summary>
    public Finding? Run(AssessmentFacts facts, IReadOnlyList<Acceptance> acceptances)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var hits = Look(facts).ToList();
        return hits.Count == 0 ? null : new Finding
        {
            Code = Code,
            Severity = Severity,
            Title = Title,
            Cause = Cause,
            Remedy = Remedy,
            Groups = hits.Count,
            Examples = [.. hits.Order(StringComparer.Ordinal).Take(MostExamples)],
            Accepted = Severity == FindingSeverity.NeedsAcceptance && acceptances.Any(a => a.Code == Code),
        };
    }
}

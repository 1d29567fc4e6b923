namespace GwbCloud.Functions.Assessment;

/// <summary>What people accept by code. An acceptance belongs to the assessment that it was given to, and to no later one.</summary>
public static class Acceptances
{
    /// <summary>Why an acceptance can never count, null when it may.</summary>
    /// <param name="code">The finding's.</param>
    /// <param name="subject">The one that is meant, null for all.</param>
    /// <param name="set">The set that is meant, null for none.</param>
    public static string? Objection(string code, string? subject, string? set = null)
    {
        var check = FindingCatalogue.All.FirstOrDefault(c => c.Code == code);
        return check switch
        {
            null => $"{code} is no finding",
            { ByName: true } => string.IsNullOrWhiteSpace(subject) ? $"{code} is accepted for one name at a time: say which as its subject" : null,
            { Pinned: true } when string.IsNullOrWhiteSpace(subject) && string.IsNullOrWhiteSpace(set)
                => $"{code} is accepted by name: one group as its subject, or the finding's set, which names exactly those that were read",
            { Severity: FindingSeverity.NeedsAcceptance } => null,
            { Severity: FindingSeverity.Blocks } => $"{code} blocks and cannot be accepted",
            _ => $"{code} needs no acceptance",
        };
    }

    /// <summary>Those that answer a finding of these facts; only they are part of the plan.</summary>
    public static IReadOnlyList<Acceptance> Needed(AssessmentFacts facts, IReadOnlyList<Acceptance> acceptances)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(acceptances);
        return [.. acceptances.Where(a => Objection(a.Code, a.Subject, a.Set) is null && a.Holds(ConcernsOf(facts, a)) && Answers(facts, a))];
    }

    /// <summary>Whether the assessment has what the acceptance names.</summary>
    public static bool Answers(AssessmentFacts facts, Acceptance acceptance) => ConcernsOf(facts, acceptance).Any(acceptance.Covers);

    /// <summary>Whether the acceptance was given for as many as it would cover, and for the very ones where it says which.</summary>
    public static bool Holds(this Acceptance acceptance, IReadOnlyCollection<Concern> concerns)
    {
        ArgumentNullException.ThrowIfNull(acceptance);
        return (acceptance.AtMost is not { } most || concerns.Count(acceptance.Covers) <= most)
            && (acceptance.Set is not { } set || set.Equals(ConcernSet.Of(concerns), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether it says which ones it is about.</summary>
    internal static bool Names(this Acceptance acceptance) => acceptance.Subject is not null || acceptance.Set is not null;

    static List<Concern> ConcernsOf(AssessmentFacts facts, Acceptance acceptance)
        => [.. FindingCatalogue.All.Single(c => c.Code == acceptance.Code).Look(facts)];

    /// <summary>Whether the acceptance is about this one. Many groups of a tenant may bear one name: a group is meant by its id alone.</summary>
    public static bool Covers(this Acceptance acceptance, Concern concern)
    {
        ArgumentNullException.ThrowIfNull(acceptance);
        ArgumentNullException.ThrowIfNull(concern);
        return acceptance.Subject is not { } subject
            || ((concern.CloudId ?? concern.ObjectGuid) is not null
                ? Guid.TryParse(subject, out var id) && (id == concern.CloudId || id == concern.ObjectGuid)
                : subject.Equals(concern.Name, StringComparison.OrdinalIgnoreCase));
    }
}

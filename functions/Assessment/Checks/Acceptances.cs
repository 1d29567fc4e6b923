namespace GwbCloud.Functions.Assessment;

/// <summary>What people accept by code. An acceptance belongs to the assessment that it was given to, and to no later one.</summary>
public static class Acceptances
{
    /// <summary>Why an acceptance can never count, null when it may.</summary>
    public static string? Objection(string code, string? subject)
    {
        var check = FindingCatalogue.All.FirstOrDefault(c => c.Code == code);
        return check switch
        {
            null => $"{code} is no finding",
            { ByName: true } => string.IsNullOrWhiteSpace(subject) ? $"{code} is accepted for one name at a time: say which as its subject" : null,
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
        return [.. acceptances.Where(a => Objection(a.Code, a.Subject) is null && a.Holds(ConcernsOf(facts, a)) && Answers(facts, a))];
    }

    /// <summary>Whether the assessment has what the acceptance names.</summary>
    public static bool Answers(AssessmentFacts facts, Acceptance acceptance) => ConcernsOf(facts, acceptance).Any(acceptance.Covers);

    /// <summary>Whether the acceptance was given for as many as it would cover.</summary>
    public static bool Holds(this Acceptance acceptance, IEnumerable<Concern> concerns)
    {
        ArgumentNullException.ThrowIfNull(acceptance);
        return acceptance.AtMost is not { } most || concerns.Count(acceptance.Covers) <= most;
    }

    static IEnumerable<Concern> ConcernsOf(AssessmentFacts facts, Acceptance acceptance)
        => FindingCatalogue.All.Single(c => c.Code == acceptance.Code).Look(facts);

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

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

    /// <summary>It blocks until a person has stated, for each name by itself, that it may stay so.</summary>
    public bool ByName { get; init; }

    /// <summary>A click is not enough: the person proves the statement by a sign-in for exactly that name.</summary>
    public bool BySignIn { get; init; }

    /// <summary>It is accepted for named ones: each by itself, or exactly the set that was read. A code alone, or a number, accepts nothing.</summary>
    public bool Pinned { get; init; }

    /// <summary>What is wrong, one each; nothing when all is well.</summary>
    public required Func<AssessmentFacts, IEnumerable<Concern>> Look { get; init; }

    public static Check Of(
        string code, FindingSeverity severity, string title, string cause, string remedy, Func<AssessmentFacts, IEnumerable<Concern>> look)
        => new() { Code = code, Severity = severity, Title = title, Cause = cause, Remedy = remedy, Look = look };

    /// <summary>A check that finds names of servers or settings.</summary>
    public static Check OfNames(
        string code, FindingSeverity severity, string title, string cause, string remedy, Func<AssessmentFacts, IEnumerable<string>> look)
        => Of(code, severity, title, cause, remedy, facts => look(facts).Select(name => new Concern { Name = name }));

    /// <summary>A check that finds groups.</summary>
    public static Check OfGroups(
        string code, FindingSeverity severity, string title, string cause, string remedy, Func<AssessmentFacts, IEnumerable<ClassifiedGroup>> look)
        => Of(code, severity, title, cause, remedy, facts => look(facts).Select(Concern.Of));

    /// <summary>The finding with all that it concerns, or null when all is well.</summary>
    public JudgedFinding? Run(AssessmentFacts facts, IReadOnlyList<Acceptance> acceptances)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(acceptances);
        var concerns = Look(facts).OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.CloudId).ThenBy(c => c.ObjectGuid).ToList();
        if (concerns.Count == 0)
        {
            return null;
        }

        var open = Unaccepted(concerns, acceptances);
        var accepted = open.Count == 0;
        var shown = accepted || !ByName ? concerns : open;
        var finding = new Finding
        {
            Code = Code,
            Severity = ByName && accepted ? FindingSeverity.NeedsAcceptance : Severity,
            Title = Title,
            Cause = Cause,
            Remedy = Remedy,
            Groups = shown.Count,
            Examples = [.. shown.Take(MostExamples).Select(c => c.Name)],
            Set = ConcernSet.Of(concerns),
            ByName = Pinned || ByName,
            Open = ByName || Severity == FindingSeverity.NeedsAcceptance ? open.Count : 0,
            Accepted = accepted,
        };
        return new JudgedFinding(finding, shown);
    }

    List<Concern> Unaccepted(List<Concern> concerns, IReadOnlyList<Acceptance> acceptances)
    {
        if (!ByName && Severity != FindingSeverity.NeedsAcceptance)
        {
            return concerns;
        }

        var valid = acceptances.Where(a => a.Code == Code && (!BySignIn || a.Proof is not null) && a.Holds(concerns) && (!ByName || a.Subject is not null) && (!Pinned || a.Names())).ToList();
        return [.. concerns.Where(c => !valid.Any(a => a.Covers(c)))];
    }
}

/// <summary>A finding and all that it concerns, before that is kept as a document.</summary>
public sealed record JudgedFinding(Finding Finding, IReadOnlyList<Concern> Concerns);

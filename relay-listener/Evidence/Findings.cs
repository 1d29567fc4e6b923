namespace GwbCloud.RelayListener.Evidence;

/// <summary>Collects named checks and what is wrong with them.</summary>
sealed class Findings
{
    const int MostProblems = 100;

    readonly List<string> _problems = [];

    public SortedDictionary<string, bool> Checks { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Problems => [.. _problems.Take(MostProblems)];

    public bool Passed => Checks.Count > 0 && Checks.Values.All(holds => holds);

    /// <summary>Records a check; <paramref name="problem"/> says what does not hold.</summary>
    public void Check(string name, bool holds, string problem)
    {
        Checks[name] = holds;
        if (!holds) { _problems.Add($"{name}: {problem}"); }
    }

    /// <summary>Records a check that holds when nothing is listed.</summary>
    public void CheckNone(string name, IEnumerable<string> offenders)
    {
        var sorted = offenders.Order(StringComparer.Ordinal).ToList();
        Checks[name] = sorted.Count == 0;
        _problems.AddRange(sorted.Select(offender => $"{name}: {offender}"));
    }
}

using GwbCloud.Contracts.Commands;

namespace GwbCloud.Contracts.Exports;

/// <summary>The verdict over one server's pending exports.</summary>
public sealed record ExportJudgement
{
    /// <summary>Every export that is not allowed, by connector and name. Of a ceiling all stand here: which of them is one too many nobody can say.</summary>
    public required IReadOnlyList<OffendingExport> Offending { get; init; }

    /// <summary>Exports that are new since the baseline, counted.</summary>
    public required IReadOnlyList<PendingCount> Fresh { get; init; }

    /// <summary>Members that the groups that migrate or freeze would lose, beyond the baseline.</summary>
    public required int MembersRemoved { get; init; }

    public bool Passed => Offending.Count == 0;

    /// <summary>Sentences for people: one for each offending object, and one for each ceiling however many broke it.</summary>
    public IReadOnlyList<string> Reasons() => [.. Enum.GetValues<ExportRule>().SelectMany(ReasonsOf)];

    /// <summary>The sentences of one rule; none when it holds.</summary>
    public IReadOnlyList<string> ReasonsOf(ExportRule rule)
    {
        var broken = Offending.Where(offending => offending.Breaks == rule).ToList();
        bool ceiling = rule is ExportRule.M365AddsWithinCeiling or ExportRule.M365TypeChangesWithinCeiling or ExportRule.RemovalsWithinCeiling;
        return ceiling ? [.. broken.Select(offending => offending.Why).Distinct(StringComparer.Ordinal)] : [.. broken.Select(offending => offending.Sentence())];
    }
}

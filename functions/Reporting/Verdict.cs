using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Reporting;

/// <summary>The first thing that a reader of an assessment is told: how it stands, and what to do next.</summary>
public sealed record Verdict
{
    /// <summary>Class of its colour.</summary>
    public required string Class { get; init; }
    public required string Word { get; init; }
    public required string Meaning { get; init; }

    /// <summary>Steps, in order.</summary>
    public required IReadOnlyList<string> Next { get; init; }

    public static Verdict Of(AssessmentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var blocking = report.Findings.Where(finding => finding.Severity == FindingSeverity.Blocks).ToList();
        var toAccept = report.Findings.Where(finding => finding is { Severity: FindingSeverity.NeedsAcceptance, Accepted: false }).ToList();
        return blocking is [{ Code: FindingCatalogue.CanariesNotNamed } unnamed] ? FirstLook(unnamed, toAccept)
            : blocking.Count > 0 ? new()
            {
                Class = "stop",
                Word = "Blocked",
                Meaning = $"{Count(blocking.Count, "finding stands", "findings stand")} in the way. There is no plan until they are gone.",
                Next = [.. blocking.Select(finding => $"{finding.Code}: {finding.Remedy}"), "Then assess again, and compare the two assessments."],
            }
            : toAccept.Count > 0 ? new()
            {
                Class = "warn",
                Word = "Needs acceptance",
                Meaning = $"Nothing blocks. {Count(toAccept.Count, "consequence", "consequences")} must be accepted by a person, or done away with, before a migration can start.",
                Next = [.. toAccept.Select(finding => $"{finding.Code}: {finding.Title} ({Count(finding.Groups, "case", "cases")}). {finding.Remedy}")],
            }
            : new()
            {
                Class = "fine",
                Word = "Ready",
                Meaning = "Nothing blocks, and every consequence has been accepted. Nothing has been changed anywhere so far.",
                Next = ["Read the plan, and agree on a window with those who are concerned.", "Start the migration with the hash of this plan."],
            };
    }

    static Verdict FirstLook(Finding unnamed, List<Finding> toAccept) => new()
    {
        Class = "warn",
        Word = "Nothing in the way but the canaries",
        Meaning = toAccept.Count == 0
            ? "This was a first look without canaries, and nothing blocks. A plan needs them."
            : $"This was a first look without canaries, and nothing blocks. A plan needs them, and {Count(toAccept.Count, "consequence", "consequences")} accepted.",
        Next = [$"{unnamed.Code}: {unnamed.Remedy}", .. toAccept.Select(finding => $"{finding.Code}: {finding.Title}. {finding.Remedy}")],
    };

    static string Count(int number, string one, string many) => number == 1 ? $"1 {one}" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number:N0} {many}");
}

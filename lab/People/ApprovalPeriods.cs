using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Harm;

namespace GwbCloud.Lab.People;

/// <summary>For how long people's approvals held: from the quorum on, to the gate's deadline, or to what made them void before. Pure.</summary>
public static class ApprovalPeriods
{
    /// <summary>What ends an approval of either gate.</summary>
    static readonly string[] Voiding = ["gate.void", "stage.askagain", "undo.started"];

    /// <param name="decisions">What people decided.</param>
    /// <param name="audit">The migration's audit log.</param>
    public static IReadOnlyCollection<Period> OfSwitch(IEnumerable<DecisionMemory> decisions, IReadOnlyList<AuditNote> audit)
    {
        // Two openings may have one deadline; what became void in between ends the first of them.
        var voided = audit.Where(line => Voiding.Contains(line.What)).Select(line => line.At).Order().ToList();
        return
        [
            .. decisions.Where(d => d is { Gate: "switch", Approved: true, Refused: false })
                .GroupBy(d => (d.Deadline, Voided: voided.Count(at => at < d.At)))
                .Where(quorum => quorum.Count() > 1)
                .Select(quorum => (From: quorum.Max(d => d.At), quorum.Key.Deadline))
                .Select(quorum => new Period { From = quorum.From, Until = voided.Where(at => at >= quorum.From && at < quorum.Deadline).DefaultIfEmpty(quorum.Deadline).First() }),
        ];
    }

    /// <summary>Whether people's word on the plan still held when it was last asked for: what was announced is harm otherwise.</summary>
    public static bool PlanHeld(IEnumerable<DecisionMemory> decisions, IReadOnlyList<AuditNote> audit)
    {
        var voided = audit.Where(line => line.What is "gate.void" or "stage.askagain" && line.Detail is { } stage
            && Enum.TryParse<StageName>(stage, out var name) && name <= StageName.FreezeAndDrain).Select(line => line.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        return decisions.Count(d => d is { Gate: "plan", Approved: true, Refused: false } && d.At > voided) > 1;
    }
}

/// <summary>A line of the audit log, as a person reads it.</summary>
public sealed record AuditNote
{
    public required DateTimeOffset At { get; init; }
    public required string What { get; init; }
    public string? Detail { get; init; }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Operations.Rules;

/// <summary>Plans a rule's state on every server. Pure.</summary>
static class RulePlanner
{
    /// <param name="question">What was read and is asked for.</param>
    /// <param name="affected">Objects that the delete-on-disable rule would delete.</param>
    public static (OperationDraft Draft, IReadOnlyList<ValueChange> Changes, IReadOnlyList<LeftValue> LeftOut) Plan(RuleQuestion question, int affected)
    {
        List<ValueChange> changes = [];
        List<LeftValue> leftOut = [];
        foreach (var server in question.Servers)
        {
            if (server.State is not { } state) { leftOut.Add(new() { Target = server.Server, Name = server.Server, Why = "the server did not answer" }); }
            else if (IsSo(question, state)) { }
            else if (Obstacle(question, state) is { } why) { leftOut.Add(new() { Target = server.Server, Name = server.Server, Why = why }); }
            else { changes.Add(new() { Target = server.Server, Name = server.Server, Before = RuleWords.Of(state), After = RuleWords.Of(question.Wanted) }); }
        }

        var draft = new OperationDraft
        {
            Facts =
            [
                .. question.Servers.Select(server => new OperationFact($"The rule on {server.Server}", server.State is { } state ? RuleWords.Of(state) : "not known")),
                .. WritebackText.Facts(question.Sight),
                .. question.RecycleBin is { } bin ? [new OperationFact("Recycle Bin of the forest", bin ? "on" : "off")] : (OperationFact[])[],
            ],
            AlreadySo = question.Servers.Count(server => server.State is { } state && IsSo(question, state)),
            Consequences = [.. Consequences(question, affected)],
            Dangers = changes.Count == 0 ? [] : [.. Dangers(question, affected)],
            Undo = Undo(question),
        };
        return (draft, changes, leftOut);
    }

    /// <summary>Why the delete-on-disable rule would delete the object of a group; null when it would not. A group that is gone for good is no case of the rule.</summary>
    public static string? WhyDeleted(CloudGroupFacts? group) => group switch
    {
        null => null,
        { SoftDeleted: true } => "its group is soft-deleted",
        { Unified: true, WritebackEnabled: false } => "writeback of its Microsoft 365 group is off",
        { Unified: false, WritebackEnabled: not true } => "writeback of its security group is not on",
        _ => null,
    };

    // A rule that is there and switched off deletes nothing; whoever wants it away has it already.
    static bool IsSo(RuleQuestion question, WritebackRuleState state) =>
        state == question.Wanted || (question.Rule == WritebackRule.DeleteOnDisable && question.Wanted == WritebackRuleState.Absent && state == WritebackRuleState.Off);

    static string? Obstacle(RuleQuestion question, WritebackRuleState state) =>
        state == WritebackRuleState.Different ? "a rule with this identifier has other content; decide about it in the Synchronization Rules Editor"
        : question.Rule == WritebackRule.MemberLimit && state == WritebackRuleState.Absent ? "the server has no such rule: group writeback was never enabled there"
        : question.Rule == WritebackRule.DeleteOnDisable && state == WritebackRuleState.Off ? "the rule is there and switched off; remove it in the Synchronization Rules Editor first"
        : null;

    static IEnumerable<string> Consequences(RuleQuestion question, int affected)
    {
        yield return (question.Rule, question.Wanted) switch
        {
            (WritebackRule.MemberLimit, WritebackRuleState.Off) => "Microsoft 365 groups of up to 250,000 members are written to Active Directory, not only those of up to 50,000.",
            (WritebackRule.MemberLimit, _) => "Microsoft 365 groups of more than 50,000 members are no longer written.",
            (_, WritebackRuleState.Absent) => "Objects of groups whose writeback is switched off, or that are soft-deleted, stay in Active Directory.",
            _ => $"Objects of groups whose writeback is switched off, or that are soft-deleted, are deleted in Active Directory. Of those that are there now: {Words.Number(affected)}.",
        };
        yield return "The rule counts from the next cycle on, which is a full synchronisation on each server. Until the rules are set no cycle begins; the scheduler is then as it was.";
        if (question is { Rule: WritebackRule.DeleteOnDisable, Wanted: WritebackRuleState.Absent })
        {
            yield return "Look at the pending deletes of each server after that synchronisation; a migration can be started then.";
        }
    }

    static IEnumerable<string> Dangers(RuleQuestion question, int affected)
    {
        if (question is { Rule: WritebackRule.DeleteOnDisable, Wanted: WritebackRuleState.On })
        {
            yield return $"From the next cycle on Connect deletes groups in Active Directory: {Words.Number(affected)} at once, and later each that is switched off.";
            if (question.RecycleBin != true) { yield return "The Recycle Bin of the forest is off: what is deleted does not come back."; }
        }

        if (question is { Rule: WritebackRule.MemberLimit, Wanted: WritebackRuleState.On })
        {
            yield return "What Connect does to objects of groups of more than 50,000 members that are there by now is documented nowhere: look at the pending exports of a standby first.";
        }

        if (question.Servers.Any(server => server.State is null))
        {
            yield return "A server did not answer, and keeps the rule that it has.";
        }
    }

    static string? Undo(RuleQuestion question) => (question.Rule, question.Wanted) switch
    {
        (WritebackRule.MemberLimit, WritebackRuleState.Off) => "Switches the rule back on each server on which it was switched. What becomes of objects of larger groups that were made meanwhile is documented nowhere.",
        (WritebackRule.MemberLimit, _) => "Switches the rule back on each server on which it was switched.",
        (_, WritebackRuleState.On) => "Removes the rule from each server to which it was added. What was deleted meanwhile comes back from the Recycle Bin alone.",

        // It would begin to delete: that is planned, previewed and approved as an operation of its own.
        _ => null,
    };
}

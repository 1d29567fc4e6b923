using GwbCloud.Contracts;

namespace GwbCloud.Functions.Operations;

/// <summary>What operations other than a migration tell: GWB29xx.</summary>
public static class OperationError
{
    public static readonly ErrorEntry ValuesLeft = new("GWB2901", "Some values were left as they are.",
        "They changed since the plan, their group is gone, or Entra refused the write; the list says which and why.",
        "Read the list; plan again for what is still wanted.");
    public static readonly ErrorEntry UndoLeft = new("GWB2902", "Some values were not taken back.",
        "Somebody changed them after the operation, or their group is gone: they are no longer the operation's own.",
        "Read the list, and decide about each by hand.");
    public static readonly ErrorEntry OperationStopped = new("GWB2903", "An operator stopped the operation.",
        "Somebody chose stop. What was written until then stands.", "Start it again to go on, or undo it.");
    public static readonly ErrorEntry OperationBroke = new("GWB2904", "The operation broke off.",
        "Its orchestration ended by a fault or was removed. What was written until then was noted before.", "Start it again to go on, or undo it.");
    public static readonly ErrorEntry MigrationBegan = new("GWB2905", "A migration began at the same moment.",
        "Both were asked for at once. The operation has written nothing.", "Wait for the migration's end, then plan again.");

    public static readonly ErrorEntry RuleWouldDeleteAll = new("GWB2906", "The delete-on-disable rule is not added.",
        "It deletes what is out of writeback, and without version 2 of group writeback that is every security group.", "Add it only while version 2 is on and read as on.");

    /// <summary>The lines in the order of their codes; docs/errors.md lists exactly these.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } = [ValuesLeft, UndoLeft, OperationStopped, OperationBroke, MigrationBegan, RuleWouldDeleteAll, .. WayBack.UndoError.All];
}

using GwbCloud.Contracts;

namespace GwbCloud.Functions.Operations.WayBack;

/// <summary>What the undo of a migration tells: GWB2960 to GWB2979.</summary>
public static class UndoError
{
    public static readonly ErrorEntry NothingKept = new("GWB2960", "Nothing is kept of this migration.",
        "The document store has no request of this id, or no longer has it.", "Look at the list of migrations; name one of it.");
    public static readonly ErrorEntry BehindTheSwitch = new("GWB2961", "The migration can no longer be undone.",
        "GroupWritebackV2 reads false: rules, anchors and the job keep the groups by now, and taking them away would delete or double groups.",
        "Go forward: retry the migration if it is unfinished.");
    public static readonly ErrorEntry FlagUnknown = new("GWB2962", "It is unknown whether the switch was made.",
        "No server could read GroupWritebackV2, and unknown counts as off.", "Bring a listener of the Connect servers back, then plan again.");
    public static readonly ErrorEntry LaterFirst = new("GWB2963", "A later migration must be undone first.",
        "It took up what this one had left, and rests on it.", "Undo the later migration, then plan again.");
    public static readonly ErrorEntry WentOn = new("GWB2964", "The migration went on after the plan.",
        "There is more to be undone than the plan names. Nothing was written.", "Plan the undo again, and read what was added.");
    public static readonly ErrorEntry StepStuck = new("GWB2965", "A step back could not be done.",
        "It was refused, failed, or waited too long for a person. The steps before it are done; it and those behind it are not.",
        "Mend what the migration's own notices name, then start the undo again: it goes on from there.");
    public static readonly ErrorEntry TurnedForward = new("GWB2966", "The flag went off while the migration was undone.",
        "Somebody switched, or a switch that was under way took effect. From here on only forward is safe.",
        "Retry the migration: it goes forward from where the servers stand.");

    /// <summary>The lines in the order of their codes; docs/errors.md lists exactly these.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } = [NothingKept, BehindTheSwitch, FlagUnknown, LaterFirst, WentOn, StepStuck, TurnedForward];
}

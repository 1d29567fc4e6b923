using GwbCloud.Contracts;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>What the guards tell: GWB2805 to GWB2819.</summary>
static class GuardError
{
    public static readonly ErrorEntry StagingChanged = new("GWB2805", "The active server entered or left staging mode unasked.",
        "Somebody changed it in the wizard.", "Put it back in the wizard, without starting a synchronisation, and find out who did it.");
    public static readonly ErrorEntry AnotherActive = new("GWB2806", "A server exports that the plan has as a standby.",
        "Somebody promoted it.", "Put it back into staging mode; exactly one server may export. When the promotion is meant to last, assess again.");
    public static readonly ErrorEntry SchedulerChanged = new("GWB2807", "Somebody else turned the scheduler on or off.",
        "An administrator, a script or another server.", "Nothing before the window. In it the scheduler was turned off again: find out who turns it on.");
    public static readonly ErrorEntry WizardOpen = new("GWB2808", "The Connect wizard is open on a server.",
        "Somebody looks at or changes its configuration, or an upgrade runs.", "Close it without changes and without starting a synchronisation; while it is open nothing can go on there.");
    public static readonly ErrorEntry CycleOfOthers = new("GWB2809", "A synchronisation cycle runs that is not ours.",
        "The wizard or a person started it.", "Let it end. What it changed is judged with the next evidence.");
    public static readonly ErrorEntry RulesChanged = new("GWB2810", "The coexistence rules of a server changed.",
        "Somebody edited, removed or added them.", "Look at both rules in the Synchronization Rules Editor; without them the groups are deleted once GroupWritebackV2 is off.");
    public static readonly ErrorEntry DeletingRules = new("GWB2811", "A rule that deletes or provisions groups was turned on.",
        "Somebody added or enabled it since the plan.", "Disable the named rule; when it is meant to stay, assess again.");
    public static readonly ErrorEntry OuChanged = new("GWB2812", "Connect writes groups to another container, or no longer has the writeback OU in scope.",
        "Somebody changed the OU selection in the wizard.", "Select the OU of the plan again before the next cycle; groups out of scope are disconnected.");
    public static readonly ErrorEntry SwitchedElsewhere = new("GWB2813", "GroupWritebackV2 reads false, and GwbCloud did not call.",
        "Somebody switched it off with another tool. It can't be switched on again.",
        "Leave the scheduler off. The migration makes the rules good on every server and goes forward from there; do the tasks that it opens.");
    public static readonly ErrorEntry VersionOneChanged = new("GWB2814", "Writeback of Microsoft 365 groups was switched on or off.",
        "Somebody changed the feature in the wizard.", "Put it back, or assess again: what the plan says of Microsoft 365 groups no longer holds.");
    public static readonly ErrorEntry BuildChanged = new("GWB2815", "Another build of Connect runs on a server.",
        "It was upgraded, by a person or by itself.", "Look at its rules after the upgrade, then approve again on fresh evidence.");
    public static readonly ErrorEntry JobChanged = new("GWB2816", "Somebody else changed the provisioning job.",
        "It was started, stopped, removed or configured in the portal, or groups were assigned to it.",
        "Put back what was changed. Outside the rings the job was paused; start it nowhere but here.");
    public static readonly ErrorEntry GroupsChanged = new("GWB2817", "Planned groups are gone from Entra, or others came.",
        "Somebody deleted groups for good, or turned writeback on for groups that nobody planned.",
        "Let the window end and assess again; a group that is gone for good is deleted from Active Directory with the next export.");
    public static readonly ErrorEntry Unwatched = new("GWB2818", "A server is not watched at the moment.",
        "Its listener does not answer.", "Look at the service on the server and at its way out; nothing is taken for changed meanwhile.");
    public static readonly ErrorEntry ApprovalVoid = new("GWB2819", "An approval is void.",
        "What it rested on changed while the gate was open, or before what it allows began.", "Read what changed, then decide again on the fresh evidence.");

    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        StagingChanged, AnotherActive, SchedulerChanged, WizardOpen, CycleOfOthers, RulesChanged, DeletingRules, OuChanged, SwitchedElsewhere, VersionOneChanged,
        BuildChanged, JobChanged, GroupsChanged, Unwatched, ApprovalVoid,
    ];

    public static ErrorEntry Of(GuardKind kind) => kind switch
    {
        GuardKind.StagingLeft or GuardKind.StagingEntered => StagingChanged,
        GuardKind.AnotherActive => AnotherActive,
        GuardKind.SchedulerOn or GuardKind.SchedulerOff => SchedulerChanged,
        GuardKind.WizardOpen => WizardOpen,
        GuardKind.CycleStarted => CycleOfOthers,
        GuardKind.RulesChanged => RulesChanged,
        GuardKind.DeleteRuleEnabled or GuardKind.ProvisioningRuleAdded => DeletingRules,
        GuardKind.OuChanged => OuChanged,
        GuardKind.SwitchedOff => SwitchedElsewhere,
        GuardKind.VersionOneChanged => VersionOneChanged,
        GuardKind.BuildChanged => BuildChanged,
        GuardKind.JobStarted or GuardKind.JobStopped or GuardKind.JobGone or GuardKind.JobChanged or GuardKind.ScopeChanged => JobChanged,
        GuardKind.GroupGone or GuardKind.GroupEnabled => GroupsChanged,
        GuardKind.ListenerSilent => Unwatched,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such change"),
    };

    public static Notice Notice(GuardChange change) => Of(change.Kind).Notice(
        change.Subject is { } subject ? $"{subject}: {change.Reads}." : $"{char.ToUpperInvariant(change.Reads[0])}{change.Reads[1..]}.");

    public static Notice Void(string gate, IEnumerable<GuardChange> changes) => ApprovalVoid.Notice(
        $"The gate '{gate}' is asked again: {string.Join("; ", changes.Take(5).Select(c => c.Subject is { } subject ? $"{subject}: {c.Reads}" : c.Reads))}.");
}

using System.Text.Json;

namespace GwbCloud.Lab.World;

/// <summary>
/// One danger of the real world, placed where it hurts most: something goes wrong silently beneath the migration while the call reports success,
/// or an administrator whom nobody asked does the wrong thing.
/// </summary>
public enum Sabotage
{
    /// <summary>Writing the anchor does nothing.</summary>
    NoStamp,

    /// <summary>The inbound coexistence rule is not stored, on any server.</summary>
    NoInboundRule,

    /// <summary>The outbound coexistence rule is not stored, on any server.</summary>
    NoOutboundRule,

    /// <summary>Servers other than the first store no rule.</summary>
    SecondServerWithoutRules,

    /// <summary>The delete-on-disable rule is active in this world, and its removal does nothing.</summary>
    KeepDeleteRule,

    /// <summary>Cloud Sync uses its default container.</summary>
    DefaultContainer,

    /// <summary>Cloud Sync uses its default name.</summary>
    DefaultName,

    /// <summary>Writing the extension property GroupDN does nothing.</summary>
    GroupDnNotWritten,

    /// <summary>Whatever groups hold in GroupDN is gone when the job is paused after its canary cycle.</summary>
    GroupDnDropped,

    /// <summary>The operator reports the members switch set; it is not.</summary>
    MembersSwitchOff,

    /// <summary>Another object of the forest bears the anchor of a planned group.</summary>
    DuplicateAnchor,

    /// <summary>One global catalog shows changes hours later.</summary>
    LateGcReplication,

    /// <summary>The first full cycle ends with errors on objects that had none; it leaves them as they were.</summary>
    CycleWithErrors,

    /// <summary>After the second gate's approval the active server gets a pending delete of a planned group.</summary>
    PendingDeleteAfterApproval,

    /// <summary>The first call of the switch fails and yet works.</summary>
    DisableReportsFailureButWorked,

    /// <summary>The first call of the switch succeeds and yet does nothing.</summary>
    DisableReportsSuccessButDidNot,

    /// <summary>Whoever assigns planned groups to Cloud Sync assigns every security group of the tenant at once.</summary>
    TooEarlyAssignments,

    /// <summary>Cloud Sync takes all members from groups that other cloud groups are members of; of other kinds it takes none.</summary>
    RingLosesMembers,

    /// <summary>Connect goes on to write members of the groups that Cloud Sync took over, from an old copy; Cloud Sync puts them right again, though less often.</summary>
    ConnectStillWrites,

    /// <summary>Cloud Sync sets one planned group in eight aside with an error that no line of its log names.</summary>
    Escrow,

    /// <summary>Whoever assigns the first ring chooses "All security groups" in the portal as well.</summary>
    ScopeAll,

    /// <summary>Right after the second gate's approval somebody ends staging mode on the active server.</summary>
    StagingLeftEarly,

    /// <summary>When the full cycles have ended, somebody switches the scheduler on.</summary>
    SchedulerReenabled,

    /// <summary>Right after the second gate's approval somebody closes the wizard with "start the synchronization" ticked: a cycle starts, and the scheduler is on.</summary>
    WizardStartsCycle,

    /// <summary>When the active server is in staging mode, a colleague takes the standby out of it.</summary>
    StandbyPromoted,

    /// <summary>A server of former times still runs and exports. It has no listener, and nobody remembers it.</summary>
    ForgottenServer,

    /// <summary>When the active server is in staging mode, a planned group gets a mail value.</summary>
    MailBearingGroup,

    /// <summary>After the first gate somebody starts the paused job in the portal.</summary>
    JobStartedInPortal,

    /// <summary>Right after the switch a planned group is deleted in Entra for good.</summary>
    HardDeleteInWindow,

    /// <summary>When the active server is in staging mode, writeback is switched on for another security group.</summary>
    GroupEnabledAfterPlan,

    /// <summary>Right after the switch inheritance is blocked on some groups, so that the agents' account may not write them; nothing of them changes when they are matched.</summary>
    GmsaRightsMissing,

    /// <summary>The configuration that is taken over stands still when people look, but its owners start it again whenever they find it paused.</summary>
    AdoptedRunningJob,

    /// <summary>After the first gate somebody switches the feature off by hand.</summary>
    OutOfBandDisable,

    /// <summary>When the active server is in staging mode, its application's certificate expires; somebody renews it much later.</summary>
    CertificateExpires,

    /// <summary>The operator enters staging mode and goes home; the second gate is denied.</summary>
    NobodyForUndo,

    /// <summary>The full cycle after the switch ends with errors, and objects in error are no longer held by the rules.</summary>
    SecondCycleWithErrors,

    /// <summary>Cloud Sync does not know one user in five (they bear no onPremisesObjectIdentifier), and takes them out of each planned group that it matches.</summary>
    FirstMatchRemovesMembers,

    /// <summary>After the first gate Microsoft 365 groups are set to be written as security groups, so that more of them change their type than was approved.</summary>
    M365TypeChange,
}

/// <summary>The names of <see cref="Sabotage"/> on the command line: <c>no-stamp</c>.</summary>
public static class SabotageName
{
    /// <summary>All names, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Sabotage>().Select(Of)];

    /// <summary>The name of a sabotage.</summary>
    public static string Of(Sabotage sabotage) => JsonNamingPolicy.KebabCaseLower.ConvertName(sabotage.ToString());

    /// <summary>The sabotage of a name; null when there is none.</summary>
    public static Sabotage? Parse(string name) => Enum.GetValues<Sabotage>().Where(s => Of(s) == name).Select(s => (Sabotage?)s).FirstOrDefault();
}

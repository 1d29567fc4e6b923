using System.Text.Json;

namespace GwbCloud.Lab.World;

/// <summary>One thing that goes wrong silently beneath the migration: the call reports success.</summary>
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

using GwbCloud.Contracts;

namespace GwbCloud.RelayListener.Errors;

/// <summary>Errors of Entra Connect: GWB62xx.</summary>
public static class AdSyncError
{
    public static readonly ErrorEntry Busy = new("GWB6201", "A synchronisation runs already.", "A cycle or a run profile has not ended.",
        "Wait for its end; the command may be sent again.");
    public static readonly ErrorEntry Suspended = new("GWB6202", "The scheduler is suspended.", "The wizard is open, or an upgrade runs.",
        "Close the wizard on the server, or wait for the upgrade.");
    public static readonly ErrorEntry NotSupported = new("GWB6203", "This build of Entra Connect cannot do that.",
        "The cmdlet or its parameter does not exist in this build.", "Upgrade Entra Connect, then assess again.");
    public static readonly ErrorEntry AccessDenied = new("GWB6204", "Entra Connect refused access.",
        "The listener's account is not a member of ADSyncAdmins.", "Add the account to ADSyncAdmins, then restart the listener.");
    public static readonly ErrorEntry CmdletFailed = new("GWB6205", "A cmdlet of Entra Connect failed.",
        "The service may be stopped, or the tenant did not answer.", "Read the server's event log; read the state again before deciding.");
    public static readonly ErrorEntry RuleIdInUse = new("GWB6206", "The identifier of a coexistence rule is in use with other content.",
        "Someone made or edited the rule by hand.", "Compare the rule with the how-to, correct or remove it, then go on.");
    public static readonly ErrorEntry NoFreePrecedence = new("GWB6207", "No precedence below 100 is free.",
        "Custom rules use all of them.", "Free two precedences below 100.");
    public static readonly ErrorEntry PrecedenceTaken = new("GWB6208", "The precedence is taken.",
        "Another rule was made in the same moment.", "Send the command again.");
    public static readonly ErrorEntry WritebackNotOn = new("GWB6209", "GroupWritebackV2 does not read true, so nothing may be taken back.",
        "Without the rules and stamps the groups would be deleted or duplicated.", "Go forward: keep rules and stamps.");
    public static readonly ErrorEntry RulesNotInPlace = new("GWB6210", "The scheduler stays off: GroupWritebackV2 is off and the coexistence rules are not in place.",
        "The next cycle could delete the groups.", "Add the coexistence rules first.");
    public static readonly ErrorEntry OtherServerAsked = new("GWB6211", "The ticket belongs to another server.",
        "The command went to the wrong listener.", "Compare the connections of the servers.");

    /// <summary>The lines in the order of their codes.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        Busy, Suspended, NotSupported, AccessDenied, CmdletFailed, RuleIdInUse, NoFreePrecedence, PrecedenceTaken, WritebackNotOn,
        RulesNotInPlace, OtherServerAsked,
    ];
}

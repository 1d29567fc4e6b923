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
        "The service may be stopped, or the tenant did not answer.", "Read the Application event log of that minute; read the state again before deciding.");
    public static readonly ErrorEntry RuleIdInUse = new("GWB6206", "The identifier of a coexistence rule is in use with other content.",
        "Someone made or edited the rule by hand.", "Compare the rule with steps 3 and 4 of Microsoft's migration how-to, correct or remove it, then go on.");
    public static readonly ErrorEntry NoFreePrecedence = new("GWB6207", "No precedence below 100 is free.",
        "Custom rules use all of them.", "Free two precedences below 100.");
    public static readonly ErrorEntry PrecedenceTaken = new("GWB6208", "The precedence is taken.",
        "Another rule was made in the same moment.", "Send the command again.");
    public static readonly ErrorEntry WritebackNotOn = new("GWB6209", "GroupWritebackV2 does not read true, so nothing may be taken back.",
        "Without the rules and stamps the groups would be deleted or duplicated.", "Go forward: keep rules and stamps.");
    public static readonly ErrorEntry RulesNotInPlace = new("GWB6210", "Nothing may export: GroupWritebackV2 is off and the coexistence rules are not in place.",
        "The next cycle could delete the groups.", "Add the coexistence rules first; gwb-listener by-hand shows the steps.");
    public static readonly ErrorEntry OtherServerAsked = new("GWB6211", "The ticket belongs to another server.",
        "The command went to the wrong listener.", "Compare the connections of the servers.");
    public static readonly ErrorEntry ModuleMissing = new("GWB6212", "The ADSync module is not on this server.",
        "Entra Connect is not installed here, or not as its setup does it.", "Install the listener on the Entra Connect server; give modulePath if the module lies elsewhere.");
    public static readonly ErrorEntry HostMissing = new("GWB6213", "Windows PowerShell 5.1 could not be started.",
        "powershell.exe is missing, blocked by a policy, or this is not Windows.", "Start powershell.exe under the listener's account by hand and allow it where an application policy blocks it.");
    public static readonly ErrorEntry HostSilent = new("GWB6214", "PowerShell did not answer in time and was ended.",
        "The synchronisation service hangs, or a cmdlet waits for somebody.", "Read the state again before deciding: what was asked may have happened. Look at the transcript and the ADSync service.");
    public static readonly ErrorEntry AnswerUnreadable = new("GWB6215", "PowerShell's answer can't be read.",
        "A profile, a policy or another tool wrote into the output, or the answer is not complete.", "Read the state again before deciding. Look at the transcript in the listener's log folder.");
    public static readonly ErrorEntry AnswerTooLarge = new("GWB6216", "PowerShell's answer was larger than allowed and was cut off.",
        "A cmdlet or another tool floods the output.", "Look at the transcript in the listener's log folder.");
    public static readonly ErrorEntry HostCrashed = new("GWB6217", "PowerShell ended without an answer.",
        "The process crashed or was ended from outside.", "Read the state again before deciding: what was asked may have happened. Look at the transcript and the Application event log.");
    public static readonly ErrorEntry StagingNotAllowed = new("GWB6218", "This listener may not change staging mode.",
        "Its configuration does not opt in (mayChangeStaging).", "Change staging mode in the wizard, which is the only way that Microsoft supports.");
    public static readonly ErrorEntry ConnectorNotFound = new("GWB6219", "No connector was found that holds the writeback OU.",
        "There are several forests, and the OU belongs to none of their connectors.", "Compare the container in Connect's settings with the connectors.");
    public static readonly ErrorEntry EntraOnlyRefused = new("GWB6220", "Run profiles for Entra alone need the scheduler off and staging mode off.",
        "A scheduled cycle would export to Active Directory, or the server is not the active one.", "Turn the scheduler off on the active server first.");
    public static readonly ErrorEntry ServiceDown = new("GWB6221", "The synchronisation service does not answer.",
        "The service Microsoft Azure AD Sync is stopped or starting.", "Start the service; the command may be sent again.");
    public static readonly ErrorEntry SignInNotDone = new("GWB6222", "The sign-in that the cmdlet asks for was not completed.",
        "The window was closed, or the account was refused.", "Read the flag, then run gwb-listener switch again as a Hybrid Identity Administrator.");
    public static readonly ErrorEntry ScriptRefused = new("GWB6223", "Windows PowerShell runs in a restricted language mode.",
        "An application control policy (WDAC, AppLocker) covers the listener's scripts.", "Allow Windows PowerShell in full language mode for the listener's account.");

    public static readonly ErrorEntry RuleNotAsExpected = new("GWB6224", "A synchronisation rule is not as it was read before.",
        "Somebody changed it meanwhile, or the server does not have it.", "Plan the operation again; nothing was changed here.");
    public static readonly ErrorEntry PermissionsNotAllowed = new("GWB6225", "This listener may not change permissions.",
        "Its configuration does not opt in (mayGrantPermissions).", "Run Set-ADSyncUnifiedGroupWritebackPermissions by hand, or opt in and restart the service.");
    public static readonly ErrorEntry RetiringNotAllowed = new("GWB6226", "This listener may not remove the coexistence rules while its server exports.",
        "Its configuration does not opt in (mayRetireRules).", "Keep the rules, or allow it in the configuration for the time of the clean-up.");
    public static readonly ErrorEntry WritebackNotOff = new("GWB6227", "GroupWritebackV2 does not read false, so the rules are not what a migration left.",
        "Before the switch the rules belong to the migration and its way back.", "End the migration first.");

    public static readonly ErrorEntry DeleteRuleNotAllowed = new("GWB6228", "This listener may not add the delete-on-disable rule.",
        "Its configuration does not opt in (mayAddDeleteRule).", "Allow it in the configuration of every server for the time of the operation.");
    public static readonly ErrorEntry WritebackNotOnForRule = new("GWB6229", "GroupWritebackV2 does not read true, so the delete-on-disable rule is not added.",
        "Without version 2 every security group is out of writeback, and the rule would delete it.", "Add it only while version 2 reads as on.");

    public static readonly ErrorEntry OtherMachine = new("GWB6230", "This listener is configured for another server.",
        "The machine was renamed, or the listener's folder was copied from another server.",
        "Correct server in the configuration and enrol the listener anew; until then nothing that it says of a server counts.");

    /// <summary>The lines in the order of their codes.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        Busy, Suspended, NotSupported, AccessDenied, CmdletFailed, RuleIdInUse, NoFreePrecedence, PrecedenceTaken, WritebackNotOn,
        RulesNotInPlace, OtherServerAsked, ModuleMissing, HostMissing, HostSilent, AnswerUnreadable, AnswerTooLarge, HostCrashed, StagingNotAllowed,
        ConnectorNotFound, EntraOnlyRefused, ServiceDown, SignInNotDone, ScriptRefused, RuleNotAsExpected, PermissionsNotAllowed,
        RetiringNotAllowed, WritebackNotOff, DeleteRuleNotAllowed, WritebackNotOnForRule, OtherMachine,
    ];
}

using GwbCloud.Contracts;

namespace GwbCloud.RelayListener.Errors;

/// <summary>Why the listener does not switch GroupWritebackV2 off: GWB63xx.</summary>
public static class SwitchError
{
    public static readonly ErrorEntry FlagUnknown = new("GWB6301", "GroupWritebackV2 could not be read.",
        "The tenant did not answer, or the build does not show the flag.", "Read the flag again; nothing was called.");
    public static readonly ErrorEntry NoDecision = new("GWB6302", "Nobody has approved.", "The command holds no decision.",
        "Ask the approvers.");
    public static readonly ErrorEntry QuorumMissing = new("GWB6303", "Too few people have approved.",
        "The quorum of this listener's own configuration is not reached.", "Ask further approvers.");
    public static readonly ErrorEntry NotApproved = new("GWB6304", "A decision is not an approval.", "Somebody denied or postponed.",
        "End the gate as that person decided.");
    public static readonly ErrorEntry DeadlinePassed = new("GWB6305", "The gate's deadline has passed.",
        "The command came late.", "Start the gate again.");
    public static readonly ErrorEntry TimesContradict = new("GWB6306", "Evidence and deadline contradict each other.",
        "The deadline is not after the evidence, or the evidence lies in the future.", "Compare the clocks of both halves.");
    public static readonly ErrorEntry OtherServersIncomplete = new("GWB6307", "A server's part of the evidence is missing or not its own.",
        "A server did not answer, or a part was signed by a key that is not enrolled here.", "Gather the evidence on every server again.");
    public static readonly ErrorEntry OtherServerFails = new("GWB6308", "Another server's evidence does not pass.",
        "The state of that server changed.", "Read that server's evidence.");
    public static readonly ErrorEntry OwnEvidenceFails = new("GWB6309", "This server's own evidence does not pass.",
        "The state changed since the approval.", "Read the named check, correct it, then start the gate again.");
    public static readonly ErrorEntry CloudVeto = new("GWB6310", "The cloud's evidence does not pass.",
        "Something on the cloud side is not ready.", "Read the cloud's evidence.");
    public static readonly ErrorEntry EvidenceDiffers = new("GWB6311", "What people approved is not what is true now.",
        "The evidence of a part changed after the approval.", "Start the gate again with fresh evidence.");
    public static readonly ErrorEntry LastMinute = new("GWB6312", "In the last moment something was not as approved.",
        "Flag, staging, scheduler, runs, rules or pending deletes changed.", "Read the named value, then start the gate again.");
    public static readonly ErrorEntry CalledBefore = new("GWB6313", "The switch was called before and may not be called again yet.",
        "After a call the flag must read true for a while, and people must approve again on evidence gathered after that.",
        "Read the flag; if it stays true, start the gate again.");
    public static readonly ErrorEntry NoOffer = new("GWB6314", "Nothing is offered for an interactive switch.",
        "The offer exists only after the quorum, for 15 minutes.", "Wait for the task, then run it again.");
    public static readonly ErrorEntry OfferExpired = new("GWB6315", "The offer for the interactive switch has expired.",
        "It is valid for 15 minutes and not beyond the gate's deadline.", "Ask for a new offer.");
    public static readonly ErrorEntry NotInteractive = new("GWB6316", "This build switches unattended.",
        "Its cmdlet wants no sign-in.", "Nothing to do here.");
    public static readonly ErrorEntry UserNameMissing = new("GWB6317", "The interactive cmdlet wants the operator's user name.",
        "No user principal name was given.", "Give the user principal name of a Hybrid Identity Administrator.");
    public static readonly ErrorEntry OtherMatter = new("GWB6318", "The request was not made for this migration and plan.",
        "The requester's proof names another tenant, migration or plan.", "Start the migration again.");
    public static readonly ErrorEntry NotSwitchedHere = new("GWB6319", "This listener is not configured to switch.",
        "Issuer, audience or quorum is missing in its configuration.", "Complete the configuration, then start the listener again.");
    public static readonly ErrorEntry UnderWay = new("GWB6320", "The switch is under way in another place.",
        "The service and the operator's session cannot work on it at once.", "Wait for the other one to end, then read the flag.");
    public static readonly ErrorEntry RequestUnreadable = new("GWB6321", "The requester's proof or a decision is no canonical record.",
        "It was altered on its way, or made by another version.", "Start the gate again.");
    public static readonly ErrorEntry KeysDamaged = new("GWB6322", "The file of the issuer's keys that were seen before cannot be read.",
        "issuer-keys.json in the data directory was altered, or the disk is damaged.",
        "Find out who wrote to it; compare the keys with the tenant's own address, then remove the file and start the listener again.");
    public static readonly ErrorEntry OutsideWindow = new("GWB6323", "The switch may not be made at this time.",
        "The window that people approved has not begun, is over, or is not named in the evidence.", "Wait for the window, or start a migration for another one.");

    /// <summary>The lines in the order of their codes.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        FlagUnknown, NoDecision, QuorumMissing, NotApproved, DeadlinePassed, TimesContradict, OtherServersIncomplete, OtherServerFails,
        OwnEvidenceFails, CloudVeto, EvidenceDiffers, LastMinute, CalledBefore, NoOffer, OfferExpired, NotInteractive, UserNameMissing,
        OtherMatter, NotSwitchedHere, UnderWay, RequestUnreadable, KeysDamaged, OutsideWindow,
    ];
}

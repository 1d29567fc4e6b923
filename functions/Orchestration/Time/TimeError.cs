using GwbCloud.Contracts;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Limits of time, and the warnings before them: GWB2820 to GWB2839.</summary>
public static class TimeError
{
    public static readonly ErrorEntry InBlackout = new("GWB2820", "The migration would enter a time in which it may not be at work.",
        "It came to its window late, and what is left of the work reaches into a blackout that was named with the request.",
        "Request it again with a window that keeps clear of the blackout.");
    public static readonly ErrorEntry WindowMissed = new("GWB2821", "The window is too far gone to begin in.",
        "Preparation, the first gate or a hold took so long that the predicted time in staging no longer fits before the window's end.",
        "Request it again with another window; what was prepared is kept.");
    public static readonly ErrorEntry HoldExpired = new("GWB2822", "Nobody released a stage that was held.",
        "A held stage waits for an operator. Before the switch the migration then goes back to normal operation, after it, it parks.",
        "Request it again, or, after the switch, retry when you are ready.");
    public static readonly ErrorEntry HoldNotPossible = new("GWB2823", "A stage was not held, because no time is left for it.",
        "Earlier stages took longer than predicted; waiting would cost the time in which the migration can still go back.",
        "Nothing. Postpone if the migration should not go on.");
    public static readonly ErrorEntry LongerThanPredicted = new("GWB2824", "A stage took longer than predicted.",
        "Full cycles or tasks were slower than the run history said.", "Nothing. The rest was calculated again with what was observed, and the second gate ends accordingly.");
    public static readonly ErrorEntry StagingTooLong = new("GWB2825", "Staging would last longer than anybody may allow.",
        "With the observed full cycles the time in staging mode comes to more than 48 hours.", "Make full cycles faster, then assess and request it again.");
    public static readonly ErrorEntry StageTooLong = new("GWB2826", "A stage reached the limit of its time.",
        "Its cycle or its commands took so long that the rest no longer fits into the window; past the switch, four times as long as predicted.",
        "Look at what was slow. Before the switch the migration goes back by itself; after it, retry once the server is idle.");

    public static readonly ErrorEntry CommandNeverEnds = new("GWB2827", "A command on a server does not end.",
        "The listener answers, and says of one command for hours that it is at work: ADSync or PowerShell hangs on that server.",
        "Look at the listener's log and at ADSync there, restart the listener's service; what the command did is read again before anything goes on.");

    public static readonly ErrorEntry StagingShare = new("GWB2830", "Staging has lasted half, three quarters or nine tenths of the predicted time.",
        "Exports to Entra, password hash sync and password writeback of the tenant stand still meanwhile.", "See that the open gate or task is dealt with.");
    public static readonly ErrorEntry GateNearItsEnd = new("GWB2831", "A gate is about to end without a decision.",
        "Not enough people decided so far; expiry never approves.", "Decide, or postpone.");
    public static readonly ErrorEntry WindowNearItsEnd = new("GWB2832", "The window is about to end.",
        "Work in it is not finished.", "Look at the stage that runs, and at open tasks and gates.");
    public static readonly ErrorEntry SchedulerOffLong = new("GWB2833", "The scheduler has been off for four days.",
        "It may be off for five; Connect needs a synchronisation at least every seven days.", "Bring the migration on, or choose 'Entra only' when it is parked.");
    public static readonly ErrorEntry TaskSoonOverdue = new("GWB2834", "A task is soon overdue.",
        "What it asks for has not been read back.", "Do it; or postpone the migration, or stop the operation, while that is possible.");
    public static readonly ErrorEntry HoldWaits = new("GWB2835", "A stage is held and waits for its release.",
        "The request named it; an operator releases it.", "Release it, or postpone.");
    public static readonly ErrorEntry ParkedLong = new("GWB2836", "A parked migration waits for a person.",
        "It could not go on, and is past the switch: there is no way back.", "Mend what its last notice names, then retry; or choose 'Entra only' meanwhile.");

    public static readonly ErrorEntry EntraOnlyStands = new("GWB2837", "'Entra only' is in force.",
        "The active server exports to Entra by run profile, and nothing to Active Directory; its scheduler is off.",
        "Mend what parked the migration, then retry: it asks for staging mode first, and looks at everything again.");
    public static readonly ErrorEntry EntraOnlyFails = new("GWB2838", "A round of 'Entra only' did not succeed.",
        "The listener refused it or a run failed; its own words stand in the message. The next round comes by itself.",
        "Look at the runs on the server. The scheduler must stay off and nobody may start a cycle there.");

    /// <summary>All of them; docs/errors.md lists exactly these.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        InBlackout, WindowMissed, HoldExpired, HoldNotPossible, LongerThanPredicted, StagingTooLong, StageTooLong, CommandNeverEnds,
        StagingShare, GateNearItsEnd, WindowNearItsEnd, SchedulerOffLong, TaskSoonOverdue, HoldWaits, ParkedLong,
        EntraOnlyStands, EntraOnlyFails,
    ];
}

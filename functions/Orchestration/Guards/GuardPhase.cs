namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>Where a migration stands, as far as it decides what must hold meanwhile.</summary>
public enum GuardPhase
{
    /// <summary>The first gate, and the wait for the window: the tenant lives its ordinary life.</summary>
    BeforeWindow,

    /// <summary>Scheduler off, everything exported; the active server is about to enter staging mode.</summary>
    Drained,

    /// <summary>Every server in staging mode, the rules about to be made.</summary>
    Staging,

    /// <summary>Every server in staging mode with both rules, until the second gate has decided.</summary>
    RulesInPlace,

    /// <summary>The operator may call the switch: the flag itself is not watched, because its going off is what is asked for.</summary>
    AtTheSwitch,

    /// <summary>Somebody else switched the flag off, and the rules are not made good yet: nothing but the scheduler is ours so far.</summary>
    AfterTheirSwitch,

    /// <summary>The flag is off, every server still in staging mode.</summary>
    SwitchedOff,

    /// <summary>The active server is about to leave staging mode; the scheduler is still off.</summary>
    LeavingStaging,

    /// <summary>Exports flow again, Cloud Sync takes over ring by ring; its job is started and paused by us.</summary>
    Rings,

    /// <summary>Cloud Sync writes all of it.</summary>
    Soak,
}

static class GuardPhases
{
    /// <summary>What must hold while a stage is held; null before the first gate, where nothing stands still and the gate looks for itself.</summary>
    public static GuardPhase? Held(StageName stage, bool switchedOff) => stage switch
    {
        < StageName.FreezeAndDrain => null,
        <= StageName.CoexistenceRules when switchedOff => GuardPhase.AfterTheirSwitch,
        StageName.FreezeAndDrain => GuardPhase.BeforeWindow,
        StageName.EnterStagingMode => GuardPhase.Drained,
        StageName.CoexistenceRules => GuardPhase.Staging,
        <= StageName.DisableGroupWritebackV2 => GuardPhase.RulesInPlace,
        <= StageName.LeaveStagingMode => GuardPhase.SwitchedOff,
        StageName.ResumeScheduler => GuardPhase.LeavingStaging,
        StageName.StartCloudSync => GuardPhase.Rings,
        _ => GuardPhase.Soak,
    };

    /// <summary>What must hold while a stage after the switch waits for a person.</summary>
    public static GuardPhase Parked(StageName stage) => stage switch
    {
        // The operator may have left staging mode already when its stage stopped.
        StageName.LeaveStagingMode or StageName.ResumeScheduler => GuardPhase.LeavingStaging,
        StageName.StartCloudSync => GuardPhase.Rings,
        StageName.VerifyMigration => GuardPhase.Soak,
        // Before staging mode and rules are made good there is nothing in place that could be lost.
        StageName.FreezeAndDrain or StageName.EnterStagingMode or StageName.CoexistenceRules => GuardPhase.AfterTheirSwitch,
        _ => GuardPhase.SwitchedOff,
    };
}

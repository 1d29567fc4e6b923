namespace GwbCloud.Functions.Orchestration.Guards;

public enum GuardKind
{
    /// <summary>The active server left staging mode.</summary>
    StagingLeft,

    /// <summary>The active server stands in staging mode, and should export.</summary>
    StagingEntered,

    /// <summary>A server that the plan has as a standby exports.</summary>
    AnotherActive,
    SchedulerOn,
    SchedulerOff,
    WizardOpen,
    CycleStarted,

    /// <summary>The coexistence rules are not as they must be, or not as they were.</summary>
    RulesChanged,
    DeleteRuleEnabled,
    ProvisioningRuleAdded,

    /// <summary>Another container, or the writeback OU no longer in Connect's scope.</summary>
    OuChanged,

    /// <summary><c>GroupWritebackV2</c> reads false, and we did not call.</summary>
    SwitchedOff,
    VersionOneChanged,
    BuildChanged,
    JobStarted,
    JobStopped,
    JobGone,

    /// <summary>Schema, secrets or scope filter of the job.</summary>
    JobChanged,
    ScopeChanged,
    GroupGone,
    GroupEnabled,

    /// <summary>A listener gave no answer for a while. Told, never taken for a change.</summary>
    ListenerSilent,
}

/// <summary>One thing that is not as it must be.</summary>
public sealed record GuardChange
{
    public required GuardKind Kind { get; init; }

    /// <summary>Server or groups; null where the whole tenant is meant.</summary>
    public string? Subject { get; init; }

    /// <summary>What was read: the same kind and subject with another value is another change.</summary>
    public required string Reads { get; init; }
}

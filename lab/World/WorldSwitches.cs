namespace GwbCloud.Lab.World;

/// <summary>Effects that the documentation leaves open. Each default is the worse answer.</summary>
public sealed record WorldSwitches
{
    /// <summary>Every answer the kinder one.</summary>
    public static WorldSwitches Kind { get; } = new()
    {
        FirstMatchRemovesUnseenMembers = false,
        JoinNoFlowWritesMembers = false,
        M365TypeChanges = false,
        EqualPrecedence = EqualPrecedence.Fails,
        RuleRemovalDeletes = false,
        RulesTakeAfterSwitch = true,
        RetainedGroupsDeletedAtSwitch = false,
        OnDemandNeedsStartedJob = false,
        SoftDeleteLeavesScope = false,
        FlagReadDelaySeconds = 0,
        SettingPatchReplaces = false,
        WritebackPatchReplaces = false,
    };

    /// <summary>Cloud Sync removes members that it does not see (devices, synced nested groups) when it first matches a group.</summary>
    public bool FirstMatchRemovesUnseenMembers { get; init; } = true;

    /// <summary>Connect still writes the members of groups that it only joins, so that two engines write them.</summary>
    public bool JoinNoFlowWritesMembers { get; init; } = true;

    /// <summary>Microsoft 365 groups written as security groups become distribution groups when version 2 goes off.</summary>
    public bool M365TypeChanges { get; init; } = true;

    /// <summary>What adding a rule at a taken precedence does.</summary>
    public EqualPrecedence EqualPrecedence { get; init; } = EqualPrecedence.Shifts;

    /// <summary>Taking the coexistence rules away after version 2 went off deletes the groups; otherwise they are let go.</summary>
    public bool RuleRemovalDeletes { get; init; } = true;

    /// <summary>Coexistence rules protect also groups that were not yet joined by them when version 2 went off.</summary>
    public bool RulesTakeAfterSwitch { get; init; }

    /// <summary>Security groups that Connect only retained (writeback disabled, or soft-deleted) are deleted when version 2 goes off, rules or not.</summary>
    public bool RetainedGroupsDeletedAtSwitch { get; init; } = true;

    /// <summary>Provisioning on demand is refused while the job is stopped.</summary>
    public bool OnDemandNeedsStartedJob { get; init; } = true;

    /// <summary>Cloud Sync deletes the AD group when its cloud group is soft-deleted.</summary>
    public bool SoftDeleteLeavesScope { get; init; } = true;

    /// <summary>How long the feature flag still reads true after it went off.</summary>
    public int FlagReadDelaySeconds { get; init; } = 60;

    /// <summary>Values of a directory setting that a PATCH does not name go back to those of the template.</summary>
    public bool SettingPatchReplaces { get; init; } = true;

    /// <summary>A writebackConfiguration in a PATCH is taken for the whole: what it does not name is null.</summary>
    public bool WritebackPatchReplaces { get; init; } = true;
}

/// <summary>What adding a rule at a taken precedence does.</summary>
public enum EqualPrecedence
{
    Fails,

    /// <summary>The rule that was there, and those right above it, move up by one.</summary>
    Shifts,
}

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>How far a change reaches, the mildest first.</summary>
public enum GuardEffect
{
    /// <summary>People are told, nothing else.</summary>
    Told,

    /// <summary>An open approval is void, and is asked for again on fresh evidence.</summary>
    AskAgain,

    /// <summary>An approval is void, and is not asked for again before things are as they were.</summary>
    Hold,

    /// <summary>The stage stops: before the switch the migration goes back, after it it is parked.</summary>
    Stop,

    /// <summary>There is only the way forward now.</summary>
    Forward,
}

/// <summary>What a change does in a phase: how far it reaches, and what is made safe at once.</summary>
/// <param name="Effect">How far it reaches.</param>
/// <param name="SchedulerOff">The scheduler is turned off at once.</param>
/// <param name="PauseJob">The provisioning job is paused at once.</param>
public sealed record GuardConsequence(GuardEffect Effect, bool SchedulerOff = false, bool PauseJob = false)
{
    static readonly GuardConsequence Told = new(GuardEffect.Told);
    static readonly GuardConsequence AskAgain = new(GuardEffect.AskAgain);
    static readonly GuardConsequence Hold = new(GuardEffect.Hold);
    static readonly GuardConsequence Stop = new(GuardEffect.Stop);

    /// <summary>The table of docs/architecture.md, kind by phase. Pure.</summary>
    public static GuardConsequence Of(GuardKind kind, GuardPhase phase) => kind switch
    {
        GuardKind.ListenerSilent => Told,
        GuardKind.SwitchedOff => new(GuardEffect.Forward, SchedulerOff: true),
        _ => phase switch
        {
            GuardPhase.BeforeWindow => BeforeWindow(kind),
            GuardPhase.RulesInPlace => AtSecondGate(kind),
            GuardPhase.Drained or GuardPhase.Staging or GuardPhase.AtTheSwitch => InWindow(kind),
            GuardPhase.AfterTheirSwitch or GuardPhase.SwitchedOff or GuardPhase.LeavingStaging => AfterSwitch(kind),
            _ => WhileCloudSyncWrites(kind),
        },
    };

    /// <summary>Nothing stands still: an administrator's daily work is told, what contradicts the plan is waited out.</summary>
    static GuardConsequence BeforeWindow(GuardKind kind) => kind switch
    {
        GuardKind.SchedulerOn or GuardKind.SchedulerOff or GuardKind.WizardOpen or GuardKind.CycleStarted => Told,
        GuardKind.RulesChanged or GuardKind.BuildChanged => AskAgain,
        GuardKind.JobStarted or GuardKind.JobChanged or GuardKind.ScopeChanged => Hold with { PauseJob = true },
        _ => Hold,
    };

    /// <summary>Fresh evidence decides, where evidence sees the change; where it does not, the migration goes back.</summary>
    static GuardConsequence AtSecondGate(GuardKind kind) => kind switch
    {
        GuardKind.WizardOpen or GuardKind.SchedulerOff => Told,
        GuardKind.SchedulerOn or GuardKind.AnotherActive or GuardKind.StagingLeft => AskAgain with { SchedulerOff = true },
        GuardKind.CycleStarted or GuardKind.RulesChanged or GuardKind.DeleteRuleEnabled or GuardKind.ProvisioningRuleAdded or GuardKind.BuildChanged => AskAgain,
        GuardKind.JobStarted => AskAgain with { PauseJob = true },
        GuardKind.JobChanged or GuardKind.ScopeChanged => Stop with { PauseJob = true },
        _ => Stop,
    };

    static GuardConsequence InWindow(GuardKind kind) => kind switch
    {
        GuardKind.WizardOpen or GuardKind.SchedulerOff or GuardKind.CycleStarted => Told,
        // Off again: with the flag on and exports drained nobody misses a cycle, and the next look tells when it is turned on once more.
        GuardKind.SchedulerOn => Told with { SchedulerOff = true },
        GuardKind.AnotherActive or GuardKind.StagingLeft => Stop with { SchedulerOff = true },
        GuardKind.JobStarted or GuardKind.JobChanged or GuardKind.ScopeChanged => Stop with { PauseJob = true },
        _ => Stop,
    };

    /// <summary>A cycle that exports now would act on the flag that is off.</summary>
    static GuardConsequence AfterSwitch(GuardKind kind) => kind switch
    {
        GuardKind.WizardOpen or GuardKind.SchedulerOff or GuardKind.CycleStarted or GuardKind.BuildChanged
            or GuardKind.GroupGone or GuardKind.GroupEnabled => Told,
        GuardKind.SchedulerOn => Told with { SchedulerOff = true },
        GuardKind.JobStarted => Told with { PauseJob = true },
        GuardKind.JobChanged or GuardKind.ScopeChanged => Stop with { PauseJob = true },
        _ => Stop with { SchedulerOff = true },
    };

    static GuardConsequence WhileCloudSyncWrites(GuardKind kind) => kind switch
    {
        GuardKind.AnotherActive or GuardKind.RulesChanged or GuardKind.DeleteRuleEnabled or GuardKind.ProvisioningRuleAdded or GuardKind.OuChanged
            => new(GuardEffect.Stop, SchedulerOff: true, PauseJob: true),
        GuardKind.JobChanged or GuardKind.ScopeChanged => Stop with { PauseJob = true },
        // Paused by us, because something was wrong: started again by somebody who may not know.
        GuardKind.JobStarted => Told with { PauseJob = true },
        GuardKind.JobGone => Stop,
        _ => Told,
    };
}

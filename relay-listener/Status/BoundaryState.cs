using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Status;

/// <summary>Where a server stands, as far as what is to be done by hand depends on it.</summary>
public enum BoundaryState
{
    /// <summary>Nobody has looked at the server yet, so nothing is known.</summary>
    Unknown,

    /// <summary>Ordinary operation before the switch: scheduler on, exports go out.</summary>
    Ordinary,

    /// <summary>Scheduler off, exports still possible, nothing switched.</summary>
    Frozen,

    /// <summary>Staging mode, and the coexistence rules are not both in place.</summary>
    Staging,

    /// <summary>Staging mode with both rules: ready for the switch, which has not been made.</summary>
    Coexisting,

    /// <summary>The switch was verified and waits for the operator's own session.</summary>
    Offered,

    /// <summary>The cmdlet was called and the flag has not been read as false since, or the flag cannot be read.</summary>
    SwitchUnclear,

    /// <summary>Switched off, and the rules that keep the groups are not both in place: the one state in which a cycle does harm.</summary>
    SwitchedWithoutRules,

    /// <summary>Switched off, rules in place, still in staging mode.</summary>
    SwitchedInStaging,

    /// <summary>Switched off, out of staging mode, scheduler off.</summary>
    SwitchedFrozen,

    /// <summary>Switched off, out of staging mode, scheduler on: Connect lives on without writing groups.</summary>
    SwitchedOrdinary,

    /// <summary>A server that was in staging mode before the migration; it stays there.</summary>
    Standby,
}

/// <summary>Judges a boundary. Pure.</summary>
static class BoundaryStates
{
    public static BoundaryState StateOf(this Boundary boundary) => boundary switch
    {
        { Facts: null } => BoundaryState.Unknown,
        { Switch: { Outcome: SwitchOutcome.Called, Reads: not false } } => BoundaryState.SwitchUnclear,
        { StagingBefore: true, Facts.Staging: true, Switch: null } when !IsOffWithoutRules(boundary.Facts) => BoundaryState.Standby,
        { Facts.Features.GroupWritebackV2: null } => BoundaryState.SwitchUnclear,
        { Facts.Features.GroupWritebackV2: false } => Switched(boundary.Facts),
        { Switch.Outcome: SwitchOutcome.AwaitsOperator } => BoundaryState.Offered,
        { Facts.Staging: true } => HasRules(boundary.Facts) ? BoundaryState.Coexisting : BoundaryState.Staging,
        { Facts.Scheduler.Enabled: true } => BoundaryState.Ordinary,
        _ => BoundaryState.Frozen,
    };

    /// <summary>Exports stand still or the switch is made and not everything is back: the service is needed here.</summary>
    public static bool IsInWindow(this BoundaryState state) => state is not (BoundaryState.Unknown or BoundaryState.Ordinary or BoundaryState.SwitchedOrdinary);

    static BoundaryState Switched(ServerFacts facts) =>
        !HasRules(facts) ? BoundaryState.SwitchedWithoutRules
        : facts.Staging ? BoundaryState.SwitchedInStaging
        : facts.Scheduler.Enabled ? BoundaryState.SwitchedOrdinary
        : BoundaryState.SwitchedFrozen;

    static bool IsOffWithoutRules(ServerFacts facts) => facts.Features.GroupWritebackV2 is false && !HasRules(facts);

    static bool HasRules(ServerFacts facts) => facts.Coexistence is { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified };
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>What must hold in a phase. Null is not watched.</summary>
public sealed record GuardExpectation
{
    public required GuardPhase Phase { get; init; }
    public required IReadOnlyList<ServerExpectation> Servers { get; init; }
    public required string WritebackOu { get; init; }
    public bool? WritebackOn { get; init; }
    public bool? WritebackV1 { get; init; }
    public bool? SchedulerOn { get; init; }

    /// <summary>No cycle runs that is not ours.</summary>
    public bool Idle { get; init; }
    public bool WizardClosed { get; init; }
    public JobExpectation? Job { get; init; }

    /// <summary>Planned groups stay, and no other group gets writeback.</summary>
    public bool Groups { get; init; }

    /// <summary>What must hold in a phase, from plan, facts and baseline.</summary>
    public static GuardExpectation Of(GuardPhase phase, MigrationPlan plan, MigrationFacts facts, bool working)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        var before = facts.Guarded;
        var inStaging = phase is GuardPhase.Staging or GuardPhase.RulesInPlace or GuardPhase.AtTheSwitch or GuardPhase.SwitchedOff;
        return new()
        {
            Phase = phase,
            WritebackOu = plan.WritebackOu,
            Servers = [.. plan.Servers.Select(server => ServerOf(phase, server, before, inStaging))],
            WritebackOn = phase switch
            {
                GuardPhase.AtTheSwitch => null,
                < GuardPhase.AtTheSwitch => true,
                _ => false,
            },
            WritebackV1 = before?.WritebackV1,
            SchedulerOn = phase switch
            {
                GuardPhase.BeforeWindow => before?.SchedulerOn,
                // A ring that is proved takes it and gives it back; one that found what Connect would export keeps it off.
                GuardPhase.Rings when working => null,
                GuardPhase.Rings when facts.SchedulerHeld => false,
                GuardPhase.Soak when facts.SchedulerOffSince is not null => false,
                GuardPhase.Rings or GuardPhase.Soak => facts.SchedulerBefore,
                _ => false,
            },
            Idle = inStaging && !working,
            WizardClosed = inStaging || phase == GuardPhase.BeforeWindow,
            Job = facts.Job is null ? null : new()
            {
                Started = phase switch
                {
                    GuardPhase.Rings => working ? null : false,
                    // What we paused ourselves stands until the retry.
                    GuardPhase.Soak => !facts.JobStopped,
                    _ => false,
                },
                // The rings change the scope themselves, and judge it themselves.
                Configuration = phase == GuardPhase.Rings && working ? null : before?.JobConfiguration,
                PlannedInScope = phase >= GuardPhase.Rings ? null : before?.PlannedInScope,
                StrangersInScope = before?.StrangersInScope,
            },
            Groups = phase is >= GuardPhase.Drained and <= GuardPhase.AtTheSwitch,
        };
    }

    static ServerExpectation ServerOf(GuardPhase phase, PlannedServer server, GuardBaseline? before, bool inStaging)
    {
        var known = before?.Servers.FirstOrDefault(s => s.Server == server.Name);
        return new()
        {
            Name = server.Name,
            Active = server.Active,
            Version = known?.Version ?? server.Version,
            Staging = !server.Active || inStaging ? true : phase is GuardPhase.Drained or GuardPhase.AfterTheirSwitch or GuardPhase.LeavingStaging ? null : false,
            Rules = phase switch
            {
                GuardPhase.BeforeWindow => known?.Rules,
                GuardPhase.Drained or GuardPhase.Staging or GuardPhase.AfterTheirSwitch => null,
                _ => new() { Inbound = RuleState.AsSpecified, Outbound = RuleState.AsSpecified },
            },
            ProvisioningRules = known?.ProvisioningRules,
        };
    }
}

public sealed record ServerExpectation
{
    public required string Name { get; init; }

    /// <summary>The one that exports when nothing is under way.</summary>
    public required bool Active { get; init; }
    public required string Version { get; init; }
    public bool? Staging { get; init; }

    /// <summary>State of the coexistence rules, and their hash where it is known.</summary>
    public CoexistenceRules? Rules { get; init; }
    public IReadOnlyList<string>? ProvisioningRules { get; init; }
}

public sealed record JobExpectation
{
    public bool? Started { get; init; }
    public string? Configuration { get; init; }
    public int? PlannedInScope { get; init; }
    public int? StrangersInScope { get; init; }
}

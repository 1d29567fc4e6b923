using GwbCloud.Contracts.Commands;

namespace GwbCloud.Tests.Listener.CommandLine;

/// <summary>Facts of a server in ordinary operation, to be changed into every state.</summary>
static class Boundaries
{
    public static ServerFacts Facts { get; } = new()
    {
        Server = TestListener.Server,
        Version = "2.6.92.0",
        Cmdlet = CmdletGeneration.Interactive,
        Staging = false,
        Scheduler = Scheduler(true),
        Features = new() { GroupWritebackV2 = true, UnifiedGroupWriteback = true },
        Coexistence = Rules(RuleState.Absent),
        DeleteRuleEnabled = false,
        CustomProvisioningRules = [],
        FreePrecedences = 40,
        MemberLimitEnabled = true,
        DisplayNameRuleEnabled = false,
        AutoUpgrade = AutoUpgradeState.Suspended,
        WritebackOu = FakeDirectory.Ou,
        WritebackOuInScope = true,
        AdConnector = FakeAdSync.AdConnector,
        LastInitialSeconds = 5400,
    };

    public static SchedulerFacts Scheduler(bool enabled) => new() { Enabled = enabled, Suspended = false, CycleInProgress = false, IntervalSeconds = 1800 };

    public static CoexistenceRules Rules(RuleState state) => new() { Inbound = state, Outbound = state };

    public static ServerFacts InStaging(ServerFacts facts) => facts with { Staging = true, Scheduler = Scheduler(false) };

    public static ServerFacts WithRules(ServerFacts facts) => facts with { Coexistence = Rules(RuleState.AsSpecified) };

    public static ServerFacts Reading(ServerFacts facts, bool? flag) => facts with { Features = facts.Features with { GroupWritebackV2 = flag } };
}

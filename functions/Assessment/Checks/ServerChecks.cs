using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>The Connect servers: builds, flags, rules, scheduler, and whether all of them are known. Source: plan document; migrate how-to, prerequisites.</summary>
static class ServerChecks
{
    /// <summary>Below it Connect no longer synchronises.</summary>
    static readonly Version OldestConnect = new(2, 5, 79, 0);

    public static IReadOnlyList<Check> All { get; } =
    [
        OfNames("GWB2101", Blocks, "Group writeback v2 is off already, or its state could not be read",
            "A server reads the feature as false or not at all. Without v2 there is nothing to migrate, and unknown is not true.",
            "When it is off: only Cloud Sync is left to set up, without this migration. When unknown: repair the server's connection to Entra.",
            f => f.Servers.Where(s => s.Features.GroupWritebackV2 is not true).Select(s => s.Server)),
        OfNames("GWB2102", Blocks, "Writeback of Microsoft 365 groups (version 1) is off, or its state could not be read",
            "With both versions off, Connect deletes every group that it ever wrote.",
            "Switch version 1 on in the wizard, or migrate the Microsoft 365 groups off first.",
            f => f.Servers.Where(s => s.Features.UnifiedGroupWriteback is not true).Select(s => s.Server)),
        OfNames("GWB2103", Blocks, "A Connect server is too old",
            $"Builds below {OldestConnect} no longer synchronise.", "Upgrade Entra Connect on the server.",
            f => f.Servers.Where(s => Versions.Older(s.Version, OldestConnect)).Select(s => s.Server)),
        OfNames("GWB2104", Blocks, "There is not exactly one active Connect server",
            "Two active servers write against each other; with none, nothing is exported.",
            "Put all servers but one into staging mode, with the wizard.",
            f => f.Servers.Count(s => !s.Staging) == 1 ? [] : f.Servers.Where(s => !s.Staging).Select(s => s.Server).DefaultIfEmpty("none")),
        OfNames("GWB2105", Blocks, "Two servers have one name",
            "Commands could reach the wrong one.", "Correct the names in the configuration of the listeners.",
            f => f.Servers.GroupBy(s => s.Server, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key)),
        OfNames("GWB2106", Blocks, "The scheduler is suspended",
            "The wizard is open or an upgrade runs.", "Close the wizard, or wait for the upgrade, then assess again.",
            f => f.Servers.Where(s => s.Scheduler.Suspended).Select(s => s.Server)),
        OfNames(FindingCatalogue.DeleteRuleActive, Blocks, "The delete-on-disable rule is active",
            "The rule cb871f2d-0f01-4c32-a333-ff809145b947 deletes groups that fall out of writeback, and the switch lets all fall out.",
            "Remove the rule on every server (the operation deleteRule does it, docs/operations.md), run a full synchronisation, and look at the pending deletes.",
            f => f.Servers.Where(s => s.DeleteRuleEnabled).Select(s => s.Server)),
        OfNames("GWB2108", Blocks, "A coexistence rule's identifier is in use with other content",
            "Somebody made the rule before, otherwise than the how-to says.", "Remove the rule, or correct it to what the how-to says.",
            f => f.Servers.Where(s => s.Coexistence.Inbound == RuleState.Different || s.Coexistence.Outbound == RuleState.Different).Select(s => s.Server)),
        OfNames("GWB2109", Blocks, "The writeback OU is not in the server's scope",
            "Connect would treat the groups as gone.", "Select the OU in the wizard, on every server.",
            f => f.Servers.Where(s => !s.WritebackOuInScope).Select(s => s.Server)),
        OfNames("GWB2110", Blocks, "A server writes into another OU",
            "All servers must name the OU that the forest was asked about.", "Compare the writeback container of the servers.",
            f => f.Servers.Where(s => s.WritebackOu.Length > 0 && !DistinguishedName.Same(s.WritebackOu, f.Forest.WritebackOu)).Select(s => s.Server)),
        OfNames("GWB2111", Blocks, "Staging mode would last more than 48 hours",
            "Two full cycles, the second gate and the way back or forward take too long for one window.",
            "Make full cycles faster: a stronger server or database, fewer objects in scope.",
            f => f.Time.PredictedStagingSeconds > TimeArithmetic.BlocksAbove ? [FindingText.Hours(f.Time)] : []),
        Of(FindingCatalogue.ServerWithoutListener, Blocks, "A Connect server has no listener",
            "Its accounts in Entra or Active Directory name it. A forgotten server that still runs goes on writing by its own rules, and the switch is the whole tenant's.",
            "Install a listener on it; or, when the server is gone for good, state that for it by name: an acceptance of this code with the server as its subject, proved by a sign-in.",
            WithoutListener) with { ByName = true, BySignIn = true },
        OfNames("GWB2113", Blocks, "Connect names no container for written-back groups",
            "Group writeback was never set up on the server, or its settings could not be read.",
            "Compare the writeback settings of the servers in the wizard; every server must name the one OU.",
            f => f.Servers.Where(s => s.WritebackOu.Length == 0).Select(s => s.Server)),
        Of("GWB2114", Blocks, "A listener did not answer",
            "The server's facts are unknown, and every server counts: the rules must be on all of them before the switch.",
            "Look at the service on the server and at its way out (gwb-listener status), then assess again.",
            f => f.Silent.Select(s => new Concern { Name = s.Server, Detail = s.Why })),
        OfNames("GWB2115", Blocks, "No precedence is free for the coexistence rules",
            "Each needs a number below 100 that no other rule of the server has.",
            "Give custom rules other numbers, or remove those that nobody needs.",
            f => f.Servers.Where(s => s.FreePrecedences < Needed(s.Coexistence)).Select(s => s.Server)),
    ];

    static int Needed(CoexistenceRules rules) => (rules.Inbound == RuleState.Absent ? 1 : 0) + (rules.Outbound == RuleState.Absent ? 1 : 0);

    // Both sides name computers; a listener names itself by the configured name and by the computer's.
    static IEnumerable<Concern> WithoutListener(AssessmentFacts facts)
    {
        List<string> listened = [.. facts.Servers.Select(s => s.Server), .. facts.Silent.Select(s => s.Server)];
        var traces = facts.Tenant.ConnectServers.Select(name => (Name: name, Where: "an account in Entra"))
            .Concat(facts.Forest.ConnectComputers.Select(name => (Name: name, Where: "an account in Active Directory"))).ToList();
        return ServerNames.Strangers(listened, traces.Select(trace => trace.Name)).Select(name => new Concern
        {
            Name = name,
            Detail = $"Named by {string.Join(" and by ", traces.Where(trace => ServerNames.Same(trace.Name, name)).Select(trace => trace.Where).Distinct())}.",
        });
    }
}

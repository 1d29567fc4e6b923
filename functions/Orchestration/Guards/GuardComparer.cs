using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>Compares what was seen with what must hold. Pure; what was not read is no change.</summary>
public static class GuardComparer
{
    public static IReadOnlyList<GuardChange> Compare(GuardExpectation expected, GuardSight seen)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(seen);
        var answered = seen.Servers.Where(s => s.Facts is not null).ToDictionary(s => s.Server, s => s.Facts!, StringComparer.Ordinal);
        return
        [
            .. Tenant(expected, [.. answered.Values]),
            .. expected.Servers.Where(s => answered.ContainsKey(s.Name)).SelectMany(s => Server(expected, s, answered[s.Name])),
            .. expected.Job is { } job && seen.Job is { } sight ? Job(job, sight) : [],
            .. expected.Groups && seen.Groups is { } groups ? Groups(groups) : [],
        ];
    }

    /// <summary>Shared by all servers: scheduler and features are kept in Entra. Each is told once, whoever read it.</summary>
    static IEnumerable<GuardChange> Tenant(GuardExpectation expected, IReadOnlyList<ServerFacts> servers)
    {
        if (expected.WritebackOn == true && servers.Any(s => s.Features.GroupWritebackV2 == false)) { yield return Change(GuardKind.SwitchedOff, "GroupWritebackV2 reads false"); }

        var readV1 = servers.Select(s => s.Features.UnifiedGroupWriteback).FirstOrDefault(v1 => v1 is not null && v1 != expected.WritebackV1);
        if (expected.WritebackV1 is not null && readV1 is { } now) { yield return Change(GuardKind.VersionOneChanged, $"UnifiedGroupWriteback reads {(now ? "true" : "false")}"); }

        if (expected.SchedulerOn == false && servers.Any(s => s.Scheduler.Enabled)) { yield return Change(GuardKind.SchedulerOn, "the scheduler is on"); }

        if (expected.SchedulerOn == true && servers.Any(s => !s.Scheduler.Enabled)) { yield return Change(GuardKind.SchedulerOff, "the scheduler is off"); }
    }

    static IEnumerable<GuardChange> Server(GuardExpectation expected, ServerExpectation server, ServerFacts facts)
    {
        if (server.Staging is { } staging && staging != facts.Staging)
        {
            yield return Change(
                !server.Active ? GuardKind.AnotherActive : staging ? GuardKind.StagingLeft : GuardKind.StagingEntered,
                $"staging mode is {(facts.Staging ? "on" : "off")}", server.Name);
        }

        if (expected.WizardClosed && facts.Scheduler.Suspended) { yield return Change(GuardKind.WizardOpen, "the wizard is open, or an upgrade runs", server.Name); }

        if (expected.Idle && facts.Scheduler.CycleInProgress) { yield return Change(GuardKind.CycleStarted, "a cycle runs", server.Name); }

        if (server.Rules is { } rules && !Same(rules, facts.Coexistence))
        {
            yield return Change(GuardKind.RulesChanged, $"inbound {facts.Coexistence.Inbound}, outbound {facts.Coexistence.Outbound}", server.Name);
        }

        if (facts.DeleteRuleEnabled) { yield return Change(GuardKind.DeleteRuleEnabled, "the rule that deletes groups on disable is enabled", server.Name); }

        if (server.ProvisioningRules is { } known && facts.CustomProvisioningRules.Except(known).ToList() is { Count: > 0 } added)
        {
            yield return Change(GuardKind.ProvisioningRuleAdded, $"provisioning rules for groups were added: {string.Join(", ", added.Order(StringComparer.Ordinal).Take(3))}", server.Name);
        }

        if (!facts.WritebackOuInScope) { yield return Change(GuardKind.OuChanged, "the writeback OU is not in Connect's scope", server.Name); }
        else if (!facts.WritebackOu.Equals(expected.WritebackOu, StringComparison.OrdinalIgnoreCase))
        {
            yield return Change(GuardKind.OuChanged, $"groups are written to '{facts.WritebackOu}'", server.Name);
        }

        if (facts.Version != server.Version) { yield return Change(GuardKind.BuildChanged, $"Connect's build is {facts.Version}, it was {server.Version}", server.Name); }
    }

    static IEnumerable<GuardChange> Job(JobExpectation expected, JobSight job)
    {
        if (!job.Exists)
        {
            yield return Change(GuardKind.JobGone, "the provisioning job is gone");
            yield break;
        }

        if (expected.Started is { } started && started != job.Started)
        {
            yield return Change(job.Started ? GuardKind.JobStarted : GuardKind.JobStopped, $"the provisioning job is {(job.Started ? "started" : "stopped")}");
        }

        if (expected.Configuration is { } configuration && configuration != job.Configuration)
        {
            yield return Change(GuardKind.JobChanged, "mappings, scope filter or settings of the provisioning job were changed");
        }

        var scope = new List<string>();
        if (expected.PlannedInScope is { } planned && job.PlannedInScope != planned) { scope.Add($"{job.PlannedInScope} planned groups are in scope, {planned} were"); }
        if (expected.StrangersInScope is { } strangers && job.StrangersInScope > strangers) { scope.Add($"{job.StrangersInScope} groups are in scope that nobody planned"); }
        if (scope.Count > 0) { yield return Change(GuardKind.ScopeChanged, string.Join("; ", scope)); }
    }

    static IEnumerable<GuardChange> Groups(GroupSight groups)
    {
        if (groups.Gone.Count > 0) { yield return Change(GuardKind.GroupGone, "planned groups were deleted for good in Entra", string.Join(", ", groups.Gone)); }
        if (groups.Enabled.Count > 0) { yield return Change(GuardKind.GroupEnabled, "writeback was turned on for groups that nobody planned", string.Join(", ", groups.Enabled)); }
    }

    /// <summary>Rules as specified have one content; the hash only says more where both sides know it.</summary>
    static bool Same(CoexistenceRules expected, CoexistenceRules seen) => expected.Inbound == seen.Inbound && expected.Outbound == seen.Outbound
        && (expected.ContentHash is null || seen.ContentHash is null || expected.ContentHash == seen.ContentHash);

    static GuardChange Change(GuardKind kind, string reads, string? subject = null) => new() { Kind = kind, Subject = subject, Reads = reads };
}

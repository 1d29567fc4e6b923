using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Exports;
using GwbCloud.Contracts.Json;
using GwbCloud.Contracts.Runs;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>Gathers this server's part of the evidence. Reads only.</summary>
sealed class ServerEvidenceGatherer(IAdSync adSync, string tenant, string configured, int ordinaryDeletes)
{
    public async Task<ServerEvidence> GatherAsync(LoadedScope scope, EvidencePurpose purpose, JobOrigin origin, CancellationToken cancellationToken)
    {
        var host = await adSync.GetHostAsync(cancellationToken);
        var scheduler = await adSync.GetSchedulerAsync(cancellationToken);
        var features = await adSync.GetFeaturesAsync(cancellationToken);
        var rules = await adSync.GetRulesAsync(cancellationToken);
        var coexistence = CoexistenceRuleSpec.Judge(rules, host.AdConnectorId);
        var lineage = await adSync.ReadLineageAsync([.. scope.Groups, .. scope.Frozen], cancellationToken);

        var findings = new Findings();
        findings.Check("thisServer", string.Equals(host.Server, configured, StringComparison.OrdinalIgnoreCase), $"the listener of {configured} runs on {host.Server}");
        findings.Check("writebackOn", features.GroupWritebackV2 is true, features.GroupWritebackV2 is null ? "GroupWritebackV2 could not be read" : "GroupWritebackV2 is off");
        findings.Check("staging", scheduler.StagingModeEnabled, "the server is not in staging mode");
        findings.Check("notSuspended", !scheduler.SchedulerSuspended, "the wizard is open or an upgrade runs");
        if (purpose == EvidencePurpose.Switch)
        {
            findings.Check("schedulerOff", !scheduler.SyncCycleEnabled, "the scheduler is on");
            findings.Check("idle", !scheduler.SyncCycleInProgress, "a cycle runs");
            findings.CheckNone("snapshotComplete", scope.WithoutSnapshot());
        }
        findings.Check("ouInScope", host.WritebackOuInScope, "the writeback OU is not in Connect's scope");
        findings.Check("rulesAsSpecified", coexistence.InPlace(), $"inbound {coexistence.Inbound}, outbound {coexistence.Outbound}");
        findings.Check("deleteRuleAbsent", !ServerInspection.HasActiveDeleteRule(rules), "the rule that deletes groups on disable is active");
        findings.CheckNone("lineage", lineage.Others.Select(group => $"{group} is not held by the JoinNoFlow rule alone"));
        findings.CheckNone("mailEnabledFlow", lineage.MailEnabledWithNoFlow.Select(group => $"{group} is mail-enabled and held by the JoinNoFlow rule"));
        findings.CheckNone("noNewRunError", RunJudge.JudgeCycle(RunJudge.Newest(await adSync.GetRunsAsync(0, cancellationToken)), scope.KnownErrors));
        var exports = new ExportJudge(scope.TermsFor(host, ordinaryDeletes)).Judge(await adSync.PendingAsync(cancellationToken));
        foreach (var rule in Enum.GetValues<ExportRule>()) { findings.CheckNone(NameOf(rule), exports.ReasonsOf(rule)); }

        return new()
        {
            Tenant = tenant,
            Migration = origin.MigrationId,
            Scope = ScopeHashes.Of(scope.Source),
            Ceilings = scope.Source.Ceilings,
            Server = host.Server,
            Version = host.Version,
            RulesHash = coexistence.ContentHash,
            GroupRulesHash = HashOfGroupRules(rules),
            Checks = findings.Checks,
            Problems = findings.Problems,
            Passed = findings.Passed,
        };
    }

    /// <summary>Every active rule that reads or writes groups, in the order in which they win.</summary>
    public static string HashOfGroupRules(IReadOnlyList<SyncRule> rules) => CanonicalJson.Hash(
        rules.Where(rule => !rule.Disabled && (IsGroup(rule.SourceObjectType) || IsGroup(rule.TargetObjectType)))
            .OrderBy(rule => rule.Precedence).ThenBy(rule => rule.Identifier)
            .Select(CoexistenceRuleSpec.ContentOf).ToList());

    static string NameOf(ExportRule rule) => JsonNamingPolicy.CamelCase.ConvertName(rule.ToString());

    static bool IsGroup(string objectType) => string.Equals(objectType, "group", StringComparison.OrdinalIgnoreCase);
}

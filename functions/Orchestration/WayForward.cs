using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Which stages are left after the switch. Pure.</summary>
static class WayForward
{
    /// <summary>Straight from the switch, everything in staging mode and the rules in place.</summary>
    public static IReadOnlyList<StageName> AfterSwitch { get; } =
    [
        StageName.SecondFullSync, StageName.LeaveStagingMode, StageName.ResumeScheduler, StageName.StartCloudSync, StageName.VerifyMigration,
    ];

    /// <summary>Without snapshot and baseline of the freeze nothing after the switch could be judged.</summary>
    public static bool CanBeJudged(MigrationFacts facts) => facts is { FrozenSnapshot: not null, PendingBaseline: not null, KnownErrors: not null };

    /// <summary>The timeline with the proof behind the switch to be made again.</summary>
    public static IReadOnlyList<StageView> Reopened(IReadOnlyList<StageView> stages) =>
        [.. stages.Select(s => s.Name is StageName.SecondFullSync or StageName.LeaveStagingMode ? s with { State = StageState.Pending } : s)];

    /// <summary>
    /// What is left for a migration that did not come straight from the switch. Until the second full synchronisation is proved, the way leads through staging
    /// mode with both rules on every server; what the way back took away by then is made again.
    /// </summary>
    /// <param name="stages">The timeline.</param>
    /// <param name="lead">The active server.</param>
    /// <param name="servers">Every server as it reads now.</param>
    /// <param name="facts">What the stages found and made so far.</param>
    public static IReadOnlyList<StageName> Stages(IReadOnlyList<StageView> stages, string lead, IReadOnlyList<ServerFacts> servers, MigrationFacts facts)
    {
        var left = AfterSwitch.Where(IsLeft).ToList();
        var before = new List<StageName>();
        if (left.Contains(StageName.SecondFullSync))
        {
            // Somebody else switched before the freeze: what is there now is what must be kept.
            if (!CanBeJudged(facts)) { before.Add(StageName.FreezeAndDrain); }
            if (ServerNames.Find(servers, s => s.Server, lead) is not { Staging: true }) { before.Add(StageName.EnterStagingMode); }
            if (servers.Any(s => s.Coexistence is not { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified })) { before.Add(StageName.CoexistenceRules); }
        }
        if (left.Contains(StageName.StartCloudSync))
        {
            // Undone, failed, or never begun: a group without its stamp would be made a second time.
            if (IsLeft(StageName.StampAnchors) || !facts.AnchorsVerified) { before.Add(StageName.StampAnchors); }
            if (IsLeft(StageName.PrepareCloudSync)) { before.Add(StageName.PrepareCloudSync); }
        }
        // The groups are safe once they are proved. What leaves staging mode and what Cloud Sync takes over still needs the people's word.
        if (!facts.PlanApproved && left.Count > 0) { left.Insert(left.IndexOf(StageName.SecondFullSync) + 1, StageName.ApprovePlan); }
        return [.. before, .. left];

        bool IsLeft(StageName name) => StateOf(name) is not (StageState.Done or StageState.Skipped);

        StageState StateOf(StageName name) => stages.Single(s => s.Name == name).State;
    }
}

using System.Globalization;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.WayBack;

/// <summary>Decides what is left to be undone of a migration, from what is kept of it. Pure.</summary>
/// <remarks>The order and the meaning of each step are those of the migration's own way back: this says them, and decides nothing a second time.</remarks>
static class UndoPlanner
{
    /// <summary>The last line of every plan: from then on another migration may begin.</summary>
    public const string Close = "close";

    /// <summary>Steps that servers feel: exports, full synchronisations, the wizard.</summary>
    static readonly UndoKind[] Felt = [UndoKind.RemoveRules, UndoKind.RemoveStandbyRules, UndoKind.LeaveStagingMode, UndoKind.RestoreScheduler];

    /// <summary>Why the migration can't be undone now, or null.</summary>
    public static Notice? Refusal(KeptMigration kept, bool? flag) => kept switch
    {
        { Request: null } => UndoError.NothingKept.Notice("The document store has no request of it."),
        { Standing.Facts.SwitchedOff: true } => UndoError.BehindTheSwitch.Notice("The migration itself read GroupWritebackV2 as off."),
        _ when flag == false => UndoError.BehindTheSwitch.Notice("GroupWritebackV2 reads false."),
        _ when flag is null => UndoError.FlagUnknown.Notice("No server could say what GroupWritebackV2 is."),
        { Later: { } later } => UndoError.LaterFirst.Notice($"{later} began later, and something of it is left."),
        _ => null,
    };

    /// <summary>
    /// The facts with all that may have been done. A migration that lost its history had kept what it was about to do before it did it; a stage that broke off
    /// counts as done, as it does when it fails whole.
    /// </summary>
    public static MigrationFacts FactsOf(KeptMigration kept)
    {
        var facts = kept.Standing?.Facts ?? new();
        return kept.View is { State: not (MigrationState.Ended or MigrationState.RollingBack) } view
            && view.Stages.LastOrDefault(stage => stage.State is StageState.Running or StageState.Waiting) is { Name: var broken }
            ? StageUndo.BrokenOff(facts, broken)
            : facts;
    }

    /// <summary>What is to be done, last done first.</summary>
    public static IReadOnlyList<UndoKind> StepsOf(MigrationFacts facts) => WayBackOrchestrator.InOrder(facts, ending: null);

    /// <summary>A step back that has to go into staging mode again adds what undoes that. Whatever else is more than the plan, the migration itself did: somebody took it up meanwhile.</summary>
    public static bool IsOfTheWayBack(UndoKind kind) => kind is UndoKind.LeaveStagingMode or UndoKind.RestoreScheduler;

    /// <summary>Nothing of it is left, and nothing bars the next migration.</summary>
    public static bool IsOver(KeptMigration kept) =>
        kept.Standing is null or { Unfinished: false, Facts.Undo: [] } && kept.View is null or { State: MigrationState.Ended };

    public static UndoPlan Plan(KeptMigration kept, ServerSight servers)
    {
        if (IsOver(kept)) { return new() { Draft = new() { Facts = [.. FactsShown(kept, new())], Consequences = ["Nothing of the migration is left."] }, Steps = [], Left = [] }; }
        var facts = FactsOf(kept);
        var steps = StepsOf(facts);
        var felt = steps.Any(Felt.Contains);
        return new()
        {
            Steps =
            [
                .. steps.Select(kind => new ValueChange { Target = Name(kind), Name = Title(kind), Before = Made(kind, facts, kept), After = Back(kind, facts, kept) }),
                new() { Target = Close, Name = "The migration itself", Before = "unfinished or put off", After = "rolled back; another may begin" },
            ],
            Left = [.. Left(facts, kept, steps)],
            Draft = new()
            {
                Facts = [.. FactsShown(kept, facts)],
                Consequences =
                [
                    "Each step reads GroupWritebackV2 first: false or unknown refuses it, and what is left stays as it is.",
                    "Only what the migration made or set is taken back, and only where it is still as it was left: whatever somebody changed since is his.",
                    .. felt ? ["Servers are in staging mode while rules go and are calculated anew: exports and password hash synchronisation stand still for so long."] : (string[])[],
                    .. steps.Contains(UndoKind.LeaveStagingMode) ? ["Somebody leaves staging mode in the wizard: it is a task of the migration, read back every few minutes."] : (string[])[],
                    .. servers.Silent.Count > 0 ? [$"{string.Join(", ", servers.Silent)} did not answer: steps there wait, and stop the undo when nobody answers."] : (string[])[],
                ],
                Dangers =
                [
                    .. felt ? ["Servers synchronise in full and export again by it, so that a second person looks at what is undone and when."] : (string[])[],
                    .. facts.SwitchAttempted ? ["A call to switch was made and its effect is not certain: rules go only after the flag has read true for 24 hours."] : (string[])[],
                ],
            },
        };
    }

    /// <summary>A step's name in the plan's list.</summary>
    public static string Name(UndoKind kind) => Camel(kind.ToString());

    static IEnumerable<OperationFact> FactsShown(KeptMigration kept, MigrationFacts facts)
    {
        yield return new("Migration", kept.Request!.MigrationId);
        yield return new("How it ended", kept.View switch
        {
            null => "nothing was shown of it",
            { State: MigrationState.Ended, Outcome: { } outcome } => Camel(outcome.ToString()),
            { State: var state } => $"its history is gone; it was last {Camel(state.ToString())}",
        });
        if (kept.Standing is { } standing) { yield return new("What it kept last", string.Create(CultureInfo.InvariantCulture, $"in {standing.Stage}, number {standing.Facts.Revision}")); }
        if (facts.FirstSnapshot is { } snapshot) { yield return new("Snapshot before the first write", string.Create(CultureInfo.InvariantCulture, $"{snapshot.Count:N0} groups")); }
    }

    static string Title(UndoKind kind) => kind switch
    {
        UndoKind.RemoveRules => "Coexistence rules",
        UndoKind.RemoveStandbyRules => "Coexistence rules of the standbys",
        UndoKind.LeaveStagingMode => "Staging mode",
        UndoKind.RestoreScheduler => "Scheduler",
        UndoKind.RestoreAutoUpgrade => "Automatic upgrade",
        UndoKind.UnstampAnchors => "Anchors in Active Directory",
        UndoKind.RemoveCloudSync => "Cloud Sync",
        _ => "Canary objects",
    };

    static string Made(UndoKind kind, MigrationFacts facts, KeptMigration kept) => kind switch
    {
        UndoKind.RemoveRules or UndoKind.RemoveStandbyRules => facts.RulesMadeOn is [] ? "none of them is the migration's" : $"made on {string.Join(", ", facts.RulesMadeOn)}",
        UndoKind.LeaveStagingMode => "the active server was asked into it",
        UndoKind.RestoreScheduler => "switched off",
        UndoKind.RestoreAutoUpgrade => "suspended",
        UndoKind.UnstampAnchors => "written where the listener's journal says so",
        UndoKind.RemoveCloudSync => IsOthers(kept) ? "a configuration of somebody else, taken over" : "made for the migration",
        _ => "made to try Cloud Sync on",
    };

    static string Back(UndoKind kind, MigrationFacts facts, KeptMigration kept) => kind switch
    {
        UndoKind.RemoveRules or UndoKind.RemoveStandbyRules => "removed there, in staging mode, followed by a full synchronisation",
        UndoKind.LeaveStagingMode => "left, after a look at what would be exported, and one Delta",
        UndoKind.RestoreScheduler => facts.SchedulerBefore == true ? "on" : "as it is: it was not on before",
        UndoKind.RestoreAutoUpgrade => "enabled, where it was and still reads as suspended",
        UndoKind.UnstampAnchors => "cleared, where they still read as they were written and Cloud Sync never wrote the group",
        UndoKind.RemoveCloudSync => IsOthers(kept) ? "its schema and its settings given back; it stays" : "job, application and values of GroupDN removed",
        _ => "removed, by objectGUID and anchor",
    };

    static bool IsOthers(KeptMigration kept) => kept.CloudSync is { JobIntended: false, AdoptionDecided: true };

    static IEnumerable<LeftValue> Left(MigrationFacts facts, KeptMigration kept, IReadOnlyList<UndoKind> steps)
    {
        if (steps.Contains(UndoKind.RemoveCloudSync) && IsOthers(kept))
        {
            yield return new() { Target = "cloudSync", Name = "Configuration of Cloud Sync", Why = "it was there before the migration: job, application and whoever was assigned to it stay" };
        }

        if (kept.CloudSync is { AppIntended: false, JobIntended: true })
        {
            yield return new() { Target = "application", Name = "Enterprise application of Cloud Sync", Why = "it was there before the migration: only the job in it goes" };
        }

        if (steps.Any(kind => kind is UndoKind.RemoveRules or UndoKind.RemoveStandbyRules))
        {
            foreach (var server in (kept.Plan?.Servers ?? []).Select(planned => planned.Name).Except(facts.RulesMadeOn, StringComparer.OrdinalIgnoreCase))
            {
                yield return new() { Target = $"rules/{server}", Name = $"Coexistence rules of {server}", Why = "the migration made none there; rules that were there before stay" };
            }
        }

        foreach (var found in facts.RulesFound)
        {
            var which = found.Inbound ? "inbound" : "outbound";
            yield return new() { Target = $"rules/{found.Server}/{which}", Name = $"The {which} coexistence rule of {found.Server}", Why = "it was there before the migration, which made only the other one" };
        }

        if (steps.Contains(UndoKind.RestoreScheduler) && facts.SchedulerBefore != true)
        {
            yield return new() { Target = "scheduler", Name = "Scheduler", Why = "it is not known to have been on before, so that it is not switched on" };
        }

        foreach (var before in facts.AutoUpgradeBefore.DistinctBy(b => b.Server).Where(b => b.State != AutoUpgradeState.Enabled))
        {
            yield return new() { Target = $"autoUpgrade/{before.Server}", Name = $"Automatic upgrade of {before.Server}", Why = $"it was {Camel(before.State.ToString())} before" };
        }
    }

    static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}

using System.Globalization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Operations.CleanUp;

/// <summary>What may go after a migration, now and later, and which rules a clean-up takes away. Decides without I/O.</summary>
static class CleanUpPlanner
{
    /// <summary>So long a deleted object can be brought back where nobody set the forest otherwise. Source: AD Recycle Bin, msDS-deletedObjectLifetime.</summary>
    const int RecycleBinDays = 180;

    const string Sync = "Cloud Sync";

    public static (OperationDraft Draft, IReadOnlyList<ValueChange> Changes, IReadOnlyList<LeftValue> Left) Plan(CleanUpFacts facts)
    {
        if (facts.MigrationId is null || facts.EndedAt is not { } ended)
        {
            return (new() { Facts = [new("Completed migration", "none: there is nothing to clean up")] }, [], []);
        }

        var question = facts.Question;
        var (changes, left) = question.Step == CleanUpStep.Look ? ([], []) : Choose(facts);
        var draft = new OperationDraft
        {
            Facts = [new("Migration", $"{facts.MigrationId}, completed {Day(ended)}"), .. Items(facts, ended)],
            Consequences = changes.Count == 0 ? [Nothing(question.Step)] : [.. Consequences(question.Step)],
            Dangers = changes.Count == 0 ? [] : [.. Dangers(question.Step)],
            Undo = changes.Count == 0 ? null : "Puts both rules back where they were taken away, with the precedences that they had where these are still free, and has each standby calculate once more.",
        };
        return (draft, changes, left);
    }

    /// <summary>What there is, and when it may go: now, from a day on, later, or never.</summary>
    static IEnumerable<OperationFact> Items(CleanUpFacts facts, DateTimeOffset ended)
    {
        yield return new("Canaries", "now: their objects left Active Directory when the migration closed; the cloud groups and the test user are yours, delete them in Entra");
        yield return new("Anchors of the groups", $"stay: {Sync} finds the {Words.Number(facts.Groups)} objects by msDS-ExternalDirectoryObjectId, and would make a group without it a second time");
        yield return new($"{Sync}: {facts.Application ?? "application"}, job and assignments",
            $"stay: they write the groups now. {(facts.ApplicationIsOurs ? "The migration made them; from now on they are yours" : "They were there before the migration")}");
        yield return new("Extension property GroupDN", $"stays: without it {Sync} gives groups its own names and places");
        if (facts.Orphans > 0) { yield return new("Objects that stay behind", $"now: {Words.Number(facts.Orphans)} whose groups Entra no longer has; delete them when nobody needs them"); }
        foreach (var server in facts.Question.Servers) { yield return new($"Coexistence rules on {server.Server}", RulesOf(facts, server)); }
        foreach (var server in facts.Question.Silent) { yield return new($"Coexistence rules on {server}", "not known: it did not answer"); }
        yield return new("Guided transition to Cloud Sync", facts.Question.Servers.Where(HasRules).Select(server => server.Server).ToList() is { Count: > 0 } blocked
            ? $"refused by Connect's wizard on {string.Join(", ", blocked)} as long as the coexistence rules are there: it takes no custom rules"
            : "no coexistence rule stands in its way any more");
        yield return new("Report, tables, audit log, repair pack",
            $"from {Day(ended.AddDays(RecycleBinDays))}: until then the pack can bring deleted objects back where the Recycle Bin keeps them {RecycleBinDays} days; download all of them before the product goes");
        yield return new("Listeners", facts.Question.Servers.Any(HasRules)
            ? "later: when you have decided that the rules stay, or the last of them is gone"
            : "now: nothing is left that they would be needed for");
        yield return new("Function app, relay, storage, app registrations and their rights", "last: after the documents were downloaded and the listeners removed; Connect and Cloud Sync go on without them");
    }

    static string RulesOf(CleanUpFacts facts, RuleSight server) => server switch
    {
        _ when !HasRules(server) => "gone",
        _ when !facts.MadeOn.Contains(server.Server, StringComparer.OrdinalIgnoreCase) => "stay: they were there before the migration",
        { Staging: true } => "now, as a trial: nothing is exported from there",
        _ when NoStandby(facts) => "stay: there is no standby to show what Connect does to the groups without them",
        _ => NotProved(facts) is { } why ? $"later: {why}" : $"now: on {Day(facts.ProvedAt!.Value)} a standby without them showed that nothing would be deleted",
    };

    static (IReadOnlyList<ValueChange> Changes, IReadOnlyList<LeftValue> Left) Choose(CleanUpFacts facts)
    {
        List<ValueChange> changes = [];
        List<LeftValue> left = [.. facts.Question.Silent.Select(server => Left(server, "it did not answer"))];
        foreach (var server in facts.Question.Servers.Where(server => server.Staging == (facts.Question.Step == CleanUpStep.Standby)))
        {
            if (Refusal(facts, server) is { } why) { left.Add(Left(server.Server, why)); }
            else if (HasRules(server)) { changes.Add(new() { Target = server.Server, Name = $"Coexistence rules on {server.Server}", Before = RuleWords.Of(server.Rules), After = RuleWords.None }); }
        }

        if (facts.Question.Step == CleanUpStep.Standby && NoStandby(facts)) { left.Add(Left("standby", "there is none: the rules stay on the active server")); }
        return (changes, left);
    }

    static string? Refusal(CleanUpFacts facts, RuleSight server) => server switch
    {
        { Version2: not false } => "group writeback version 2 does not read as switched off there",
        _ when !HasRules(server) => null,
        { Rules: not { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified } } => "its rules are not as the migration made them",
        _ when !facts.MadeOn.Contains(server.Server, StringComparer.OrdinalIgnoreCase) => "its rules were there before the migration",
        { Staging: false } => NotProved(facts),
        _ => null,
    };

    /// <summary>Why the rules may not go from a server that exports; null when they may.</summary>
    static string? NotProved(CleanUpFacts facts)
    {
        var standbys = facts.Question.Servers.Where(server => server.Staging).ToList();
        return standbys.Count == 0 ? "there is no standby to show what Connect does to the groups without them"
            : facts.Question.Silent.Count > 0 ? $"{string.Join(", ", facts.Question.Silent)} did not answer"
            : standbys.Find(HasRules) is { } holds ? $"{holds.Server} still has them: try it there first"
            : facts.ProvedAt is null ? "no Initial on a standby without them has shown yet that nothing would be deleted"
            : null;
    }

    static bool NoStandby(CleanUpFacts facts) => facts.Question.Silent.Count == 0 && !facts.Question.Servers.Any(server => server.Staging);

    static bool HasRules(RuleSight server) => RuleWords.Of(server.Rules) != RuleWords.None;

    static string Nothing(CleanUpStep step) => step == CleanUpStep.Look
        ? "It only tells. Ask for the step standby to try on a server in staging mode what Connect does without the rules."
        : "No rule is taken away; the list of what is left says why.";

    static IEnumerable<string> Consequences(CleanUpStep step)
    {
        if (step == CleanUpStep.Standby)
        {
            yield return "Each standby loses its rules and runs an Initial. Nothing is exported from there; what it would export is judged.";
            yield return "Where a delete, a rename or any other change shows that nobody allowed, it gets its rules back, and they stay on the active server.";
            yield return "Where nothing shows, the standby stays without them. Until they are gone from the active server too, put them back before it takes over: undo does.";
            yield break;
        }

        yield return "Every standby calculates once more before. Only when nothing shows again are the rules taken from the active server.";
        yield return "The next cycle there calculates everything anew and exports. It is waited for, and the groups are looked for in Active Directory; if one is missing the rules are put back.";
        yield return "From then on the listener starts no cycle on that server and turns no scheduler on: without the rules that is a person's deed.";
    }

    static IEnumerable<string> Dangers(CleanUpStep step)
    {
        yield return step == CleanUpStep.Standby
            ? "A standby that has calculated deletes may keep them although its rules are back. It must then not leave staging mode until it has been set up anew."
            : "What Connect does to the groups without the rules is documented nowhere, and this server exports it. That a standby showed nothing is the only proof.";
    }

    static LeftValue Left(string server, string why) => new() { Target = server, Name = $"Coexistence rules on {server}", Why = why };

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

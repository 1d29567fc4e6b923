using System.Text.Json;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Lab.Operations;

/// <summary>A whole migration before an operation that needs one, and the account of both together.</summary>
sealed class CompletedMigration : IAsyncDisposable
{
    const string RulesBefore = "rules-before.json";

    readonly LabHost _host;
    readonly CleanUpByHand _kind;
    readonly LabCompany _company;
    readonly MigrationView _migration;

    /// <summary>The rules of each server when the migration had ended, in the order of their identifiers.</summary>
    readonly IReadOnlyDictionary<string, SyncRule[]> _rules;

    CompletedMigration(LabHost host, CleanUpByHand kind, LabCompany company, MigrationView migration, IReadOnlyDictionary<string, SyncRule[]> rules)
    {
        (_host, _kind, _company, _migration, _rules) = (host, kind, company, migration, rules);
    }

    /// <summary>Whether an earlier process came to its end in this folder.</summary>
    public static bool IsKeptIn(string folder) => File.Exists(Path.Combine(folder, RulesBefore));

    /// <summary>Runs it to its end, or finds it there; null when the operation needs none.</summary>
    /// <exception cref="RehearsalFailedException">It was not completed.</exception>
    public static async Task<CompletedMigration?> RunAsync(LabHost host, OperationStory story, Action<string> said, CancellationToken cancellationToken)
    {
        if (RehearsedOperation.Of(story) is not CleanUpByHand { AfterMigration: true } kind) { return null; }
        var company = new LabCompany(host, new Watch(said));
        try
        {
            await RehearsalRun.LiveAsync(host, company.LiveAsync, cancellationToken);
            var view = company.MigrationId is { } id ? await company.ApiOf(LabPeople.Operator).MigrationAsync(id, cancellationToken) : null;
            if (view is not { Outcome: MigrationOutcome.Completed }) { throw new RehearsalFailedException($"The migration before it ended as {view?.Outcome?.ToString() ?? company.EndedAs ?? "nothing"}."); }
            return new(host, kind, company, view, await KeptRulesAsync(host, cancellationToken));
        }
        catch
        {
            company.Dispose();
            throw;
        }
    }

    /// <summary>The migration's people go home: time passes again for whoever holds the clock now.</summary>
    public void LetGo() => _company.Dispose();

    /// <summary>Harm of the migration and the operation together, and rules that are not as this world makes them end.</summary>
    public async Task<IReadOnlyList<string>> JudgeAsync(DateTimeOffset endedAt, CancellationToken cancellationToken)
    {
        await _host.Clock.SleepUntilAsync(endedAt + OutsideChanges.SettleTime, cancellationToken);
        using var company = new LabCompany(_host, new Watch(_ => { }));
        var input = await company.TellAsync("completed", cancellationToken) with
        {
            Window = new Period { From = _migration.Window.Start, Until = _migration.Window.End },
            ApprovedOutage = _migration.Window.End - _migration.Window.Start,
        };
        var account = await HarmReport.MakeAsync(_host.World, input);
        var now = RulesOf(_host);
        return
        [
            .. account.Harm > 0 ? [$"harm: {account.Harm}"] : (string[])[],
            .. _rules.Keys.Order(StringComparer.Ordinal).SelectMany(server => Compare(server, now[server])),
        ];
    }

    public ValueTask DisposeAsync()
    {
        _company.Dispose();
        return ValueTask.CompletedTask;
    }

    IEnumerable<string> Compare(string server, SyncRule[] now)
    {
        var expected = _kind.LosesRules(_host.World, server) ? [.. _rules[server].Where(rule => !CleanUpByHand.IsCoexistence(rule.Identifier))] : _rules[server];
        if (Text(now) != Text(expected)) { yield return $"rules of {server}: {Names(now)} instead of {Names(expected)}"; }
    }

    /// <summary>Written before anybody asked for the operation: whoever goes on after a kill must not take its effect for what was before.</summary>
    static async Task<IReadOnlyDictionary<string, SyncRule[]>> KeptRulesAsync(LabHost host, CancellationToken cancellationToken)
    {
        var path = Path.Combine(host.Folder, RulesBefore);
        if (!File.Exists(path))
        {
            await File.WriteAllTextAsync(path + ".new", JsonSerializer.Serialize(RulesOf(host), LabJson.Options), cancellationToken);
            File.Move(path + ".new", path);
        }

        return JsonSerializer.Deserialize<Dictionary<string, SyncRule[]>>(await File.ReadAllTextAsync(path, cancellationToken), LabJson.Options)!;
    }

    static Dictionary<string, SyncRule[]> RulesOf(LabHost host) => host.World.Store.Read(() =>
        host.World.Rules.Keys.ToDictionary(server => server, server => host.World.Rules[server].Rules.OrderBy(rule => rule.Identifier).ToArray()));

    static string Text(SyncRule[] rules) => JsonSerializer.Serialize(rules, LabJson.Options);

    static string Names(SyncRule[] rules) => string.Join(", ", rules.Select(rule => FormattableString.Invariant($"{rule.Name} ({rule.Precedence})")));

    sealed class Watch(Action<string> said) : IPeopleWatch
    {
        public void Said(LabPerson who, string what) => said($"{who.Name} {what}");

        public void Assessed(Functions.Assessment.AssessmentOutcome outcome)
        {
        }

        public void Saw(MigrationView view)
        {
        }
    }
}

using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Contracts.Runs;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Facts of the part <c>runs</c> at the first gate: which objects are in error on which server, and what nobody can accept.</summary>
public sealed record RunEvidence
{
    const int MostNamed = 100;

    /// <summary>Objects in error that were accepted with the plan.</summary>
    public required int Accepted { get; init; }

    /// <summary>Objects in error that came since; an approval accepts them.</summary>
    public required int NewCount { get; init; }

    /// <summary>Those, as server, kind and key, sorted; at most 100.</summary>
    public required IReadOnlyList<string> New { get; init; }

    /// <summary>SHA-256 over every key that an approval makes known: whoever approves a hundred names approves no others behind them.</summary>
    public required string KeysHash { get; init; }

    /// <summary>Results that nobody knows and groups of the writeback container in error: both block.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
    public required bool Passed { get; init; }

    /// <summary>Every key that an approval makes known.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Keys { get; init; } = [];

    internal static async Task<RunEvidence> GatherAsync(
        IDocumentStore documents, MigrationPlan plan, IReadOnlyList<ServerRuns> servers, CancellationToken cancellationToken)
    {
        var accepted = plan.KnownErrors is null ? [] : await documents.LoadListAsync<string>(plan.KnownErrors, cancellationToken);
        return Of(servers, accepted.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Pure.</summary>
    internal static RunEvidence Of(IReadOnlyList<ServerRuns> servers, IReadOnlySet<string> accepted)
    {
        var all = accepted.Concat(servers.SelectMany(of => of.Errors)).ToHashSet(StringComparer.Ordinal);
        var kinds = servers.SelectMany(of => of.Runs).SelectMany(run => run.Details).ToLookup(error => error.Key, error => error.Kind);
        string[] fresh = [.. servers.SelectMany(of => of.Errors.Where(key => !accepted.Contains(key)).Select(key => Name(of.Server, kinds[key].FirstOrDefault(), key)))
            .Distinct().Order(StringComparer.Ordinal)];
        // Everything that can be listed counts as accepted here, so that only what nobody may accept is left.
        string[] problems = [.. servers.SelectMany(of => RunJudge.Judge(of.Runs, all).Select(problem => $"{of.Server}: {problem}")).Order(StringComparer.Ordinal)];
        string[] keys = [.. all.Order(StringComparer.Ordinal)];
        return new()
        {
            Accepted = accepted.Count,
            NewCount = all.Count - accepted.Count,
            New = [.. fresh.Take(MostNamed)],
            KeysHash = CanonicalJson.Hash(keys),
            Problems = problems,
            Passed = problems.Length == 0,
            Keys = keys,
        };
    }

    /// <summary>How an object in error is named to people: by server, kind and key, never by its own name.</summary>
    internal static string Name(string server, string? kind, string key) => $"{server}: {kind ?? "error"} {key}";
}

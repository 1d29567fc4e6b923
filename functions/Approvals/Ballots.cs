using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Approvals;

/// <summary>Everything that was decided at one opening of a gate, in the order in which it came: <c>ballots/{migrationId}/{gate}/{opening}</c>.</summary>
/// <remarks>
/// One document, replaced only where nobody else replaced it since. Who decides, who takes an approval back and who counts see the same state, through
/// whatever instance of the app: a withdrawal after the quorum finds the quorum, and a quorum counts nothing that was taken back.
/// </remarks>
public sealed record Ballot
{
    public static Ballot Empty { get; } = new() { Decisions = [] };

    /// <summary>Those that were taken back too: their tokens count for nothing else.</summary>
    public required IReadOnlyList<StoredDecision> Decisions { get; init; }

    /// <summary>What the person decided and did not take back; null when nothing.</summary>
    public StoredDecision? StandingOf(string person) => Decisions.FirstOrDefault(decision => decision.Person == person && decision.WithdrawnAt is null);
}

/// <summary>Reads, changes and counts ballots. The rules are those of <see cref="ApprovalQuorum"/>.</summary>
public sealed class Ballots(IDocumentStore documents, TokenChecks tokens)
{
    /// <summary>The ballot of this opening.</summary>
    public async Task<Ballot> ReadAsync(string migrationId, OpenGate gate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return await documents.ReadOneAsync<Ballot>(NameOf(migrationId, gate), cancellationToken) ?? Ballot.Empty;
    }

    /// <summary>Puts in its place what is made of it; when somebody else was first, it is made anew of what he left.</summary>
    /// <param name="migrationId">The migration.</param>
    /// <param name="gate">The opening.</param>
    /// <param name="change">Null leaves the ballot at that. May be called several times.</param>
    /// <param name="cancellationToken">Stops before the ballot is replaced.</param>
    public Task ChangeAsync(string migrationId, OpenGate gate, Func<Ballot, Task<Ballot?>> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return documents.ChangeOneAsync<Ballot>(NameOf(migrationId, gate), before => change(before ?? Ballot.Empty), cancellationToken);
    }

    /// <summary>How the gate stands by a ballot, and the decisions that were judged: those that were not taken back.</summary>
    public async Task<BallotCount> CountAsync(string migrationId, OpenGate gate, Ballot ballot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(ballot);
        await tokens.EnsureKeysAsync(cancellationToken);
        var request = await documents.ReadOneAsync<MigrationRequest>(StoreNames.MigrationRequest(migrationId), cancellationToken)
            ?? throw new DocumentException($"The request of {migrationId} is missing.");
        var proof = SignedRequest.Read(await documents.LoadOneAsync<SignedStatement>(request.RequestProof, cancellationToken));
        var rule = new QuorumRule
        {
            Tenant = tokens.Tenant,
            MigrationId = migrationId,
            RequestSubject = request.AssessmentId,
            PlanHash = request.PlanHash,
            Gate = gate.Gate == GateName.Plan ? ApprovalGate.Plan : ApprovalGate.Switch,
            EvidenceDigest = gate.EvidenceDigest,
            Required = gate.Required,
            NotBefore = gate.EvidenceAt,
            Deadline = gate.Deadline,
            UsedTokens = await UsedAsync(migrationId, gate, ballot, cancellationToken),
        };

        // What is in the store was read canonically when it came in.
        var standing = ballot.Decisions.Where(decision => decision.WithdrawnAt is null).ToList();
        var signed = standing.ConvertAll(decision => SignedDecision.Read(decision.Statement) ?? throw new DocumentException("A stored decision is damaged."));
        return new() { Verdict = tokens.Quorum.Judge(rule, proof, signed), Judged = standing };
    }

    /// <summary>The tokens of decisions that were taken back, and of all other openings.</summary>
    async Task<HashSet<string>> UsedAsync(string migrationId, OpenGate gate, Ballot ballot, CancellationToken cancellationToken)
    {
        var opening = StoredDecision.OpeningOf(gate);
        var used = ballot.Decisions.Where(decision => decision.WithdrawnAt is not null).ToList();
        foreach (var name in Enum.GetValues<GateName>())
        {
            used.AddRange((await documents.LoadDecisionsAsync(migrationId, name, cancellationToken)).Where(decision => name != gate.Gate || decision.Opening != opening));
        }

        return [.. used.SelectMany(decision => decision.TokenId is { } id ? [decision.DecisionId, id] : new[] { decision.DecisionId })];
    }

    static string NameOf(string migrationId, OpenGate gate) => StoreNames.Ballots(migrationId, GateDecisions.NameOf(gate.Gate)) + StoredDecision.OpeningOf(gate);
}

/// <summary>A ballot, counted.</summary>
public sealed record BallotCount
{
    public required QuorumVerdict Verdict { get; init; }

    /// <summary>In the order to which the verdict's refusals refer.</summary>
    public required IReadOnlyList<StoredDecision> Judged { get; init; }
}

/// <summary>All decisions at a gate.</summary>
public static class StoredDecisions
{
    /// <summary>The decisions at all openings of a gate, those that were taken back too, in the order of time.</summary>
    public static async Task<IReadOnlyList<StoredDecision>> LoadDecisionsAsync(this IDocumentStore store, string migrationId, GateName gate, CancellationToken cancellationToken)
    {
        List<StoredDecision> decisions = [];
        foreach (var name in await store.NamesAsync(StoreNames.Ballots(migrationId, GateDecisions.NameOf(gate)), cancellationToken))
        {
            decisions.AddRange((await store.ReadOneAsync<Ballot>(name, cancellationToken))?.Decisions ?? []);
        }

        return [.. decisions.OrderBy(decision => decision.At)];
    }
}

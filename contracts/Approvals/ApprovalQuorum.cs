using GwbCloud.Contracts.Commands;

namespace GwbCloud.Contracts.Approvals;

/// <summary>How a gate stands.</summary>
public enum QuorumState
{
    /// <summary>Not enough approvals yet.</summary>
    Pending,

    /// <summary>Enough different people approved the evidence.</summary>
    Approved,

    /// <summary>Somebody denied: stop and undo.</summary>
    Denied,

    /// <summary>Somebody denied: stop and leave everything as it is.</summary>
    DeniedAndLeft,

    /// <summary>Somebody postponed.</summary>
    Postponed,

    /// <summary>The deadline passed without enough approvals. Expiry never approves.</summary>
    Expired,
}

/// <summary>What a gate demands.</summary>
public sealed record QuorumRule
{
    /// <summary>Directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>The migration that is decided on.</summary>
    public required string MigrationId { get; init; }

    /// <summary>What the requester's proof names: the migration, or the assessment whose plan it is.</summary>
    public required string RequestSubject { get; init; }

    /// <summary>Hash of the plan that was requested.</summary>
    public required string PlanHash { get; init; }

    /// <summary>The gate.</summary>
    public required ApprovalGate Gate { get; init; }

    /// <summary>Digest of the evidence as it stands.</summary>
    public required string EvidenceDigest { get; init; }

    /// <summary>How many different people must approve; at least 1.</summary>
    public required int Required { get; init; }

    /// <summary>App role of those who decide.</summary>
    public string ApproverRole { get; init; } = "Migration.Approver";

    /// <summary>App role of the one who requests.</summary>
    public string RequesterRole { get; init; } = "Migration.Operator";

    /// <summary>When the evidence was complete: the sign-in must be younger.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>The gate's end: token and sign-in must be older.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Hashes and ids of tokens that counted at an earlier gate.</summary>
    public IReadOnlySet<string> UsedTokens { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}

/// <summary>A decision that does not count, and why.</summary>
public sealed record RefusedDecision
{
    /// <summary>Position in the list that was judged, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>GWB73xx when the token is refused, GWB74xx when the decision is.</summary>
    public required Refusal Refusal { get; init; }
}

/// <summary>How a gate stands, and who counted.</summary>
public sealed record QuorumVerdict
{
    /// <summary>How the gate stands.</summary>
    public required QuorumState State { get; init; }

    /// <summary>Object ids of those whose approval counts, in the order of their tokens.</summary>
    public required IReadOnlyList<string> Approvers { get; init; }

    /// <summary>Object id of the one whose denial or postponement ended the gate.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>Object id of the proven requester; null when the proof is refused, and then no approval counts.</summary>
    public string? Requester { get; init; }

    /// <summary>GWB7408 with the token's own code, when the requester's proof is refused.</summary>
    public Refusal? RequestRefusal { get; init; }

    /// <summary>Decisions that do not count.</summary>
    public required IReadOnlyList<RefusedDecision> Refusals { get; init; }

    /// <summary>Hashes of the tokens that counted, and their ids where the issuer gave them, for <see cref="QuorumRule.UsedTokens"/> of a later gate.</summary>
    public required IReadOnlyList<string> CountedTokens { get; init; }
}

/// <summary>
/// Judges a gate from its signed decisions alone. Both halves use it: the cloud half to know when to go on, the listener because it does
/// not trust the cloud half. Pure but for the verifier's clock and keys.
/// </summary>
/// <remarks>
/// A denial or postponement that counts ends the gate, however many approved: a doubt stops. Of one person the first decision counts.
/// Without a proven requester no approval counts, because nobody can tell that the approver is someone else; a stop counts all the same.
/// </remarks>
public sealed class ApprovalQuorum(IdTokenVerifier verifier, TimeProvider time)
{
    /// <summary>How the gate stands now, from statements as they travel; one that is no canonical record is refused with GWB7411.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rule demands nobody.</exception>
    public QuorumVerdict Judge(QuorumRule rule, SignedStatement request, IReadOnlyList<SignedStatement> decisions) =>
        JudgeRead(rule, SignedRequest.Read(request), [.. decisions.Select(SignedDecision.Read)]);

    /// <summary>How the gate stands now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rule demands nobody.</exception>
    public QuorumVerdict Judge(QuorumRule rule, SignedRequest? request, IReadOnlyList<SignedDecision> decisions) =>
        JudgeRead(rule, request, decisions);

    private QuorumVerdict JudgeRead(QuorumRule rule, SignedRequest? request, IReadOnlyList<SignedDecision?> decisions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.Required, 1, nameof(rule));

        var requester = Prove(rule, request, out var requestRefusal);
        var refusals = new List<RefusedDecision>();
        var counted = new List<CountedDecision>();
        foreach (var (index, decision, token) in Believable(rule, decisions, refusals))
        {
            if (RefuseDecision(rule, decision.Record, token, requester, counted) is { } error)
            {
                refusals.Add(new() { Index = index, Refusal = error.Because() });
            }
            else
            {
                counted.Add(new(decision.Record.Decision, token));
            }
        }

        var stop = counted.Find(one => one.Decision != ApprovalDecision.Approve);
        var approvals = counted.FindAll(one => one.Decision == ApprovalDecision.Approve);
        return new()
        {
            State = StateOf(rule, stop, approvals.Count),
            Approvers = [.. approvals.Select(one => one.Token.Oid)],
            StoppedBy = stop?.Token.Oid,
            Requester = requester?.Oid,
            RequestRefusal = requestRefusal,
            Refusals = [.. refusals.OrderBy(refusal => refusal.Index)],
            CountedTokens = [.. counted.SelectMany(one => one.Token.TokenId is { } id ? [one.Token.TokenHash, id] : new[] { one.Token.TokenHash })],
        };
    }

    private VerifiedToken? Prove(QuorumRule rule, SignedRequest? request, out Refusal? refusal)
    {
        if (request is null
            || !string.Equals(request.Record.Tenant, rule.Tenant, StringComparison.OrdinalIgnoreCase)
            || !string.Equals(request.Record.Subject, rule.RequestSubject, StringComparison.Ordinal)
            || !string.Equals(request.Record.PlanHash, rule.PlanHash, StringComparison.Ordinal))
        {
            refusal = ContractError.RequestUnproven.Because();
            return null;
        }

        var verdict = Verify(request.Record, request.IdToken, rule.RequesterRole);
        refusal = verdict.IsAccepted ? null : ContractError.RequestUnproven.Because(verdict.Refusal.Code);
        return verdict.Token;
    }

    // In the order of the tokens, not of arrival: whoever carries the list must not be able to choose which decision is the first.
    private List<(int Index, SignedDecision Decision, VerifiedToken Token)> Believable(
        QuorumRule rule, IReadOnlyList<SignedDecision?> decisions, List<RefusedDecision> refusals)
    {
        var believable = new List<(int Index, SignedDecision Decision, VerifiedToken Token)>();
        for (var index = 0; index < decisions.Count; index++)
        {
            if (decisions[index] is not { } decision)
            {
                refusals.Add(new() { Index = index, Refusal = ContractError.RecordUnreadable.Because() });
                continue;
            }

            var verdict = Verify(decision.Record, decision.IdToken, rule.ApproverRole);
            if (verdict.IsAccepted)
            {
                believable.Add((index, decision, verdict.Token));
            }
            else
            {
                refusals.Add(new() { Index = index, Refusal = verdict.Refusal });
            }
        }

        return
        [
            .. believable.OrderBy(one => one.Token.DecidedAt)
                .ThenBy(one => one.Decision.Record.Decision == ApprovalDecision.Approve)
                .ThenBy(one => one.Token.TokenHash, StringComparer.Ordinal),
        ];
    }

    private TokenVerdict Verify<TRecord>(TRecord record, string idToken, string role)
        where TRecord : class
    {
        try
        {
            return verifier.Verify(idToken, new() { Nonce = ApprovalNonce.Of(record), Role = role, Freshness = TokenFreshness.Recorded });
        }
        catch (ContractException refused)
        {
            // A record without a canonical form has no nonce, and so no token that fits.
            return new() { Refusal = refused.Refusal };
        }
    }

    private static ErrorEntry? RefuseDecision(
        QuorumRule rule, ApprovalRecord record, VerifiedToken token, VerifiedToken? requester, List<CountedDecision> counted) =>
        !string.Equals(record.Tenant, rule.Tenant, StringComparison.OrdinalIgnoreCase)
            || !string.Equals(record.MigrationId, rule.MigrationId, StringComparison.Ordinal)
            || record.Gate != rule.Gate
            ? ContractError.RecordOfOtherMatter
        : !string.Equals(record.EvidenceDigest, rule.EvidenceDigest, StringComparison.Ordinal) ? ContractError.EvidenceDiffers
        : record.Decision == ApprovalDecision.DenyAndLeave && record.Gate != ApprovalGate.Plan ? ContractError.DecisionNotOffered
        : token.SignedInBefore(rule.NotBefore) ? ContractError.DecidedTooEarly
        : token.DecidedAt > rule.Deadline ? ContractError.DecidedTooLate
        : WasUsed(rule, token, requester, counted) ? ContractError.TokenUsedBefore
        : requester is null && record.Decision == ApprovalDecision.Approve ? ContractError.RequestUnproven
        : token.Oid == requester?.Oid ? ContractError.ApproverIsRequester
        : counted.Exists(one => one.Token.Oid == token.Oid) ? ContractError.PersonDecidedBefore
        : SharesSession(token, requester) || counted.Exists(one => SharesSession(token, one.Token)) ? ContractError.SessionShared
        : null;

    private static bool WasUsed(QuorumRule rule, VerifiedToken token, VerifiedToken? requester, List<CountedDecision> counted) =>
        rule.UsedTokens.Contains(token.TokenHash)
        || (token.TokenId is not null && rule.UsedTokens.Contains(token.TokenId))
        || IsSame(token, requester)
        || counted.Exists(one => IsSame(token, one.Token));

    private static bool IsSame(VerifiedToken one, VerifiedToken? other) =>
        other is not null && (one.TokenHash == other.TokenHash || (one.TokenId is not null && one.TokenId == other.TokenId));

    // One browser session that speaks for two people: somebody handed the keyboard over, or worse.
    private static bool SharesSession(VerifiedToken one, VerifiedToken? other) =>
        other is not null && one.Oid != other.Oid && one.SessionId is not null && one.SessionId == other.SessionId;

    private QuorumState StateOf(QuorumRule rule, CountedDecision? stop, int approvals) => stop?.Decision switch
    {
        ApprovalDecision.Deny => QuorumState.Denied,
        ApprovalDecision.DenyAndLeave => QuorumState.DeniedAndLeft,
        ApprovalDecision.Postpone => QuorumState.Postponed,
        _ when approvals >= rule.Required => QuorumState.Approved,
        _ when time.GetUtcNow() > rule.Deadline => QuorumState.Expired,
        _ => QuorumState.Pending,
    };

    private sealed record CountedDecision(ApprovalDecision Decision, VerifiedToken Token);
}

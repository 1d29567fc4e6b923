using System.Globalization;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Approvals;

/// <summary>Takes decisions at gates, keeps those that count, and tells how a gate stands. Every refusal is audited.</summary>
/// <remarks>
/// One decision per person and opening of a gate. The rules are those of <see cref="ApprovalQuorum"/>, which the listener applies again to the
/// same statements: nothing that is let in here by mistake would switch anything there. What two do at once is settled by <see cref="Ballots"/>.
/// </remarks>
public sealed class GateDecisions(IDocumentStore documents, Ballots ballots, SpentTokens spent, TokenChecks tokens, AuditLog audit, TimeProvider clock)
{
    /// <summary>Verifies and keeps a decision.</summary>
    public async Task<DecisionReceipt> DecideAsync(MigrationView view, GateName gate, HandedDecision handed, Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(handed);
        ArgumentNullException.ThrowIfNull(caller);
        return await AuditedAsync(view, gate, caller, "decision", await JudgeAsync(view, gate, handed, caller, cancellationToken));
    }

    /// <summary>Takes the caller's own approval back, as long as the quorum is not full.</summary>
    public async Task<DecisionReceipt> WithdrawAsync(MigrationView view, GateName gate, Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(caller);
        return await AuditedAsync(view, gate, caller, "withdrawal", await TakeBackAsync(view, gate, caller, cancellationToken));
    }

    /// <summary>Why the caller may not decide here; null when he may. Nothing is decided by it: the same is judged again with the decision.</summary>
    public async Task<Refusal?> ObjectionAsync(MigrationView view, GateName gate, Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(caller);
        return !IsOpen(view, gate) ? await ClosedAsync(view, gate, caller.ObjectId, cancellationToken)
            : !caller.Roles.Contains(Roles.Approver) ? ApiError.RoleMissing.Because(Roles.Approver)
            : string.Equals(view.RequestedBy, caller.ObjectId, StringComparison.OrdinalIgnoreCase) ? ContractError.ApproverIsRequester.Because()
            : DecisionRules.OfPerson(view.Gate!, caller.ObjectId, clock.GetUtcNow())
                ?? ((await ballots.ReadAsync(view.MigrationId, view.Gate!, cancellationToken)).StandingOf(caller.ObjectId) is { } decided ? Decided(decided) : null);
    }

    /// <summary>The decisions that were made at this opening of a gate and not taken back, in the order of time.</summary>
    public async Task<IReadOnlyList<StoredDecision>> DecisionsAsync(string migrationId, OpenGate gate, CancellationToken cancellationToken) =>
        [.. (await ballots.ReadAsync(migrationId, gate, cancellationToken)).Decisions.Where(decision => decision.WithdrawnAt is null).OrderBy(decision => decision.At)];

    /// <summary>How many of them approve: what everybody is shown, from the store and not from what the orchestration has heard so far.</summary>
    public async Task<int> ApprovalsAsync(string migrationId, OpenGate gate, CancellationToken cancellationToken) =>
        (await DecisionsAsync(migrationId, gate, cancellationToken)).Count(decision => decision.Decision == ApprovalDecision.Approve);

    /// <summary>Whether the quorum is not full and nobody stopped it: only then can an approval be taken back.</summary>
    public async Task<bool> IsPendingAsync(string migrationId, OpenGate gate, CancellationToken cancellationToken) =>
        await StateOfAsync(migrationId, gate, await ballots.ReadAsync(migrationId, gate, cancellationToken), cancellationToken) == QuorumState.Pending;

    public static string NameOf(GateName gate) => gate == GateName.Plan ? "plan" : "switch";

    /// <summary>How a gate stands, from the decisions in the store.</summary>
    public async Task<GateTally> TallyAsync(TallyInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var count = await ballots.CountAsync(input.MigrationId, input.Gate, await ballots.ReadAsync(input.MigrationId, input.Gate, cancellationToken), cancellationToken);
        var verdict = count.Verdict;
        var refused = verdict.Refusals.Select(refusal => refusal.Index).ToHashSet();
        var counting = count.Judged.Where((_, index) => !refused.Contains(index)).Select(decision => decision.Statement);
        return new()
        {
            State = verdict.State switch
            {
                QuorumState.Approved => GateState.Approved,
                QuorumState.Denied => GateState.Denied,
                QuorumState.DeniedAndLeft => GateState.DeniedAndLeft,
                QuorumState.Postponed => GateState.Postponed,
                QuorumState.Expired => GateState.Expired,
                _ => GateState.Pending,
            },
            Approvals = verdict.Approvers.Count,
            Decisions = await documents.SaveListAsync("decisions", counting, cancellationToken),
        };
    }

    async Task<DecisionReceipt> JudgeAsync(MigrationView view, GateName gate, HandedDecision handed, Principal caller, CancellationToken cancellationToken)
    {
        if (!IsOpen(view, gate))
        {
            return Refuse(await ClosedAsync(view, gate, caller.ObjectId, cancellationToken));
        }

        var (open, statement) = (view.Gate!, handed.Statement);
        if (SignedDecision.Read(statement) is not { } decision)
        {
            return Refuse(ApprovalError.RecordNotCanonical.Because());
        }

        if (decision.Record.CommentHash != ApprovalRecord.HashComment(handed.Comment))
        {
            return Refuse(ApprovalError.CommentDiffers.Because());
        }

        if (DecisionRules.OfMatter(open, decision.Record.Decision, handed.Comment, handed.Domain) is { } incomplete)
        {
            return Refuse(incomplete);
        }

        var expected = new TokenExpectation { Nonce = decision.Record.Nonce(), Role = Roles.Approver };
        var token = await tokens.VerifyIdTokenAsync(statement.IdToken, expected, cancellationToken);
        if (!token.IsAccepted)
        {
            return Refuse(token.Refusal);
        }

        if (token.Token.Oid != caller.ObjectId)
        {
            return Refuse(ApprovalError.OfOtherPerson(token.Token.Oid));
        }

        if (DecisionRules.OfPerson(open, token.Token.Oid, clock.GetUtcNow()) is { } unnamed)
        {
            return Refuse(unnamed);
        }

        var stored = new StoredDecision
        {
            DecisionId = token.Token.TokenHash,
            TokenId = token.Token.TokenId,
            Person = token.Token.Oid,
            Statement = statement,
            Comment = handed.Comment,
            Opening = StoredDecision.OpeningOf(open),
            At = clock.GetUtcNow(),
        };
        return await KeepAsync(view.MigrationId, open, stored, token.Token, decision.Record.Decision, cancellationToken);
    }

    async Task<DecisionReceipt> KeepAsync(
        string migrationId, OpenGate open, StoredDecision stored, VerifiedToken token, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        var receipt = new DecisionReceipt();
        await ballots.ChangeAsync(
            migrationId, open,
            async before =>
            {
                receipt = await TakeAsync(before);
                return receipt is { Refusal: null, Repeated: false } ? before with { Decisions = [.. before.Decisions, stored] } : null;
            },
            cancellationToken);
        return receipt;

        async Task<DecisionReceipt> TakeAsync(Ballot before)
        {
            var taken = new DecisionReceipt { DecisionId = stored.DecisionId, Decision = decision };
            if (before.StandingOf(stored.Person) is { } standing)
            {
                return standing.DecisionId == stored.DecisionId ? taken with { Repeated = true } : Refuse(Decided(standing));
            }

            var state = await StateOfAsync(migrationId, open, before, cancellationToken);
            if (state != QuorumState.Pending)
            {
                return Refuse(state == QuorumState.Expired ? ContractError.DecidedTooLate.Because() : ApprovalError.GateClosed.Because("decided"));
            }

            var after = await ballots.CountAsync(migrationId, open, before with { Decisions = [.. before.Decisions, stored] }, cancellationToken);
            if (after.Verdict.Refusals.FirstOrDefault(refusal => after.Judged[refusal.Index] == stored) is { } refused)
            {
                return Refuse(refused.Refusal);
            }

            // Last, because it can't be taken back. After a crash before the ballot is replaced the same decision finds its own matter and goes on.
            var matter = $"decision/{migrationId}/{NameOf(open.Gate)}/{stored.Opening}";
            return await spent.SpendAsync(token, matter, cancellationToken) == matter ? taken : Refuse(ApprovalError.TokenSpent.Because());
        }
    }

    async Task<DecisionReceipt> TakeBackAsync(MigrationView view, GateName gate, Principal caller, CancellationToken cancellationToken)
    {
        if (!IsOpen(view, gate))
        {
            return Refuse(await ClosedAsync(view, gate, caller.ObjectId, cancellationToken));
        }

        var (open, receipt) = (view.Gate!, new DecisionReceipt());
        await ballots.ChangeAsync(
            view.MigrationId, open,
            async before =>
            {
                if (before.StandingOf(caller.ObjectId) is not { } own)
                {
                    receipt = Refuse(ApprovalError.NothingToWithdraw.Because());
                    return null;
                }

                if (await StateOfAsync(view.MigrationId, open, before, cancellationToken) != QuorumState.Pending)
                {
                    receipt = Refuse(ApprovalError.NothingToWithdraw.Because("the quorum is full"));
                    return null;
                }

                receipt = new() { DecisionId = own.DecisionId, Decision = own.Decision };
                return before with { Decisions = [.. before.Decisions.Select(one => one == own ? own with { WithdrawnAt = clock.GetUtcNow() } : one)] };
            },
            cancellationToken);
        return receipt;
    }

    async Task<QuorumState> StateOfAsync(string migrationId, OpenGate gate, Ballot ballot, CancellationToken cancellationToken) =>
        (await ballots.CountAsync(migrationId, gate, ballot, cancellationToken)).Verdict.State;

    /// <summary>The gate is closed: who decided there before is told what, so that a second click is no riddle.</summary>
    async Task<Refusal> ClosedAsync(MigrationView view, GateName gate, string person, CancellationToken cancellationToken)
    {
        var made = await documents.LoadDecisionsAsync(view.MigrationId, gate, cancellationToken);
        var own = made.LastOrDefault(decision => decision.Person == person && decision.WithdrawnAt is null);
        return ApprovalError.GateClosed.Because(own is null ? null : $"you decided before: {Tell(own)}");
    }

    static Refusal Decided(StoredDecision decision) => ApprovalError.DecidedAlready.Because(Tell(decision));

    static string Tell(StoredDecision decision) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(decision.Decision)}, {decision.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    static string NameOf(ApprovalDecision? decision) => decision is { } made ? JsonNamingPolicy.CamelCase.ConvertName(made.ToString()) : "";

    static bool IsOpen(MigrationView view, GateName gate) => view.Gate is { } open && open.Gate == gate && view.State != MigrationState.Ended;

    /// <summary>Also for one that is repeated: the app may have been killed between the ballot and the line, and a line that is there stays the only one.</summary>
    async Task<DecisionReceipt> AuditedAsync(MigrationView view, GateName gate, Principal caller, string what, DecisionReceipt receipt)
    {
        await audit.AppendAsync(
            new()
            {
                MigrationId = view.MigrationId,
                LineId = receipt.DecisionId is { } id ? $"{what}-{id}" : $"{what}-refused-{Guid.NewGuid():N}",
                At = clock.GetUtcNow(),
                Who = caller.ObjectId,
                What = receipt.Refusal is null ? $"{what}.taken" : $"{what}.refused",
                Evidence = view.Gate?.EvidenceDigest,
                Detail = string.Create(CultureInfo.InvariantCulture, $"{NameOf(gate)}: {receipt.Refusal?.ForAudit ?? receipt.Decision?.ToString()}"),
            },
            CancellationToken.None);
        return receipt;
    }

    static DecisionReceipt Refuse(Refusal refusal) => new() { Refusal = refusal };
}

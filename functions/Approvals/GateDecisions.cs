using System.Globalization;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Approvals;

/// <summary>Takes decisions at gates, keeps those that count, and tells how a gate stands. Every refusal is audited.</summary>
/// <remarks>
/// One decision per person and opening of a gate. The rules are those of <see cref="ApprovalQuorum"/>, which the listener applies again to the
/// same statements: nothing that is let in here by mistake would switch anything there.
/// </remarks>
public sealed class GateDecisions(IDocumentStore documents, TokenChecks tokens, AuditLog audit, TimeProvider clock) : IDisposable
{
    readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Verifies and keeps a decision.</summary>
    public async Task<DecisionReceipt> DecideAsync(
        MigrationView view, GateName gate, SignedStatement statement, string? comment, Principal caller, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var receipt = await JudgeAsync(view, gate, statement, comment, caller, cancellationToken);
            if (!receipt.Repeated)
            {
                await AuditAsync(view, gate, caller, receipt, cancellationToken);
            }

            return receipt;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>How a gate stands, from the decisions in the store.</summary>
    public async Task<GateTally> TallyAsync(TallyInput input, CancellationToken cancellationToken)
    {
        var (verdict, decisions) = await CountAsync(input.MigrationId, input.Gate, null, cancellationToken);
        var refused = verdict.Refusals.Select(refusal => refusal.Index).ToHashSet();
        var counting = decisions.Where((_, index) => !refused.Contains(index)).Select(decision => decision.Statement);
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

    public void Dispose() => _oneAtATime.Dispose();

    async Task<DecisionReceipt> JudgeAsync(
        MigrationView view, GateName gate, SignedStatement statement, string? comment, Principal caller, CancellationToken cancellationToken)
    {
        if (view.Gate is not { } open || open.Gate != gate || view.State == MigrationState.Ended)
        {
            return Refuse(ApprovalError.GateClosed.Because());
        }

        if (SignedDecision.Read(statement) is not { } decision)
        {
            return Refuse(ApprovalError.RecordNotCanonical.Because());
        }

        if (decision.Record.CommentHash != ApprovalRecord.HashComment(comment))
        {
            return Refuse(ApprovalError.CommentDiffers.Because());
        }

        var expected = new TokenExpectation { Nonce = decision.Record.Nonce(), Role = Roles.Approver };
        var token = await tokens.VerifyIdTokenAsync(statement.IdToken, expected, cancellationToken);
        if (!token.IsAccepted)
        {
            return Refuse(token.Refusal);
        }

        if (token.Token.Oid != caller.ObjectId)
        {
            return Refuse(ApprovalError.OtherPerson.Because());
        }

        var stored = new StoredDecision
        {
            DecisionId = token.Token.TokenHash,
            TokenId = token.Token.TokenId,
            Person = token.Token.Oid,
            Statement = statement,
            Comment = comment,
            Opening = StoredDecision.OpeningOf(open),
            At = clock.GetUtcNow(),
        };
        return await KeepAsync(view.MigrationId, open, stored, decision.Record.Decision, cancellationToken);
    }

    async Task<DecisionReceipt> KeepAsync(
        string migrationId, OpenGate open, StoredDecision stored, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        var taken = new DecisionReceipt { DecisionId = stored.DecisionId, Decision = decision };
        var seatName = StoreNames.Seat(migrationId, NameOf(open.Gate), stored.Opening, stored.Person);
        var seat = await documents.ReadOneAsync<DecisionSeat>(seatName, cancellationToken);
        if (seat is not null && seat.DecisionId != stored.DecisionId)
        {
            return Refuse(ApprovalError.DecidedAlready.Because());
        }

        var name = StoreNames.Decisions(migrationId, NameOf(open.Gate)) + stored.DecisionId;
        if (seat is not null && await documents.ReadAsync(name, cancellationToken) is not null)
        {
            return taken with { Repeated = true };
        }

        var (before, _) = await CountAsync(migrationId, open, null, cancellationToken);
        if (before.State != QuorumState.Pending)
        {
            return Refuse(before.State == QuorumState.Expired ? ContractError.DecidedTooLate.Because() : ApprovalError.GateClosed.Because("decided"));
        }

        var (verdict, decisions) = await CountAsync(migrationId, open, stored, cancellationToken);
        if (verdict.Refusals.FirstOrDefault(refusal => decisions[refusal.Index] == stored) is { } refused)
        {
            return Refuse(refused.Refusal);
        }

        // The seat first: after a crash in between, the same token finds its own seat and goes on, and no other one can.
        await documents.WriteOneAsync(seatName, new DecisionSeat { DecisionId = stored.DecisionId }, etag: "", cancellationToken);
        await documents.WriteOneAsync(name, stored, etag: "", CancellationToken.None);
        return taken;
    }

    async Task<(QuorumVerdict Verdict, IReadOnlyList<StoredDecision> Decisions)> CountAsync(
        string migrationId, OpenGate gate, StoredDecision? another, CancellationToken cancellationToken)
    {
        await tokens.EnsureKeysAsync(cancellationToken);
        var request = await documents.ReadOneAsync<MigrationRequest>(StoreNames.MigrationRequest(migrationId), cancellationToken)
            ?? throw new DocumentException($"The request of {migrationId} is missing.");
        var proof = SignedRequest.Read(await documents.LoadOneAsync<SignedStatement>(request.RequestProof, cancellationToken));
        var opening = StoredDecision.OpeningOf(gate);
        List<StoredDecision> here = [];
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Enum.GetValues<GateName>())
        {
            foreach (var decision in await LoadAsync(migrationId, name, cancellationToken))
            {
                if (name == gate.Gate && decision.Opening == opening)
                {
                    here.Add(decision);
                    continue;
                }

                used.Add(decision.DecisionId);
                if (decision.TokenId is { } id)
                {
                    used.Add(id);
                }
            }
        }

        if (another is not null)
        {
            here.Add(another);
        }

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
            UsedTokens = used,
        };

        // What is in the store was read canonically when it came in.
        var signed = here.ConvertAll(decision => SignedDecision.Read(decision.Statement) ?? throw new DocumentException("A stored decision is damaged."));
        return (tokens.Quorum.Judge(rule, proof, signed), here);
    }

    async Task<IReadOnlyList<StoredDecision>> LoadAsync(string migrationId, GateName gate, CancellationToken cancellationToken)
    {
        List<StoredDecision> decisions = [];
        foreach (var name in await documents.NamesAsync(StoreNames.Decisions(migrationId, NameOf(gate)), cancellationToken))
        {
            if (await documents.ReadOneAsync<StoredDecision>(name, cancellationToken) is { } decision)
            {
                decisions.Add(decision);
            }
        }

        return decisions;
    }

    Task AuditAsync(MigrationView view, GateName gate, Principal caller, DecisionReceipt receipt, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new()
            {
                MigrationId = view.MigrationId,
                LineId = receipt.DecisionId is { } id ? $"decision-{id}" : $"decision-refused-{Guid.NewGuid():N}",
                At = clock.GetUtcNow(),
                Who = caller.ObjectId,
                What = receipt.Refusal is null ? "decision.taken" : "decision.refused",
                Evidence = view.Gate?.EvidenceDigest,
                Detail = string.Create(CultureInfo.InvariantCulture, $"{NameOf(gate)}: {receipt.Refusal?.Code ?? receipt.Decision?.ToString()}"),
            },
            cancellationToken);

    static string NameOf(GateName gate) => gate == GateName.Plan ? "plan" : "switch";

    static DecisionReceipt Refuse(Refusal refusal) => new() { Refusal = refusal };
}

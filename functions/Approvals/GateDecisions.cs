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
/// same statements: nothing that is let in here by mistake would switch anything there.
/// </remarks>
public sealed class GateDecisions(IDocumentStore documents, TokenChecks tokens, AuditLog audit, TimeProvider clock) : IDisposable
{
    readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Verifies and keeps a decision.</summary>
    public Task<DecisionReceipt> DecideAsync(MigrationView view, GateName gate, HandedDecision handed, Principal caller, CancellationToken cancellationToken) =>
        AloneAsync(view, gate, caller, "decision", () => JudgeAsync(view, gate, handed, caller, cancellationToken), cancellationToken);

    /// <summary>Takes the caller's own approval back, as long as the quorum is not full.</summary>
    public Task<DecisionReceipt> WithdrawAsync(MigrationView view, GateName gate, Principal caller, CancellationToken cancellationToken) =>
        AloneAsync(view, gate, caller, "withdrawal", () => TakeBackAsync(view, gate, caller, cancellationToken), cancellationToken);

    /// <summary>Why the caller may not decide here; null when he may. Nothing is decided by it: the same is judged again with the decision.</summary>
    public async Task<Refusal?> ObjectionAsync(MigrationView view, GateName gate, Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(caller);
        return !IsOpen(view, gate) ? await ClosedAsync(view, gate, caller.ObjectId, cancellationToken)
            : !caller.Roles.Contains(Roles.Approver) ? ApiError.RoleMissing.Because(Roles.Approver)
            : string.Equals(view.RequestedBy, caller.ObjectId, StringComparison.OrdinalIgnoreCase) ? ContractError.ApproverIsRequester.Because()
            : DecisionRules.OfPerson(view.Gate!, caller.ObjectId, clock.GetUtcNow())
                ?? (await StandingOfAsync(view.MigrationId, view.Gate!, caller.ObjectId, cancellationToken) is { } decided ? Decided(decided) : null);
    }

    /// <summary>The decisions that were made at this opening of a gate and not taken back, in the order of time.</summary>
    public async Task<IReadOnlyList<StoredDecision>> DecisionsAsync(string migrationId, OpenGate gate, CancellationToken cancellationToken) =>
    [
        .. (await LoadAsync(migrationId, gate.Gate, cancellationToken))
            .Where(decision => decision.Opening == StoredDecision.OpeningOf(gate) && decision.WithdrawnAt is null)
            .OrderBy(decision => decision.At),
    ];

    /// <summary>Whether the quorum is not full and nobody stopped it: only then can an approval be taken back.</summary>
    public async Task<bool> IsPendingAsync(string migrationId, OpenGate gate, CancellationToken cancellationToken) =>
        (await CountAsync(migrationId, gate, null, cancellationToken)).Verdict.State == QuorumState.Pending;

    public static string NameOf(GateName gate) => gate == GateName.Plan ? "plan" : "switch";

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

    async Task<DecisionReceipt> AloneAsync(
        MigrationView view, GateName gate, Principal caller, string what, Func<Task<DecisionReceipt>> act, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var receipt = await act();
            if (!receipt.Repeated)
            {
                await AuditAsync(view, gate, caller, what, receipt, cancellationToken);
            }

            return receipt;
        }
        finally
        {
            _oneAtATime.Release();
        }
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
            return Refuse(ApprovalError.OtherPerson.Because());
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
        return await KeepAsync(view.MigrationId, open, stored, decision.Record.Decision, cancellationToken);
    }

    async Task<DecisionReceipt> KeepAsync(
        string migrationId, OpenGate open, StoredDecision stored, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        var taken = new DecisionReceipt { DecisionId = stored.DecisionId, Decision = decision };
        var seatName = StoreNames.Seat(migrationId, NameOf(open.Gate), stored.Opening, stored.Person);
        var seated = await documents.ReadAsync(seatName, cancellationToken);
        var seat = seated is null ? null : JsonSerializer.Deserialize<DecisionSeat>(seated.Content, ContractJson.Lenient);
        if (seat is { Withdrawn: false } && seat.DecisionId != stored.DecisionId)
        {
            return await SeatedAsync();
        }

        var name = StoreNames.Decisions(migrationId, NameOf(open.Gate)) + stored.DecisionId;
        if (seat is { Withdrawn: false } && await documents.ReadAsync(name, cancellationToken) is not null)
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
        if (!await documents.WriteOneAsync(seatName, new DecisionSeat { DecisionId = stored.DecisionId }, seated?.ETag ?? "", cancellationToken))
        {
            // The semaphore is this process's own; another one seated the person meanwhile.
            return await SeatedAsync();
        }

        await documents.WriteOneAsync(name, stored, etag: "", CancellationToken.None);
        return taken;

        async Task<DecisionReceipt> SeatedAsync() =>
            Refuse(await StandingOfAsync(migrationId, open, stored.Person, cancellationToken) is { } decided ? Decided(decided) : ApprovalError.DecidedAlready.Because());
    }

    async Task<DecisionReceipt> TakeBackAsync(MigrationView view, GateName gate, Principal caller, CancellationToken cancellationToken)
    {
        if (!IsOpen(view, gate))
        {
            return Refuse(await ClosedAsync(view, gate, caller.ObjectId, cancellationToken));
        }

        var open = view.Gate!;
        var seatName = StoreNames.Seat(view.MigrationId, NameOf(gate), StoredDecision.OpeningOf(open), caller.ObjectId);
        if (await documents.ReadOneAsync<DecisionSeat>(seatName, cancellationToken) is not { Withdrawn: false } seat)
        {
            return Refuse(ApprovalError.NothingToWithdraw.Because());
        }

        if (!await IsPendingAsync(view.MigrationId, open, cancellationToken))
        {
            return Refuse(ApprovalError.NothingToWithdraw.Because("the quorum is full"));
        }

        // The decision first: after a crash in between it counts no longer, and whoever withdraws again frees the seat.
        var name = StoreNames.Decisions(view.MigrationId, NameOf(gate)) + seat.DecisionId;
        if (await documents.ReadOneAsync<StoredDecision>(name, cancellationToken) is { WithdrawnAt: null } decision)
        {
            await documents.WriteOneAsync(name, decision with { WithdrawnAt = clock.GetUtcNow() }, cancellationToken);
        }

        await documents.WriteOneAsync(seatName, seat with { Withdrawn = true }, CancellationToken.None);
        return new() { DecisionId = seat.DecisionId, Decision = ApprovalDecision.Approve };
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
                if (name == gate.Gate && decision.Opening == opening && decision.WithdrawnAt is null)
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

    async Task<StoredDecision?> StandingOfAsync(string migrationId, OpenGate gate, string person, CancellationToken cancellationToken) =>
        (await DecisionsAsync(migrationId, gate, cancellationToken)).FirstOrDefault(decision => decision.Person == person);

    /// <summary>The gate is closed: who decided there before is told what, so that a second click is no riddle.</summary>
    async Task<Refusal> ClosedAsync(MigrationView view, GateName gate, string person, CancellationToken cancellationToken)
    {
        var own = (await LoadAsync(view.MigrationId, gate, cancellationToken)).Where(decision => decision.Person == person && decision.WithdrawnAt is null).MaxBy(decision => decision.At);
        return ApprovalError.GateClosed.Because(own is null ? null : $"you decided before: {Tell(own)}");
    }

    static Refusal Decided(StoredDecision decision) => ApprovalError.DecidedAlready.Because(Tell(decision));

    static string Tell(StoredDecision decision) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(decision.Decision)}, {decision.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    static string NameOf(ApprovalDecision? decision) => decision is { } made ? JsonNamingPolicy.CamelCase.ConvertName(made.ToString()) : "";

    static bool IsOpen(MigrationView view, GateName gate) => view.Gate is { } open && open.Gate == gate && view.State != MigrationState.Ended;

    Task AuditAsync(MigrationView view, GateName gate, Principal caller, string what, DecisionReceipt receipt, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new()
            {
                MigrationId = view.MigrationId,
                LineId = receipt.DecisionId is { } id ? $"{what}-{id}" : $"{what}-refused-{Guid.NewGuid():N}",
                At = clock.GetUtcNow(),
                Who = caller.ObjectId,
                What = receipt.Refusal is null ? $"{what}.taken" : $"{what}.refused",
                Evidence = view.Gate?.EvidenceDigest,
                Detail = string.Create(CultureInfo.InvariantCulture, $"{NameOf(gate)}: {receipt.Refusal?.Code ?? receipt.Decision?.ToString()}"),
            },
            cancellationToken);

    static DecisionReceipt Refuse(Refusal refusal) => new() { Refusal = refusal };
}

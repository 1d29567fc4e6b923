using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Operations;

/// <summary>
/// A second person's word on a dangerous plan: not the requester's, proved by a fresh sign-in for exactly this plan as at a gate, once. The record is the
/// gate's own, with the operation in the migration's place and the plan's hash as evidence.
/// </summary>
public sealed class OperationApprovals(IDocumentStore documents, TokenChecks tokens, SpentTokens spent, AuditLog audit, TimeProvider clock, IOptions<MigrationOptions> options)
{
    /// <summary>Why the caller may not decide; null when he may.</summary>
    public Refusal? Objection(OperationView view, Principal caller)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(caller);
        var named = options.Value.ToSettings().Approvers;
        return view.Decision is not null ? ApprovalError.DecidedAlready.Because()
            : !OperationVerbs.WaitsForApproval(view) ? ApiError.NothingToApprove.Because()
            : clock.GetUtcNow() > view.Plan!.ValidUntil ? ApiError.OperationPlanTooOld.Because()
            : string.Equals(view.RequestedBy, caller.ObjectId, StringComparison.OrdinalIgnoreCase) ? ContractError.ApproverIsRequester.Because()
            : named.Count > 0 && !named.Contains(caller.ObjectId, StringComparer.OrdinalIgnoreCase) ? ApprovalError.NotNamed.Because()
            : null;
    }

    /// <summary>The record to sign in for.</summary>
    public ApprovalRecord RecordOf(OperationView view, ApprovalDecision decision, string? comment)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new()
        {
            Tenant = tokens.Tenant,
            MigrationId = view.OperationId,
            Gate = ApprovalGate.Plan,
            EvidenceDigest = view.PlanHash!,
            Decision = decision,
            CommentHash = ApprovalRecord.HashComment(comment),
            Salt = ApprovalNonce.NewSalt(),
        };
    }

    /// <summary>Approve, or deny with a comment; nothing else is offered.</summary>
    public static Refusal? OfMatter(ApprovalDecision decision, string? comment) =>
        decision is not (ApprovalDecision.Approve or ApprovalDecision.Deny) ? ContractError.DecisionNotOffered.Because()
        : decision == ApprovalDecision.Deny && string.IsNullOrWhiteSpace(comment) ? ApprovalError.CommentMissing.Because()
        : null;

    /// <summary>Verifies and keeps a decision. The very same again is answered as the first time.</summary>
    /// <returns>The decision, or why it is refused. Either is in the audit.</returns>
    public async Task<(OperationDecision? Decision, Refusal? Refusal)> DecideAsync(
        OperationView view, SignedStatement statement, string? comment, Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(caller);
        var (made, refusal) = await JudgeAsync(view, statement, comment, caller, cancellationToken);
        if (made is not null && view.Decision?.DecisionId != made.DecisionId && !await documents.WriteOneAsync(StoreNames.OperationDecision(view.OperationId), made, etag: "", cancellationToken))
        {
            // Somebody else was faster, or this very token came twice at once.
            var first = await documents.ReadOneAsync<OperationDecision>(StoreNames.OperationDecision(view.OperationId), cancellationToken);
            refusal = first?.DecisionId == made.DecisionId ? null : ApprovalError.DecidedAlready.Because();
            made = refusal is null ? first : null;
        }

        await audit.AppendAsync(
            new()
            {
                MigrationId = view.OperationId,
                LineId = made is null ? $"operation.decision-{Guid.NewGuid():N}" : $"operation.decision-{made.DecisionId}",
                At = clock.GetUtcNow(),
                Who = caller.ObjectId,
                What = "operation.decision",
                Evidence = view.PlanHash,
                Detail = made is null ? refusal!.Code : $"{made.Decision}{(made.Comment is null ? "" : $": {made.Comment}")}",
            },
            cancellationToken);
        return (made, refusal);
    }

    async Task<(OperationDecision? Decision, Refusal? Refusal)> JudgeAsync(
        OperationView view, SignedStatement statement, string? comment, Principal caller, CancellationToken cancellationToken)
    {
        if (SignedDecision.Read(statement) is not { Record: var record })
        {
            return (null, ApprovalError.RecordNotCanonical.Because());
        }

        if (!string.Equals(record.Tenant, tokens.Tenant, StringComparison.OrdinalIgnoreCase) || record.MigrationId != view.OperationId || record.Gate != ApprovalGate.Plan)
        {
            return (null, ContractError.RecordOfOtherMatter.Because());
        }

        if (record.EvidenceDigest != view.PlanHash)
        {
            return (null, ContractError.EvidenceDiffers.Because());
        }

        if (record.CommentHash != ApprovalRecord.HashComment(comment))
        {
            return (null, ApprovalError.CommentDiffers.Because());
        }

        if (OfMatter(record.Decision, comment) is { } incomplete)
        {
            return (null, incomplete);
        }

        var token = await tokens.VerifyIdTokenAsync(statement.IdToken, new() { Nonce = record.Nonce(), Role = Roles.Approver }, cancellationToken);
        if (!token.IsAccepted)
        {
            return (null, token.Refusal);
        }

        if (token.Token.Oid != caller.ObjectId)
        {
            return (null, ApprovalError.OtherPerson.Because());
        }

        if (view.Decision is { } before && before.DecisionId == token.Token.TokenHash)
        {
            return (before, null);
        }

        if (token.Token.SignedInBefore(view.Plan!.PlannedAt))
        {
            return (null, ContractError.DecidedTooEarly.Because());
        }

        var matter = $"operation/{view.OperationId}/{record.Decision}";
        return Objection(view, caller) is { } objection ? (null, objection)
            : await spent.SpendAsync(token.Token, matter, cancellationToken) != matter ? (null, ApprovalError.TokenSpent.Because())
            : (new()
            {
                DecisionId = token.Token.TokenHash,
                By = caller.ObjectId,
                At = clock.GetUtcNow(),
                Decision = record.Decision,
                Comment = comment,
                PlanHash = view.PlanHash!,
            }, null);
    }
}

using GwbCloud.Contracts;
using GwbCloud.Functions.Errors;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Api;

/// <summary>The HTTP status and the field of refusals that come from proofs and decisions.</summary>
static class Refusals
{
    static readonly HashSet<string> Conflicts = new(StringComparer.Ordinal)
    {
        ApprovalError.GateClosed.Code, ApprovalError.DecidedAlready.Code, ContractError.EvidenceDiffers.Code, ContractError.RecordOfOtherMatter.Code,
        ContractError.PersonDecidedBefore.Code, ContractError.TokenUsedBefore.Code, ContractError.DecidedTooEarly.Code, ContractError.DecidedTooLate.Code,
        ContractError.RequestUnproven.Code, ContractError.DecisionNotOffered.Code, ApprovalError.EvidenceFails.Code, ApprovalError.NothingToWithdraw.Code,
        ApprovalError.TokenSpent.Code, ApiError.NothingToApprove.Code, ApiError.OperationPlanTooOld.Code,
    };

    static readonly Dictionary<string, string> Malformed = new(StringComparer.Ordinal)
    {
        [ApprovalError.RecordNotCanonical.Code] = "record",
        [ApprovalError.RequestOfOtherPlan.Code] = "record",
        [ApprovalError.StatementOfOther.Code] = "record",
        [ApprovalError.CommentDiffers.Code] = "comment",
        [ApprovalError.CommentMissing.Code] = "comment",
        [ApprovalError.DomainDiffers.Code] = "domain",
        [ContractError.TokenTooLarge.Code] = "idToken",
        [ContractError.TokenMalformed.Code] = "idToken",
        [ContractError.TokenDuplicateClaim.Code] = "idToken",
    };

    /// <summary>What was malformed is 400 with its field, what came at the wrong moment is 409, what the person may not do is 403.</summary>
    /// <param name="refusal">Why it is refused.</param>
    /// <param name="fieldPrefix">Where in the body the fields of the proof are.</param>
    /// <param name="audited">A line of the audit tells it already.</param>
    public static ApiException ToException(Refusal refusal, string fieldPrefix = "", bool audited = false) =>
        Malformed.TryGetValue(refusal.Code, out var field) ? new(StatusCodes.Status400BadRequest, refusal, fieldPrefix + field) { IsAudited = audited }
        : new(Conflicts.Contains(refusal.Code) ? StatusCodes.Status409Conflict : StatusCodes.Status403Forbidden, refusal) { IsAudited = audited };
}

using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;

namespace GwbCloud.Functions.Approvals;

/// <summary>Verifies that the person who starts a migration signed in for exactly this plan, so that nobody can approve the own request.</summary>
public sealed class RequestProofs(TokenChecks tokens)
{
    /// <summary>Null when the proof holds.</summary>
    public async Task<Refusal?> VerifyAsync(
        SignedStatement statement, string assessmentId, string planHash, Principal caller, CancellationToken cancellationToken)
    {
        if (SignedRequest.Read(statement) is not { } request)
        {
            return ApprovalError.RecordNotCanonical.Because();
        }

        if (!string.Equals(request.Record.Tenant, tokens.Tenant, StringComparison.OrdinalIgnoreCase)
            || request.Record.Subject != assessmentId || request.Record.PlanHash != planHash)
        {
            return ApprovalError.RequestOfOtherPlan.Because();
        }

        var verdict = await tokens.VerifyIdTokenAsync(
            statement.IdToken, new() { Nonce = request.Record.Nonce(), Role = Roles.Operator }, cancellationToken);
        return !verdict.IsAccepted ? verdict.Refusal
            : verdict.Token.Oid != caller.ObjectId ? ApprovalError.OtherPerson.Because()
            : null;
    }
}

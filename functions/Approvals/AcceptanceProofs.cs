using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;

namespace GwbCloud.Functions.Approvals;

/// <summary>Verifies that the person who states something for a name signed in for exactly that name and comment.</summary>
public sealed class AcceptanceProofs(TokenChecks tokens, SpentTokens spent)
{
    /// <summary>Null when the proof holds. It is spent for this statement then; the same one again changes nothing and is none.</summary>
    public async Task<Refusal?> VerifyAsync(
        SignedStatement statement, string assessmentId, Acceptance acceptance, Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(acceptance);
        ArgumentNullException.ThrowIfNull(caller);
        if (SignedAnswer.Read(statement) is not { Record: var record })
        {
            return ApprovalError.RecordNotCanonical.Because();
        }

        if (!string.Equals(record.Tenant, tokens.Tenant, StringComparison.OrdinalIgnoreCase) || record.Subject != assessmentId || record.Code != acceptance.Code
            || !string.Equals(record.Name, acceptance.Subject, StringComparison.OrdinalIgnoreCase))
        {
            return ApprovalError.StatementOfOther.Because();
        }

        if (record.CommentHash != ApprovalRecord.HashComment(acceptance.Comment))
        {
            return ApprovalError.CommentDiffers.Because();
        }

        var nonce = record.Nonce();
        var verdict = await tokens.VerifyIdTokenAsync(statement.IdToken, new() { Nonce = nonce, Role = Roles.Operator }, cancellationToken);
        if (!verdict.IsAccepted)
        {
            return verdict.Refusal;
        }

        var matter = $"statement/{assessmentId}/{nonce}";
        return verdict.Token.Oid != caller.ObjectId ? ApprovalError.OfOtherPerson(verdict.Token.Oid)
            : await spent.SpendAsync(verdict.Token, matter, cancellationToken) != matter ? ApprovalError.TokenSpent.Because()
            : null;
    }
}

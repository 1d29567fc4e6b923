using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;

namespace GwbCloud.Functions.Approvals;

/// <summary>Verifies that the person who starts a migration signed in for exactly this plan, so that nobody can approve the own request.</summary>
public sealed class RequestProofs(TokenChecks tokens, SpentTokens spent, IDocumentStore documents)
{
    const string Matter = "request/";

    /// <summary>Judges the proof; one that holds is spent for one migration.</summary>
    /// <param name="statement">Record and token.</param>
    /// <param name="assessmentId">The plan's.</param>
    /// <param name="planHash">Of the plan as it stands.</param>
    /// <param name="caller">Who sends it.</param>
    /// <param name="freshId">An id that no migration has.</param>
    /// <param name="cancellationToken">Stops before the proof is spent.</param>
    /// <returns>
    /// The id of the migration that may start: the fresh one, or that of an earlier call with the same proof from which nothing has come, as when the app was
    /// killed in between.
    /// </returns>
    public async Task<ProvedRequest> SpendAsync(
        SignedStatement statement, string assessmentId, string planHash, Principal caller, string freshId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (SignedRequest.Read(statement) is not { } request)
        {
            return Refuse(ApprovalError.RecordNotCanonical.Because());
        }

        if (!string.Equals(request.Record.Tenant, tokens.Tenant, StringComparison.OrdinalIgnoreCase)
            || request.Record.Subject != assessmentId || request.Record.PlanHash != planHash)
        {
            return Refuse(ApprovalError.RequestOfOtherPlan.Because());
        }

        var verdict = await tokens.VerifyIdTokenAsync(
            statement.IdToken, new() { Nonce = request.Record.Nonce(), Role = Roles.Operator }, cancellationToken);
        if (!verdict.IsAccepted)
        {
            return Refuse(verdict.Refusal);
        }

        if (verdict.Token.Oid != caller.ObjectId)
        {
            return Refuse(ApprovalError.OfOtherPerson(verdict.Token.Oid));
        }

        var matter = await spent.SpendAsync(verdict.Token, Matter + freshId, cancellationToken);
        return matter == Matter + freshId ? new() { MigrationId = freshId }
            : matter.StartsWith(Matter, StringComparison.Ordinal) && await documents.ReadAsync(StoreNames.MigrationView(matter[Matter.Length..]), cancellationToken) is null
                ? new() { MigrationId = matter[Matter.Length..] }
            : Refuse(ApprovalError.TokenSpent.Because());
    }

    static ProvedRequest Refuse(Refusal refusal) => new() { Refusal = refusal };
}

/// <summary>Whether somebody proved that he asks for a migration, and under which id.</summary>
public sealed record ProvedRequest
{
    /// <summary>Null when the proof is refused.</summary>
    public string? MigrationId { get; init; }

    public Refusal? Refusal { get; init; }
}

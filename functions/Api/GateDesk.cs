using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Api;

/// <summary>How a gate and a sign-in for it stand, for the one who asks: the API and the page show the same.</summary>
public sealed class GateDesk(GateDecisions decisions, SignInDesk signIns, IDocumentStore documents)
{
    /// <exception cref="ApiException">400.</exception>
    public static GateName ReadGate(string gate) => gate switch
    {
        "plan" => GateName.Plan,
        "switch" => GateName.Switch,
        _ => throw ApiException.BadRequest(ApiError.FieldInvalid, "gate", "plan or switch"),
    };

    public async Task<GateStanding> StandingAsync(MigrationView view, GateName name, Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(caller);
        var open = view.State != MigrationState.Ended && view.Gate is { } shown && shown.Gate == name ? shown : null;
        var made = open is null ? [] : await decisions.DecisionsAsync(view.MigrationId, open, cancellationToken);
        var own = made.FirstOrDefault(decision => decision.Person == caller.ObjectId);
        var refusal = await decisions.ObjectionAsync(view, name, caller, cancellationToken);
        return new()
        {
            Gate = open,
            Decisions = [.. made.Select(one => new MadeDecision { Person = one.Person, Decision = one.Decision, At = one.At, Comment = one.Comment })],
            You = new()
            {
                MayDecide = refusal is null,
                Refusal = refusal,
                Decided = own is null ? null : new()
                {
                    Decision = own.Decision,
                    At = own.At,
                    MayWithdraw = own.Decision == ApprovalDecision.Approve && await decisions.IsPendingAsync(view.MigrationId, open!, cancellationToken),
                },
            },
        };
    }

    /// <summary>The facts of one part of the evidence at an open gate.</summary>
    /// <exception cref="ApiException">404.</exception>
    public async Task<EvidencePart> EvidenceAsync(MigrationView view, GateName gate, string part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        var facts = view.Gate is { } open && open.Gate == gate ? open.Evidence.FirstOrDefault(link => link.Name == part)?.Facts : null;
        return await documents.LoadOneAsync<EvidencePart>(facts ?? throw ApiException.NotFound(ApiError.NoEvidence), cancellationToken);
    }

    /// <summary>The sign-in of an id, begun by this person in this browser for this gate.</summary>
    /// <exception cref="ApiException">403 or 404.</exception>
    public async Task<KeptSignIn> FindAsync(HttpRequest request, string id, GateName gate, string signInId, Principal caller, CancellationToken cancellationToken)
    {
        var kept = await signIns.FindAsync(request, signInId, SignInPurpose.Decision, id, caller, cancellationToken);
        return kept.Gate == gate ? kept : throw ApiException.NotFound(ApprovalError.SignInUnknown);
    }

    public static SignInView ViewOf(KeptSignIn kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        var record = SignedDecision.Read(new() { Record = kept.Record!, IdToken = "" })!.Record;
        return new()
        {
            Id = kept.Id,
            State = kept.Refusal is not null ? SignInStanding.Refused : kept.Used ? SignInStanding.Used
                : kept.Arrived is null ? SignInStanding.Waiting : SignInStanding.Ready,
            Decision = record.Decision,
            Comment = kept.Comment,
            EvidenceDigest = record.EvidenceDigest,
            Consequences = kept.Consequences,
            ExpiresAt = kept.Until,
            Refusal = kept.Refusal,
        };
    }
}

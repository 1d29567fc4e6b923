using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Api;

/// <summary>Gates: how they stand, decisions from a shell and from a page, and taking an approval back.</summary>
public sealed class GateFunctions(
    ApiPipeline api, MigrationCatalog migrations, AssessmentCatalog assessments, GateDecisions decisions, GateDesk desk, SignInDesk signIns,
    IOptions<IdentityOptions> identity)
{
    [Function("GetGate")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/gates/{gate}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string gate, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetGate",
            async caller =>
            {
                var name = GateDesk.ReadGate(gate);
                return ApiPipeline.Ok(await desk.StandingAsync(await migrations.GetAsync(id, client, cancellationToken), name, caller, cancellationToken));
            },
            cancellationToken);

    [Function("Decide")]
    public Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/gates/{gate}/decisions")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string gate, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "Decide",
            async caller =>
            {
                var name = GateDesk.ReadGate(gate);
                var body = await RequestReader.ReadBodyAsync<DecisionBody>(request, cancellationToken);
                var handed = new HandedDecision
                {
                    Statement = new()
                    {
                        Record = RequestReader.Required(body.Record, "record", 4_096),
                        IdToken = RequestReader.Required(body.IdToken, "idToken", 16_384),
                    },
                    Comment = RequestReader.Limited(body.Comment, "comment", 1_000),
                    Domain = RequestReader.Limited(body.Domain, "domain", 300),
                };
                var view = await RunningAsync(id, client, cancellationToken);
                return Taken(request, id, await TakeAsync(view, name, handed, caller, client, cancellationToken));
            },
            cancellationToken);

    [Function("BeginDecision")]
    public Task<IResult> BeginAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/gates/{gate}/sign-ins")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string gate, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "BeginDecision",
            async caller =>
            {
                var name = GateDesk.ReadGate(gate);
                var body = await RequestReader.ReadBodyAsync<BeginDecisionBody>(request, cancellationToken);
                var decision = RequestReader.Required(body.Decision, "decision");
                var digest = RequestReader.Required(body.EvidenceDigest, "evidenceDigest", 64);
                var comment = RequestReader.Limited(body.Comment, "comment", 1_000);
                var domain = RequestReader.Limited(body.Domain, "domain", 300);
                var returnTo = SessionFunctions.ReadPath(body.ReturnTo);
                var view = await RunningAsync(id, client, cancellationToken);
                if (await decisions.ObjectionAsync(view, name, caller, cancellationToken) is { } objection)
                {
                    throw Refusals.ToException(objection);
                }

                var open = view.Gate!;
                if (open.EvidenceDigest != digest)
                {
                    throw Refusals.ToException(ContractError.EvidenceDiffers.Because());
                }

                if (DecisionRules.OfMatter(open, decision, comment, domain) is { } incomplete)
                {
                    throw Refusals.ToException(incomplete);
                }

                var record = new ApprovalRecord
                {
                    Tenant = identity.Value.Tenant,
                    MigrationId = view.MigrationId,
                    Gate = name == GateName.Plan ? ApprovalGate.Plan : ApprovalGate.Switch,
                    EvidenceDigest = open.EvidenceDigest,
                    Decision = decision,
                    CommentHash = ApprovalRecord.HashComment(comment),
                    Salt = ApprovalNonce.NewSalt(),
                };
                var matter = new SignInMatter
                {
                    Purpose = SignInPurpose.Decision,
                    Person = caller.ObjectId,
                    Subject = view.MigrationId,
                    ReturnTo = returnTo,
                    Record = CanonicalJson.SerializeToText(record),
                    Gate = name,
                    Comment = comment,
                    Domain = domain,
                    Consequences = open.Ends.FirstOrDefault(end => end.Decision == decision)?.Consequences ?? [],
                };
                return ApiPipeline.Created(await signIns.BeginAsync(request, matter, record.Nonce(), cancellationToken));
            },
            cancellationToken);

    [Function("GetSignIn")]
    public Task<IResult> GetSignInAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/gates/{gate}/sign-ins/{signInId}")] HttpRequest request,
        string id, string gate, string signInId, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetSignIn",
            async caller =>
            {
                return ApiPipeline.Ok(GateDesk.ViewOf(await desk.FindAsync(request, id, GateDesk.ReadGate(gate), signInId, caller, cancellationToken)));
            },
            cancellationToken);

    [Function("DecideBySignIn")]
    public Task<IResult> DecideBySignInAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/gates/{gate}/sign-ins/{signInId}/decision")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string gate, string signInId, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "DecideBySignIn",
            async caller =>
            {
                var name = GateDesk.ReadGate(gate);
                var kept = await desk.FindAsync(request, id, name, signInId, caller, cancellationToken);
                var view = await RunningAsync(id, client, cancellationToken);
                if (kept.Used)
                {
                    // The second click: told what was decided with the first.
                    throw Refusals.ToException(await decisions.ObjectionAsync(view, name, caller, cancellationToken) ?? ApprovalError.StateUsed.Because());
                }

                var handed = new HandedDecision
                {
                    Statement = new() { Record = kept.Record!, IdToken = signIns.DemandToken(kept) },
                    Comment = kept.Comment,
                    Domain = kept.Domain,
                };
                var receipt = await TakeAsync(view, name, handed, caller, client, cancellationToken);
                await signIns.UseAsync(kept, CancellationToken.None);
                return Taken(request, id, receipt);
            },
            cancellationToken);

    [Function("Withdraw")]
    public Task<IResult> WithdrawAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/gates/{gate}/withdrawals")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string gate, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "Withdraw",
            async caller =>
            {
                var name = GateDesk.ReadGate(gate);
                var view = await RunningAsync(id, client, cancellationToken);
                var receipt = await decisions.WithdrawAsync(view, name, caller, cancellationToken);
                await TellAsync(receipt, name, client);
                return ApiPipeline.Accepted(request, $"/api/migrations/{id}", new WithdrawalTaken { DecisionId = receipt.DecisionId!, Withdrawn = true });
            },
            cancellationToken);

    [Function("BeginProof")]
    public Task<IResult> BeginProofAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "assessments/{id}/sign-ins")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "BeginProof",
            async caller =>
            {
                var body = await RequestReader.ReadBodyAsync<BeginProofBody>(request, cancellationToken);
                var returnTo = SessionFunctions.ReadPath(body.ReturnTo);
                var outcome = await assessments.GetAsync(id, client, cancellationToken);
                return ApiPipeline.Created(body.PlanHash is not null
                    ? await BeginRequestAsync(request, body, outcome, returnTo, caller, cancellationToken)
                    : await BeginStatementAsync(request, body, outcome, returnTo, caller, cancellationToken));
            },
            cancellationToken);

    Task<StartedSignIn> BeginRequestAsync(
        HttpRequest request, BeginProofBody body, AssessmentOutcome outcome, string returnTo, Principal caller, CancellationToken cancellationToken)
    {
        if (body.PlanHash != outcome.PlanHash)
        {
            throw ApiException.Conflict(ApiError.PlanDiffers);
        }

        var record = new RequestRecord { Tenant = identity.Value.Tenant, Subject = outcome.AssessmentId, PlanHash = body.PlanHash!, Salt = ApprovalNonce.NewSalt() };
        var matter = MatterOf(SignInPurpose.Request, outcome, returnTo, caller, CanonicalJson.SerializeToText(record));
        return signIns.BeginAsync(request, matter, record.Nonce(), cancellationToken);
    }

    Task<StartedSignIn> BeginStatementAsync(
        HttpRequest request, BeginProofBody body, AssessmentOutcome outcome, string returnTo, Principal caller, CancellationToken cancellationToken)
    {
        var record = new StatementRecord
        {
            Tenant = identity.Value.Tenant,
            Subject = outcome.AssessmentId,
            Code = RequestReader.Required(body.Code, "code", 10),
            Name = RequestReader.Required(body.Name, "name", 300),
            CommentHash = ApprovalRecord.HashComment(RequestReader.Required(body.Comment, "comment", 1_000)),
            Salt = ApprovalNonce.NewSalt(),
        };
        var matter = MatterOf(SignInPurpose.Statement, outcome, returnTo, caller, CanonicalJson.SerializeToText(record)) with { Comment = body.Comment };
        return signIns.BeginAsync(request, matter, record.Nonce(), cancellationToken);
    }

    static SignInMatter MatterOf(SignInPurpose purpose, AssessmentOutcome outcome, string returnTo, Principal caller, string record) =>
        new() { Purpose = purpose, Person = caller.ObjectId, Subject = outcome.AssessmentId, ReturnTo = returnTo, Record = record };

    async Task<MigrationView> RunningAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var view = await migrations.GetAsync(id, client, cancellationToken);
        if (view.State != MigrationState.Ended)
        {
            await MigrationCatalog.RequireRunningAsync(view.MigrationId, client, cancellationToken);
        }

        return view;
    }

    async Task<DecisionReceipt> TakeAsync(
        MigrationView view, GateName gate, HandedDecision handed, Principal caller, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var receipt = await decisions.DecideAsync(view, gate, handed, caller, cancellationToken);
        await TellAsync(receipt, gate, client);
        return receipt;
    }

    /// <summary>Also for a repeated decision: the first call may have ended before the event went out, and a second event changes nothing.</summary>
    static Task TellAsync(DecisionReceipt receipt, GateName gate, DurableTaskClient client) => receipt.Refusal is { } refusal
        ? throw Refusals.ToException(refusal, audited: true)
        : client.RaiseEventAsync(Instances.Migration, MigrationEvents.Decision, new DecisionArrived { Gate = gate, DecisionId = receipt.DecisionId! }, CancellationToken.None);

    static IResult Taken(HttpRequest request, string id, DecisionReceipt receipt) => ApiPipeline.Accepted(
        request, $"/api/migrations/{id}", new DecisionTaken { DecisionId = receipt.DecisionId!, Decision = receipt.Decision!.Value, Repeated = receipt.Repeated });
}

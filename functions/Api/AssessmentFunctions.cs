using System.Globalization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary><c>/api/assessments</c>: started, listed, accepted. Their results: <see cref="AssessmentResultFunctions"/>.</summary>
public sealed class AssessmentFunctions(
    ApiPipeline api, AssessmentCatalog assessments, AcceptanceDesk acceptanceDesk, AcceptanceProofs proofs, SignInDesk signIns, IDocumentStore documents, TimeProvider clock)
{
    const int MaxAcceptances = 50;

    [Function("StartAssessment")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "assessments")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "StartAssessment",
            async caller =>
            {
                var body = await RequestReader.ReadBodyAsync<StartAssessmentBody>(request, cancellationToken);
                var canaries = body.Canaries is { } named ? ReadCanaries(named) : null;
                var acceptances = ReadAcceptances(body.Acceptances, caller, beforeReading: true);
                AssessmentRequest assessment;
                do
                {
                    assessment = new()
                    {
                        AssessmentId = RunIds.New('a', clock.GetUtcNow()),
                        RequestedBy = caller.ObjectId,
                        Canaries = canaries,
                        Acceptances = acceptances,
                    };
                }
                while (!await assessments.TryAddAsync(assessment, cancellationToken));

                await client.ScheduleNewOrchestrationInstanceAsync(
                    AssessOrchestrator.Name, assessment, new StartOrchestrationOptions(assessment.AssessmentId).WithDedupeStatuses(Instances.AnyStatus),
                    CancellationToken.None);
                return ApiPipeline.Accepted(
                    request, $"/api/assessments/{assessment.AssessmentId}", new StartedAssessment { AssessmentId = assessment.AssessmentId });
            },
            cancellationToken);

    [Function("ListAssessments")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "ListAssessments",
            async _ =>
            {
                var ids = RequestReader.Slice(request, await assessments.ListAsync(cancellationToken));
                List<AssessmentOutcome> items = [];
                foreach (var id in ids.Items)
                {
                    items.Add(await assessments.GetAsync(id, client, cancellationToken));
                }

                return ApiPipeline.Ok(new Slice<AssessmentOutcome> { Items = items, Page = ids.Page, Size = ids.Size, Total = ids.Total });
            },
            cancellationToken);

    [Function("GetAssessment")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetAssessment", async _ => ApiPipeline.Ok(await assessments.GetAsync(id, client, cancellationToken)), cancellationToken);

    [Function("AcceptConsequences")]
    public Task<IResult> AcceptAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "assessments/{id}/acceptances")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "AcceptConsequences",
            async caller =>
            {
                var body = await RequestReader.ReadBodyAsync<AcceptBody>(request, cancellationToken);
                var given = await CompleteAsync(request, id, RequestReader.Required(body.Acceptances, "acceptances"), caller, cancellationToken);
                var acceptances = ReadAcceptances(given, caller, beforeReading: false);
                if (acceptances.Count == 0) { throw ApiException.BadRequest(ApiError.FieldMissing, "acceptances"); }

                var proved = await ProveAsync(request, id, acceptances, given, caller, cancellationToken);
                var outcome = await acceptanceDesk.AcceptAsync(id, proved, client, cancellationToken);
                foreach (var accepted in given)
                {
                    await signIns.UseAsync(request, accepted?.Proof, CancellationToken.None);
                }

                return ApiPipeline.Ok(outcome);
            },
            cancellationToken);

    /// <summary>What a sign-in holds need not be said again: subject and comment of a statement are kept with it since it began.</summary>
    async Task<IReadOnlyList<AcceptanceBody?>> CompleteAsync(
        HttpRequest request, string id, IReadOnlyList<AcceptanceBody?> bodies, Principal caller, CancellationToken cancellationToken)
    {
        List<AcceptanceBody?> complete = [];
        foreach (var body in bodies)
        {
            if (complete.Count >= MaxAcceptances || body is not { Proof.SignIn: { } signIn } || body is { Subject: not null, Comment: not null })
            {
                complete.Add(body);
                continue;
            }

            var kept = await signIns.FindAsync(request, signIn, SignInPurpose.Statement, id, caller, cancellationToken);
            complete.Add(body with { Subject = body.Subject ?? kept.Statement?.Name, Comment = body.Comment ?? kept.Comment });
        }

        return complete;
    }

    /// <summary>Verifies the proof of every acceptance that needs one, and keeps it.</summary>
    async Task<IReadOnlyList<Acceptance>> ProveAsync(
        HttpRequest request, string id, List<Acceptance> acceptances, IReadOnlyList<AcceptanceBody?> bodies, Principal caller, CancellationToken cancellationToken)
    {
        List<Acceptance> proved = [];
        for (var index = 0; index < acceptances.Count; index++)
        {
            var acceptance = acceptances[index];
            if (IsSigned(acceptance.Code))
            {
                var at = string.Create(CultureInfo.InvariantCulture, $"acceptances[{index}].proof");
                var given = RequestReader.Required(
                    await signIns.ResolveAsync(request, bodies[index]!.Proof, SignInPurpose.Statement, id, caller, cancellationToken), at);
                var statement = new SignedStatement
                {
                    Record = RequestReader.Required(given.Record, at + ".record", 4_096),
                    IdToken = RequestReader.Required(given.IdToken, at + ".idToken", 16_384),
                };
                if (await proofs.VerifyAsync(statement, id, acceptance, caller, cancellationToken) is { } refusal)
                {
                    throw Refusals.ToException(refusal, at + ".");
                }

                acceptance = acceptance with { Proof = await documents.SaveOneAsync("statement-proof", statement, cancellationToken) };
            }

            proved.Add(acceptance);
        }

        return proved;
    }

    static bool IsSigned(string code) => FindingCatalogue.All.Any(check => check.Code == code && check.BySignIn);

    static Canaries ReadCanaries(CanariesBody given)
    {
        var canaries = new Canaries
        {
            New = RequestReader.Required(given.New, "canaries.new"),
            Match = RequestReader.Required(given.Match, "canaries.match"),
            Unassigned = RequestReader.Required(given.Unassigned, "canaries.unassigned"),
        };
        return canaries.All.Distinct().Count() == canaries.All.Count && !canaries.All.Contains(Guid.Empty)
            ? canaries
            : throw ApiException.BadRequest(ApiError.CanariesNotDistinct, "canaries");
    }

    static List<Acceptance> ReadAcceptances(IReadOnlyList<AcceptanceBody?>? bodies, Principal caller, bool beforeReading)
    {
        if (bodies is { Count: > MaxAcceptances })
        {
            throw ApiException.BadRequest(ApiError.FieldInvalid, "acceptances", string.Create(CultureInfo.InvariantCulture, $"more than {MaxAcceptances}"));
        }

        List<Acceptance> acceptances = [];
        foreach (var (body, index) in (bodies ?? []).Select((body, index) => (body, index)))
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"acceptances[{index}]");
            var given = RequestReader.Required(body, at);
            var code = RequestReader.Required(given.Code, at + ".code");
            if (Acceptances.Objection(code, given.Subject, given.Set) is { } objection)
            {
                throw ApiException.BadRequest(ApiError.FieldInvalid, at + ".code", objection);
            }

            if (beforeReading && IsSigned(code))
            {
                throw ApiException.BadRequest(ApiError.FieldInvalid, at + ".code", $"{code} is stated for an assessment that has read the tenant");
            }

            if (given.AtMost < 1)
            {
                throw ApiException.BadRequest(ApiError.FieldInvalid, at + ".atMost", "less than 1");
            }

            if (acceptances.Any(a => a.Code == code && string.Equals(a.Subject, given.Subject, StringComparison.OrdinalIgnoreCase)))
            {
                throw ApiException.BadRequest(ApiError.FieldInvalid, at + ".code", $"{code} twice");
            }

            var comment = RequestReader.Required(given.Comment, at + ".comment", 1_000);
            // Before anything was read nobody knows what would be accepted: a limit says what the person has in mind.
            if (beforeReading && given is { AtMost: null, Subject: null, Set: null })
            {
                throw ApiException.BadRequest(ApiError.FieldMissing, at + ".atMost");
            }

            acceptances.Add(new()
            {
                Code = code,
                Subject = given.Subject is null ? null : RequestReader.Required(given.Subject, at + ".subject", 256),
                AtMost = given.AtMost,
                Set = given.Set is null ? null : RequestReader.Required(given.Set, at + ".set", 64),
                By = caller.ObjectId,
                Comment = comment,
            });
        }

        return acceptances;
    }
}

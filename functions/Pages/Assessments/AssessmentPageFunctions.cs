using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Reporting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Pages;

/// <summary>The pages of one assessment.</summary>
public sealed class AssessmentPageFunctions(
    PagePipeline pages, AssessmentCatalog assessments, RiskTaskCatalog risks, AssessmentComparing comparing, AssessmentReader reader, ListCache lists, SignInDesk signIns, IDocumentStore documents)
{
    [Function("ShowAssessment")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowAssessment",
            async visit =>
            {
                var outcome = await assessments.GetAsync(id, client, cancellationToken);
                var asked = RunIds.TimeOf(id);
                return outcome.Findings is null || outcome.Classified is null || outcome.Facts is null
                    ? AssessmentOverview.Pending(outcome, asked)
                    : AssessmentOverview.Render(await reader.ReadAsync(outcome, asked, cancellationToken), visit);
            },
            cancellationToken);

    [Function("ShowFindings")]
    public Task<IResult> ShowFindingsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/findings")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowFindings",
            async _ =>
            {
                var fits = ListSearch.Of(request);
                var severity = PageQuery.Optional<FindingSeverity>(request, "severity");
                var state = PageQuery.Optional(request, "state", "open", "accepted");
                var sort = PageQuery.Optional(request, "sort", "severity", "code", "concerns");
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                return FindingPages.List(id, PageList<Finding>.Of(request, await lists.LoadAsync<Finding>(outcome.Findings!, cancellationToken), ["q", "severity", "state", "sort"], all => Sorted(all.Where(finding =>
                    (severity is null || finding.Severity == severity)
                    && (state is null || (finding.Severity == FindingSeverity.NeedsAcceptance && finding.Accepted == (state == "accepted")))
                    && fits([finding.Code, finding.Title, finding.Cause, finding.Remedy, .. finding.Examples])), sort)));
            },
            cancellationToken);

    [Function("ShowFinding")]
    public Task<IResult> ShowFindingAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/findings/{code}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string code, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowFinding",
            async visit =>
            {
                var fits = ListSearch.Of(request);
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                var findings = await lists.LoadAsync<Finding>(outcome.Findings!, cancellationToken);
                var finding = findings.FirstOrDefault(finding => finding.Code == code) ?? throw ApiException.NotFound(ApiError.FindingUnknown);
                IReadOnlyList<Concern> concerned = finding.Concerned is { } document ? await lists.LoadAsync<Concern>(document, cancellationToken) : [];
                var facts = await documents.LoadOneAsync<AssessInput>(outcome.Facts!, cancellationToken);
                return FindingPages.One(
                    id, finding,
                    PageList<Concern>.Of(request, concerned, ["q"], all => all.Where(concern =>
                        fits([concern.Name, concern.Detail, concern.CloudId?.ToString("D"), concern.ObjectGuid?.ToString("D")]))),
                    [.. facts.Request.Acceptances.Where(acceptance => acceptance.Code == code)],
                    FindingCatalogue.All.Any(check => check.Code == code && check.BySignIn)
                        ? new(concerned.Select(concern => concern.Name).ToList(), await StatementAsync(visit, outcome.AssessmentId, cancellationToken))
                        : null,
                    visit);
            },
            cancellationToken);

    [Function("ShowGroups")]
    public Task<IResult> ShowGroupsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/groups")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowGroups",
            async _ =>
            {
                var fits = ListSearch.Of(request);
                var kind = PageQuery.Optional<GroupClass>(request, "class");
                var readiness = PageQuery.Optional<Readiness>(request, "readiness");
                var reason = PageQuery.Optional(request, "reason", ReasonNames.All.Keys) is { } name ? ReasonNames.All[name] : null;
                var sort = PageQuery.Optional(request, "sort", "name", "class", "members", "unwritten");
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                return GroupPages.Groups(id, PageList<ClassifiedGroup>.Of(
                    request, await lists.LoadAsync<ClassifiedGroup>(outcome.Classified!, cancellationToken), ["q", "class", "readiness", "reason", "sort"],
                    all => Sorted(all.Where(group =>
                        (kind is null || group.Class == kind) && (readiness is null || group.Readiness == readiness) && (reason is null || group.Reasons.Contains(reason))
                        && fits([group.Name, group.CloudId?.ToString("D"), group.ObjectGuid?.ToString("D")])), sort)));
            },
            cancellationToken);

    [Function("ShowLosses")]
    public Task<IResult> ShowLossesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/losses")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowLosses",
            async _ =>
            {
                var fits = ListSearch.Of(request);
                var byName = PageQuery.Optional(request, "sort", "lost", "name") == "name";
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                var groups = (await lists.LoadAsync<ClassifiedGroup>(outcome.Classified!, cancellationToken)).Where(group => group.CloudId is not null)
                    .GroupBy(group => group.CloudId!.Value).ToDictionary(group => group.Key, group => group.First());
                var losses = (await lists.LoadAsync<GroupLoss>(outcome.Losses!, cancellationToken)).Select(loss => (Loss: loss, Group: groups.GetValueOrDefault(loss.CloudId))).ToList();
                return GroupPages.Losses(id, PageList<(GroupLoss Loss, ClassifiedGroup? Group)>.Of(request, losses, ["q", "sort"], all =>
                {
                    var fitting = all.Where(entry => fits([entry.Group?.Name, entry.Loss.CloudId.ToString("D"), .. request.Query["q"] is [{ Length: > 8 }] ? entry.Loss.Members.Select(member => member.ToString("D")) : []]));
                    return byName
                        ? fitting.OrderBy(entry => entry.Group?.Name, StringComparer.OrdinalIgnoreCase)
                        : fitting.OrderByDescending(entry => entry.Loss.Members.Count).ThenBy(entry => entry.Group?.Name, StringComparer.OrdinalIgnoreCase);
                }));
            },
            cancellationToken);

    [Function("ShowNames")]
    public Task<IResult> ShowNamesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/names")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowNames",
            async _ =>
            {
                var fits = ListSearch.Of(request);
                var keptBy = PageQuery.Optional<NameKeeping>(request, "keptBy");
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                var names = outcome.Names ?? throw ApiException.Conflict(ApiError.AssessmentNotReady, "it predicted no names");
                return GroupPages.Names(id, PageList<NamePrediction>.Of(request, await lists.LoadAsync<NamePrediction>(names, cancellationToken), ["q", "keptBy"], all => all.Where(name =>
                    (keptBy is null || name.KeptBy == keptBy) && fits([name.Name, name.CommonName, name.Container, name.CloudId.ToString("D"), name.ObjectGuid.ToString("D")]))));
            },
            cancellationToken);

    [Function("ShowRisks")]
    public Task<IResult> ShowRisksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/tasks")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowRisks",
            async _ =>
            {
                var fits = ListSearch.Of(request);
                var state = PageQuery.Optional<RiskTaskState>(request, "state");
                return RiskPages.List(id, PageList<RiskTask>.Of(request, await risks.ListAsync(id, client, cancellationToken), ["q", "state"], all => all.Where(task =>
                    (state is null || task.State == state) && fits([task.Title, task.Reads, task.DistinguishedName, task.CloudId.ToString("D")]))));
            },
            cancellationToken);

    [Function("ShowRisk")]
    public Task<IResult> ShowRiskAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/tasks/{taskId}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        pages.ShowAsync(request, "ShowRisk", async visit => RiskPages.One(id, await risks.GetAsync(id, taskId, client, cancellationToken), visit), cancellationToken);

    [Function("ShowStart")]
    public Task<IResult> ShowStartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/start")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowStart",
            async visit =>
            {
                var outcome = await assessments.GetAsync(id, client, cancellationToken);
                return StartPage.Render(outcome, await assessments.GetPlanAsync(id, client, cancellationToken), visit);
            },
            cancellationToken);

    [Function("ShowComparison")]
    public Task<IResult> ShowComparisonAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/comparison")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowComparison",
            async _ =>
            {
                var change = PageQuery.Optional<GroupChangeKind>(request, "change");
                var after = await assessments.GetEndedAsync(id, client, cancellationToken);
                List<string> others = [.. (await assessments.ListAsync(cancellationToken)).Where(other => other != id).Take(MostOthers)];
                if ((string?)request.Query["with"] is not { Length: > 0 } with)
                {
                    return ComparisonPage.Choose(id, others);
                }

                var (found, groups) = await comparing.CompareAsync(after, with, client, cancellationToken);
                return ComparisonPage.Render(id, others, found, PageList<GroupChange>.Of(
                    request, groups, ["with", "change"], all => all.Where(group => change is null || group.Change == change)));
            },
            cancellationToken);

    /// <summary>The sign-in that the reader comes back from.</summary>
    async Task<KeptSignIn?> StatementAsync(PageVisit visit, string assessmentId, CancellationToken cancellationToken) =>
        visit.Request.Query["signIn"] is [{ Length: > 0 } id]
            ? await signIns.FindAsync(visit.Request, id, SignInPurpose.Statement, assessmentId, visit.Caller!, cancellationToken)
            : null;

    /// <summary>Assessments that are offered for comparison.</summary>
    const int MostOthers = 50;

    static IEnumerable<Finding> Sorted(IEnumerable<Finding> findings, string? sort) => sort switch
    {
        "code" => findings.OrderBy(finding => finding.Code, StringComparer.Ordinal),
        "concerns" => findings.OrderByDescending(finding => finding.Groups),
        _ => findings.OrderBy(finding => finding.Severity).ThenBy(finding => finding.Accepted),
    };

    static IEnumerable<ClassifiedGroup> Sorted(IEnumerable<ClassifiedGroup> groups, string? sort) => sort switch
    {
        "class" => groups.OrderBy(group => group.Class).ThenBy(group => group.Name, StringComparer.OrdinalIgnoreCase),
        "members" => groups.OrderByDescending(group => group.Members),
        "unwritten" => groups.OrderByDescending(group => group.Unwritten?.All ?? 0),
        _ => groups.OrderBy(group => group.Name, StringComparer.OrdinalIgnoreCase),
    };
}

using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>The report of a discovery in every form, on its own and below an assessment.</summary>
public sealed class DiscoveryReportTests : IAsyncLifetime
{
    const string Hostile = "<script>=cmd";

    readonly ApiHost _host = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("""{ "kind": "discover" }""", 202)]
    [InlineData("""{ "kind": "discover", "terms": {} }""", 202)]
    [InlineData("""{ "kind": "discover", "terms": { "writeback": "off" } }""", 400)]
    public async Task Plan_TakesNoTerms(string body, int status) => Assert.Equal(status, (await _host.PostAsync("/api/operations", body)).Status);

    [Fact]
    public async Task Report_IsGivenAsJson_Page_AndTables()
    {
        var id = await DiscoveredAsync();

        var json = await _host.GetAsync($"/api/operations/{id}/report");
        var page = await _host.GetAsync($"/api/operations/{id}/report?format=html");
        var items = await _host.GetAsync($"/api/operations/{id}/report?format=csv&table=discovery");
        var groups = await _host.GetAsync($"/api/operations/{id}/report?format=csv&table=m365");

        Assert.Equal(Discovery.Ids, json.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        Assert.Contains("Group writeback of corp.example", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Hostile, page.Text, StringComparison.Ordinal);
        Assert.Equal(Discovery.Ids.Count + 1, items.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"notSet\"", groups.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_ShowTheReport_AndTheWayToIt()
    {
        var id = await DiscoveredAsync();

        var operation = await _host.GetAsync($"/api/pages/operations/{id}");
        var report = await _host.GetAsync($"/api/pages/operations/{id}/report");

        Assert.Contains($"/api/pages/operations/{id}/report", operation.Text, StringComparison.Ordinal);
        Assert.Contains("its report is there", operation.Text, StringComparison.Ordinal);
        Assert.Contains("NewUnifiedGroupWritebackDefault", report.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Hostile, report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assessment_HasTheSameReport()
    {
        var id = (await _host.JudgedAsync(Facts.Healthy())).AssessmentId;

        var page = await _host.GetAsync($"/api/pages/assessments/{id}/discovery");
        var table = await _host.GetAsync($"/api/assessments/{id}/report?format=csv&table=discovery");

        Assert.Contains("NewUnifiedGroupWritebackDefault", page.Text, StringComparison.Ordinal);
        Assert.Equal(Discovery.Ids.Count + 1, table.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Assessment_OfAVersionWithoutIt_SaysSo()
    {
        var id = (await _host.AssessedAsync()).AssessmentId;

        Assert.Contains("reported none", (await _host.GetAsync($"/api/pages/assessments/{id}/discovery")).Text, StringComparison.Ordinal);
        Assert.Single((await _host.GetAsync($"/api/assessments/{id}/report?format=csv&table=m365")).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("?format=csv", 400, "GWB1004")]
    [InlineData("?format=html&table=discovery", 400, "GWB1006")]
    [InlineData("?format=pdf", 400, "GWB1006")]
    public async Task Report_OfAnImpossibleForm_IsRefused(string query, int status, string code)
    {
        var answer = await _host.GetAsync($"/api/operations/{await DiscoveredAsync()}/report{query}");

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Report_OfWhatHasNone_IsRefused()
    {
        var reading = await AddAsync(new DiscoverTerms(), draft: null);
        var other = await AddAsync(new NewGroupsTerms { Writeback = WritebackWish.Off }, new());

        foreach (var id in new[] { reading, other })
        {
            var answer = await _host.GetAsync($"/api/operations/{id}/report");
            Assert.Equal((409, "GWB1266"), (answer.Status, answer.Code));
        }
    }

    [Theory]
    [InlineData("start")]
    [InlineData("undo")]
    [InlineData("stop")]
    public async Task Discovery_TakesNoVerb(string verb)
    {
        var id = await DiscoveredAsync();

        var answer = await _host.PostAsync($"/api/operations/{id}/{verb}", verb == "start" ? """{ "planHash": "x" }""" : "{}");

        Assert.Equal((409, "GWB1257"), (answer.Status, answer.Code));
    }

    async Task<DocumentReference> KeptAsync()
    {
        var facts = Facts.Healthy();
        facts.Servers[0] = facts.Servers[0] with { WritebackOu = $"OU={Hostile}" };
        facts.Cloud.Add(Facts.Group(Facts.Id(10)) with { DisplayName = Hostile, Unified = true, MailEnabled = true, SecurityEnabled = false, WritebackEnabled = null });
        var built = facts.Build();
        var groups = await _host.Store.SaveListAsync("m365-groups", Discovery.M365Of(built), Stop);
        return await _host.Store.SaveOneAsync("discovery", Discovery.Of(built, groups), Stop);
    }

    async Task<string> DiscoveredAsync() => await AddAsync(new DiscoverTerms(), new() { Report = await KeptAsync() });

    async Task<string> AddAsync(OperationTerms terms, OperationDraft? draft)
    {
        var id = Samples.NewId('o');
        var at = DateTimeOffset.UtcNow.AddMinutes(-1);
        var request = new OperationRequest
        {
            OperationId = id, Terms = terms, RequestedBy = People.Requester, Settings = new() { PlanValidHours = 24, ValuesAtOnce = 500, ApprovalFromGroups = 50 },
        };
        var view = new OperationView
        {
            OperationId = id, Kind = OperationKinds.Of(terms).Kind, Terms = terms, RequestedBy = People.Requester, AskedAt = at, UpdatedAt = at,
            State = OperationState.Ended, Outcome = draft is null ? OperationOutcome.NotPlanned : OperationOutcome.NothingToDo,
            Plan = draft is null ? null : new() { OperationId = id, Terms = terms, Draft = draft, PlannedAt = at, ValidUntil = at.AddHours(24) },
        };
        await _host.Store.WriteOneAsync(StoreNames.OperationRequest(id), request, Stop);
        await _host.Store.WriteOneAsync(StoreNames.OperationView(id), view, Stop);
        return id;
    }
}

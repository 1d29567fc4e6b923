using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Api;

public sealed class ApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    static readonly object Canaries = new { New = Guid.NewGuid(), Match = Guid.NewGuid(), Unassigned = Guid.NewGuid() };

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithoutASignIn_Is401()
    {
        foreach (var route in ApiRoutes.All.Where(route => route.Access != Access.Anyone))
        {
            var path = "/api/" + route.Template.Replace("{id}", "a", StringComparison.Ordinal).Replace("{gate}", "plan", StringComparison.Ordinal)
                .Replace("{taskId}", "t", StringComparison.Ordinal);

            var answer = await host.SendAsync(new(route.Method), path, null, null);

            Assert.True((401, "GWB1007") == (answer.Status, answer.Code), $"{route.Function}: {answer.Status} {answer.Code}");
            Assert.Equal("application/problem+json", answer.ContentType);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task Call_WithoutTheRole_Is403()
    {
        var reader = host.Issuer.Access(People.Reader, "Migration.Reader");
        var stranger = host.Issuer.Access(People.Stranger);
        foreach (var route in ApiRoutes.All.Where(route => route.Access != Access.Anyone))
        {
            var path = "/api/" + route.Template.Replace("{id}", "a", StringComparison.Ordinal).Replace("{gate}", "plan", StringComparison.Ordinal)
                .Replace("{taskId}", "t", StringComparison.Ordinal);

            var answer = await host.SendAsync(new(route.Method), path, route.Access == Access.Reader ? stranger : reader, null);

            Assert.True((403, "GWB1009") == (answer.Status, answer.Code), $"{route.Function}: {answer.Status} {answer.Code}");
        }
    }

    [Fact]
    public async Task Token_ThatDoesNotFit_Is401()
    {
        var wrong = new Dictionary<string, string>
        {
            ["garbage"] = "x.y.z",
            ["id token"] = host.Issuer.IdToken(People.Reader, "n", null, "Migration.Reader"),
            ["other audience"] = TestIssuer.Sign(host.Issuer.Claims(People.Reader, "api://other", "Migration.Reader")),
            ["unknown key"] = TestIssuer.Sign(host.Issuer.Claims(People.Reader, $"api://{TestIssuer.ClientId}", "Migration.Reader"), "k9"),
        };
        foreach (var (claim, value) in new[] { ("exp", 1_000_000_000L), ("nbf", 9_000_000_000L) })
        {
            var claims = host.Issuer.Claims(People.Reader, $"api://{TestIssuer.ClientId}", "Migration.Reader");
            claims[claim] = value;
            wrong[claim] = TestIssuer.Sign(claims);
        }

        foreach (var (claim, value) in new[] { ("iss", "https://other.example"), ("tid", Guid.NewGuid().ToString()), ("oid", "nobody") })
        {
            var claims = host.Issuer.Claims(People.Reader, $"api://{TestIssuer.ClientId}", "Migration.Reader");
            claims[claim] = value;
            wrong[claim] = TestIssuer.Sign(claims);
        }

        foreach (var (what, token) in wrong)
        {
            var answer = await host.GetAsync("/api/migrations", token);
            Assert.True((401, "GWB1010") == (answer.Status, answer.Code), $"{what}: {answer.Status} {answer.Code}");
        }
    }

    [Fact]
    public async Task PlatformHeader_WhereThePlatformDoesNotCheck_CountsForNothing()
    {
        var header = Convert.ToBase64String(Encoding.UTF8.GetBytes(
            $$"""{"auth_typ":"aad","claims":[{"typ":"tid","val":"{{TestIssuer.Tenant}}"},{"typ":"oid","val":"{{People.Reader}}"},{"typ":"roles","val":"Migration.Reader"}]}"""));
        using var content = new StringContent("");
        content.Headers.TryAddWithoutValidation("X-MS-CLIENT-PRINCIPAL", header);

        var answer = await host.SendAsync(HttpMethod.Get, "/api/migrations", null, content);

        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task App_WithNothingConfigured_RefusesEveryCall()
    {
        using var folder = new TempFolder();
        var settings = ApiHost.Settings(folder["data"]);
        settings.Remove("Authentication:Mode");
        await using var closed = await ApiHost.StartAsync(folder.Path, settings);
        using var http = new HttpClient { BaseAddress = closed.Address };

        foreach (var path in new[] { "/api/health", "/api/migrations", "/api/openapi.json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", host.Issuer.Access(People.Reader, "Migration.Reader"));
            using var answer = await http.SendAsync(request, Token);

            Assert.Equal(401, (int)answer.StatusCode);
            Assert.Contains("GWB1008", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, string, string?> BadAssessments { get; } = new()
    {
        { "", "GWB1002", null },
        { "{", "GWB1002", null },
        { "[]", "GWB1002", null },
        { "null", "GWB1002", null },
        { """{"canaries":{}}""", "GWB1004", "canaries.new" },
        { """{"canaries":{"new":"x"}}""", "GWB1006", "canaries.new" },
        { """{"canaries":{"new":1e999}}""", "GWB1006", "canaries.new" },
        { """{"canaries":[]}""", "GWB1006", "canaries" },
        { """{"canaries":{"newest":"x"}}""", "GWB1005", "canaries.newest" },
        { """{"canaries":null,"canaries":null}""", "GWB1005", "canaries" },
        { """{"canary":{}}""", "GWB1005", "canary" },
        { """{"canaries":{"new":"11111111-1111-4111-8111-111111111111","match":"11111111-1111-4111-8111-111111111111","unassigned":"21111111-1111-4111-8111-111111111111"}}""", "GWB1103", "canaries" },
    };

    [Theory]
    [MemberData(nameof(BadAssessments))]
    public async Task Assessment_WithABadBody_Is400WithTheField(string body, string code, string? field)
    {
        var answer = await host.PostAsync("/api/assessments", body);

        Assert.Equal((400, code, field), (answer.Status, answer.Code, answer.Field));
    }

    [Theory]
    [InlineData("null", "acceptances[0]", "GWB1004")]
    [InlineData("""{"comment":"c"}""", "acceptances[0].code", "GWB1004")]
    [InlineData("""{"code":"GWB12","comment":"c"}""", "acceptances[0].code", "GWB1006")]
    [InlineData("""{"code":"GWB2402","comment":" "}""", "acceptances[0].comment", "GWB1004")]
    [InlineData("""{"code":"GWB2999","comment":"c"}""", "acceptances[0].code", "GWB1006")]
    [InlineData("""{"code":"GWB2107","comment":"c"}""", "acceptances[0].code", "GWB1006")]
    [InlineData("""{"code":"GWB2505","comment":"c"}""", "acceptances[0].code", "GWB1006")]
    [InlineData("""{"code":"GWB2112","comment":"c"}""", "acceptances[0].code", "GWB1006")]
    [InlineData("""{"code":"GWB2401","comment":"c","atMost":9}""", "acceptances[0].code", "GWB1006")]
    [InlineData("""{"code":"GWB2402","comment":"c","atMost":0}""", "acceptances[0].atMost", "GWB1006")]
    [InlineData("""{"code":"GWB2402","comment":"c"}""", "acceptances[0].atMost", "GWB1004")]
    [InlineData("""{"code":"GWB2402","comment":"c","atMost":1},{"code":"GWB2402","comment":"d","atMost":2}""", "acceptances[1].code", "GWB1006")]
    public async Task Assessment_WithABadAcceptance_Is400WithTheField(string acceptance, string field, string code)
    {
        var canaries = JsonSerializer.Serialize(Canaries, GwbCloud.Contracts.Json.ContractJson.Options);

        var answer = await host.PostAsync("/api/assessments", $$"""{"canaries":{{canaries}},"acceptances":[{{acceptance}}]}""");

        Assert.Equal((400, code, field), (answer.Status, answer.Code, answer.Field));
    }

    [Fact]
    public async Task Body_OfAnotherTypeOrTooLarge_IsRefused()
    {
        using var form = new FormUrlEncodedContent([new("a", "b")]);
        var token = host.Issuer.Access(People.Requester, "Migration.Operator");

        var typed = await host.SendAsync(HttpMethod.Post, "/api/assessments", token, form);
        var large = await host.PostAsync("/api/assessments", "{\"x\":\"" + new string('x', RequestReader.MaxBodyBytes) + "\"}", token);

        Assert.Equal((400, "GWB1002"), (typed.Status, typed.Code));
        Assert.Equal((413, "GWB1003"), (large.Status, large.Code));
    }

    [Fact]
    public async Task Assessment_Started_IsListedAndEndsInAnOutcome()
    {
        var started = await host.PostAsync("/api/assessments", new { Canaries, Acceptances = new[] { new { Code = "GWB2402", Comment = "known", AtMost = 3 } } });

        var id = started.Json.GetProperty("assessmentId").GetString()!;
        Assert.Equal(202, started.Status);
        Assert.Matches("^a-[0-9]{8}-[0-9]{6}-[0-9a-f]{4}$", id);
        Assert.Equal($"/api/assessments/{id}", started.Headers.Location!.ToString());
        var kept = await host.Store.ReadOneAsync<AssessmentRequest>(StoreNames.AssessmentRequest(id), Token);
        Assert.Equal(People.Requester, kept!.Acceptances.Single().By);
        Assert.Equal(200, (await host.GetAsync($"/api/assessments/{id}")).Status);
        Assert.Contains(id, (await host.GetAsync("/api/assessments?size=500")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_ArePaged()
    {
        var outcome = await host.AssessedAsync();

        var last = await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/findings?page=3&size=100");
        var beyond = await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/findings?page=1000000&size=500");

        Assert.Equal((50, 250), (last.Json.GetProperty("items").GetArrayLength(), last.Json.GetProperty("total").GetInt32()));
        Assert.Equal(0, beyond.Json.GetProperty("items").GetArrayLength());
        Assert.Equal(200, (await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/groups")).Status);
        Assert.Equal(200, (await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/losses")).Status);
        Assert.Equal("contoso.example", (await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/plan")).Json.GetProperty("domain").GetString());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=99999999999999999999", "page")]
    [InlineData("page=1&page=2", "page")]
    [InlineData("size=501", "size")]
    [InlineData("size=1e3", "size")]
    public async Task Page_ThatIsAbsurd_Is400WithTheField(string query, string field)
    {
        var outcome = await host.AssessedAsync();

        var answer = await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/findings?{query}");

        Assert.Equal((400, "GWB1006", field), (answer.Status, answer.Code, answer.Field));
    }

    [Theory]
    [InlineData("findings?clas=freezes", "clas")]
    [InlineData("plan?page=1", "page")]
    [InlineData("groups?class=freezes&=1", "")]
    public async Task Query_OfANameThatTheRouteDoesNotTake_Is400WithTheName(string query, string field)
    {
        var outcome = await host.AssessedAsync();

        var answer = await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/{query}");

        Assert.Equal((400, "GWB1005", field), (answer.Status, answer.Code, answer.Field));
    }

    [Theory]
    [InlineData("/api/assessments/a-20200101-000000-0000", "GWB1101")]
    [InlineData("/api/assessments/m-20200101-000000-0000", "GWB1101")]
    [InlineData("/api/assessments/..%2F..%2Fx", "GWB1101")]
    [InlineData("/api/assessments/a-20200101-000000-0000/findings", "GWB1101")]
    [InlineData("/api/migrations/m-20200101-000000-0000", "GWB1201")]
    [InlineData("/api/migrations/nothing/report", "GWB1201")]
    [InlineData("/api/migrations/nothing/audit", "GWB1201")]
    [InlineData("/api/migrations/nothing/tasks/t", "GWB1201")]
    public async Task Thing_ThatDoesNotExist_Is404(string path, string code)
    {
        var answer = await host.GetAsync(path);

        Assert.Equal((404, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Plan_OfAnAssessmentThatHasNone_Is409()
    {
        var outcome = await host.AssessedAsync(o => o with { State = AssessmentState.Blocked, Plan = null, PlanHash = null });

        var answer = await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/plan");

        Assert.Equal((409, "GWB1102"), (answer.Status, answer.Code));
        Assert.Equal(200, (await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/groups")).Status);
    }

    public static TheoryData<string, int, string, string?> BadStarts { get; } = new()
    {
        { "no assessment", 400, "GWB1004", "assessmentId" },
        { "no hash", 400, "GWB1004", "planHash" },
        { "no confirmations", 400, "GWB1004", "confirm" },
        { "confirmation missing", 400, "GWB1204", "confirm" },
        { "too many confirmations", 400, "GWB1006", "confirm" },
        { "no window", 400, "GWB1004", "window" },
        { "no window end", 400, "GWB1004", "window.end" },
        { "window is no time", 400, "GWB1006", "window.start" },
        { "window ends before it starts", 400, "GWB1205", "window.end" },
        { "window is over", 400, "GWB1205", "window.end" },
        { "window began long ago", 400, "GWB1205", "window.start" },
        { "window too far", 400, "GWB1205", "window.start" },
        { "window too long", 400, "GWB1205", "window.end" },
        { "window too short for the plan", 400, "GWB1205", "window.end" },
        { "window in a blackout", 400, "GWB1205", "window.blackouts[0]" },
        { "hold before no stage", 400, "GWB1006", "window.holdBefore[0]" },
        { "no proof", 400, "GWB1004", "proof" },
        { "no proof record", 400, "GWB1004", "proof.record" },
        { "unknown assessment", 404, "GWB1101", null },
        { "assessment blocked", 409, "GWB1102", null },
        { "assessment needs acceptance", 409, "GWB1102", null },
        { "assessment too old", 409, "GWB1109", null },
        { "assessment of unknown age", 409, "GWB1109", null },
        { "other hash", 409, "GWB1203", null },
        { "proof for another plan", 400, "GWB5005", "proof.record" },
        { "proof not canonical", 400, "GWB5002", "proof.record" },
        { "proof of another person", 403, "GWB5004", null },
        { "proof without the role", 403, "GWB7317", null },
        { "proof for another record", 403, "GWB7316", null },
    };

    [Theory]
    [MemberData(nameof(BadStarts))]
    public async Task Migration_ThatMayNotStart_IsRefusedAndNothingStarts(string what, int status, string code, string? field)
    {
        await host.EndMigrationAsync();
        var outcome = await host.AssessedAsync(o => what switch
        {
            "assessment blocked" => o with { State = AssessmentState.Blocked },
            "assessment needs acceptance" => o with { State = AssessmentState.NeedsAcceptance },
            "assessment too old" => o with { ReadAt = DateTimeOffset.UtcNow.AddDays(-14).AddMinutes(-1), ValidUntil = DateTimeOffset.UtcNow.AddMinutes(-1) },
            "assessment of unknown age" => o with { ValidUntil = null },
            _ => o,
        });
        var body = StartBody(outcome, what);
        var before = await RequestsAsync();

        var answer = await host.PostAsync("/api/migrations", body);

        Assert.True((status, code, field) == (answer.Status, answer.Code, answer.Field), $"{answer.Status} {answer.Text}");
        Assert.Equal(before, await RequestsAsync());

        // Requests alone: an activity of an earlier test's migration may still write that one's other documents.
        async Task<IEnumerable<string>> RequestsAsync()
            => (await host.Store.NamesAsync(StoreNames.Migrations, Token)).Where(name => name.EndsWith("/request", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verb_InAStateThatDoesNotOfferIt_Is409()
    {
        // One that ended unfinished has tests of its own.
        foreach (var state in Enum.GetValues<VerbState>().Except([VerbState.EndedUnfinished]))
        {
            var held = new StageHold { Before = StageName.FirstFullSync, Since = DateTimeOffset.UtcNow, Until = DateTimeOffset.UtcNow };
            var view = await host.MigratingAsync(view => InState(view, state) with { Hold = held });
            foreach (var action in Enum.GetValues<OperatorAction>())
            {
                var answer = await host.PostAsync($"/api/migrations/{view.MigrationId}/{action.ToString().ToLowerInvariant()}", null);

                // A repair that is offered wants a body.
                (int, string?) offered = action == OperatorAction.Repair ? (400, "GWB1002") : (202, null);
                var expected = MigrationVerbs.Refusal(state, action) is null ? offered : (409, "GWB1208");
                Assert.True(expected == (answer.Status, answer.Code), $"{state}, {action}: {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task Release_WhereNothingIsHeld_Is409()
    {
        var view = await host.MigratingAsync();

        var answer = await host.PostAsync($"/api/migrations/{view.MigrationId}/release", null);

        Assert.Equal((409, "GWB1208"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Skip_WhereAttentionIsNeeded_Is409()
    {
        var view = await host.MigratingAsync(view => InState(view, VerbState.NeedsAttention));

        var answer = await host.PostAsync($"/api/migrations/{view.MigrationId}/skip", null);

        Assert.Equal((409, "GWB1208"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Task_IsShownAndCheckedWhileItIsOpen()
    {
        var list = await host.Store.SaveListAsync("assign", ["g1"], Token);
        var view = await host.MigratingAsync(view => view with
        {
            Tasks = [Samples.Task("open", TaskState.Open) with { Attachment = list }, Samples.Task("late", TaskState.Overdue), Samples.Task("done", TaskState.Done)],
        });
        var path = $"/api/migrations/{view.MigrationId}/tasks";

        Assert.Equal("Turn staging on", (await host.GetAsync($"{path}/open")).Json.GetProperty("title").GetString());
        Assert.Equal("g1", (await host.GetAsync($"{path}/open/attachment")).Json[0].GetString());
        Assert.Equal("GWB1210", (await host.GetAsync($"{path}/done/attachment")).Code);
        Assert.Equal((404, "GWB1206"), (await host.GetAsync($"{path}/other")) is var missing ? (missing.Status, missing.Code) : default);
        Assert.Equal(202, (await host.PostAsync($"{path}/open/check", null)).Status);
        Assert.Equal((409, "GWB1223"), (await host.PostAsync($"{path}/late/check", null)) is var late ? (late.Status, late.Code) : default);
        Assert.Equal((409, "GWB1207"), (await host.PostAsync($"{path}/done/check", null)) is var done ? (done.Status, done.Code) : default);
        await host.ShowAsync(view with { State = MigrationState.Ended });
        Assert.Equal((409, "GWB1208"), (await host.PostAsync($"{path}/open/check", null)) is var ended ? (ended.Status, ended.Code) : default);
    }

    [Fact]
    public async Task Report_AtAnyTime_IsServedEscaped()
    {
        var view = await host.MigratingAsync(view => view with
        {
            Notices = [new() { Code = "GWB2501", Message = "<script>alert(1)</script>" }], Outcome = MigrationOutcome.Completed,
        });
        var path = $"/api/migrations/{view.MigrationId}/report";
        var before = await host.GetAsync(path);
        Assert.Equal((200, view.MigrationId), (before.Status, before.Json.GetProperty("migration").GetProperty("migrationId").GetString()));
        var plan = await host.Store.SaveOneAsync("plan", await Samples.PlanAsync(host.Store), Token);

        await ActivatorUtilities.CreateInstance<ReportActivities>(host.Services).WriteAsync(new() { View = view, Plan = plan }, Token);

        var json = await host.GetAsync(path);
        var html = await host.GetAsync(path + "?format=html");
        Assert.Equal("completed", json.Json.GetProperty("migration").GetProperty("outcome").GetString());
        Assert.Equal(1, json.Json.GetProperty("groups").GetProperty("Migrates").GetInt32());
        Assert.Equal("text/html", html.ContentType);
        Assert.DoesNotContain("<script", html.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html.Text, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("text/csv", (await host.GetAsync(path + "?format=csv&table=groups")).ContentType);
        Assert.Equal((400, "table"), (await host.GetAsync(path + "?format=csv")) is var unnamed ? (unnamed.Status, unnamed.Field) : default);
        Assert.Equal("notReached", (await host.GetAsync(path + "/groups?outcome=notReached")).Json.GetProperty("items")[0].GetProperty("outcome").GetString());
        Assert.Equal(0, (await host.GetAsync(path + "/groups?outcome=verified")).Json.GetProperty("total").GetInt32());
        Assert.Equal((400, "format"), (await host.GetAsync(path + "?format=pdf")) is var bad ? (bad.Status, bad.Field) : default);
    }

    [Fact]
    public async Task Audit_IsServedWithItsVerdict()
    {
        var view = await host.MigratingAsync();
        await host.Services.GetRequiredService<AuditLog>().AppendAsync(
            new() { MigrationId = view.MigrationId, LineId = "1", At = DateTimeOffset.UnixEpoch, Who = "gwbcloud", What = "stage.started" }, Token);

        var answer = await host.GetAsync($"/api/migrations/{view.MigrationId}/audit");

        Assert.Equal("application/jsonl", answer.ContentType);
        Assert.Equal("intact", answer.Headers.GetValues("X-Audit-Chain").Single());
        Assert.True(AuditChain.Verify(Encoding.UTF8.GetBytes(answer.Text)).Intact);
        Assert.Equal(AuditChain.Verify(Encoding.UTF8.GetBytes(answer.Text)).Hash, answer.Headers.GetValues("X-Audit-Hash").Single());
        var lines = (await host.GetAsync($"/api/migrations/{view.MigrationId}/audit/lines?order=newest&size=1")).Json;
        Assert.Equal(lines.GetProperty("total").GetInt32(), Assert.Single(lines.GetProperty("items").EnumerateArray()).GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task View_OfAnActivityThatCameLate_DoesNotTurnTheClockBack()
    {
        var view = await host.MigratingAsync();
        var activities = ActivatorUtilities.CreateInstance<PublishActivities>(host.Services);

        await activities.PublishViewAsync(new() { View = view with { State = MigrationState.Running, UpdatedAt = view.UpdatedAt.AddSeconds(-1) } }, host.Client, Token);
        var late = await host.GetAsync($"/api/migrations/{view.MigrationId}");
        await activities.PublishViewAsync(new() { View = view with { State = MigrationState.Running, UpdatedAt = view.UpdatedAt.AddSeconds(1) } }, host.Client, Token);
        var fresh = await host.GetAsync($"/api/migrations/{view.MigrationId}");

        Assert.Equal("waiting", late.Json.GetProperty("state").GetString());
        Assert.Equal("running", fresh.Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Document_ThatIsDamaged_IsAProblemWithoutItsContent()
    {
        var outcome = await host.AssessedAsync(o => o with { Findings = o.Findings! with { Sha256 = Samples.Digest } });

        var answer = await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/findings");

        Assert.Equal((500, "GWB7601"), (answer.Status, answer.Code));
    }

    internal object StartBody(AssessmentOutcome outcome, string what = "")
    {
        var now = DateTimeOffset.UtcNow;
        var hash = what == "other hash" ? Samples.Digest : Samples.PlanHash;
        var (start, end) = what switch
        {
            "window ends before it starts" => (now.AddHours(2), now.AddHours(1)),
            "window is over" => (now.AddHours(-9), now.AddHours(-1)),
            "window began long ago" => (now.AddDays(-3), now.AddHours(8)),
            "window too far" => (now.AddDays(91), now.AddDays(92)),
            "window too long" => (now.AddHours(1), now.AddDays(6)),
            "window too short for the plan" => (now.AddHours(1), now.AddHours(2)),
            _ => (now.AddHours(1), now.AddHours(12)),
        };
        var record = new RequestRecord
        {
            Tenant = TestIssuer.Tenant, Subject = outcome.AssessmentId, PlanHash = what == "proof for another plan" ? Samples.Digest : hash, Salt = ApprovalNonce.NewSalt(),
        };
        var statement = new SignedRequest
        {
            Record = record,
            IdToken = host.Issuer.IdToken(
                what == "proof of another person" ? People.First : People.Requester, what == "proof for another record" ? "other" : record.Nonce(), null,
                what == "proof without the role" ? "Migration.Reader" : "Migration.Operator"),
        }.ToStatement();
        string[] steps = ["PrepareCloudSync", "StampAnchors", "RehearseOnStandby"];
        return new
        {
            AssessmentId = what switch { "no assessment" => null, "unknown assessment" => "a-20200101-000000-0000", _ => outcome.AssessmentId },
            PlanHash = what == "no hash" ? " " : hash,
            Confirm = what switch { "no confirmations" => null, "confirmation missing" => steps[..2], "too many confirmations" => [.. steps, "Everything"], _ => steps },
            Window = what switch
            {
                "no window" => null,
                "no window end" => (object)new { Start = start },
                "window is no time" => new { Start = "tomorrow", End = end },
                "window in a blackout" => new { Start = start, End = end, Blackouts = new[] { new { From = end.AddHours(-1), Until = end.AddHours(1) } } },
                "hold before no stage" => new { Start = start, End = end, HoldBefore = new[] { "Lunch" } },
                _ => new { Start = start, End = end },
            },
            Proof = what switch
            {
                "no proof" => null,
                "no proof record" => (object)new { statement.IdToken },
                "proof not canonical" => new { Record = statement.Record + " ", statement.IdToken },
                _ => new { statement.Record, statement.IdToken },
            },
        };
    }

    static MigrationView InState(MigrationView view, VerbState state) => state switch
    {
        VerbState.AfterSwitch => view with
        {
            Stages = [.. view.Stages.Select(stage => stage.Name == StageName.DisableGroupWritebackV2 ? stage with { State = StageState.Running } : stage)],
        },
        VerbState.RollingBack => view with { State = MigrationState.RollingBack },
        VerbState.NeedsAttention => view with { State = MigrationState.NeedsAttention },
        VerbState.Ended => view with { State = MigrationState.Ended },
        _ => view,
    };
}

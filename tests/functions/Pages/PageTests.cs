using System.Net;
using System.Text.RegularExpressions;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Pages;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Pages;

public sealed partial class PageTests(ApiHost host) : IClassFixture<ApiHost>
{
    static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onclick='alert(1)", "=HYPERLINK(\"x\")", "a\u202Egnp.exe", "\U0001F600\U0001F468\u200D\U0001F469", new string('W', 256),
        "</textarea></title>", "{{7*7}} ${7*7}",
    ];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_HasItsHeaders_AndNothingInline()
    {
        var answer = await host.GetAsync("/api/pages");

        Assert.Equal((200, "text/html"), (answer.Status, answer.ContentType));
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            Header(answer, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-store", Header(answer, "Cache-Control"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        AssertNothingInline(answer.Text);
    }

    [Fact]
    public async Task Page_NeedsFewRequests_AndItsFilesAreKeptForGood()
    {
        var page = await host.GetAsync("/api/pages");

        var files = Files().Matches(page.Text).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Equal(3, files.Count);
        foreach (var file in files)
        {
            // Without a sign-in: the page that offers one needs them too.
            var answer = await host.SendAsync(HttpMethod.Get, file, token: null, body: null);
            Assert.Equal(200, answer.Status);
            Assert.Contains("immutable", Header(answer, "Cache-Control"), StringComparison.Ordinal);
            Assert.True(answer.Text.Length < 100_000);
        }

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, "/api/pages/assets/site.0000000000000000.js", token: null, body: null)).Status);
    }

    [Fact]
    public async Task Page_WithAProblemInItsAddress_SaysOnlyWhatTheTableSays()
    {
        var start = $"/api/pages/assessments/{(await host.AssessedAsync()).AssessmentId}/start?problem=";
        var gate = $"/api/pages/migrations/{(await host.MigratingAsync()).MigrationId}/gates/plan?problem=";

        foreach (var path in new[] { start, gate })
        {
            var known = await host.GetAsync(path + "GWB5035");
            var invented = await host.GetAsync(path + "Call-0123-for-help");

            Assert.Equal((200, 200), (known.Status, invented.Status));
            Assert.Contains("<code>GWB5035</code>", known.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Call-0123", invented.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Page_AskedForWithItsTag_IsNotSentAgain()
    {
        var path = $"/api/pages/assessments/{(await host.AssessedAsync()).AssessmentId}/findings";
        var tag = Header(await host.GetAsync(path), "ETag");

        var same = await host.SendWithAsync(path, "If-None-Match", tag);
        var other = await host.SendWithAsync(path, "If-None-Match", "\"other\"");
        var somebodyElse = await host.SendAsync(HttpMethod.Get, path, host.Issuer.Access(People.First, "Migration.Reader"), null, "Bearer", ("If-None-Match", tag));

        Assert.Equal((304, 200, 200), (same.Status, other.Status, somebodyElse.Status));
        Assert.Empty(same.Text);
    }

    [Theory]
    [InlineData("/api/pages")]
    [InlineData("/api/pages/migrations/m-20260101-000000-0001")]
    [InlineData("/api/pages/nothing/here")]
    public async Task Page_WithoutSignIn_LeadsToIt_OrIsNothing(string path)
    {
        var answer = await host.SendAsync(HttpMethod.Get, path, token: null, body: null);

        Assert.Equal("text/html", answer.ContentType);
        if (answer.Status == 401)
        {
            Assert.Contains("href=\"/api/sign-in?returnTo=" + Uri.EscapeDataString(path), answer.Text, StringComparison.Ordinal);
        }

        Assert.True(answer.Status is 401 or 404);
        Assert.DoesNotContain("m-20260101", answer.Text.Replace(Uri.EscapeDataString(path), "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_ForSomebodyWithoutARole_Is403()
    {
        var answer = await host.GetAsync("/api/pages", host.Issuer.Access(People.Stranger, "Other.Role"));

        Assert.Equal((403, "text/html"), (answer.Status, answer.ContentType));
        Assert.Contains("GWB1009", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/pages/nothing", 404, "text/html", "GWB1221")]
    [InlineData("POST", "/api/pages", 405, "text/html", "GWB1222")]
    [InlineData("GET", "/api/nothing/at/all", 404, "application/problem+json", "GWB1221")]
    [InlineData("DELETE", "/api/migrations/m-20260101-000000-0001", 405, "application/problem+json", "GWB1222")]
    [InlineData("GET", "/api/migrations/m-20260101-000000-0001/cancel", 405, "application/problem+json", "GWB1222")]
    public async Task Unknown_IsAnsweredWithABody(string method, string path, int status, string type, string code)
    {
        var answer = await host.SendAsync(new HttpMethod(method), path, host.Issuer.Access(People.Reader, "Migration.Reader"), null);

        Assert.Equal((status, type), (answer.Status, answer.ContentType));
        Assert.Contains(code, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("groups?class=other", 400)]
    [InlineData("groups?clas=migrates", 400)]
    [InlineData("groups?page=0", 400)]
    [InlineData("groups?class=&readiness=&reason=&q=", 200)]
    [InlineData("groups?page=1000000", 200)]
    [InlineData("findings/GWB9999", 404)]
    [InlineData("tasks/none", 404)]
    public async Task Query_IsReadStrictly_AndWhatWasLeftAloneIsNoChoice(string below, int status)
    {
        var id = (await host.AssessedAsync()).AssessmentId;

        var answer = await host.GetAsync($"/api/pages/assessments/{id}/{below}");

        Assert.Equal((status, "text/html"), (answer.Status, answer.ContentType));
    }

    [Fact]
    public async Task HostileNames_AreTextOnEveryPage()
    {
        var groups = Hostile.Select((name, at) => new ClassifiedGroup
        {
            CloudId = Facts.Id(at), Name = name, Class = GroupClass.Migrates, Readiness = Readiness.Ready, Reasons = [], Members = 5,
        }).ToList();
        var concerned = await host.Store.SaveListAsync("concerned", Hostile.Select((name, at) => new Concern { Name = name, CloudId = Facts.Id(at), Detail = name }), Token);
        var finding = new Finding
        {
            Code = "GWB2402", Severity = FindingSeverity.NeedsAcceptance, Title = Hostile[0], Cause = Hostile[1], Remedy = Hostile[2], Groups = Hostile.Length, Examples = Hostile, Concerned = concerned,
        };
        var outcome = await host.AssessedAsync(outcome => outcome);
        outcome = outcome with
        {
            Findings = await host.Store.SaveListAsync("findings", [finding], Token),
            Classified = await host.Store.SaveListAsync("classified", groups, Token),
            Losses = await host.Store.SaveListAsync("losses", groups.Select(group => new GroupLoss { CloudId = group.CloudId!.Value, Members = [Facts.Id(1)] }), Token),
        };
        await host.Store.WriteOneAsync(StoreNames.AssessmentOutcome(outcome.AssessmentId), outcome, Token);
        var view = await host.MigratingAsync(view => view with
        {
            Tasks = [.. Hostile.Select((name, at) => Samples.Task($"task-{at}", TaskState.Open) with { Title = name, Why = name, Steps = [name], Reads = name, Server = name })],
            Notices = [.. Hostile.Select(name => new Notice { Code = "GWB2001", Message = name, Remedy = name })],
            Gate = Samples.Gate(GwbCloud.Functions.Approvals.GateName.Plan) with { Consequences = Hostile },
        });
        await host.Services.GetRequiredService<AuditLog>().AppendAsync(
            new() { MigrationId = view.MigrationId, LineId = "1", At = DateTimeOffset.UtcNow, Who = Hostile[0], What = Hostile[1], Detail = string.Concat(Hostile) }, Token);

        string[] paths =
        [
            $"assessments/{outcome.AssessmentId}", $"assessments/{outcome.AssessmentId}/groups", $"assessments/{outcome.AssessmentId}/findings", $"assessments/{outcome.AssessmentId}/findings/GWB2402",
            $"assessments/{outcome.AssessmentId}/losses", $"assessments/{outcome.AssessmentId}/groups?q={Uri.EscapeDataString("<script>")}", "", $"migrations/{view.MigrationId}",
            $"migrations/{view.MigrationId}/tasks", $"migrations/{view.MigrationId}/tasks/task-0", $"migrations/{view.MigrationId}/gates/plan", $"migrations/{view.MigrationId}/audit",
        ];
        foreach (var path in paths)
        {
            var page = await host.GetAsync($"/api/pages/{path}".TrimEnd('/'), host.Issuer.Access(People.First, "Migration.Operator", "Migration.Approver"));

            Assert.Equal((path, 200), (path, page.Status));
            AssertNothingInline(page.Text);
            Assert.DoesNotContain("<img", page.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain('\u202E', page.Text);
        }

        var list = (await host.GetAsync($"/api/pages/assessments/{outcome.AssessmentId}/groups")).Text;
        Assert.Contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>", list, StringComparison.Ordinal);
        Assert.Contains("a[U202E]gnp.exe", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ForAnotherStateThanTheOneSeen_IsRefused_AndNothingIsDone()
    {
        var view = await host.MigratingAsync();
        var page = await host.GetAsync($"/api/pages/migrations/{view.MigrationId}/actions/cancel", host.Issuer.Access(People.Requester, "Migration.Operator"));
        var stamp = WebUtility.HtmlDecode(Stamp().Match(page.Text).Groups[1].Value);
        await host.ShowAsync(view with { Gate = null });

        var stale = await host.SendWithAsync($"/api/migrations/{view.MigrationId}/cancel", "If-Match", stamp, HttpMethod.Post);

        Assert.Equal((412, "GWB1220"), (stale.Status, stale.Code));
        Assert.DoesNotContain(
            "operator.cancel", System.Text.Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(view.MigrationId, Token)), StringComparison.Ordinal);
        await host.ShowAsync(view);
        Assert.Equal(202, (await host.SendWithAsync($"/api/migrations/{view.MigrationId}/cancel", "If-Match", stamp, HttpMethod.Post)).Status);
    }

    [Theory]
    [InlineData(OperatorAction.Cancel, "Cancelled on request.", "Cancelled by")]
    [InlineData(OperatorAction.Stop, "Stopped on request.", "Stopped by")]
    public async Task Migration_ThatWasCancelled_SaysThatAndByWhom(OperatorAction action, string end, string by)
    {
        var view = await host.MigratingAsync();
        await host.EndMigrationAsync();
        await host.ShowAsync(view with
        {
            State = MigrationState.Ended, Outcome = MigrationOutcome.Denied, Gate = null, AskedEnd = new() { Action = action, By = People.Requester, At = DateTimeOffset.UtcNow },
        });

        var page = await host.GetAsync($"/api/pages/migrations/{view.MigrationId}");
        var answer = await host.GetAsync($"/api/migrations/{view.MigrationId}");

        Assert.Contains(end, page.Text, StringComparison.Ordinal);
        Assert.Matches($"{by} .*{People.Requester}", page.Text);
        Assert.DoesNotContain("Denied", page.Text, StringComparison.Ordinal);
        Assert.Equal(("denied", People.Requester), (answer.Json.GetProperty("outcome").GetString(), answer.Json.GetProperty("askedEnd").GetProperty("by").GetString()));
    }

    [Fact]
    public async Task Audit_IsToldInWords_WithThePeopleInIt()
    {
        var view = await host.MigratingAsync(view => view with { Tasks = [Samples.Task("task-7", TaskState.Open)] });
        await host.Services.GetRequiredService<GwbCloud.Functions.Identity.KnownPeople>().NoteAsync(new() { ObjectId = People.Second, Roles = [], Name = "Sven Second" }, Token);
        var log = host.Services.GetRequiredService<AuditLog>();
        (string Who, string What, string? Evidence, string Detail)[] lines =
        [
            (AuditLog.Product, "stage.started", null, "PrepareCloudSync"), (AuditLog.Product, "stage.blocked", "GWB2750", "ConfirmSwitch"), (AuditLog.Product, "task.opened", null, "task-7"),
            (AuditLog.Product, "undo.done", null, "UnstampAnchors"), (AuditLog.Product, "undo.started", null, "Cancelled"), (AuditLog.Product, "orphans.found", "GWB2844", "3"),
            (People.First, "decision.taken", Samples.Digest, "plan: Approve"), (People.First, "attempt.refused", null, $"SignInCallback: GWB5004, signed in as {People.Second}"),
            (AuditLog.Product, "guard.noticed", "GWB2805", "FirstFullSync: StagingLeft, Stop: AADC1 left staging mode."),
        ];
        foreach (var (at, line) in lines.Index())
        {
            await log.AppendAsync(
                new() { MigrationId = view.MigrationId, LineId = $"{at}", At = DateTimeOffset.UtcNow, Who = line.Who, What = line.What, Evidence = line.Evidence, Detail = line.Detail }, Token);
        }

        var page = await host.GetAsync($"/api/pages/migrations/{view.MigrationId}/audit");
        var found = await host.GetAsync($"/api/pages/migrations/{view.MigrationId}/audit?q=sven");

        string[] words =
        [
            "A stage began", "<bdi>Prepare Cloud Sync</bdi>", "<bdi>Gate 2: confirm the switch: The evidence does not hold (GWB2750)</bdi>", "<bdi>Turn staging on</bdi>",
            "<bdi>clear the stamps that are still ours</bdi>", "<bdi>cancelled or stopped: everything is undone</bdi>", "<bdi>3: Objects stay behind whose groups are gone in Entra (GWB2844)</bdi>",
            "<bdi>Gate 1: approve the plan: Approved</bdi>", "<bdi>First full synchronisation: AADC1 left staging mode.</bdi>",
            $"The sign-in belongs to another person than the caller (GWB5004), signed in as Sven Second ({People.Second})</bdi>",
        ];
        Assert.All(words, word => Assert.Contains(word, page.Text, StringComparison.Ordinal));
        Assert.Contains("GWB5004", found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("A stage began", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_NamesNoState_BecauseItIsNeverTooLateForIt()
    {
        var view = await host.MigratingAsync();

        var page = await host.GetAsync($"/api/pages/migrations/{view.MigrationId}/actions/stop", host.Issuer.Access(People.Requester, "Migration.Operator"));

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("data-match", page.Text, StringComparison.Ordinal);
        Assert.Contains($"data-api=\"/api/migrations/{view.MigrationId}/stop\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stamp_IsTheSame_WhileOnlyNumbersMove()
    {
        var view = await host.MigratingAsync(view => view with { Gate = null });
        var running = view with { Stages = [.. view.Stages.Select((stage, at) => at == 2 ? stage with { State = StageState.Running, Done = 5, Total = 10 } : stage)] };
        var further = running with { UpdatedAt = running.UpdatedAt.AddMinutes(1), Stages = [.. running.Stages.Select((stage, at) => at == 2 ? stage with { Done = 9, Detail = "d" } : stage)] };

        Assert.NotEqual(ViewStamp.Of(view), ViewStamp.Of(running));
        Assert.Equal(ViewStamp.Of(running), ViewStamp.Of(further));
    }

    [Theory]
    [InlineData("Migration.Reader", false)]
    [InlineData("Migration.Operator", true)]
    public async Task Actions_AreOfferedToOperatorsAlone(string role, bool offered)
    {
        var view = await host.MigratingAsync();

        var page = await host.GetAsync($"/api/pages/migrations/{view.MigrationId}", host.Issuer.Access(People.Requester, role));

        Assert.Equal(offered, page.Text.Contains("/actions/stop", StringComparison.Ordinal));
    }

    [Fact]
    public void Pace_TellsRateAndRest_OnceThereIsSomethingToGoBy()
    {
        var start = Facts.Now;
        var stage = new StageView { Name = StageName.StampAnchors, State = StageState.Running, Done = 300, Total = 900, StartedAt = start };

        var pace = Pace.Of(stage, start.AddMinutes(3))!;

        Assert.Equal((100.0, TimeSpan.FromMinutes(6)), (pace.PerMinute, pace.Left));
        Assert.Null(Pace.Of(stage, start.AddSeconds(1)));
        Assert.Null(Pace.Of(stage with { Done = 0 }, start.AddMinutes(3)));
        Assert.Null(Pace.Of(stage with { Total = 0 }, start.AddMinutes(3)));
        Assert.Null(Pace.Of(stage with { Name = StageName.StartCloudSync }, start.AddMinutes(3)));
    }

    [Theory]
    [InlineData(5, "5 s")]
    [InlineData(65, "1 min 5 s")]
    [InlineData(1_260, "21 min")]
    [InlineData(7_500, "2 h 5 min")]
    [InlineData(180_000, "2 d 2 h")]
    [InlineData(-1, "over")]
    public void Spans_AreToldInTheirLargestUnits(int seconds, string expected) => Assert.Equal(expected, PageParts.Span(TimeSpan.FromSeconds(seconds)));

    static string Header(Answer answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    /// <summary>No script or style but the files, and no attribute that is code: the policy would refuse it, and a value would have got out of its quotes.</summary>
    static void AssertNothingInline(string page)
    {
        Assert.Single(Scripts().Matches(page));
        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(CodeInTags(), page);
    }

    [GeneratedRegex("<script", RegexOptions.IgnoreCase)]
    private static partial Regex Scripts();

    [GeneratedRegex("""<[a-z][^>]*\s(on[a-z]+|style|srcdoc)\s*=""", RegexOptions.IgnoreCase)]
    private static partial Regex CodeInTags();

    [GeneratedRegex("""(?:href|src)="(/api/pages/assets/[^"]+)""")]
    private static partial Regex Files();

    [GeneratedRegex("""data-match="([^"]+)""")]
    private static partial Regex Stamp();
}

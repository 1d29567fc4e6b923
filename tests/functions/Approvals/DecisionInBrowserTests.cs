using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Approvals;

/// <summary>The way of a decision through a browser, and what goes wrong on it for whoever tries it otherwise.</summary>
public sealed class DecisionInBrowserTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    const string Approver = "Migration.Approver";
    const string Page = "/api/pages/migration?id=m";

    readonly Browser _browser = new(host.Address);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Approval_ThroughTheBrowser_CountsAtTheGate()
    {
        var view = await SignedInAsync(People.First);

        var begun = await BeginAsync(view, new { decision = "approve", comment = "read", domain = Samples.Domain });
        var back = await ReturnAsync(begun, People.First);
        var shown = await _browser.GetAsync($"{GateOf(view)}/sign-ins/{IdOf(begun)}");
        var taken = await DecideAsync(view, begun);

        Assert.Equal(201, begun.Status);
        Assert.Contains("&prompt=login&max_age=0", begun.Json.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.Equal($"{Page}&signIn={IdOf(begun)}", back.Location);
        Assert.Equal(("ready", "approve", "read"), (Text(shown, "state"), Text(shown, "decision"), Text(shown, "comment")));
        Assert.Equal(Samples.Digest, Text(shown, "evidenceDigest"));
        Assert.Equal((202, "approve"), (taken.Status, Text(taken, "decision")));
        Assert.Equal(1, (await TallyAsync(view)).Approvals);
    }

    [Fact]
    public async Task Gate_AsTheCallerSeesIt_TellsWhatHeMayDo()
    {
        var view = await SignedInAsync(People.First);
        var before = (await _browser.GetAsync(GateOf(view))).Json.GetProperty("you");

        await ApproveAsync(view, People.First);
        var after = (await _browser.GetAsync(GateOf(view))).Json;

        Assert.True(before.GetProperty("mayDecide").GetBoolean());
        Assert.False(after.GetProperty("you").GetProperty("mayDecide").GetBoolean());
        Assert.Equal("GWB5006", after.GetProperty("you").GetProperty("refusal").GetProperty("code").GetString());
        Assert.True(after.GetProperty("you").GetProperty("decided").GetProperty("mayWithdraw").GetBoolean());
        Assert.Equal(People.First, Assert.Single(after.GetProperty("decisions").EnumerateArray()).GetProperty("person").GetString());
    }

    [Fact]
    public async Task Approval_ClickedTwice_IsToldWhatWasDecided()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);
        await DecideAsync(view, begun);

        var second = await DecideAsync(view, begun);

        Assert.Equal((409, "GWB5006"), (second.Status, second.Code));
        Assert.Contains("approve, 20", Text(second, "detail"), StringComparison.Ordinal);
        Assert.Equal(1, (await TallyAsync(view)).Approvals);
        await AuditedAsync(view, "DecideBySignIn: GWB5006");
    }

    [Fact]
    public async Task Approval_ClickedTwiceAtOnce_CountsOnce()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);

        var answers = await Task.WhenAll(DecideAsync(view, begun), DecideAsync(view, begun));

        Assert.All(answers, answer => Assert.True(answer.Status == 202 || answer.Code == "GWB5006"));
        Assert.Equal(1, (await TallyAsync(view)).Approvals);
    }

    [Theory]
    [InlineData("requester", 403, "GWB7403")]
    [InlineData("other evidence", 409, "GWB7402")]
    [InlineData("deny without comment", 400, "GWB5008")]
    [InlineData("approve without domain", 400, "GWB5009")]
    [InlineData("deny and leave at the switch", 409, "GWB7409")]
    [InlineData("gate closed", 409, "GWB5001")]
    [InlineData("page elsewhere", 400, "GWB1006")]
    [InlineData("without the role", 403, "GWB1009")]
    public async Task SignIn_ForWhatCanNotCount_IsRefusedAtItsBeginning(string what, int status, string code)
    {
        var view = await SignedInAsync(what == "requester" ? People.Requester : People.First, what == "without the role" ? "Migration.Operator" : Approver, view => what switch
        {
            "gate closed" => view with { Gate = null },
            "deny and leave at the switch" => view with { Gate = Samples.Gate(GateName.Switch) },
            _ => view,
        });

        var answer = await _browser.PostAsync(
            $"/api/migrations/{view.MigrationId}/gates/{(what == "deny and leave at the switch" ? "switch" : "plan")}/sign-ins",
            new
            {
                decision = what switch { "deny without comment" => "deny", "deny and leave at the switch" => "denyAndLeave", _ => "approve" },
                comment = what == "deny and leave at the switch" ? "no" : null,
                domain = what == "approve without domain" ? null : Samples.Domain,
                evidenceDigest = what == "other evidence" ? Samples.PlanHash : Samples.Digest,
                returnTo = what == "page elsewhere" ? "//evil.example" : Page,
            });

        Assert.Equal((status, code), (answer.Status, answer.Code));
        await AuditedAsync(view, $"BeginDecision: {code}");
    }

    [Fact]
    public async Task Token_OfAnotherPerson_DecidesNothing()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });

        var back = await ReturnAsync(begun, People.Second);
        var decided = await DecideAsync(view, begun);

        Assert.EndsWith("&problem=GWB5004", back.Location, StringComparison.Ordinal);
        Assert.Equal((403, "GWB5004"), (decided.Status, decided.Code));
        await AuditedAsync(view, $"SignInCallback: GWB5004, signed in as {People.Second}");
        Assert.DoesNotContain(People.Second, back.Location + decided.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("role", "GWB7317")]
    [InlineData("sign-in of this morning", "GWB7318")]
    [InlineData("nonce", "GWB7316")]
    public async Task Token_ThatIsNotForThisDecision_DecidesNothing(string what, string code)
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });

        var back = await ReturnAsync(begun, People.First, claims =>
        {
            switch (what)
            {
                case "role": claims["roles"] = new JsonArray(); break;
                case "nonce": claims["nonce"] = "another"; break;
                default: claims["auth_time"] = claims["iat"]!.GetValue<long>() - 3_600; break;
            }
        });

        Assert.EndsWith($"&problem={code}", back.Location, StringComparison.Ordinal);
        Assert.Equal(code, (await DecideAsync(view, begun)).Code);
        Assert.Equal(0, (await TallyAsync(view)).Approvals);
        await AuditedAsync(view, $"SignInCallback: {code}");
    }

    [Fact]
    public async Task State_SentTwice_IsRefusedAndTheFirstTokenStands()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);

        var (state, nonce) = Browser.StateOf(Text(begun, "address"));
        var second = await _browser.PostFormFromElsewhereAsync(
            "/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(People.First, nonce, null, Approver)));

        Assert.Equal((409, "GWB5033"), (second.Status, second.Code));
        await AuditedAsync(view, "SignInCallback: GWB5033");
        Assert.Equal(202, (await DecideAsync(view, begun)).Status);
    }

    [Fact]
    public async Task SignIn_InTheHandsOfAnotherBrowser_DecidesNothing()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);
        using var thief = new Browser(host.Address);
        await thief.SignInAsync(host.Issuer, People.Second, Approver);

        var finished = await thief.GetAsync($"/api/sign-in/finish?id={IdOf(begun)}");
        var decided = await thief.PostAsync($"{GateOf(view)}/sign-ins/{IdOf(begun)}/decision");

        Assert.Equal((403, "GWB5034"), (finished.Status, finished.Code));
        Assert.Equal((403, "GWB5034"), (decided.Status, decided.Code));
        await AuditedAsync(view, "FinishSignIn: GWB5034");
        await AuditedAsync(view, "DecideBySignIn: GWB5034");
    }

    [Fact]
    public async Task SignIn_OfSomebodyElseInTheSameBrowser_DecidesNothing()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);
        await _browser.SignInAsync(host.Issuer, People.Second, Approver);

        var decided = await DecideAsync(view, begun);

        Assert.Equal((403, "GWB5034"), (decided.Status, decided.Code));
        Assert.Equal(0, (await TallyAsync(view)).Approvals);
    }

    [Fact]
    public async Task Decision_PostedByAnotherSite_DecidesNothing()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);

        var withoutCookies = await _browser.PostFormFromElsewhereAsync($"{GateOf(view)}/sign-ins/{IdOf(begun)}/decision");
        (_browser.Origin, _browser.FetchSite, _browser.SendsAntiForgery) = ("https://evil.example", "cross-site", false);
        var withCookies = await DecideAsync(view, begun);

        Assert.Equal((401, "GWB1007"), (withoutCookies.Status, withoutCookies.Code));
        Assert.Equal((403, "GWB5021"), (withCookies.Status, withCookies.Code));
        Assert.Equal(0, (await TallyAsync(view)).Approvals);
        await AuditedAsync(view, "DecideBySignIn: GWB1007");
        await AuditedAsync(view, "DecideBySignIn: GWB5021");
    }

    [Fact]
    public async Task Evidence_ThatChangedSinceTheSignIn_IsNotApproved()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);
        await host.ShowAsync(view with { Gate = view.Gate! with { EvidenceDigest = Samples.PlanHash } });

        var decided = await DecideAsync(view, begun);

        Assert.Equal((409, "GWB7402"), (decided.Status, decided.Code));
        await AuditedAsync(view, "GWB7402");
    }

    [Fact]
    public async Task Decision_BeforeTheProviderAnswered_IsTooEarly()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });

        var decided = await DecideAsync(view, begun);
        var unknown = await _browser.PostAsync($"{GateOf(view)}/sign-ins/{Samples.Digest}/decision");

        Assert.Equal((409, "GWB5037"), (decided.Status, decided.Code));
        Assert.Equal((404, "GWB5036"), (unknown.Status, unknown.Code));
    }

    [Fact]
    public async Task Request_ThroughTheBrowser_StartsAMigration()
    {
        await host.EndMigrationAsync();
        var outcome = await host.AssessedAsync();
        await _browser.SignInAsync(host.Issuer, People.Requester, "Migration.Operator");
        var begun = await _browser.PostAsync($"/api/assessments/{outcome.AssessmentId}/sign-ins", new { planHash = outcome.PlanHash, returnTo = Page });
        await ReturnAsync(begun, People.Requester, role: "Migration.Operator");

        var body = new
        {
            outcome.AssessmentId,
            outcome.PlanHash,
            confirm = Preparation.Steps,
            window = new { start = DateTimeOffset.UtcNow.AddHours(1), end = DateTimeOffset.UtcNow.AddHours(12) },
            proof = new { signIn = IdOf(begun) },
        };

        var started = await _browser.PostAsync("/api/migrations", body);
        await host.EndMigrationAsync();
        var again = await _browser.PostAsync("/api/migrations", body);

        Assert.Equal(202, started.Status);
        Assert.Equal((409, "GWB5033"), (again.Status, again.Code));
    }

    [Fact]
    public async Task SignIn_ForAnotherMatter_IsUnknownThere()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);
        var other = await host.MigratingAsync();

        var elsewhere = await DecideAsync(other, begun);
        var gate = await _browser.PostAsync($"/api/migrations/{view.MigrationId}/gates/switch/sign-ins/{IdOf(begun)}/decision");

        Assert.Equal((404, "GWB5036"), (elsewhere.Status, elsewhere.Code));
        Assert.Equal((404, "GWB5036"), (gate.Status, gate.Code));
        await AuditedAsync(other, "DecideBySignIn: GWB5036");
    }

    [Fact]
    public async Task Decision_TooLongAfterTheSignInBegan_IsRefusedAndAudited()
    {
        var view = await SignedInAsync(People.First);
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, People.First);

        using var later = host.Clock.Later(TimeSpan.FromMinutes(11));
        var decided = await DecideAsync(view, begun);

        Assert.Equal((400, "GWB5032"), (decided.Status, decided.Code));
        Assert.Equal(0, (await TallyAsync(view)).Approvals);
        await AuditedAsync(view, "DecideBySignIn: GWB5032");
    }

    async Task<MigrationView> SignedInAsync(string person, string role = Approver, Func<MigrationView, MigrationView>? change = null)
    {
        var view = await host.MigratingAsync(change);
        await _browser.SignInAsync(host.Issuer, person, role);
        return view;
    }

    Task<BrowserAnswer> BeginAsync(MigrationView view, object body)
    {
        var sent = JsonSerializer.SerializeToNode(body)!.AsObject();
        sent["evidenceDigest"] = Samples.Digest;
        sent["returnTo"] = Page;
        return _browser.PostAsync($"{GateOf(view)}/sign-ins", sent);
    }

    /// <summary>The identity provider's post, and what the browser does after it.</summary>
    async Task<BrowserAnswer> ReturnAsync(BrowserAnswer begun, string person, Action<JsonObject>? change = null, string role = Approver)
    {
        var (state, nonce) = Browser.StateOf(Text(begun, "address"));
        var stored = await _browser.PostFormFromElsewhereAsync(
            "/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(person, nonce, change, role)));
        Assert.Equal(303, stored.Status);
        return await _browser.GetAsync(stored.Location!);
    }

    async Task ApproveAsync(MigrationView view, string person)
    {
        var begun = await BeginAsync(view, new { decision = "approve", domain = Samples.Domain });
        await ReturnAsync(begun, person);
        await DecideAsync(view, begun);
    }

    Task<BrowserAnswer> DecideAsync(MigrationView view, BrowserAnswer begun) => _browser.PostAsync($"{GateOf(view)}/sign-ins/{IdOf(begun)}/decision");

    async Task AuditedAsync(MigrationView view, string detail)
    {
        var log = Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(view.MigrationId, Token)).Split('\n');
        Assert.Contains(log, line => line.Contains("refused", StringComparison.Ordinal) && line.Contains(detail, StringComparison.Ordinal));
    }

    Task<GateTally> TallyAsync(MigrationView view) =>
        host.Services.GetRequiredService<GateDecisions>().TallyAsync(new() { MigrationId = view.MigrationId, Gate = view.Gate! }, Token);

    static string GateOf(MigrationView view) => $"/api/migrations/{view.MigrationId}/gates/plan";

    static string IdOf(BrowserAnswer begun) => Text(begun, "id");

    static string Text(BrowserAnswer answer, string name) => answer.Json.GetProperty(name).GetString()!;
}

using System.Text.Json.Nodes;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Api;

public sealed class AcceptanceTests(ApiHost host) : IClassFixture<ApiHost>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acceptance_OfEveryConsequence_YieldsAPlanThatIsReady()
    {
        var before = await AssessedAsync();

        var answer = await AcceptAsync(before, People.Requester, ("GWB2402", "known"), ("GWB2407", "known too"));

        Assert.Equal((200, "ready", 0), (answer.Status, answer.Json.GetProperty("state").GetString(), answer.Json.GetProperty("toAccept").GetInt32()));
        Assert.NotEqual(before.PlanHash, answer.Json.GetProperty("planHash").GetString());
        var plan = (await host.GetAsync($"/api/assessments/{before.AssessmentId}/plan")).Json;
        Assert.Equal(
            [("GWB2402", People.Requester, "known"), ("GWB2407", People.Requester, "known too")],
            plan.GetProperty("acceptances").EnumerateArray().Select(a => (a.GetProperty("code").GetString()!, a.GetProperty("by").GetString()!, a.GetProperty("comment").GetString()!)));
        Assert.Contains("known too", (await host.GetAsync($"/api/assessments/{before.AssessmentId}/report?format=html")).Text, StringComparison.Ordinal);
        Assert.Contains(
            "assessment.accepted", System.Text.Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(before.AssessmentId, Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acceptance_ByTwoPeopleAtOnce_CountsBoth()
    {
        var before = await AssessedAsync();

        await Task.WhenAll(AcceptAsync(before, People.Requester, ("GWB2402", "one")), AcceptAsync(before, People.First, ("GWB2407", "two")));

        var after = await OutcomeAsync(before);
        var plan = await host.Store.LoadOneAsync<MigrationPlan>(after.Plan!, Token);
        Assert.Equal((AssessmentState.Ready, 0), (after.State, after.ToAccept));
        Assert.Equal([("GWB2402", People.Requester), ("GWB2407", People.First)], plan.Acceptances.Select(a => (a.Code, a.By)));
    }

    [Fact]
    public async Task Acceptance_ThroughTwoAppsAtOnce_CountsBoth()
    {
        for (var round = 0; round < 5; round++)
        {
            var before = await AssessedAsync();
            using var first = ActivatorUtilities.CreateInstance<AcceptanceDesk>(host.Services);
            using var second = ActivatorUtilities.CreateInstance<AcceptanceDesk>(host.Services);

            await Task.WhenAll(
                first.AcceptAsync(before.AssessmentId, [new() { Code = "GWB2402", By = People.Requester, Comment = "one" }], host.Client, Token),
                second.AcceptAsync(before.AssessmentId, [new() { Code = "GWB2407", By = People.First, Comment = "two" }], host.Client, Token));

            Assert.Equal((AssessmentState.Ready, 0), ((await OutcomeAsync(before)).State, (await OutcomeAsync(before)).ToAccept));
        }
    }

    [Fact]
    public async Task Acceptance_TheSameAgain_ChangesNothing()
    {
        var before = await AssessedAsync();

        var first = await AcceptAsync(before, People.Requester, ("GWB2402", "known"));
        var again = await AcceptAsync(before, People.Requester, ("GWB2402", "known"));
        var reworded = await AcceptAsync(before, People.Requester, ("GWB2402", "otherwise"));

        Assert.Equal((200, first.Text), (again.Status, again.Text));
        Assert.Equal((409, "GWB1105"), (reworded.Status, reworded.Code));
    }

    [Theory]
    [InlineData("GWB2107", 400, "GWB1006")]
    [InlineData("GWB2504", 400, "GWB1006")]
    [InlineData("GWB2401", 400, "GWB1006")]
    [InlineData("GWB2403", 409, "GWB1104")]
    [InlineData("GWB9999", 400, "GWB1006")]
    public async Task Acceptance_OfWhatNeedsNone_IsRefusedAndNotKept(string code, int status, string error)
    {
        var before = await AssessedAsync();

        var answer = await AcceptAsync(before, People.Requester, ("GWB2402", "known"), (code, "c"));

        Assert.Equal((status, error), (answer.Status, answer.Code));
        Assert.Empty(await host.Store.NamesAsync(StoreNames.Acceptances(before.AssessmentId), Token));
        Assert.Equal(before, await OutcomeAsync(before));
    }

    [Theory]
    [InlineData("{}", "GWB1004", "acceptances")]
    [InlineData("""{"acceptances":[]}""", "GWB1004", "acceptances")]
    [InlineData("""{"acceptances":[{"code":"GWB2402"}]}""", "GWB1004", "acceptances[0].comment")]
    [InlineData("""{"acceptances":[{"code":"../x","comment":"c"}]}""", "GWB1006", "acceptances[0].code")]
    public async Task Acceptance_WithABadBody_Is400WithTheField(string body, string code, string field)
    {
        var before = await AssessedAsync();

        var answer = await host.PostAsync($"/api/assessments/{before.AssessmentId}/acceptances", body);

        Assert.Equal((400, code, field), (answer.Status, answer.Code, answer.Field));
    }

    [Theory]
    [InlineData(null, 1, 200)]
    [InlineData("Group 00000001", null, 409)]
    [InlineData("OLDSYNC01", null, 409)]
    public async Task Acceptance_ThatCouldNeverCount_IsRefusedAndNotKept(string? subject, int? atMost, int status)
    {
        var before = await AssessedAsync();

        var answer = await AcceptAsync(before, new Acceptance { Code = "GWB2402", Subject = subject, AtMost = atMost, By = "", Comment = "c" });

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? 1 : 0, (await host.Store.NamesAsync(StoreNames.Acceptances(before.AssessmentId), Token)).Count);
    }

    [Fact]
    public async Task Acceptance_ForFewerThanThereAre_IsRefused()
    {
        var before = await AssessedAsync(facts => facts.Change(Facts.Id(2), group => group with { Unwritable = [Facts.Id(78)] }));

        var fewer = await AcceptAsync(before, new Acceptance { Code = "GWB2402", AtMost = 1, By = "", Comment = "c" });
        var enough = await AcceptAsync(before, new Acceptance { Code = "GWB2402", AtMost = 2, By = "", Comment = "c" });

        Assert.Equal((409, "GWB1104"), (fewer.Status, fewer.Code));
        Assert.Equal((200, 1), (enough.Status, enough.Json.GetProperty("toAccept").GetInt32()));
    }

    [Fact]
    public async Task Acceptance_OfWhatFreezes_TakesEachGroupOrTheSetThatWasRead()
    {
        var before = await AssessedAsync(WithTwoThatFreeze, left: 3);
        var frozen = (await host.GetAsync($"/api/assessments/{before.AssessmentId}/findings")).Json.GetProperty("items").EnumerateArray().Single(f => f.GetProperty("code").GetString() == "GWB2401");
        var set = frozen.GetProperty("set").GetString()!;
        Assert.Equal((true, 2), (frozen.GetProperty("byName").GetBoolean(), frozen.GetProperty("open").GetInt32()));

        var number = await AcceptAsync(before, new Acceptance { Code = "GWB2401", AtMost = 2, By = "", Comment = "c" });
        var otherSet = await AcceptAsync(before, new Acceptance { Code = "GWB2401", Set = new string('0', 64), By = "", Comment = "c" });
        var one = await AcceptAsync(before, new Acceptance { Code = "GWB2401", Subject = Facts.Id(3).ToString("D"), By = "", Comment = "c" });
        var all = await AcceptAsync(before, new Acceptance { Code = "GWB2401", Set = set, By = "", Comment = "c" });

        Assert.Equal((400, "GWB1006"), (number.Status, number.Code));
        Assert.Equal((409, "GWB1104"), (otherSet.Status, otherSet.Code));
        Assert.Equal((200, 3), (one.Status, one.Json.GetProperty("toAccept").GetInt32()));
        Assert.Equal((200, 2), (all.Status, all.Json.GetProperty("toAccept").GetInt32()));
        var plan = (await host.GetAsync($"/api/assessments/{before.AssessmentId}/plan")).Json.GetProperty("acceptances").EnumerateArray().ToList();
        Assert.Contains(plan, a => a.TryGetProperty("set", out var kept) && kept.GetString() == set);
        Assert.Contains(plan, a => a.TryGetProperty("subject", out var kept) && kept.GetString() == Facts.Id(3).ToString("D"));
    }

    static void WithTwoThatFreeze(Facts facts)
    {
        facts.Written(3, members: 50_001);
        facts.Written(4, members: 50_001);
    }

    [Fact]
    public async Task Acceptance_AfterOneOfTheRequestForFewer_Counts()
    {
        var before = await AssessedAsync(
            facts => facts.Change(Facts.Id(2), group => group with { Unwritable = [Facts.Id(78)] }),
            2,
            new Acceptance { Code = "GWB2402", AtMost = 1, By = People.Requester, Comment = "in advance" });

        var answer = await AcceptAsync(before, People.Requester, ("GWB2402", "both of them"));

        Assert.Equal((200, 1), (answer.Status, answer.Json.GetProperty("toAccept").GetInt32()));
    }

    [Fact]
    public async Task Acceptance_AfterASettingWasChanged_JudgesAsBefore()
    {
        var before = await AssessedAsync();
        var options = host.Services.GetRequiredService<IOptions<AssessmentOptions>>().Value;
        var (limit, tolerance, valid) = (options.GroupLimit, options.NewGroupTolerance, options.ValidDays);

        try
        {
            (options.GroupLimit, options.NewGroupTolerance, options.ValidDays) = (1, 999, 90);
            await AcceptAsync(before, People.Requester, ("GWB2402", "known"), ("GWB2407", "known too"));
        }
        finally
        {
            (options.GroupLimit, options.NewGroupTolerance, options.ValidDays) = (limit, tolerance, valid);
        }

        var after = await OutcomeAsync(before);
        Assert.Equal(AssessmentState.Ready, after.State);
        Assert.Equal((Facts.Now, Facts.Now.AddDays(valid)), (after.ReadAt, after.ValidUntil));
        Assert.Equal(tolerance, (await host.Store.LoadOneAsync<MigrationPlan>(after.Plan!, Token)).NewGroupTolerance);
    }

    [Fact]
    public async Task Acceptance_ThatAServerIsGone_NamesItAndUnblocks()
    {
        var before = await AssessedAsync(facts => facts.Tenant = facts.Tenant with { ConnectServers = ["AADC1", "AADC2", "OLD1", "OLD2"] });
        Assert.Equal((AssessmentState.Blocked, 1), (before.State, before.Blocking));

        var one = await GoneAsync("OLD1");
        var both = await GoneAsync("OLD2");

        Assert.Equal((1, 0), (one.Json.GetProperty("blocking").GetInt32(), both.Json.GetProperty("blocking").GetInt32()));
        var plan = await host.Store.LoadOneAsync<MigrationPlan>((await OutcomeAsync(before)).Plan!, Token);
        Assert.Equal(["OLD1", "OLD2"], plan.Acceptances.Select(a => a.Subject));

        Assert.All(plan.Acceptances, acceptance => Assert.NotNull(acceptance.Proof));

        Task<Answer> GoneAsync(string server) => StateGoneAsync(before, server, Statement(before, server));
    }

    [Fact]
    public async Task Statement_ThatAServerIsGone_GoesThroughTheForms_FromTheNameToTheAcceptance()
    {
        const string Comment = "scrapped in May\n\"<b>last year</b>\"\u200B";
        var before = await AssessedAsync(facts => facts.Tenant = facts.Tenant with { ConnectServers = ["AADC1", "AADC2", "OLD1", "OLD2"] });
        var path = $"/api/pages/assessments/{before.AssessmentId}/findings/GWB2112";
        using var browser = new Browser(host.Address);
        await browser.SignInAsync(host.Issuer, People.Requester, "Migration.Operator");

        var asked = await browser.GetAsync(path);
        var begun = await browser.PostAsync($"/api/assessments/{before.AssessmentId}/sign-ins", new { code = "GWB2112", name = "OLD1", comment = Comment, returnTo = path });
        var (state, nonce) = Browser.StateOf(begun.Json.GetProperty("address").GetString()!);
        var posted = await browser.PostFormFromElsewhereAsync(
            "/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(People.Requester, nonce, null, "Migration.Operator")));
        var confirm = await browser.GetAsync((await browser.GetAsync(posted.Location!)).Location!);
        var stated = await browser.PostAsync(
            $"/api/assessments/{before.AssessmentId}/acceptances",
            new { acceptances = new[] { new { code = "GWB2112", proof = new { signIn = begun.Json.GetProperty("id").GetString() } } } });
        var after = await browser.GetAsync(path);

        Assert.Contains("<option>OLD1</option><option>OLD2</option>", asked.Text, StringComparison.Ordinal);
        Assert.Contains("State that OLD1 is gone for good?", confirm.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;last year&lt;/b&gt;", confirm.Text, StringComparison.Ordinal);
        Assert.Equal(200, stated.Status);
        var accepted = await host.Store.ReadOneAsync<Acceptance>(Assert.Single(await host.Store.NamesAsync(StoreNames.Acceptances(before.AssessmentId), Token)), Token);
        Assert.Equal(("OLD1", Comment), (accepted!.Subject, accepted.Comment));
        Assert.Contains("<option>OLD2</option>", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<option>OLD1</option>", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_OnItsPage_IsOfferedToOperatorsOnly()
    {
        var before = await AssessedAsync(facts => facts.Tenant = facts.Tenant with { ConnectServers = ["AADC1", "AADC2", "OLD1"] });
        using var browser = new Browser(host.Address);
        await browser.SignInAsync(host.Issuer, People.Reader, "Migration.Reader");

        var page = await browser.GetAsync($"/api/pages/assessments/{before.AssessmentId}/findings/GWB2112");

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("sign-ins", page.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, int, string> UnprovedStatements => new()
    {
        { "none", 400, "GWB1004" },
        { "otherServer", 400, "GWB5007" },
        { "otherAssessment", 400, "GWB5007" },
        { "otherFinding", 400, "GWB5007" },
        { "otherTenant", 400, "GWB5007" },
        { "otherComment", 400, "GWB5003" },
        { "notCanonical", 400, "GWB5002" },
        { "otherPerson", 403, "GWB5004" },
        { "otherNonce", 403, "GWB7316" },
    };

    [Theory]
    [MemberData(nameof(UnprovedStatements))]
    public async Task Statement_ThatIsNotProvedByASignInForIt_IsRefusedAndNotKept(string how, int status, string code)
    {
        var before = await AssessedAsync(facts => facts.Tenant = facts.Tenant with { ConnectServers = ["AADC1", "AADC2", "OLD1"] });
        var record = Statement(before, "OLD1");
        var signed = how == "otherNonce" ? record with { Salt = ApprovalNonce.NewSalt() } : null;
        record = how switch
        {
            "otherServer" => record with { Name = "OLD2" },
            "otherAssessment" => record with { Subject = "a-20260101-000000-0000" },
            "otherFinding" => record with { Code = "GWB2402" },
            "otherTenant" => record with { Tenant = Guid.Empty.ToString() },
            "otherComment" => record with { CommentHash = ApprovalRecord.HashComment("lent out") },
            _ => record,
        };

        var answer = how == "none"
            ? await StateGoneAsync(before, "OLD1", null)
            : await StateGoneAsync(before, "OLD1", record, signed, how == "otherPerson" ? People.First : People.Requester, how == "notCanonical" ? " " : "");

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Empty(await host.Store.NamesAsync(StoreNames.Acceptances(before.AssessmentId), Token));
    }

    [Fact]
    public async Task Statement_ProvedInTheBrowser_IsTakenOnce()
    {
        var before = await AssessedAsync(facts => facts.Tenant = facts.Tenant with { ConnectServers = ["AADC1", "AADC2", "OLD1"] });
        using var browser = new Browser(host.Address);
        await browser.SignInAsync(host.Issuer, People.Requester, "Migration.Operator");
        var begun = await browser.PostAsync(
            $"/api/assessments/{before.AssessmentId}/sign-ins",
            new { code = FindingCatalogue.ServerWithoutListener, name = "OLD1", comment = "scrapped", returnTo = "/api/pages" });
        var (state, nonce) = Browser.StateOf(begun.Json.GetProperty("address").GetString()!);
        await browser.PostFormFromElsewhereAsync(
            "/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(People.Requester, nonce, null, "Migration.Operator")));
        var body = new
        {
            acceptances = new[]
            {
                new { code = FindingCatalogue.ServerWithoutListener, subject = "OLD1", comment = "scrapped", proof = new { signIn = begun.Json.GetProperty("id").GetString() } },
            },
        };

        var taken = await browser.PostAsync($"/api/assessments/{before.AssessmentId}/acceptances", body);
        var again = await browser.PostAsync($"/api/assessments/{before.AssessmentId}/acceptances", body);

        Assert.Equal(200, taken.Status);
        Assert.Equal((409, "GWB5033"), (again.Status, again.Code));
    }

    [Fact]
    public async Task Statement_WhoseSignInProvedSomethingElse_IsRefusedAndNotKept()
    {
        var before = await AssessedAsync(facts => facts.Tenant = facts.Tenant with { ConnectServers = ["AADC1", "AADC2", "OLD1", "OLD2"] });
        var (first, second) = (Statement(before, "OLD1"), Statement(before, "OLD2"));

        var one = await SendAsync(first, "OLD1");
        var again = await SendAsync(first, "OLD1");
        var other = await SendAsync(second, "OLD2");

        Assert.Equal((200, one.Text), (again.Status, again.Text));
        Assert.Equal((409, "GWB5015"), (other.Status, other.Code));
        Assert.Single(await host.Store.NamesAsync(StoreNames.Acceptances(before.AssessmentId), Token));
        Assert.Contains(
            "AcceptConsequences: GWB5015",
            System.Text.Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(RefusedAttempts.Log, Token)), StringComparison.Ordinal);

        Task<Answer> SendAsync(StatementRecord record, string server) => StateGoneAsync(before, server, record, change: claims => claims["jti"] = "one sign-in of all");
    }

    [Fact]
    public async Task Statement_BeforeAnythingWasRead_IsRefused()
    {
        var answer = await host.PostAsync(
            "/api/assessments",
            new { Acceptances = new[] { new { Code = FindingCatalogue.ServerWithoutListener, Subject = "OLD1", Comment = "scrapped" } } },
            host.Issuer.Access(People.Requester, "Migration.Operator"));

        Assert.Equal((400, "GWB1006"), (answer.Status, answer.Code));
    }

    static StatementRecord Statement(AssessmentOutcome assessment, string server) => new()
    {
        Tenant = TestIssuer.Tenant,
        Subject = assessment.AssessmentId,
        Code = FindingCatalogue.ServerWithoutListener,
        Name = server,
        CommentHash = ApprovalRecord.HashComment("scrapped"),
        Salt = ApprovalNonce.NewSalt(),
    };

    Task<Answer> StateGoneAsync(
        AssessmentOutcome assessment, string server, StatementRecord? record, StatementRecord? signed = null, string person = People.Requester, string spoiled = "",
        Action<JsonObject>? change = null) => host.PostAsync(
        $"/api/assessments/{assessment.AssessmentId}/acceptances",
        new
        {
            Acceptances = new[]
            {
                new
                {
                    Code = FindingCatalogue.ServerWithoutListener,
                    Subject = server,
                    Comment = "scrapped",
                    Proof = record is null ? null : new SignedStatement
                    {
                        Record = CanonicalJson.SerializeToText(record) + spoiled,
                        IdToken = host.Issuer.IdToken(person, (signed ?? record).Nonce(), change, "Migration.Operator"),
                    },
                },
            },
        },
        host.Issuer.Access(People.Requester, "Migration.Operator"));

    [Fact]
    public async Task Outcome_PublishedASecondTime_DoesNotUndoWhatWasAccepted()
    {
        var before = await AssessedAsync();
        await AcceptAsync(before, People.Requester, ("GWB2402", "known"));
        var accepted = await OutcomeAsync(before);

        await ActivatorUtilities.CreateInstance<PublishActivities>(host.Services).PublishAssessmentAsync(before, Token);

        Assert.Equal(accepted, await OutcomeAsync(before));
    }

    Task<Answer> AcceptAsync(AssessmentOutcome assessment, Acceptance acceptance) => host.PostAsync(
        $"/api/assessments/{assessment.AssessmentId}/acceptances",
        new { Acceptances = new[] { new { acceptance.Code, acceptance.Subject, acceptance.AtMost, acceptance.Set, acceptance.Comment } } },
        host.Issuer.Access(People.Requester, "Migration.Operator"));

    Task<Answer> AcceptAsync(AssessmentOutcome assessment, string person, params (string Code, string Comment)[] acceptances) => host.PostAsync(
        $"/api/assessments/{assessment.AssessmentId}/acceptances",
        new { Acceptances = acceptances.Select(a => new { a.Code, a.Comment }) },
        host.Issuer.Access(person, "Migration.Operator"));

    async Task<AssessmentOutcome> OutcomeAsync(AssessmentOutcome assessment) =>
        (await host.Store.ReadOneAsync<AssessmentOutcome>(StoreNames.AssessmentOutcome(assessment.AssessmentId), Token))!;

    /// <summary>A tenant with two consequences to accept, judged as the orchestration does it.</summary>
    async Task<AssessmentOutcome> AssessedAsync(Action<Facts>? spoil = null, int left = 2, params IReadOnlyList<Acceptance> acceptances)
    {
        var facts = Facts.Healthy();
        spoil?.Invoke(facts);
        facts.Change(Facts.Id(1), group => group with { Unwritable = [Facts.Id(77)] });
        facts.ChangeObject(Facts.Id(1), group => group with { AdminCount = true });
        var outcome = await host.JudgedAsync(facts, acceptances);
        Assert.Equal(left, outcome.ToAccept);
        return outcome;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Approvals;

public sealed class GateDecisionsTests(ApiHost host) : IClassFixture<ApiHost>
{
    const string Approver = "Migration.Approver";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gate_WithTwoApprovalsOfTwo_IsApproved()
    {
        var view = await host.MigratingAsync();

        var first = await DecideAsync(view, People.First);
        var afterOne = await TallyAsync(view);
        var second = await DecideAsync(view, People.Second);
        var afterTwo = await TallyAsync(view);

        Assert.Equal((202, 202), (first.Status, second.Status));
        Assert.Equal((GateState.Pending, 1), (afterOne.State, afterOne.Approvals));
        Assert.Equal((GateState.Approved, 2), (afterTwo.State, afterTwo.Approvals));
        Assert.Equal(2, (await host.Store.LoadListAsync<SignedStatement>(afterTwo.Decisions, Token)).Count);
    }

    [Theory]
    [InlineData(ApprovalDecision.Deny, GateState.Denied)]
    [InlineData(ApprovalDecision.DenyAndLeave, GateState.DeniedAndLeft)]
    [InlineData(ApprovalDecision.Postpone, GateState.Postponed)]
    public async Task Gate_WithOneStop_EndsWhateverOthersApproved(ApprovalDecision decision, GateState expected)
    {
        var view = await host.MigratingAsync();

        await DecideAsync(view, People.First);
        var stop = await DecideAsync(view, People.Second, record => record with { Decision = decision });

        Assert.Equal(202, stop.Status);
        Assert.Equal(expected, (await TallyAsync(view)).State);
    }

    [Fact]
    public async Task Gate_PastItsDeadline_ExpiresAndTakesNoDecision()
    {
        var view = await host.MigratingAsync(view => view with { Gate = view.Gate! with { Deadline = DateTimeOffset.UtcNow.AddSeconds(-5) } });

        var late = await DecideAsync(view, People.First);

        Assert.Equal((409, "GWB7407"), (late.Status, late.Code));
        Assert.Equal(GateState.Expired, (await TallyAsync(view)).State);
    }

    [Fact]
    public async Task Decision_SentTwice_IsTakenOnce()
    {
        var view = await host.MigratingAsync();
        var body = Body(view, People.First);

        await SendAsync(view, People.First, body);
        var again = await SendAsync(view, People.First, body);

        Assert.Equal((202, true), (again.Status, again.Json.GetProperty("repeated").GetBoolean()));
        Assert.Equal(1, (await TallyAsync(view)).Approvals);
    }

    /// <summary>The view that the orchestration shows follows later; who has decided reads it at once, everywhere.</summary>
    [Fact]
    public async Task Decision_IsCountedWhereverTheGateIsShown_BeforeTheOrchestrationHasHeardOfIt()
    {
        var view = await host.MigratingAsync();

        await DecideAsync(view, People.First);
        var gate = await host.GetAsync($"/api/migrations/{view.MigrationId}/gates/plan");
        var migration = await host.GetAsync($"/api/migrations/{view.MigrationId}");
        var overview = await host.GetAsync($"/api/pages/migrations/{view.MigrationId}");

        Assert.Equal(0, (await host.Store.ReadOneAsync<MigrationView>(StoreNames.MigrationView(view.MigrationId), Token))!.Gate!.Approved);
        Assert.Single(gate.Json.GetProperty("decisions").EnumerateArray());
        Assert.Equal(1, gate.Json.GetProperty("gate").GetProperty("approved").GetInt32());
        Assert.Equal(1, migration.Json.GetProperty("gate").GetProperty("approved").GetInt32());
        Assert.Contains("1 of 2 approvals given.", overview.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decision_OfOnePersonAtOnceFromManyWindows_IsTakenOnce()
    {
        var view = await host.MigratingAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => DecideAsync(view, People.First)));

        Assert.Single(answers, answer => answer.Status == 202);
        Assert.All(answers.Where(answer => answer.Status != 202), answer => Assert.Equal((409, "GWB5006"), (answer.Status, answer.Code)));
    }

    [Fact]
    public async Task Decision_OfTwoApproversAtOnce_IsTakenOfBoth()
    {
        var view = await host.MigratingAsync();

        var answers = await Task.WhenAll(DecideAsync(view, People.First), DecideAsync(view, People.Second));

        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        Assert.Equal((GateState.Approved, 2), (await TallyAsync(view)) is var tally ? (tally.State, tally.Approvals) : default);
    }

    [Fact]
    public async Task Decision_OfTwoApproversAtOnceWhereOneIsEnough_IsTakenOfOne()
    {
        var view = await host.MigratingAsync(view => view with { Gate = view.Gate! with { Required = 1 } });

        var answers = await Task.WhenAll(DecideAsync(view, People.First), DecideAsync(view, People.Second));

        var late = Assert.Single(answers, answer => answer.Status != 202);
        Assert.Equal((409, "GWB5001"), (late.Status, late.Code));
        Assert.Equal(1, (await TallyAsync(view)).Approvals);
    }

    [Fact]
    public async Task Decision_ASecondTime_IsToldWhatWasDecidedBefore()
    {
        var view = await host.MigratingAsync();
        await DecideAsync(view, People.First);

        var second = await DecideAsync(view, People.First, record => record with { Decision = ApprovalDecision.Deny });
        await host.ShowAsync(view with { Gate = null });
        var closed = await DecideAsync(view, People.First);

        Assert.Contains("approve, 20", second.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((409, "GWB5001"), (closed.Status, closed.Code));
        Assert.Contains("you decided before: approve, 20", closed.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decision_OfTheSecondList_CountsOnceItIsAsked()
    {
        var view = await host.MigratingAsync(view => view with
        {
            Gate = view.Gate! with { Approvers = [People.Second], Escalation = new() { At = DateTimeOffset.UtcNow.AddSeconds(-1), Approvers = [People.First] } },
        });

        var answer = await DecideAsync(view, People.First);

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task Approval_TakenBackBeforeTheQuorum_CountsNoLonger()
    {
        var view = await host.MigratingAsync();
        var body = Body(view, People.First);
        await SendAsync(view, People.First, body);

        var withdrawn = await WithdrawAsync(view, People.First);
        var pending = await TallyAsync(view);
        var replayed = await SendAsync(view, People.First, body);
        var again = await DecideAsync(view, People.First, record => record with { Decision = ApprovalDecision.Postpone });

        Assert.Equal((202, true), (withdrawn.Status, withdrawn.Json.GetProperty("withdrawn").GetBoolean()));
        Assert.Equal((GateState.Pending, 0), (pending.State, pending.Approvals));
        Assert.Equal((409, "GWB7405"), (replayed.Status, replayed.Code));
        Assert.Equal(202, again.Status);
        Assert.Equal(GateState.Postponed, (await TallyAsync(view)).State);
    }

    [Theory]
    [InlineData("nothing decided")]
    [InlineData("taken back before")]
    [InlineData("quorum full")]
    public async Task Withdrawal_WithNothingToTakeBack_IsRefusedAndAudited(string what)
    {
        var view = await host.MigratingAsync();
        if (what != "nothing decided")
        {
            await DecideAsync(view, People.First);
        }

        if (what == "taken back before")
        {
            await WithdrawAsync(view, People.First);
        }

        if (what == "quorum full")
        {
            await DecideAsync(view, People.Second);
        }

        var answer = await WithdrawAsync(view, People.First);

        Assert.Equal((409, "GWB5012"), (answer.Status, answer.Code));
        Assert.Contains(await LogAsync(view), line => line.Contains("withdrawal.refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_ThatProvedSomethingElsewhere_DecidesNothing()
    {
        var elsewhere = await host.MigratingAsync();
        await DecideAsync(elsewhere, People.First, change: claims => claims["jti"] = "one sign-in");
        var view = await host.MigratingAsync();

        var again = await DecideAsync(view, People.First, change: claims => claims["jti"] = "one sign-in");
        var another = await DecideAsync(view, People.First);

        Assert.Equal((409, "GWB5015"), (again.Status, again.Code));
        Assert.Equal(202, another.Status);
        Assert.Equal(1, (await TallyAsync(view)).Approvals);
        Assert.Contains(await LogAsync(view), line => line.Contains("decision.refused", StringComparison.Ordinal) && line.Contains("GWB5015", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decision_WhoseLineAKillPrevented_IsAuditedWhenItIsSentAgain()
    {
        var view = await host.MigratingAsync();
        var body = Body(view, People.First);
        var lost = new GateDecisions(
            host.Store, Get<Ballots>(), Get<SpentTokens>(), Get<TokenChecks>(), new AuditLog(Options.Create(new DocumentStoreOptions { Folder = "/dev/null/none" }), host.Store), TimeProvider.System);
        await Assert.ThrowsAnyAsync<Exception>(() => lost.DecideAsync(
            view, GateName.Plan, new() { Statement = new() { Record = body.Record, IdToken = body.IdToken }, Comment = body.Comment, Domain = body.Domain },
            new() { ObjectId = People.First, Roles = [Approver] }, Token));

        await SendAsync(view, People.First, body);
        await SendAsync(view, People.First, body);

        Assert.Single(await LogAsync(view), line => line.Contains("decision.taken", StringComparison.Ordinal));
        Assert.Equal(1, (await TallyAsync(view)).Approvals);

        T Get<T>()
            where T : notnull
            => host.Services.GetRequiredService<T>();
    }

    [Fact]
    public async Task Gate_OpenedAgain_StartsFromNothing()
    {
        var view = await host.MigratingAsync();
        var before = Body(view, People.First);
        await SendAsync(view, People.First, before);
        var reopened = view with { Gate = view.Gate! with { EvidenceAt = view.Gate.EvidenceAt.AddSeconds(1) } };
        await host.ShowAsync(reopened);

        var old = await SendAsync(reopened, People.First, before);
        var fresh = await DecideAsync(reopened, People.First);

        Assert.Equal((409, "GWB7405"), (old.Status, old.Code));
        Assert.Equal(202, fresh.Status);
        Assert.Equal(1, (await TallyAsync(reopened)).Approvals);
    }

    public static TheoryData<string, int, string, string?> Refusals { get; } = new()
    {
        { "second decision", 409, "GWB5006", null },
        { "requester", 403, "GWB7403", null },
        { "expired token", 403, "GWB7313", null },
        { "old sign-in", 403, "GWB7318", null },
        { "other digest", 409, "GWB7402", null },
        { "other migration", 409, "GWB7401", null },
        { "token of somebody else", 403, "GWB5004", null },
        { "token for another record", 403, "GWB7316", null },
        { "token without role", 403, "GWB7317", null },
        { "token of another application", 403, "GWB7311", null },
        { "token with an unknown key", 403, "GWB7307", null },
        { "no token", 400, "GWB7302", "idToken" },
        { "record not canonical", 400, "GWB5002", "record" },
        { "other comment", 400, "GWB5003", "comment" },
        { "denial without a comment", 400, "GWB5008", "comment" },
        { "approval without the domain", 400, "GWB5009", "domain" },
        { "approval for another domain", 400, "GWB5009", "domain" },
        { "somebody who is not named", 403, "GWB5010", null },
        { "evidence that fails", 409, "GWB5011", null },
        { "deny and leave at the switch", 409, "GWB7409", null },
        { "gate closed", 409, "GWB5001", null },
        { "other gate", 409, "GWB5001", null },
        { "migration ended", 409, "GWB5001", null },
        { "gate decided", 409, "GWB5001", null },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Decision_ThatDoesNotCount_IsRefusedAndAudited(string what, int status, string code, string? field)
    {
        var view = await host.MigratingAsync(view => what switch
        {
            "gate closed" => view with { Gate = null },
            "migration ended" => view with { State = MigrationState.Ended },
            "somebody who is not named" => view with
            {
                Gate = view.Gate! with { Approvers = [People.Second], Escalation = new() { At = DateTimeOffset.UtcNow.AddHours(1), Approvers = [People.First] } },
            },
            "evidence that fails" => view with { Gate = view.Gate! with { Evidence = [new() { Name = "cloud", Hash = Samples.Digest, Passed = false }] } },
            "deny and leave at the switch" or "other gate" => view with { Gate = Samples.Gate(GateName.Switch) },
            _ => view,
        });
        if (what == "second decision")
        {
            await DecideAsync(view, People.First);
        }

        if (what == "gate decided")
        {
            await DecideAsync(view, People.Second, record => record with { Decision = ApprovalDecision.Deny });
        }

        var answer = await (what switch
        {
            "requester" => DecideAsync(view, People.Requester),
            "expired token" => DecideAsync(view, People.First, change: claims => Shift(claims, -8_000)),
            "old sign-in" => DecideAsync(view, People.First, change: claims => claims["auth_time"] = claims["iat"]!.GetValue<long>() - 3_600),
            "other digest" => DecideAsync(view, People.First, record => record with { EvidenceDigest = Samples.PlanHash }),
            "other migration" => DecideAsync(view, People.First, record => record with { MigrationId = "m-20250101-000000-0000" }),
            "token of somebody else" => SendAsync(view, People.First, Body(view, People.Second)),
            "token for another record" => DecideAsync(view, People.First, change: claims => claims["nonce"] = "another"),
            "token without role" => DecideAsync(view, People.First, change: claims => claims["roles"] = new JsonArray()),
            "token of another application" => DecideAsync(view, People.First, change: claims => claims["aud"] = "another"),
            "token with an unknown key" => SendAsync(
                view, People.First, Body(view, People.First) with { IdToken = TestIssuer.Sign(host.Issuer.Claims(People.First, TestIssuer.ClientId, Approver), "k2") }),
            "no token" => SendAsync(view, People.First, Body(view, People.First) with { IdToken = "not-a-token" }),
            "record not canonical" => SendAsync(view, People.First, Body(view, People.First) is var body ? body with { Record = " " + body.Record } : null!),
            "denial without a comment" => SendAsync(
                view, People.First,
                Body(view, People.First, record => record with { Decision = ApprovalDecision.Deny, CommentHash = ApprovalRecord.HashComment(null) }) with { Comment = null }),
            "approval without the domain" => SendAsync(view, People.First, Body(view, People.First) with { Domain = null }),
            "approval for another domain" => SendAsync(view, People.First, Body(view, People.First) with { Domain = "fabrikam.example" }),
            "other comment" => SendAsync(view, People.First, Body(view, People.First) with { Comment = "something else" }),
            "deny and leave at the switch" => DecideAsync(view, People.First, record => record with { Decision = ApprovalDecision.DenyAndLeave }),
            "other gate" => SendAsync(view, People.First, Body(view, People.First), "plan"),
            _ => DecideAsync(view, People.First),
        });

        Assert.Equal((status, code, field), (answer.Status, answer.Code, answer.Field));
        Assert.Contains(await LogAsync(view), line => line.Contains("decision.refused", StringComparison.Ordinal) && line.Contains(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decision_ByACallerWithoutTheRole_IsRefusedAtTheDoor()
    {
        var view = await host.MigratingAsync();

        var answer = await host.PostAsync(
            $"/api/migrations/{view.MigrationId}/gates/plan/decisions", Body(view, People.First), host.Issuer.Access(People.First, "Migration.Operator"));

        Assert.Equal((403, "GWB1009"), (answer.Status, answer.Code));
        Assert.Contains(await LogAsync(view), line => line.Contains("Decide: GWB1009", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decision_AtAGateThatDoesNotExist_NamesTheField()
    {
        var view = await host.MigratingAsync();

        var answer = await SendAsync(view, People.First, Body(view, People.First), "third");

        Assert.Equal((400, "GWB1006", "gate"), (answer.Status, answer.Code, answer.Field));
    }

    sealed record DecisionJson
    {
        public required string Record { get; init; }
        public required string IdToken { get; init; }
        public string? Comment { get; init; }
        public string? Domain { get; init; }
    }

    Task<Answer> DecideAsync(MigrationView view, string person, Func<ApprovalRecord, ApprovalRecord>? record = null, Action<JsonObject>? change = null) =>
        SendAsync(view, person, Body(view, person, record, change));

    Task<Answer> SendAsync(MigrationView view, string caller, DecisionJson body, string? gate = null) => host.PostAsync(
        $"/api/migrations/{view.MigrationId}/gates/{gate ?? (view.Gate?.Gate == GateName.Switch ? "switch" : "plan")}/decisions", body,
        host.Issuer.Access(caller, Approver));

    DecisionJson Body(MigrationView view, string person, Func<ApprovalRecord, ApprovalRecord>? change = null, Action<JsonObject>? claims = null)
    {
        var record = new ApprovalRecord
        {
            Tenant = TestIssuer.Tenant,
            MigrationId = view.MigrationId,
            Gate = view.Gate?.Gate == GateName.Switch ? ApprovalGate.Switch : ApprovalGate.Plan,
            EvidenceDigest = Samples.Digest,
            Decision = ApprovalDecision.Approve,
            CommentHash = ApprovalRecord.HashComment("fine"),
            Salt = ApprovalNonce.NewSalt(),
        };
        record = change?.Invoke(record) ?? record;
        var signed = new SignedDecision { Record = record, IdToken = host.Issuer.IdToken(person, record.Nonce(), claims, Approver) }.ToStatement();
        return new() { Record = signed.Record, IdToken = signed.IdToken, Comment = "fine", Domain = " CONTOSO.example" };
    }

    static void Shift(JsonObject claims, long seconds)
    {
        foreach (var name in new[] { "iat", "nbf", "auth_time", "exp" })
        {
            claims[name] = claims[name]!.GetValue<long>() + seconds;
        }
    }

    Task<Answer> WithdrawAsync(MigrationView view, string caller) =>
        host.PostAsync($"/api/migrations/{view.MigrationId}/gates/plan/withdrawals", new { }, host.Issuer.Access(caller, Approver));

    async Task<string[]> LogAsync(MigrationView view) =>
        Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(view.MigrationId, Token)).Split('\n');

    Task<GateTally> TallyAsync(MigrationView view) =>
        host.Services.GetRequiredService<GateDecisions>().TallyAsync(new() { MigrationId = view.MigrationId, Gate = view.Gate! }, Token);
}

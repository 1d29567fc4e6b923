using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;

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

    [Fact]
    public async Task Decision_OfOnePersonAtOnceFromManyWindows_IsTakenOnce()
    {
        var view = await host.MigratingAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => DecideAsync(view, People.First)));

        Assert.Single(answers, answer => answer.Status == 202);
        Assert.All(answers.Where(answer => answer.Status != 202), answer => Assert.Equal((409, "GWB5006"), (answer.Status, answer.Code)));
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
            "other comment" => SendAsync(view, People.First, Body(view, People.First) with { Comment = "something else" }),
            "deny and leave at the switch" => DecideAsync(view, People.First, record => record with { Decision = ApprovalDecision.DenyAndLeave }),
            "other gate" => SendAsync(view, People.First, Body(view, People.First), "plan"),
            _ => DecideAsync(view, People.First),
        });

        Assert.Equal((status, code, field), (answer.Status, answer.Code, answer.Field));
        var log = Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(view.MigrationId, Token)).Split('\n');
        Assert.Contains(log, line => line.Contains("decision.refused", StringComparison.Ordinal) && line.Contains(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decision_ByACallerWithoutTheRole_IsRefusedAtTheDoor()
    {
        var view = await host.MigratingAsync();

        var answer = await host.PostAsync(
            $"/api/migrations/{view.MigrationId}/gates/plan/decisions", Body(view, People.First), host.Issuer.Access(People.First, "Migration.Operator"));

        Assert.Equal((403, "GWB1009"), (answer.Status, answer.Code));
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
        return new() { Record = signed.Record, IdToken = signed.IdToken, Comment = "fine" };
    }

    static void Shift(JsonObject claims, long seconds)
    {
        foreach (var name in new[] { "iat", "nbf", "auth_time", "exp" })
        {
            claims[name] = claims[name]!.GetValue<long>() + seconds;
        }
    }

    Task<GateTally> TallyAsync(MigrationView view) =>
        host.Services.GetRequiredService<GateDecisions>().TallyAsync(new() { MigrationId = view.MigrationId, Gate = view.Gate! }, Token);
}

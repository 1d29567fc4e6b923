using System.Text.Json.Nodes;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Tests.Contracts.Approvals;

public sealed class ApprovalQuorumTests
{
    private const string Requester = "0a000000-0000-4000-8000-000000000001";
    private const string First = "0a000000-0000-4000-8000-000000000002";
    private const string Second = "0a000000-0000-4000-8000-000000000003";
    private const string Third = "0a000000-0000-4000-8000-000000000004";
    private const string Migration = "m-20260302-080000-ab12";

    private static readonly DateTimeOffset Evidence = new(2026, 3, 2, 20, 0, 0, 500, TimeSpan.Zero);
    private static readonly string Digest = Sha256Text.Of("evidence"u8);
    private static readonly string Plan = Sha256Text.Of("plan"u8);

    private readonly ManualClock _clock = new(Evidence.AddMinutes(30));
    private readonly ApprovalQuorum _quorum;

    public ApprovalQuorumTests() =>
        _quorum = new ApprovalQuorum(new IdTokenVerifier(new TestIssuer(), _clock, TestIssuer.Options), _clock);

    [Fact]
    public void Record_InCanonicalForm_HasEveryMemberAndOneNonce()
    {
        var record = Record() with { Salt = "c2FsdA" };
        var request = new RequestRecord { Tenant = "t", Subject = "s", PlanHash = "p", Salt = "x" };

        Assert.Equal(
            "{\"commentHash\":\"" + ApprovalRecord.HashComment(null) + "\",\"decision\":\"approve\",\"evidenceDigest\":\"" + Digest
                + "\",\"gate\":\"switch\",\"migrationId\":\"" + Migration + "\",\"salt\":\"c2FsdA\",\"tenant\":\"" + TestIssuer.Tenant + "\"}",
            CanonicalJson.SerializeToText(record));
        Assert.Equal("""{"planHash":"p","salt":"x","subject":"s","tenant":"t"}""", CanonicalJson.SerializeToText(request));
        Assert.Equal(43, record.Nonce().Length);
        Assert.NotEqual(record.Nonce(), (record with { Decision = ApprovalDecision.Deny }).Nonce());
        Assert.NotEqual(record.Nonce(), (record with { Salt = ApprovalNonce.NewSalt() }).Nonce());
    }

    [Fact]
    public void Quorum_OfTwoDifferentApprovers_Approves()
    {
        var one = Judge(Decide(First));
        var two = Judge(Decide(First), Decide(Second, minutes: 2));

        Assert.Equal(QuorumState.Pending, one.State);
        Assert.Equal(QuorumState.Approved, two.State);
        Assert.Equal([First, Second], two.Approvers);
        Assert.Equal(Requester, two.Requester);
        Assert.Empty(two.Refusals);
        Assert.Equal(4, two.CountedTokens.Count);
    }

    [Fact]
    public void Quorum_JudgedFromStatements_DemandsCanonicalRecords()
    {
        List<SignedStatement> statements = [Decide(First).ToStatement(), Decide(Second).ToStatement()];
        var loose = statements[1] with { Record = statements[1].Record.Replace(",", ", ", StringComparison.Ordinal) };
        var request = Request().ToStatement();

        Assert.Equal(QuorumState.Approved, _quorum.Judge(Rule(), request, statements).State);
        var verdict = _quorum.Judge(Rule(), request, [statements[0], loose, statements[0] with { Record = "{}" }]);
        Assert.Equal(QuorumState.Pending, verdict.State);
        Assert.Equal([(1, "GWB7411"), (2, "GWB7411")], Codes(verdict));
        Assert.Equal("GWB7408", _quorum.Judge(Rule(), request with { Record = "null" }, statements).RequestRefusal?.Code);
    }

    [Fact]
    public void Approval_ByTheRequester_DoesNotCount()
    {
        var verdict = Judge(Decide(First), Decide(Requester));

        Assert.Equal(QuorumState.Pending, verdict.State);
        Assert.Equal([(1, "GWB7403")], Codes(verdict));
    }

    [Fact]
    public void Approval_Repeated_CountsOnce()
    {
        var same = Decide(First);

        var verdict = Judge(same, same, Decide(First, minutes: 5));

        Assert.Equal(QuorumState.Pending, verdict.State);
        Assert.Equal([First], verdict.Approvers);
        Assert.Equal([(1, "GWB7405"), (2, "GWB7404")], Codes(verdict));
    }

    [Fact]
    public void Approval_UsedAtAnEarlierGate_DoesNotCount()
    {
        var used = Decide(First);
        var rule = Rule() with { UsedTokens = Judge(used).CountedTokens.ToHashSet(StringComparer.Ordinal) };

        Assert.Equal([(0, "GWB7405")], Codes(_quorum.Judge(rule, Request(), [used, Decide(Second)])));
    }

    [Fact]
    public void Decision_OnAnotherMatter_DoesNotCount()
    {
        var verdict = Judge(
            Decide(First, change: record => record with { MigrationId = "m-other" }),
            Decide(First, change: record => record with { Tenant = "other" }),
            Decide(First, change: record => record with { Gate = ApprovalGate.Plan }),
            Decide(First, change: record => record with { EvidenceDigest = Sha256Text.Of("older"u8) }),
            Decide(First, ApprovalDecision.DenyAndLeave));

        Assert.Equal(QuorumState.Pending, verdict.State);
        Assert.Equal([(0, "GWB7401"), (1, "GWB7401"), (2, "GWB7401"), (3, "GWB7402"), (4, "GWB7409")], Codes(verdict));
    }

    [Fact]
    public void Decision_AlteredAfterTheSignIn_DoesNotCount()
    {
        var denied = Decide(First, ApprovalDecision.Deny);
        var approved = denied with { Record = denied.Record with { Decision = ApprovalDecision.Approve } };
        var other = Decide(First, change: record => record with { EvidenceDigest = Sha256Text.Of("harmless"u8) });
        var moved = other with { Record = other.Record with { EvidenceDigest = Digest } };
        var unreadable = denied with { Record = denied.Record with { Salt = "\ud800" } };

        Assert.Equal([(0, "GWB7316"), (1, "GWB7316"), (2, "GWB7004")], Codes(Judge(approved, moved, unreadable)));
    }

    [Theory]
    [InlineData(-1, "GWB7406")]
    [InlineData(0, null)]
    [InlineData(7199, null)]
    [InlineData(7201, "GWB7407")]
    public void Decision_OutsideTheGatesTime_DoesNotCount(int seconds, string? code)
    {
        _clock.Now = Evidence.AddHours(3);

        var verdict = Judge(Decide(First, at: Evidence.AddSeconds(seconds)));

        Assert.Equal(code, verdict.Refusals.SingleOrDefault()?.Refusal.Code);
    }

    [Fact]
    public void Decision_FromASignInBeforeTheEvidence_DoesNotCount()
    {
        var verdict = Judge(Decide(First, bend: claims => claims["auth_time"] = Evidence.AddMinutes(-1).ToUnixTimeSeconds()));

        Assert.Equal([(0, "GWB7406")], Codes(verdict));
    }

    [Fact]
    public void Decision_WithoutTheRole_DoesNotCount()
    {
        var verdict = Judge(Decide(First, bend: claims => claims["roles"] = new JsonArray("Migration.Operator")));

        Assert.Equal([(0, "GWB7317")], Codes(verdict));
    }

    [Fact]
    public void Decisions_OfTwoPeopleFromOneSession_CountOnce()
    {
        var verdict = Judge(Decide(First), Decide(Second, minutes: 2, bend: claims => claims["sid"] = $"session-of-{First}"));

        Assert.Equal(QuorumState.Pending, verdict.State);
        Assert.Equal([(1, "GWB7410")], Codes(verdict));
    }

    [Theory]
    [InlineData(ApprovalDecision.Deny, QuorumState.Denied)]
    [InlineData(ApprovalDecision.Postpone, QuorumState.Postponed)]
    public void Stop_AfterEnoughApprovals_StillStops(ApprovalDecision decision, QuorumState state)
    {
        var verdict = Judge(Decide(First), Decide(Second, minutes: 2), Decide(Third, decision, minutes: 3));

        Assert.Equal(state, verdict.State);
        Assert.Equal(Third, verdict.StoppedBy);
    }

    [Fact]
    public void DenyAndLeave_AtThePlansGate_IsOffered()
    {
        var decision = Decide(First, ApprovalDecision.DenyAndLeave, change: record => record with { Gate = ApprovalGate.Plan });

        Assert.Equal(QuorumState.DeniedAndLeft, _quorum.Judge(Rule() with { Gate = ApprovalGate.Plan }, Request(), [decision]).State);
    }

    [Fact]
    public void FirstDecisionOfAPerson_InWhateverOrderItIsCarried_Counts()
    {
        var deny = Decide(First, ApprovalDecision.Deny, minutes: 1);
        var approve = Decide(First, minutes: 2);

        Assert.Equal(QuorumState.Denied, Judge(approve, deny).State);
        Assert.Equal(QuorumState.Denied, Judge(deny, approve).State);
        Assert.Equal([(0, "GWB7404")], Codes(Judge(approve, deny)));
    }

    [Fact]
    public void Deadline_WithoutEnoughApprovals_NeverApproves()
    {
        _clock.Now = Evidence.AddHours(2).AddSeconds(1);

        Assert.Equal(QuorumState.Expired, Judge(Decide(First)).State);
        Assert.Equal(QuorumState.Expired, Judge().State);
        Assert.Equal(QuorumState.Approved, Judge(Decide(First), Decide(Second)).State);
    }

    [Fact]
    public void Requester_WhoIsNotProven_LeavesNoApproval()
    {
        SignedDecision[] decisions = [Decide(First), Decide(Second)];
        SignedRequest?[] unproven =
        [
            null,
            Request(change: record => record with { PlanHash = Sha256Text.Of("other plan"u8) }),
            Request(change: record => record with { Subject = "m-other" }),
            Request(change: record => record with { Tenant = "other" }),
            Request(bend: claims => claims["roles"] = new JsonArray("Migration.Approver")),
            Request(bend: claims => claims["nonce"] = "of-another-request"),
            Request() with { IdToken = decisions[0].IdToken },
        ];

        Assert.All(unproven, request =>
        {
            var verdict = _quorum.Judge(Rule(), request, decisions);
            Assert.Equal(QuorumState.Pending, verdict.State);
            Assert.Equal("GWB7408", verdict.RequestRefusal?.Code);
            Assert.Empty(verdict.Approvers);
            Assert.Equal([(0, "GWB7408"), (1, "GWB7408")], Codes(verdict));
        });
        Assert.Equal(QuorumState.Denied, _quorum.Judge(Rule(), null, [Decide(First, ApprovalDecision.Deny)]).State);
    }

    [Fact]
    public void Rule_ThatDemandsNobody_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _quorum.Judge(Rule() with { Required = 0 }, Request(), Array.Empty<SignedDecision>()));

    private static QuorumRule Rule() => new()
    {
        Tenant = TestIssuer.Tenant,
        MigrationId = Migration,
        RequestSubject = Migration,
        PlanHash = Plan,
        Gate = ApprovalGate.Switch,
        EvidenceDigest = Digest,
        Required = 2,
        NotBefore = Evidence,
        Deadline = Evidence.AddHours(2),
    };

    private static ApprovalRecord Record(ApprovalDecision decision = ApprovalDecision.Approve) => new()
    {
        Tenant = TestIssuer.Tenant,
        MigrationId = Migration,
        Gate = ApprovalGate.Switch,
        EvidenceDigest = Digest,
        Decision = decision,
        CommentHash = ApprovalRecord.HashComment(null),
        Salt = ApprovalNonce.NewSalt(),
    };

    private static SignedDecision Decide(
        string oid,
        ApprovalDecision decision = ApprovalDecision.Approve,
        int minutes = 1,
        DateTimeOffset? at = null,
        Func<ApprovalRecord, ApprovalRecord>? change = null,
        Action<JsonObject>? bend = null)
    {
        var record = Record(decision);
        record = change?.Invoke(record) ?? record;
        var claims = TestIssuer.Claims(oid, record.Nonce(), "Migration.Approver", at ?? Evidence.AddMinutes(minutes));
        bend?.Invoke(claims);
        return new() { Record = record, IdToken = TestIssuer.Sign(claims) };
    }

    private static SignedRequest Request(Func<RequestRecord, RequestRecord>? change = null, Action<JsonObject>? bend = null)
    {
        var record = new RequestRecord { Tenant = TestIssuer.Tenant, Subject = Migration, PlanHash = Plan, Salt = ApprovalNonce.NewSalt() };
        record = change?.Invoke(record) ?? record;

        // Days before the gate: the token has long expired, and stays a proof.
        var claims = TestIssuer.Claims(Requester, record.Nonce(), "Migration.Operator", Evidence.AddDays(-3));
        bend?.Invoke(claims);
        return new() { Record = record, IdToken = TestIssuer.Sign(claims) };
    }

    private static IEnumerable<(int Index, string Code)> Codes(QuorumVerdict verdict) =>
        verdict.Refusals.Select(refusal => (refusal.Index, refusal.Refusal.Code));

    private QuorumVerdict Judge(params SignedDecision[] decisions) => _quorum.Judge(Rule(), Request(), decisions);
}

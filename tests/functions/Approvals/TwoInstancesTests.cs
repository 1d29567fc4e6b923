using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Approvals;

/// <summary>Two instances of the app at one gate: right before what the one writes, the other has written.</summary>
public sealed class TwoInstancesTests(ApiHost host) : IClassFixture<ApiHost>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decision_WhereAnotherInstanceTakesThePersonsFirstOne_IsRefused()
    {
        var view = await host.MigratingAsync();

        var (first, second) = await RaceAsync(
            view, there => DecideAsync(there, view, People.First, ApprovalDecision.Deny), here => DecideAsync(here, view, People.First));

        Assert.Null(first.Refusal);
        Assert.Equal("GWB5006", second.Refusal?.Code);
        Assert.Equal(GateState.Denied, (await TallyAsync(view)).State);
    }

    [Fact]
    public async Task Decision_WhereAnotherInstanceFillsTheQuorumFirst_IsRefused()
    {
        var view = await host.MigratingAsync(view => view with { Gate = view.Gate! with { Required = 1 } });

        var (first, second) = await RaceAsync(view, there => DecideAsync(there, view, People.First), here => DecideAsync(here, view, People.Second, ApprovalDecision.Deny));

        Assert.Null(first.Refusal);
        Assert.Equal("GWB5001", second.Refusal?.Code);
        Assert.Equal((GateState.Approved, 1), (await TallyAsync(view)) is var tally ? (tally.State, tally.Approvals) : default);
    }

    [Fact]
    public async Task Withdrawal_WhereAnotherInstanceFillsTheQuorumFirst_IsRefused()
    {
        var view = await host.MigratingAsync();
        await DecideAsync(Desk(host.Store), view, People.First);

        var (filled, withdrawn) = await RaceAsync(view, there => DecideAsync(there, view, People.Second), here => here.WithdrawAsync(view, GateName.Plan, Caller(People.First), Token));

        Assert.Null(filled.Refusal);
        Assert.Equal("GWB5012", withdrawn.Refusal?.Code);
        Assert.Equal((GateState.Approved, 2), (await TallyAsync(view)) is var tally ? (tally.State, tally.Approvals) : default);
    }

    [Fact]
    public async Task Quorum_WhereAnotherInstanceTakesAnApprovalBackFirst_IsNotFull()
    {
        var view = await host.MigratingAsync();
        await DecideAsync(Desk(host.Store), view, People.First);

        var (withdrawn, second) = await RaceAsync(view, there => there.WithdrawAsync(view, GateName.Plan, Caller(People.First), Token), here => DecideAsync(here, view, People.Second));

        Assert.Null(withdrawn.Refusal);
        Assert.Null(second.Refusal);
        Assert.Equal((GateState.Pending, 1), (await TallyAsync(view)) is var tally ? (tally.State, tally.Approvals) : default);
    }

    [Fact]
    public async Task Withdrawal_ThroughBothInstancesAtOnce_IsTakenOnce()
    {
        var view = await host.MigratingAsync();
        await DecideAsync(Desk(host.Store), view, People.First);

        var (first, second) = await RaceAsync(
            view, there => there.WithdrawAsync(view, GateName.Plan, Caller(People.First), Token), here => here.WithdrawAsync(view, GateName.Plan, Caller(People.First), Token));

        Assert.Null(first.Refusal);
        Assert.Equal("GWB5012", second.Refusal?.Code);
    }

    [Fact]
    public async Task Decision_SentThroughBothInstancesAtOnce_IsTakenOnce()
    {
        var view = await host.MigratingAsync();
        var handed = Handed(view, People.First, ApprovalDecision.Approve);

        var (first, second) = await RaceAsync(
            view, there => there.DecideAsync(view, GateName.Plan, handed, Caller(People.First), Token), here => here.DecideAsync(view, GateName.Plan, handed, Caller(People.First), Token));

        Assert.Equal((null, false), (first.Refusal, first.Repeated));
        Assert.Equal((null, true), (second.Refusal, second.Repeated));
        Assert.Equal(1, (await TallyAsync(view)).Approvals);
    }

    /// <summary>However the moments fall: what a full quorum counted stays counted, and what was taken back never was.</summary>
    [Fact]
    public async Task Withdrawals_AndApprovals_InAnyOrder_LeaveNoQuorumWithAnApprovalThatWasTakenBack()
    {
        using var folder = new TempFolder();
        using var one = Stores.Open(folder);
        using var other = Stores.Open(folder);
        for (var round = 0; round < 15; round++)
        {
            var view = await host.MigratingAsync();
            await CopyAsync(view, one);
            await DecideAsync(Desk(one), view, People.First);
            var handed = Handed(view, People.Second, ApprovalDecision.Approve);

            var withdrawal = Task.Run(() => Desk(one).WithdrawAsync(view, GateName.Plan, Caller(People.First), Token), Token);
            var approval = Task.Run(() => Desk(other).DecideAsync(view, GateName.Plan, handed, Caller(People.Second), Token), Token);
            var seen = await Task.Run(() => Desk(other).TallyAsync(new() { MigrationId = view.MigrationId, Gate = view.Gate! }, Token), Token);
            var (withdrawn, approved) = (await withdrawal, await approval);
            var end = await Desk(one).TallyAsync(new() { MigrationId = view.MigrationId, Gate = view.Gate! }, Token);

            Assert.Null(approved.Refusal);
            Assert.Equal(withdrawn.Refusal is null ? (GateState.Pending, 1) : (GateState.Approved, 2), (end.State, end.Approvals));
            Assert.True(seen.State == GateState.Pending || end.State == GateState.Approved);
        }
    }

    /// <summary>One does something right before the other writes its ballot.</summary>
    async Task<(DecisionReceipt First, DecisionReceipt Second)> RaceAsync(
        MigrationView view, Func<GateDecisions, Task<DecisionReceipt>> there, Func<GateDecisions, Task<DecisionReceipt>> here)
    {
        DecisionReceipt? first = null;
        var raced = new RacedStore(host.Store, StoreNames.Ballots(view.MigrationId, "plan"), async () => first = await there(Desk(host.Store)));

        var second = await here(Desk(raced));

        Assert.NotNull(first);
        return (first, second);
    }

    async Task CopyAsync(MigrationView view, FileDocumentStore store)
    {
        var name = StoreNames.MigrationRequest(view.MigrationId);
        var request = (await host.Store.ReadOneAsync<MigrationRequest>(name, Token))!;
        await store.WriteOneAsync(name, request, Token);
        await store.SaveAsync(request.RequestProof.Kind, await host.Store.LoadAsync(request.RequestProof, Token), request.RequestProof.Count, Token);
    }

    GateDecisions Desk(IDocumentStore store)
    {
        var tokens = host.Services.GetRequiredService<TokenChecks>();
        return new(store, new Ballots(store, tokens), new SpentTokens(store), tokens, host.Services.GetRequiredService<AuditLog>(), TimeProvider.System);
    }

    Task<DecisionReceipt> DecideAsync(GateDecisions desk, MigrationView view, string person, ApprovalDecision decision = ApprovalDecision.Approve) =>
        desk.DecideAsync(view, GateName.Plan, Handed(view, person, decision), Caller(person), Token);

    HandedDecision Handed(MigrationView view, string person, ApprovalDecision decision)
    {
        var record = new ApprovalRecord
        {
            Tenant = TestIssuer.Tenant,
            MigrationId = view.MigrationId,
            Gate = ApprovalGate.Plan,
            EvidenceDigest = view.Gate!.EvidenceDigest,
            Decision = decision,
            CommentHash = ApprovalRecord.HashComment("read"),
            Salt = ApprovalNonce.NewSalt(),
        };
        return new()
        {
            Statement = new SignedDecision { Record = record, IdToken = host.Issuer.IdToken(person, record.Nonce(), null, "Migration.Approver") }.ToStatement(),
            Comment = "read",
            Domain = Samples.Domain,
        };
    }

    Task<GateTally> TallyAsync(MigrationView view) => Desk(host.Store).TallyAsync(new() { MigrationId = view.MigrationId, Gate = view.Gate! }, Token);

    static Principal Caller(string person) => new() { ObjectId = person, Roles = ["Migration.Approver"] };
}

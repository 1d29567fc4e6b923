using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.CleanUp;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>What a clean-up finds in a store of what a migration left, and what it keeps before it takes anything away.</summary>
public sealed class CleanUpActivitiesTests : IDisposable
{
    const string First = "m-20260101-000000-0001", Second = "m-20260201-000000-0001";

    static readonly DateTimeOffset Ended = new(2026, 2, 2, 8, 0, 0, TimeSpan.Zero);

    static readonly CoexistenceRules Both = new() { Inbound = RuleState.AsSpecified, Outbound = RuleState.AsSpecified, InboundPrecedence = 98, OutboundPrecedence = 99 };

    readonly TempFolder _folder = new();
    readonly FileDocumentStore _store;
    readonly CleanUpActivities _activities;

    public CleanUpActivitiesTests()
    {
        _store = Stores.Open(_folder);
        _activities = new(_store);
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(MigrationOutcome.RolledBack)]
    public async Task Plan_WithoutACompletedMigration_HasNothingToDo(MigrationOutcome? outcome)
    {
        if (outcome is { } ended) { await KeepAsync(First, ended, new()); }

        var draft = await _activities.PlanCleanUp(Question(CleanUpStep.Standby), Stop);

        Assert.Equal((null, null), (draft.Changes, draft.Report));
        Assert.Single(draft.Facts);
    }

    [Fact]
    public async Task Plan_IsAboutTheLastCompletedMigration_AndTheServersOnWhichItMadeTheRules()
    {
        await KeepAsync(First, MigrationOutcome.Completed, new());
        await KeepAsync(Second, MigrationOutcome.Completed, new() { RulesMadeOn = ["STANDBY"] });
        await KeepAsync("m-20260301-000000-0001", MigrationOutcome.Denied, new());

        var draft = await _activities.PlanCleanUp(Question(CleanUpStep.Standby), Stop);

        Assert.StartsWith(Second, draft.Facts[0].Value, StringComparison.Ordinal);
        var report = await _store.LoadOneAsync<CleanUpReport>(draft.Report!, Stop);
        Assert.Equal((Second, draft.Facts.Count), (report.MigrationId, report.Items.Count));
        Assert.Equal("STANDBY", Assert.Single(await _store.LoadListAsync<ValueChange>(draft.Changes!, Stop)).Target);
    }

    /// <summary>One of the two was somebody's before: taking both would take what is not ours.</summary>
    [Fact]
    public async Task Plan_OfAServerThatHadOneRuleOfThePair_LeavesBoth()
    {
        await KeepAsync(First, MigrationOutcome.Completed, new() { RulesMadeOn = ["STANDBY"], RulesFound = [new() { Server = "STANDBY", Inbound = true, Outbound = false }] });

        var draft = await _activities.PlanCleanUp(Question(CleanUpStep.Standby), Stop);

        Assert.Null(draft.Changes);
        Assert.Equal("STANDBY", Assert.Single(await _store.LoadListAsync<LeftValue>(draft.LeftOut!, Stop)).Target);
    }

    /// <summary>Only a trial since the migration proves anything, that left nothing and was not taken back.</summary>
    [Theory]
    [InlineData(OperationOutcome.Completed, 1, true)]
    [InlineData(OperationOutcome.Completed, -1, false)]
    [InlineData(OperationOutcome.Incomplete, 1, false)]
    [InlineData(OperationOutcome.Undone, 1, false)]
    public async Task Plan_ForTheActiveServer_RestsOnTheLastTrial(OperationOutcome outcome, int hoursAfter, bool proved)
    {
        await KeepAsync(First, MigrationOutcome.Completed, new() { RulesMadeOn = ["ACTIVE", "STANDBY"] });
        await TryAsync("o-20260203-000000-0001", OperationOutcome.Completed, Ended.AddMinutes(30));
        await TryAsync("o-20260204-000000-0001", outcome, Ended.AddHours(hoursAfter));
        var question = Question(CleanUpStep.Active);

        var draft = await _activities.PlanCleanUp(
            question with { Servers = [question.Servers[0], question.Servers[1] with { Rules = Both with { Inbound = RuleState.Absent, Outbound = RuleState.Absent } }] }, Stop);

        Assert.Equal(proved, draft.Changes is not null);
    }

    /// <summary>A run that goes on must not take for the beginning what its first part made of it.</summary>
    [Fact]
    public async Task Read_ASecondTime_GoesByWhatWasKeptTheFirst()
    {
        await KeepAsync(First, MigrationOutcome.Completed, new() { RulesMadeOn = ["STANDBY"] });
        var draft = await _activities.PlanCleanUp(Question(CleanUpStep.Standby), Stop);
        var input = new CleanUpInput { OperationId = "o-20260203-000000-0001", Changes = draft.Changes, Now = Words(RuleWords.Of(Both)) };

        var first = await _activities.ReadCleanUp(input, Stop);
        var second = await _activities.ReadCleanUp(input with { Now = Words(RuleWords.None) }, Stop);
        var back = await _activities.ReadCleanUp(new() { OperationId = input.OperationId }, Stop);

        Assert.Equal((First, RuleWords.Of(Both)), (first.Request.MigrationId, Assert.Single(first.Kept.Values).Before));
        Assert.All([second, back], lot => Assert.Equal(first.Kept.Values, lot.Kept.Values));
    }

    /// <summary>Somebody changed the rules between plan and start: they are his.</summary>
    [Fact]
    public async Task Read_WhereTheRulesAreNotAsThePlanFoundThem_LeavesTheServer()
    {
        await KeepAsync(First, MigrationOutcome.Completed, new() { RulesMadeOn = ["STANDBY"] });
        var draft = await _activities.PlanCleanUp(Question(CleanUpStep.Standby), Stop);

        var lot = await _activities.ReadCleanUp(
            new() { OperationId = "o-20260203-000000-0001", Changes = draft.Changes, Now = Words("inbound as specified, outbound different") }, Stop);

        Assert.Empty(lot.Kept.Values);
        Assert.Equal("STANDBY", Assert.Single(lot.Kept.Left).Target);
    }

    [Fact]
    public Task Read_OfAnEmptyStore_SaysSo() =>
        Assert.ThrowsAsync<DocumentException>(() => _activities.ReadCleanUp(new() { OperationId = "o-20260203-000000-0001" }, Stop));

    [Fact]
    public async Task Left_IsKeptAsAList()
    {
        var kept = await _activities.KeepLeft(new() { Values = [new() { Target = "STANDBY", Why = "it would delete" }] }, Stop);

        Assert.Equal("it would delete", Assert.Single(await _store.LoadListAsync<LeftValue>(kept.Left!, Stop)).Why);
    }

    static Dictionary<string, string> Words(string standby) => new(StringComparer.Ordinal) { ["STANDBY"] = standby };

    static CleanUpQuestion Question(CleanUpStep step) => new()
    {
        Step = step,
        Servers =
        [
            new() { Server = "ACTIVE", Staging = false, Version2 = false, Rules = Both },
            new() { Server = "STANDBY", Staging = true, Version2 = false, Rules = Both },
        ],
    };

    async Task KeepAsync(string id, MigrationOutcome outcome, MigrationFacts facts)
    {
        var input = ScriptedContext.Input(StageName.VerifyMigration, facts);
        var plan = await _store.SaveOneAsync("plan", input.Plan, Stop);
        await _store.WriteOneAsync(StoreNames.MigrationRequest(id), input.Request with { MigrationId = id, Plan = plan }, Stop);
        await _store.WriteOneAsync(StoreNames.MigrationStanding(id), new MigrationStanding { MigrationId = id, Stage = input.Stage, Facts = facts }, Stop);
        await _store.WriteOneAsync(StoreNames.MigrationView(id), input.View with { MigrationId = id, State = MigrationState.Ended, Outcome = outcome, EndedAt = Ended }, Stop);
    }

    Task TryAsync(string id, OperationOutcome outcome, DateTimeOffset endedAt) => _store.WriteOneAsync(
        StoreNames.OperationView(id),
        new OperationView
        {
            OperationId = id, Kind = CleanUpOperation.Name, Terms = new CleanUpTerms { Step = CleanUpStep.Standby }, RequestedBy = "p", State = OperationState.Ended,
            Outcome = outcome, Run = 1, EndedAt = endedAt, AskedAt = endedAt, UpdatedAt = endedAt,
        },
        Stop);
}

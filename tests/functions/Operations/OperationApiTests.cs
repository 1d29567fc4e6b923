using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.CleanUp;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Api;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>The door of operations. Behind it is no Graph: what was started stays at work.</summary>
public sealed class OperationApiTests : IAsyncLifetime
{
    const string Hash = Samples.PlanHash;

    readonly ApiHost _host = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Plan_IsTaken_Listed_AndShownWhileItReads()
    {
        var taken = await _host.PostAsync("/api/operations", new { kind = "newGroups", terms = new { writeback = "off" } });
        var id = taken.Json.GetProperty("operationId").GetString()!;

        var view = await _host.GetAsync($"/api/operations/{id}");
        var list = await _host.GetAsync("/api/operations");

        Assert.Equal((202, 200), (taken.Status, view.Status));
        Assert.Equal(("planning", "newGroups"), (view.Json.GetProperty("state").GetString(), view.Json.GetProperty("kind").GetString()));
        Assert.Equal(1, list.Json.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("""{ "terms": { "writeback": "off" } }""", "GWB1004", "kind")]
    [InlineData("""{ "kind": "everything", "terms": {} }""", "GWB1006", "kind")]
    [InlineData("""{ "kind": "newGroups" }""", "GWB1004", "terms")]
    [InlineData("""{ "kind": "newGroups", "terms": {} }""", "GWB1006", "terms")]
    [InlineData("""{ "kind": "newGroups", "terms": { "writeback": "maybe" } }""", "GWB1006", "terms.writeback")]
    [InlineData("""{ "kind": "newGroups", "terms": { "writeback": "off", "more": 1 } }""", "GWB1006", "terms.more")]
    [InlineData("""{ "kind": "existingGroups", "terms": { "writeback": "off", "groups": [] } }""", "GWB1006", "terms.groups")]
    [InlineData("""{ "kind": "existingGroups", "terms": { "writeback": "off", "groups": ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001"] } }""", "GWB1006", "terms.groups")]
    [InlineData("""{ "kind": "enable", "terms": {} }""", "GWB1006", "terms")]
    [InlineData("""{ "kind": "enable", "terms": { "version": 1 } }""", "GWB1006", "terms.version")]
    [InlineData("""{ "kind": "enable", "terms": { "version": "version1", "permissions": "OU=Any" } }""", "GWB1006", "terms.permissions")]
    public async Task Plan_OfImpossibleTerms_NamesTheField(string body, string code, string field)
    {
        var answer = await _host.PostAsync("/api/operations", body);

        Assert.Equal((400, code, field), (answer.Status, answer.Code, answer.Field));
    }

    [Theory]
    [InlineData("Migration.Reader")]
    [InlineData("Migration.Approver")]
    public async Task Plan_ByAnybodyButAnOperator_IsRefused(string role)
    {
        var answer = await _host.PostAsync("/api/operations", new { kind = "newGroups", terms = new { writeback = "off" } }, _host.Issuer.Access(People.First, role));

        Assert.Equal((403, "GWB1009"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Start_OfWhatWasRead_IsTaken_OnceAtATime()
    {
        var (first, second) = (await PlannedAsync(), await PlannedAsync());

        var started = await StartAsync(first);
        var beside = await StartAsync(second);
        var again = await StartAsync(first);

        Assert.Equal(202, started.Status);
        Assert.Equal((409, "GWB1251"), (beside.Status, beside.Code));
        Assert.Equal((409, "GWB1257"), (again.Status, again.Code));
        Assert.Equal("running", (await _host.GetAsync($"/api/operations/{first}")).Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Start_OfAnotherPlan_OrOneTooOld_IsRefused()
    {
        var (planned, old) = (await PlannedAsync(), await PlannedAsync(view => view with { Plan = view.Plan! with { ValidUntil = DateTimeOffset.UtcNow.AddMinutes(-1) } }));

        Assert.Equal("GWB1253", (await StartAsync(planned, new string('0', 64))).Code);
        Assert.Equal("GWB1254", (await StartAsync(old)).Code);
        Assert.Equal("GWB1250", (await StartAsync("o-20260101-000000-ffff")).Code);
    }

    /// <summary>A run that wrote nothing has begun nothing: what was read and approved is as old as before it. One that wrote goes on.</summary>
    [Theory]
    [InlineData(0, 409)]
    [InlineData(1, 202)]
    public async Task Start_Again_OfAPlanTooOld_IsOnlyForWhatHasWritten(int written, int status)
    {
        var id = await PlannedAsync(view => view with
        {
            State = OperationState.Ended, Outcome = OperationOutcome.Failed, Run = 1, Written = written, Plan = view.Plan! with { ValidUntil = DateTimeOffset.UtcNow.AddMinutes(-1) },
        });

        var answer = await StartAsync(id);

        Assert.Equal((status, status == 409 ? "GWB1254" : null), (answer.Status, status == 409 ? answer.Code : null));
    }

    /// <summary>A scheduler that is off because of it is told as long as it is: no cycle runs in the whole tenant.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Operation_WhoseOrchestrationIsGone_TellsOfTheSchedulerThatItLeftOff(bool held, bool enabled)
    {
        var id = await PlannedAsync(view => view with { State = OperationState.Running, Run = 1 });
        await _host.Store.WriteOneAsync(StoreNames.HeldScheduler(id), new HeldScheduler { OperationId = id, Server = "AADC1", Enabled = enabled, Held = held }, Stop);

        var view = await _host.GetAsync($"/api/operations/{id}");

        Assert.Equal(held && enabled, view.Text.Contains("GWB2915", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_BesideAMigration_IsRefused()
    {
        var migration = await _host.MigratingAsync();

        var answer = await StartAsync(await PlannedAsync());

        Assert.Equal((409, "GWB1252"), (answer.Status, answer.Code));
        Assert.Contains(migration.MigrationId, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migration_BesideAnOperation_IsRefused()
    {
        await StartAsync(await PlannedAsync());
        var assessed = await _host.AssessedAsync();

        var answer = await _host.PostAsync("/api/migrations", new ApiTests(_host).StartBody(assessed));

        Assert.Equal((409, "GWB1251"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Start_OfADangerousPlan_WaitsForSomebodyElse()
    {
        var id = await DangerousAsync();

        var early = await StartAsync(id);
        var approved = await DecideAsync(id, People.First, "approve");
        var started = await StartAsync(id);

        Assert.Equal((409, "GWB1255"), (early.Status, early.Code));
        Assert.Equal((202, 202), (approved.Status, started.Status));
    }

    [Fact]
    public async Task Approval_ByWhoAskedForIt_IsRefused_AndAudited()
    {
        var id = await DangerousAsync();

        var answer = await DecideAsync(id, People.Requester, "approve");

        Assert.Equal((403, ContractError.ApproverIsRequester.Code), (answer.Status, answer.Code));
        Assert.Contains(ContractError.ApproverIsRequester.Code, (await _host.GetAsync($"/api/operations/{id}/audit")).Text, StringComparison.Ordinal);
        Assert.Equal("GWB1255", (await StartAsync(id)).Code);
    }

    [Fact]
    public async Task Approval_OfAnotherPlan_OrOperation_IsRefused()
    {
        var (one, other) = (await DangerousAsync(), await DangerousAsync());

        var ofOtherPlan = await DecideAsync(one, People.First, "approve", hash: new string('0', 64));
        var ofOtherOperation = await DecideAsync(one, People.First, "approve", about: other);

        Assert.Equal((409, 409), (ofOtherPlan.Status, ofOtherOperation.Status));
        Assert.Equal("GWB1255", (await StartAsync(one)).Code);
    }

    [Fact]
    public async Task Approval_WithAStaleSignIn_IsRefused()
    {
        var id = await DangerousAsync();

        var answer = await DecideAsync(id, People.First, "approve", change: claims => claims["auth_time"] = DateTimeOffset.UtcNow.AddHours(-3).ToUnixTimeSeconds());

        Assert.NotEqual(202, answer.Status);
        Assert.Equal("GWB1255", (await StartAsync(id)).Code);
    }

    /// <summary>The sign-in must follow the plan, as at a gate, however young the token is; and one that the issuer dates back is no older for that.</summary>
    [Theory]
    [InlineData(-120, 0, "GWB7406")]
    [InlineData(0, -240, null)]
    public async Task Approval_CountsTheSignIn_NotTheDateOfTheToken(int signedIn, int issued, string? code)
    {
        var id = await DangerousAsync();

        var answer = await DecideAsync(id, People.First, "approve", change: claims =>
        {
            claims["auth_time"] = DateTimeOffset.UtcNow.AddSeconds(signedIn).ToUnixTimeSeconds();
            claims["iat"] = DateTimeOffset.UtcNow.AddSeconds(issued).ToUnixTimeSeconds();
        });

        Assert.Equal((code is null ? 202 : 409, code), (answer.Status, code is null ? null : answer.Code));
    }

    [Fact]
    public async Task Denial_NeedsAComment_AndEndsTheOperation()
    {
        var id = await DangerousAsync();

        var mute = await DecideAsync(id, People.First, "deny", comment: null);
        var denied = await DecideAsync(id, People.First, "deny", comment: "Not now.");
        var late = await DecideAsync(id, People.Second, "approve");

        Assert.Equal((400, 202, 409), (mute.Status, denied.Status, late.Status));
        Assert.Equal("denied", (await _host.GetAsync($"/api/operations/{id}")).Json.GetProperty("outcome").GetString());
        Assert.Equal("GWB1257", (await StartAsync(id)).Code);
    }

    [Fact]
    public async Task Approval_OfAPlanWithoutDanger_IsRefused() => Assert.Equal("GWB1256", (await DecideAsync(await PlannedAsync(), People.First, "approve")).Code);

    [Fact]
    public async Task Check_OfATaskOfARunningOperation_IsTaken_AndAudited()
    {
        var id = await PlannedAsync();
        await StartAsync(id);
        await ShowTasksAsync(id, OperationState.Running, "open", "over");

        var taken = await CheckAsync(id, "open");
        var over = await CheckAsync(id, "over");
        var unknown = await CheckAsync(id, "none");
        var page = await _host.GetAsync($"/api/pages/operations/{id}", _host.Issuer.Access(People.Requester, "Migration.Operator"));

        Assert.Equal((202, "check"), (taken.Status, taken.Json.GetProperty("request").GetString()));
        Assert.Equal((409, "GWB1223"), (over.Status, over.Code));
        Assert.Equal((404, "GWB1206"), (unknown.Status, unknown.Code));
        Assert.Contains("task.check", (await _host.GetAsync($"/api/operations/{id}/audit")).Text, StringComparison.Ordinal);
        Assert.Contains($"operations/{id}/tasks/open/check", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"operations/{id}/tasks/over/check", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfATaskThatNothingLooksAt_SaysWhy()
    {
        var id = await PlannedAsync();
        await ShowTasksAsync(id, OperationState.Ended, "open");

        var answer = await CheckAsync(id, "open");

        Assert.Equal((409, "GWB1257"), (answer.Status, answer.Code));
        Assert.Contains("nothing looks at its tasks", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ByAReader_IsRefused() =>
        Assert.Equal(403, (await _host.PostAsync($"/api/operations/{await PlannedAsync()}/tasks/open/check", null, _host.Issuer.Access(People.First, "Migration.Reader"))).Status);

    [Fact]
    public async Task Undo_OfWhatWroteNothing_IsRefused() => Assert.Equal("GWB1257", (await _host.PostAsync($"/api/operations/{await PlannedAsync()}/undo", null)).Code);

    [Fact]
    public async Task Undo_OfWhatIsStillOurs_IsTaken()
    {
        var id = await PlannedAsync(view => view with { State = OperationState.Ended, Outcome = OperationOutcome.Completed, Run = 1, Written = 1 });

        Assert.Equal(202, (await _host.PostAsync($"/api/operations/{id}/undo", null)).Status);
        Assert.Equal("undoing", (await _host.GetAsync($"/api/operations/{id}")).Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Operation_WhoseOrchestrationIsGone_HasFailed_AndCanGoOnOrBack()
    {
        var id = await PlannedAsync(view => view with { State = OperationState.Running, Run = 1, Written = 1 });

        var view = await _host.GetAsync($"/api/operations/{id}");

        Assert.Equal("failed", view.Json.GetProperty("outcome").GetString());
        Assert.Contains("GWB2904", view.Text, StringComparison.Ordinal);
        Assert.Equal(202, (await _host.PostAsync($"/api/operations/{id}/undo", null)).Status);
    }

    [Fact]
    public async Task Lists_ShowWhatIsWritten_AndWhatIsLeftOut()
    {
        var id = await PlannedAsync();

        var changes = await _host.GetAsync($"/api/operations/{id}/changes");
        var left = await _host.GetAsync($"/api/operations/{id}/left");

        Assert.Equal(("Group.Unified", 0), (changes.Json.GetProperty("items")[0].GetProperty("target").GetString(), left.Json.GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task Report_OfACleanUp_IsItsItems_AndTheScriptOfTheRules()
    {
        var plan = await _host.Store.SaveOneAsync("plan", await Samples.PlanAsync(_host.Store), Stop);
        var report = await _host.Store.SaveOneAsync("clean-up", new CleanUpReport { MigrationId = "m-20260101-000000-0001", Plan = plan, Items = [new("Canaries", "now")] }, Stop);
        var id = await PlannedAsync(view => view with
        {
            Kind = CleanUpOperation.Name, Terms = new CleanUpTerms { Step = CleanUpStep.Look }, State = OperationState.Ended, Outcome = OperationOutcome.NothingToDo,
            Plan = view.Plan! with { Draft = new() { Report = report } },
        });

        var items = await _host.GetAsync($"/api/operations/{id}/report");
        var script = await _host.GetAsync($"/api/operations/{id}/report?format=rules");
        var html = await _host.GetAsync($"/api/operations/{id}/report?format=html");
        var page = await _host.GetAsync($"/api/pages/operations/{id}");

        Assert.Equal(("Canaries", "text/plain"), (items.Json.GetProperty("items")[0].GetProperty("name").GetString(), script.ContentType));
        Assert.Contains("e4eae1c9-b9bc-4328-ade9-df871cdd3027", script.Text, StringComparison.Ordinal);
        Assert.Equal((400, "GWB1006"), (html.Status, html.Code));
        Assert.Contains($"operations/{id}/report?format=rules", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_OfAKindThatHasNone_IsRefused() => Assert.Equal("GWB1266", (await _host.GetAsync($"/api/operations/{await PlannedAsync()}/report")).Code);

    [Fact]
    public async Task Pages_ShowTheList_ThePlan_AndWhatIsOffered()
    {
        var id = await DangerousAsync();
        var (asOperator, asApprover) = (_host.Issuer.Access(People.Requester, "Migration.Operator"), _host.Issuer.Access(People.First, "Migration.Approver"));

        var list = await _host.GetAsync("/api/pages/operations", asOperator);
        var forOperator = await _host.GetAsync($"/api/pages/operations/{id}", asOperator);
        var forApprover = await _host.GetAsync($"/api/pages/operations/{id}", asApprover);
        var changes = await _host.GetAsync($"/api/pages/operations/{id}/changes");
        await DecideAsync(id, People.First, "approve");
        var approved = await _host.GetAsync($"/api/pages/operations/{id}", asOperator);

        Assert.All([list, forOperator, forApprover, changes, approved], page => Assert.Equal(200, page.Status));
        Assert.Contains($"/api/pages/operations/{id}", list.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;danger&lt;/b&gt;", forOperator.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"operations/{id}/start", forOperator.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("sign-ins", forOperator.Text, StringComparison.Ordinal);
        Assert.Contains($"operations/{id}/sign-ins", forApprover.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", changes.Text, StringComparison.Ordinal);
        Assert.Contains($"operations/{id}/start", approved.Text, StringComparison.Ordinal);
    }

    Task<Answer> StartAsync(string id, string hash = Hash) => _host.PostAsync($"/api/operations/{id}/start", new { planHash = hash });

    Task<Answer> CheckAsync(string id, string task) => _host.PostAsync($"/api/operations/{id}/tasks/{task}/check", null);

    /// <summary>As a later moment of its run would show it.</summary>
    async Task ShowTasksAsync(string id, OperationState state, params string[] tasks)
    {
        var view = await _host.Store.ReadOneAsync<OperationView>(StoreNames.OperationView(id), Stop);
        await _host.Store.WriteOneAsync(
            StoreNames.OperationView(id),
            view! with
            {
                State = state, Run = 1, UpdatedAt = DateTimeOffset.UtcNow.AddHours(1),
                Tasks = [.. tasks.Select(task => new OperatorTask
                {
                    Id = task, Kind = TaskKind.EnableWriteback, State = task == "over" ? TaskState.Overdue : TaskState.Open, Title = "t", Why = "w", Steps = [],
                    Deadline = DateTimeOffset.UtcNow.AddHours(1),
                })],
            },
            Stop);
    }

    Task<string> DangerousAsync() => PlannedAsync(view => view with { Plan = view.Plan! with { Draft = view.Plan.Draft with { Dangers = ["<b>danger</b>"] } } });

    async Task<Answer> DecideAsync(
        string id, string person, string decision, string? comment = "Read.", string hash = Hash, string? about = null, Action<System.Text.Json.Nodes.JsonObject>? change = null)
    {
        var record = new ApprovalRecord
        {
            Tenant = TestIssuer.Tenant, MigrationId = about ?? id, Gate = ApprovalGate.Plan, EvidenceDigest = hash, Decision = Enum.Parse<ApprovalDecision>(decision, ignoreCase: true),
            CommentHash = ApprovalRecord.HashComment(comment), Salt = ApprovalNonce.NewSalt(),
        };
        return await _host.PostAsync(
            $"/api/operations/{id}/decisions",
            new { record = CanonicalJson.SerializeToText(record), idToken = _host.Issuer.IdToken(person, record.Nonce(), change, "Migration.Approver"), comment },
            _host.Issuer.Access(person, "Migration.Approver", "Migration.Operator"));
    }

    /// <summary>An operation as its planning leaves it in the store.</summary>
    async Task<string> PlannedAsync(Func<OperationView, OperationView>? change = null)
    {
        var id = Samples.NewId('o');
        var request = new OperationRequest
        {
            OperationId = id, Terms = new NewGroupsTerms { Writeback = WritebackWish.Off }, RequestedBy = People.Requester,
            Settings = new() { PlanValidHours = 24, ValuesAtOnce = 500, ApprovalFromGroups = 50 },
        };
        var changes = await _host.Store.SaveListAsync(
            "value-changes", [new ValueChange { Target = UnifiedSettingPort.Target, Name = "<script>", Before = "absent", After = "off" }], Stop);
        var view = new OperationView
        {
            OperationId = id, Kind = NewGroupsOperation.Name, Terms = request.Terms, RequestedBy = People.Requester, State = OperationState.Planned, PlanHash = Hash,
            AskedAt = DateTimeOffset.UtcNow.AddMinutes(-2), UpdatedAt = DateTimeOffset.UtcNow.AddMinutes(-2),
            Plan = new()
            {
                OperationId = id, Terms = request.Terms, Draft = new() { Changes = changes, Undo = "back" },
                PlannedAt = DateTimeOffset.UtcNow.AddMinutes(-1), ValidUntil = DateTimeOffset.UtcNow.AddHours(1),
            },
        };
        await _host.Store.WriteOneAsync(StoreNames.OperationRequest(id), request, Stop);
        await _host.Store.WriteOneAsync(StoreNames.OperationView(id), change?.Invoke(view) ?? view, Stop);
        return id;
    }
}

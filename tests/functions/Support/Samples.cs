using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Assessment;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Functions.Support;

/// <summary>Assessments and migrations as the orchestrations leave them in the store.</summary>
static class Samples
{
    public const string PlanHash = "1234567812345678123456781234567812345678123456781234567812345678";
    public const string Digest = "abcdefababcdefababcdefababcdefababcdefababcdefababcdefababcdefab";

    public const string Domain = "contoso.example";

    static int _numbers;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static string NewId(char kind) => $"{kind}-20260101-000000-{Interlocked.Increment(ref _numbers):x4}";

    public static async Task<AssessmentOutcome> AssessedAsync(this ApiHost host, Func<AssessmentOutcome, AssessmentOutcome>? change = null)
    {
        var planned = await PlanAsync(host.Store);
        var plan = await host.Store.SaveOneAsync("plan", planned, Token);
        var findings = await host.Store.SaveListAsync("findings", Enumerable.Range(1, 250).Select(n => new Finding
        {
            Code = $"GWB{1300 + (n % 100)}", Severity = FindingSeverity.ToKnow, Title = $"finding {n}", Cause = "c", Remedy = "r",
        }), Token);
        var outcome = new AssessmentOutcome
        {
            AssessmentId = NewId('a'), State = AssessmentState.Ready, Plan = plan, PlanHash = PlanHash, Findings = findings, Migrating = 1,
            ReadAt = DateTimeOffset.UtcNow.AddDays(-1), ValidUntil = DateTimeOffset.UtcNow.AddDays(13),
            Classified = planned.Classified, Losses = planned.Losses, Time = planned.Time, Naming = planned.Naming, Groups = 1, Blast = planned.Blast,
            Facts = await host.Store.SaveOneAsync("facts", FactsOf(planned), Token),
        };
        outcome = change?.Invoke(outcome) ?? outcome;
        await host.Store.WriteOneAsync(StoreNames.AssessmentOutcome(outcome.AssessmentId), outcome, Token);
        return outcome;
    }

    /// <summary>What was read for a plan, of a healthy tenant.</summary>
    public static AssessInput FactsOf(MigrationPlan plan)
    {
        var healthy = Facts.Healthy();
        return new()
        {
            Request = new() { AssessmentId = plan.AssessmentId, RequestedBy = People.Requester, Canaries = plan.Canaries, Acceptances = plan.Acceptances },
            Tenant = healthy.Tenant with { Tenant = plan.Tenant },
            Forest = healthy.Forest,
            Inventory = Facts.Document,
            ReadAt = Facts.Now,
            Servers = healthy.Servers,
        };
    }

    public static async Task<MigrationPlan> PlanAsync(IDocumentStore store) => new()
    {
        Tenant = Guid.Parse(TestIssuer.Tenant),
        Domain = "contoso.example",
        AssessmentId = "a-20260101-000000-0000",
        WritebackOu = "OU=Writeback,DC=contoso,DC=example",
        Naming = NamingStyle.GroupGuid,
        Servers = [new() { Name = "AADC1", Active = true, Version = "2.6.92.0", Cmdlet = CmdletGeneration.Interactive }],
        Groups = await store.SaveListAsync<GroupIdentity>("groups", [], Token),
        Frozen = await store.SaveListAsync<GroupIdentity>("groups", [], Token),
        Classified = await store.SaveListAsync("classified", new[]
        {
            new ClassifiedGroup { Name = "<b>Sales</b>", Class = GroupClass.Migrates, Readiness = Readiness.Ready, Reasons = [] },
        }, Token),
        Losses = await store.SaveListAsync<GroupLoss>("losses", [], Token),
        Canaries = new() { New = Guid.NewGuid(), Match = Guid.NewGuid(), Unassigned = Guid.NewGuid() },
        Blast = Facts.Blast,
        Ceilings = new() { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 },
        Time = new() { InitialSeconds = 600, DeltaSeconds = 60, ConfirmSeconds = 7200, UndoSeconds = 660, ForwardSeconds = 2460, PredictedStagingSeconds = 13_500 },
        NewGroupTolerance = 10,
        Acceptances = [],
    };

    /// <summary>A migration as its view and request stand in the store; the view is newer than any that an orchestration could publish.</summary>
    public static async Task<MigrationView> MigratingAsync(this ApiHost host, Func<MigrationView, MigrationView>? change = null)
    {
        var id = NewId('m');
        var record = new RequestRecord { Tenant = TestIssuer.Tenant, Subject = "a-20260101-000000-0000", PlanHash = PlanHash, Salt = ApprovalNonce.NewSalt() };
        var proof = new SignedRequest { Record = record, IdToken = host.Issuer.IdToken(People.Requester, record.Nonce(), null, "Migration.Operator") };
        var window = new MigrationWindow { Start = DateTimeOffset.UtcNow, End = DateTimeOffset.UtcNow.AddHours(8) };
        var request = new MigrationRequest
        {
            MigrationId = id,
            AssessmentId = record.Subject,
            Plan = await host.Store.SaveOneAsync("plan", await PlanAsync(host.Store), Token),
            PlanHash = PlanHash,
            Window = window,
            RequestedBy = People.Requester,
            RequestProof = await host.Store.SaveOneAsync("proof", proof.ToStatement(), Token),
            Settings = new(),
        };
        var view = View(request);
        view = change?.Invoke(view) ?? view;
        await host.Store.WriteOneAsync(StoreNames.MigrationRequest(id), request, Token);

        // Takes the place of an earlier test's migration; it waits for a Graph that is not there.
        await host.Client.ScheduleNewOrchestrationInstanceAsync(
            MigrateOrchestrator.Name, request, new StartOrchestrationOptions("migration").WithDedupeStatuses(), Token);
        await host.ShowAsync(view);
        return view;
    }

    static MigrationView View(MigrationRequest request) => new()
    {
        MigrationId = request.MigrationId,
        AssessmentId = request.AssessmentId,
        PlanHash = PlanHash,
        RequestedBy = request.RequestedBy,
        Window = request.Window,
        State = MigrationState.Waiting,
        Notices = [],
        Stages = [.. Enum.GetValues<StageName>().Select(name => new StageView { Name = name, State = StageState.Pending })],
        Tasks = [],
        StartedAt = DateTimeOffset.UtcNow,
        UpdatedAt = DateTimeOffset.UtcNow.AddYears(1),
        Gate = Gate(GateName.Plan),
    };

    /// <summary>Ends the migration of an earlier test, if there is one.</summary>
    public static async System.Threading.Tasks.Task EndMigrationAsync(this ApiHost host)
    {
        if (await host.Client.GetInstanceAsync("migration", Token) is { IsCompleted: false })
        {
            await host.Client.TerminateInstanceAsync("migration", Token);
            await host.Client.WaitForInstanceCompletionAsync("migration", Token);
        }

        // Broken off as it is, it would bar the next one; and nothing that comes late may show it at work again.
        foreach (var name in (await host.Store.NamesAsync(StoreNames.Migrations, Token)).Where(name => name.EndsWith("/request", StringComparison.Ordinal)))
        {
            var request = (await host.Store.ReadOneAsync<MigrationRequest>(name, Token))!;
            var view = await host.Store.ReadOneAsync<MigrationView>(StoreNames.MigrationView(request.MigrationId), Token) ?? View(request);
            if (view.State != MigrationState.Ended)
            {
                await host.ShowAsync(view with { State = MigrationState.Ended, Outcome = MigrationOutcome.Denied, UpdatedAt = DateTimeOffset.UtcNow.AddYears(1) });
            }
        }
    }

    public static System.Threading.Tasks.Task ShowAsync(this ApiHost host, MigrationView view) => host.Store.WriteOneAsync(StoreNames.MigrationView(view.MigrationId), view, Token);

    public static OpenGate Gate(GateName gate) => new()
    {
        Gate = gate, EvidenceDigest = Digest, EvidenceAt = DateTimeOffset.UtcNow.AddMinutes(-1), Deadline = DateTimeOffset.UtcNow.AddHours(2), Required = 2,
        Domain = Domain,
    };

    public static OperatorTask Task(string id, TaskState state) => new()
    {
        Id = id, Kind = TaskKind.EnterStaging, State = state, Title = "Turn staging on", Why = "w", Steps = ["s"], Deadline = DateTimeOffset.UtcNow.AddHours(1),
    };
}

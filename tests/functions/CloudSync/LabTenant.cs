using System.Collections.Concurrent;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.CloudSync;

/// <summary>The activities against the simulated tenant, over HTTP; time passes only while the product waits.</summary>
sealed class LabTenant : IAsyncDisposable, IDelay
{
    readonly TempFolder _folder = new();
    readonly HttpClient _http;
    readonly ConcurrentQueue<(string Method, string Path, string? Body)> _sent = new();
    readonly VirtualClock _clock;
    readonly IDisposable _hold;
    readonly LabIssuer _issuer;
    readonly CloudSyncEngine _engine;
    readonly FileDocumentStore _store;
    readonly GraphServer _server;

    LabTenant(
        SimulatedWorld world, VirtualClock clock, LabIssuer issuer, CloudSyncEngine engine, GraphServer server, CloudSyncOptions cloudSync,
        Func<LabTenant, HttpMessageHandler, HttpMessageHandler>? network)
    {
        (World, _clock, _issuer, _engine, _server) = (world, clock, issuer, engine, server);
        _hold = clock.Busy("test");
        _store = Stores.Open(_folder);
        Token = issuer.GraphAppToken([.. GraphPermissions.Least, GraphPermissions.AppRoleAssignmentReadWriteAll], TimeSpan.FromDays(30));
        var tokens = new StaticTokens(Token);
        var settings = Options.Create(new GraphOptions { BaseUrl = new Uri(server.BaseAddress) });
        HttpMessageHandler wire = new SentRequests(_sent) { InnerHandler = new SocketsHttpHandler { UseProxy = false } };
        _http = GraphServices.Connect(tokens, settings.Value, network?.Invoke(this, wire) ?? wire);
        var graph = new GraphClient(_http, tokens, new GraphPace(this, clock, new LabJitter(1), settings), settings, NullLogger<GraphClient>.Instance);
        var options = Options.Create(cloudSync);
        var remote = new CloudSyncRemote(graph);
        var known = new KnownCanaries(_store);
        var groupDn = new GroupDnExtension(graph, _store, this, options);
        var reader = new CloudSyncReader(remote, known, groupDn, _store);
        var wait = new ReplicationWait(this, options);
        var finder = new CloudSyncFinder(remote, _store, options);
        var writer = new CloudSyncWriter(remote, reader, _store);
        var (tenant, members) = (new TenantReader(graph), new MemberReader(graph));
        CloudSync = new CloudSyncActivities(
            new CloudSyncSetup(graph, remote, reader, finder, writer, groupDn, _store, wait, options),
            new CloudSyncRemoval(remote, finder, reader, writer, groupDn, _store, wait),
            writer,
            reader,
            new CloudSyncSurveyor(remote, members, known, _store, options), remote, tenant, members, _store, this, options, NullLogger<CloudSyncActivities>.Instance);
        Entra = new EntraMembers(graph);
        Scope = new ScopeActivities(remote, known, _store, Options.Create(new GraphOptions()), options);
        var groups = new StoredGroups(_store);
        var judge = new AssessmentJudge(groups, known, _store, Options.Create(new AssessmentOptions()), options, NullLogger<AssessmentJudge>.Instance);
        Tenant = groupsAtOnce => new TenantActivities(
            tenant, members, _store, Options.Create(new AssessmentOptions { GroupsAtOnce = groupsAtOnce }), NullLogger<TenantActivities>.Instance);
        var setting = new UnifiedSettingPort(graph, wait);
        Values = new ValueActivities([setting, new GroupWritebackPort(graph)], _store, wait, NullLogger<ValueActivities>.Instance);
        Writeback = new WritebackActivities(tenant, setting, _store);
        Restore = new RestoreActivities(tenant, _store);
        Risks = new RiskActivities(tenant, _store, NullLogger<RiskActivities>.Instance);
        Assessment = new AssessmentActivities(judge, groups, known, _store, NullLogger<AssessmentActivities>.Instance);
    }

    public SimulatedWorld World { get; }

    /// <summary>Every request that reached Graph, in order.</summary>
    public IReadOnlyCollection<(string Method, string Path, string? Body)> Sent => _sent;

    public CloudSyncActivities CloudSync { get; }

    public AssessmentActivities Assessment { get; }

    public RiskActivities Risks { get; }

    /// <summary>Values of operations, written and taken back.</summary>
    public ValueActivities Values { get; }

    public WritebackActivities Writeback { get; }

    public RestoreActivities Restore { get; }

    /// <summary>The activities that read the tenant, so many groups at once.</summary>
    public Func<int, TenantActivities> Tenant { get; }

    public CloudSyncEngine Engine => _engine;

    /// <summary>Object id of the product's own service principal: what it makes it owns.</summary>
    public Guid ProductId => _issuer.ServicePrincipalId;

    /// <summary>Registered applications that no template made, Connect's own among them.</summary>
    public Table<ApplicationRecord> Applications => World.Store.Table<ApplicationRecord>("applications");

    public IReadOnlyList<ApplicationRecord> ExtensionApps
        => World.Store.Read(() => Applications.Values.Where(a => a.DisplayName == "CloudSyncCustomExtensionsApp").ToList());

    public IDocumentStore Store => _store;

    public ScopeActivities Scope { get; }

    public EntraMembers Entra { get; }

    /// <summary>Address of the tenant's Graph, and what opens it.</summary>
    public string Graph => _server.BaseAddress.TrimEnd('/');
    public string Token { get; }

    public GraphFaults Faults => _server.Faults;

    public Portal Portal => new(World);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="options">The world.</param>
    /// <param name="cloudSync">The product's settings.</param>
    /// <param name="network">What stands between the product and Graph.</param>
    public static async Task<LabTenant> StartAsync(
        WorldOptions? options = null, CloudSyncOptions? cloudSync = null, Func<LabTenant, HttpMessageHandler, HttpMessageHandler>? network = null)
    {
        var clock = VirtualClock.InMemory();
        var world = await SimulatedWorld.OpenAsync(path: null, clock, options ?? new WorldOptions { Groups = 40, M365 = 6 });
        var issuer = new LabIssuer(world.Store.Read(() => world.Tenant.TenantId), clock);
        var engine = new CloudSyncEngine(world);
        return new LabTenant(
            world, clock, issuer, engine, await GraphServer.StartAsync(world, issuer, engine, cancellationToken: Stop), cloudSync ?? new(), network);
    }

    /// <summary>A token of the app whose time is over.</summary>
    public string ExpiredToken() => _issuer.GraphAppToken(lifetime: TimeSpan.FromHours(-1));

    /// <summary>The tenant's facts as an assessment reads them.</summary>
    /// <param name="groupsAtOnce">Groups whose members one activity reads.</param>
    public async Task<TenantFacts> ReadTenantAsync(int groupsAtOnce = 1_000)
    {
        var reading = await ReadTenantOrchestrator.ReadTenant(Reading(groupsAtOnce));
        return reading.Tenant ?? throw new InvalidOperationException(reading.Stopped!.Message);
    }

    /// <summary>The reading's context, with the real activities behind it.</summary>
    public ScriptedContext Reading(int groupsAtOnce)
    {
        var activities = Tenant(groupsAtOnce);
        return new ScriptedContext(new AssessmentRequest { AssessmentId = "a-1", RequestedBy = "p", Canaries = Canaries() })
            .OnActivity<AssessmentRequest, TenantList>(activities.ListTenant)
            .OnActivity<MemberPart, DocumentReference>(activities.ReadMembers)
            .OnActivity<TenantParts, TenantFacts>(activities.JoinTenant);
    }

    public Task ForAsync(TimeSpan time, CancellationToken cancellationToken) => _clock.SleepAsync(time, cancellationToken);

    public Canaries Canaries() => new() { New = Id(WorldSeeder.CanaryNew), Match = Id(WorldSeeder.CanaryMatch), Unassigned = Id(WorldSeeder.CanaryUnassigned) };

    /// <summary>Assesses the tenant as it is, with everything accepted.</summary>
    public Task<AssessmentOutcome> AssessAsync() => AssessAsync(survey: null);

    /// <inheritdoc cref="AssessAsync()"/>
    /// <param name="survey">The Cloud Sync that is there already; null where nobody looked.</param>
    public async Task<AssessmentOutcome> AssessAsync(CloudSyncSurvey? survey)
    {
        var forest = await new SimulatedDirectory(World).InspectAsync(Stop);
        var input = new AssessInput
        {
            Request = new AssessmentRequest { AssessmentId = "a-1", RequestedBy = "p", Canaries = Canaries() },
            Tenant = await ReadTenantAsync(),
            Forest = forest,
            Inventory = await InventoryAsync(),
            ReadAt = _clock.GetUtcNow(),
            CloudSync = survey,
            Servers = [.. Enumerable.Range(0, 2).Select(i => Facts.Server(ConnectServers.NameOf(i), staging: i > 0) with { WritebackOu = forest.WritebackOu })],
        };
        var found = await Store.LoadListAsync<Finding>((await Assessment.JudgeTenant(input, Stop)).Findings!, Stop);
        var accepted = found.Where(f => f.Severity == FindingSeverity.NeedsAcceptance).Select(f => new Acceptance { Code = f.Code, Set = f.Set, By = "p", Comment = "ok" });
        return await Assessment.JudgeTenant(input with { Request = input.Request with { Acceptances = [.. accepted] } }, Stop);
    }

    public async Task<DocumentReference> InventoryAsync()
        => await Store.SaveListAsync("inventory", await new SimulatedDirectory(World).GroupsUnderWritebackOuAsync(Stop).ToListAsync(Stop), Stop);

    public async Task<CloudSyncInput> PreparedAsync(string migrationId = "m-1")
    {
        var input = new CloudSyncInput { MigrationId = migrationId, Plan = (await AssessAsync()).Plan! };
        var job = await CloudSync.PrepareCloudSync(input, Stop);
        await WriteGroupDnAsync(input);
        await Portal.RunAssignmentScriptAsync(job.ServicePrincipalId, [Canaries().New, Canaries().Match]);
        return input with { Job = job };
    }

    /// <summary>As the orchestration does it: part by part.</summary>
    public Task WriteGroupDnAsync(CloudSyncInput input) => InPartsAsync(input, CloudSync.WriteGroupDn);

    /// <summary>The undo of everything, as the orchestration does it.</summary>
    public async Task RemoveAsync(CloudSyncInput input)
    {
        await CloudSync.RemoveCloudSync(input, Stop);
        await InPartsAsync(input, CloudSync.GiveBackGroupDn);
    }

    static async Task InPartsAsync(CloudSyncInput input, Func<GroupDnInput, CancellationToken, Task<GroupDnProgress>> activity)
    {
        var progress = GroupDnProgress.Nothing;
        do
        {
            progress = await activity(new GroupDnInput { MigrationId = input.MigrationId, Plan = input.Plan, From = progress.Done }, Stop);
        }
        while (progress.Done < progress.Total);
    }

    public async Task<PlanDrift> DriftAsync(CloudSyncInput input)
    {
        return await Assessment.CheckDrift(
            new DriftInput { Plan = input.Plan, Tenant = await ReadTenantAsync(), Inventory = await InventoryAsync() }, Stop);
    }

    public async Task<MigrationPlan> PlanAsync(CloudSyncInput input) => await Store.LoadOneAsync<MigrationPlan>(input.Plan, Stop);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        _engine.Dispose();
        _issuer.Dispose();
        _hold.Dispose();
        await World.DisposeAsync();
        _clock.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    Guid Id(string name) => World.Store.Read(() => World.Groups.Values.Single(g => g.DisplayName == name).Id);

    sealed class SentRequests(ConcurrentQueue<(string Method, string Path, string? Body)> sent) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            sent.Enqueue((request.Method.Method, request.RequestUri!.AbsolutePath, body));
            return await base.SendAsync(request, cancellationToken);
        }
    }
}

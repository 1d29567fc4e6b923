using GwbCloud.Embedded.Engine;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Journal;
using GwbCloud.Tests.Functions.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions;

/// <summary>The product's migration on Microsoft's engine and on ours, with the worker's JSON on both.</summary>
public sealed class MigrateOnBothEnginesTests : IDisposable
{
    const string Instance = "migration";

    readonly TempFolder _folder = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Migrate_DeniedAtThePlanGate_GoesBackAlikeOnBothEngines()
    {
        var store = Stores.Open(_folder);
        var plan = await Samples.PlanAsync(store);
        var request = Request(plan);

        var theirs = await OnMicrosoftsAsync(plan, request);
        var ours = await OnOursAsync(plan, request);

        Assert.Equal(MigrationOutcome.Denied, theirs.Result.Outcome);
        Assert.Equal(MigrationOutcome.Denied, theirs.Tenant.View!.Outcome);
        Assert.Equal(
            ["StampAnchors", "gate.opened", "gate.denied", "UnstampAnchors", "RemoveCloudSync", "RemoveCanaryObjects", "migration.ended"],
            theirs.Tenant.Done.Where(what => what is "StampAnchors" or "UnstampAnchors" or "RemoveCloudSync" or "RemoveCanaryObjects" or "migration.ended"
                || what.StartsWith("gate.", StringComparison.Ordinal)));
        Assert.DoesNotContain("SetScheduler", theirs.Tenant.Done);
        Assert.Equal(theirs.Result, ours.Result);
        Assert.Equal(theirs.Tenant.Done, ours.Tenant.Done);
    }

    static MigrationRequest Request(MigrationPlan plan) => new()
    {
        MigrationId = "m-20260101-000000-0001",
        AssessmentId = plan.AssessmentId,
        Plan = plan.Groups,
        PlanHash = Samples.PlanHash,
        Window = new MigrationWindow { Start = DateTimeOffset.UtcNow.AddDays(2), End = DateTimeOffset.UtcNow.AddDays(3) },
        RequestedBy = People.Requester,
        RequestProof = plan.Groups,
        Settings = new MigrationSettings(),
    };

    static async Task<Run> OnMicrosoftsAsync(MigrationPlan plan, MigrationRequest request)
    {
        DurableTaskClient? client = null;
        var tenant = new ScriptedTenant(plan, (name, payload) => client!.RaiseEventAsync(Instance, name, payload, Stop));
        var options = new DurableTaskTestHostOptions
        {
            ConfigureServices = services =>
            {
                services.Configure<DurableTaskWorkerOptions>(o => o.DataConverter = WorkerDataConverter.Instance);
                services.Configure<DurableTaskClientOptions>(o => o.DataConverter = WorkerDataConverter.Instance);
            },
        };
        await using var host = await DurableTaskTestHost.StartAsync(new ProductFunctions(tenant.RunAsync).Register, options, Stop);
        client = host.Client;
        return await RunAsync(client, tenant, request);
    }

    async Task<Run> OnOursAsync(MigrationPlan plan, MigrationRequest request)
    {
        DurableTaskClient? client = null;
        var tenant = new ScriptedTenant(plan, (name, payload) => client!.RaiseEventAsync(Instance, name, payload, Stop));
        var options = new EngineOptions { JournalPath = _folder["journal"], Durability = JournalDurability.Process };
        await using var engine = OrchestrationEngine.Start(options, new ProductFunctions(tenant.RunAsync));
        client = engine.Client;
        return await RunAsync(client, tenant, request);
    }

    static async Task<Run> RunAsync(DurableTaskClient client, ScriptedTenant tenant, MigrationRequest request)
    {
        await client.ScheduleNewOrchestrationInstanceAsync(MigrateOrchestrator.Name, request, new StartOrchestrationOptions(Instance), Stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        var ended = await client.WaitForInstanceCompletionAsync(Instance, true, patience.Token);
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{ended.RuntimeStatus}: {ended.FailureDetails?.ErrorMessage}");
        return new Run(ended.ReadOutputAs<MigrationResult>()!, tenant);
    }

    sealed record Run(MigrationResult Result, ScriptedTenant Tenant);
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Graph;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Graph.Faults;

/// <summary>Whatever the network does, an assessment reads the same tenant, and Cloud Sync is made, filled and removed once.</summary>
/// <remarks>GWB_FAULT_SEEDS=500 runs so many seeds, GWB_FAULT_FROM=31 begins at the 31st.</remarks>
public sealed partial class FaultSeedTests(CalmRun calm) : IClassFixture<CalmRun>
{
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(Setting("GWB_FAULT_FROM", 1), Setting("GWB_FAULT_SEEDS", 50))];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Flow_OnAFaultyNetwork_EndsAsOnACalmOne(int seed)
    {
        var expected = await calm.RunAsync();

        var run = await RunAsync(seed);

        Assert.Equal(expected.Tenant, run.Tenant);
        Assert.Equal(expected.Prepared, run.Prepared);
        Assert.Equal(expected.Removed, run.Removed);
        Assert.Equal(expected.Made, run.Made);
        Assert.Equal(run.Made.Distinct(), run.Made);
        Assert.NotEqual(0, run.Faults);
    }

    /// <summary>Reads the tenant, prepares Cloud Sync with kept names, brings the planned groups into scope, and takes everything back.</summary>
    /// <param name="seed">Of the faults; null without any.</param>
    internal static async Task<FaultRun> RunAsync(int? seed)
    {
        FaultyNetwork? network = null;
        var world = new WorldOptions { Groups = 24, M365 = 4, DeviatingNames = 2, DeviatingPlaces = 2 };
        await using var lab = await LabTenant.StartAsync(world, new CloudSyncOptions { AssignScope = ScopeAssignment.App }, (tenant, inner) => network = new FaultyNetwork(
            seed ?? 0, tenant.World.Clock, tenant.ExpiredToken(), inner) { Calm = seed is null });

        var input = new CloudSyncInput { MigrationId = "m-1", Plan = (await PatientlyAsync(lab, lab.AssessAsync)).Plan! };
        var plan = await lab.PlanAsync(input);
        var tenant = CanonicalJson.Hash(await PatientlyAsync(lab, () => lab.ReadTenantAsync())) + CanonicalJson.Hash(plan);
        input = input with { Job = await PatientlyAsync(lab, () => lab.CloudSync.PrepareCloudSync(input, Stop)) };
        await InPartsAsync(lab, input, lab.CloudSync.WriteGroupDn);
        var scope = new ScopeInput { MigrationId = "m-1", Plan = input.Plan, Job = input.Job, Ring = 1, Of = 1, Groups = plan.Groups, Untouched = true };
        while ((await PatientlyAsync(lab, () => lab.Scope.AssignScope(scope, Stop))).Left > 0)
        {
        }

        // Lists lag behind what was written.
        await lab.ForAsync(TimeSpan.FromMinutes(10), Stop);
        var prepared = State(lab) + JsonSerializer.Serialize(await PatientlyAsync(lab, () => lab.CloudSync.ReadCloudSync(input, Stop)), ContractJson.Options);
        await PatientlyAsync(lab, () => lab.CloudSync.RemoveCloudSync(input, Stop));
        await InPartsAsync(lab, input, lab.CloudSync.GiveBackGroupDn);
        return new FaultRun
        {
            Tenant = tenant,
            Prepared = prepared,
            Removed = State(lab),
            Made = [.. network!.Made.Order(StringComparer.Ordinal)],
            Faults = network.Happened.Values.Sum(),
        };
    }

    static async Task InPartsAsync(LabTenant lab, CloudSyncInput input, Func<GroupDnInput, CancellationToken, Task<GroupDnProgress>> activity)
    {
        var progress = GroupDnProgress.Nothing;
        do
        {
            var part = new GroupDnInput { MigrationId = input.MigrationId, Plan = input.Plan, From = progress.Done };
            progress = await PatientlyAsync(lab, () => activity(part, Stop));
        }
        while (progress.Done < progress.Total);
    }

    // The orchestration repeats an activity that failed for the moment, after a while.
    static async Task<T> PatientlyAsync<T>(LabTenant lab, Func<Task<T>> activity)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await activity();
            }
            catch (GraphTransientException) when (attempt < 5)
            {
                await lab.ForAsync(TimeSpan.FromMinutes(5), Stop);
            }
        }
    }

    /// <summary>What the tenant holds of Cloud Sync, without the moments.</summary>
    static string State(LabTenant lab) => Moment().Replace(lab.World.Store.Read(() => JsonSerializer.Serialize(
        new
        {
            Apps = lab.World.Apps.Values.OrderBy(a => a.ServicePrincipalId),
            Jobs = lab.World.Jobs.Values.OrderBy(j => j.Id, StringComparer.Ordinal),
            Assignments = lab.World.Assignments.Values.Select(a => (a.ServicePrincipalId, a.GroupId, a.AppRoleId).ToString()).Order(StringComparer.Ordinal),
            Applications = lab.Applications.Values.OrderBy(a => a.ObjectId),
            Kept = lab.World.Groups.Values.Where(g => g.Extensions.Count > 0).OrderBy(g => g.Id).Select(g => new { g.Id, g.Extensions }),
        },
        ContractJson.Options)), "");

    [GeneratedRegex("""\"\w+At\":\"[^\"]*\",?""")]
    private static partial Regex Moment();

    static int Setting(string name, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{otherwise}", CultureInfo.InvariantCulture);
}

/// <summary>What a run came to.</summary>
sealed record FaultRun
{
    public required string Tenant { get; init; }
    public required string Prepared { get; init; }
    public required string Removed { get; init; }

    /// <summary>What Graph made on the way, each as often as it was made.</summary>
    public required IReadOnlyList<string> Made { get; init; }
    public required int Faults { get; init; }
}

/// <summary>The run without faults; run once for all.</summary>
public sealed class CalmRun
{
    readonly Lazy<Task<FaultRun>> _run = new(() => FaultSeedTests.RunAsync(null));

    internal Task<FaultRun> RunAsync() => _run.Value;
}

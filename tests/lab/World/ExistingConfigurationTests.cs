using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.World;

/// <summary>What may stand in a tenant before a migration.</summary>
public sealed class ExistingConfigurationTests
{
    static readonly WorldOptions Small = new() { Groups = 40, M365 = 6 };

    [Theory]
    [InlineData(ExistingConfiguration.None, 0, false)]
    [InlineData(ExistingConfiguration.Paused, 0, false)]
    [InlineData(ExistingConfiguration.Managing, 3, false)]
    [InlineData(ExistingConfiguration.Running, 3, true)]
    [InlineData(ExistingConfiguration.SyncAll, 0, false)]
    public async Task World_ExistingConfiguration_ManagesWhatItMade(ExistingConfiguration existing, int managed, bool started)
    {
        await using var tenant = await TestTenant.StartAsync(Small with { ExistingConfiguration = existing });
        var world = tenant.World;

        var (jobs, made, links) = world.Store.Read(() => (world.Jobs.Values.ToList(), world.Objects.Values.Where(o => o.MadeBy == "cloudSync").ToList(), world.Store.Table<CloudSyncLink>("cloudSyncLinks").Count));

        Assert.Equal(existing == ExistingConfiguration.None ? 0 : 1, jobs.Count);
        Assert.Equal((managed, managed), (made.Count, links));
        Assert.All(made, o => Assert.Matches("^CN=CS .*,OU=Cloud Sync,DC=", o.DistinguishedName));
        Assert.All(made, o => Assert.NotEmpty(o.Members));
        Assert.Equal(started, jobs.Any(j => j.Started));
        Assert.Equal(existing == ExistingConfiguration.SyncAll, jobs.Any(j => j.Secrets["SyncAll"] == "true"));
    }

    [Fact]
    public async Task RunningConfiguration_LeftAlone_LeavesTheWorldAsItsControlWorld()
    {
        await using var tenant = await TestTenant.StartAsync(Small with { ExistingConfiguration = ExistingConfiguration.Running });
        await tenant.World.Connect.StartAsync();

        await tenant.SleepAsync(TimeSpan.FromHours(2));
        await using var control = await ControlWorld.OfAsync(tenant.World);

        Assert.True(tenant.World.Store.Read(() => tenant.World.Jobs.Values.Single().Cycles) > 501);
        Assert.Empty(WorldComparison.Differences(tenant.World, control.World, Kept.Nothing, []));
    }

    [Fact]
    public async Task RunningConfiguration_PausedAndRemapped_IsTold()
    {
        await using var tenant = await TestTenant.StartAsync(Small with { ExistingConfiguration = ExistingConfiguration.Running });
        await using var control = await ControlWorld.OfAsync(tenant.World);

        await tenant.CloudSync.PauseAsync(tenant.World.Store.Read(() => tenant.World.Jobs.Values.Single().Id));

        Assert.Single(WorldComparison.Differences(tenant.World, control.World, Kept.AllOfThem, []), d => d.StartsWith("Cloud Sync: AAD2AD", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OtherJobs.Filtered, true)]
    [InlineData(OtherJobs.Unfiltered, false)]
    public async Task World_OtherJobs_ReadTheWritebackOuWithOrWithoutTheFilter(OtherJobs other, bool filtered)
    {
        await using var tenant = await TestTenant.StartAsync(Small with { OtherJobs = other });

        var principals = (await tenant.SendAsync(HttpMethod.Get, "v1.0/servicePrincipals?$filter=displayName eq 'contoso.example'")).Body!["value"]!.AsArray();
        var root = $"v1.0/servicePrincipals/{(string)Assert.Single(principals)!["id"]!}/synchronization/jobs";
        var job = Assert.Single((await tenant.SendAsync(HttpMethod.Get, root)).Body!["value"]!.AsArray())!;
        var schema = (await tenant.SendAsync(HttpMethod.Get, $"{root}/{(string)job["id"]!}/schema")).Body!;
        await tenant.SleepAsync(TimeSpan.FromHours(1));

        Assert.Equal("AD2AADProvisioning", (string)job["templateId"]!);
        Assert.Equal("DC=contoso,DC=example", (string)schema["synchronizationRules"]![0]!["containerFilter"]!["includedContainers"]![0]!);
        Assert.Equal(filtered, schema.ToJsonString().Contains("adminDescription", StringComparison.Ordinal));
    }

    [Fact]
    public async Task World_ConnectServers_LeaveUsersAndApplications()
    {
        await using var tenant = await TestTenant.StartAsync(Small with { Servers = 2, ForgottenServers = 2 });

        var users = (await tenant.SendAsync(HttpMethod.Get, "v1.0/users?$filter=startswith(userPrincipalName,'Sync_')&$select=id,displayName,userPrincipalName")).Body!["value"]!.AsArray();
        var apps = (await tenant.SendAsync(HttpMethod.Get, "v1.0/applications?$filter=startswith(displayName,'ConnectSyncProvisioning_')&$select=displayName")).Body!["value"]!.AsArray();
        var traces = tenant.World.Store.Read(() => tenant.World.ConnectTraces.Values.ToList());

        Assert.Equal(["AADC01", "AADC02", "OLDSYNC01", "OLDSYNC02"], traces.Select(t => t.Server));
        Assert.Equal(2, traces.Count(t => t.Forgotten));
        Assert.Equal(traces.Select(t => $"Sync_{t.Server}_{t.ShortId}@contoso.onmicrosoft.example").Order(), users.Select(u => (string)u!["userPrincipalName"]!).Order());
        Assert.All(users, u => Assert.Equal("On-Premises Directory Synchronization Service Account", (string)u!["displayName"]!));
        Assert.Equal(
            traces.Where(t => t.Server != "OLDSYNC01").Select(t => $"ConnectSyncProvisioning_{t.Server}_{t.ShortId}").Order(),
            apps.Select(a => (string)a!["displayName"]!).Order());
    }

    [Fact]
    public async Task World_OldConnect_LeavesNoApplication()
    {
        await using var tenant = await TestTenant.StartAsync(Small with { ConnectVersion = "2.4.21.0" });

        Assert.All(tenant.World.Store.Read(() => tenant.World.ConnectTraces.Values.ToList()), t => Assert.Null(t.ApplicationObjectId));
    }
}

using System.Net;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Lab.World;

namespace GwbCloud.Tests.Lab.CloudSync;

/// <summary>Names and places that administrators gave are kept by the directory extension GroupDN, and only by it.</summary>
public sealed class GroupDnTests
{
    static readonly WorldOptions Deviating = new() { Groups = 40, M365 = 6, DeviatingNames = 2, DeviatingPlaces = 2 };

    [Fact]
    public async Task Connect_DeviatingGroups_KeepNameAndPlace()
    {
        await using var lab = await LabWorld.StartAsync(Deviating);
        var before = lab.World.Store.Read(() => lab.World.Objects.Values.Where(o => o.PlacedByHand).Select(o => o.DistinguishedName).ToList());

        await lab.PassAsync(TimeSpan.FromHours(2));

        var after = lab.World.Store.Read(() => lab.World.Objects.Values.Where(o => o.PlacedByHand).Select(o => o.DistinguishedName).ToList());
        Assert.Equal(4, before.Count);
        Assert.Equal(2, before.Count(dn => DistinguishedName.Parent(dn) == WorldSeeder.WritebackOu));
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Cycle_WithoutExtension_RenamesAndMovesDeviatingGroups()
    {
        await using var tenant = await TestTenant.StartAsync(Deviating);
        var groups = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync(groups.Select(g => g.Group));

        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.All(groups, g => Assert.NotEqual(g.Object.DistinguishedName, tenant.Find(g.Object.ObjectGuid)!.DistinguishedName));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cycle_GroupDn_KeepsNameAndPlaceWhereTheAppHasAServicePrincipal(bool servicePrincipal)
    {
        await using var tenant = await TestTenant.StartAsync(Deviating);
        var groups = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync(groups.Select(g => g.Group));
        var property = await tenant.MakeGroupDnAsync(servicePrincipal);
        foreach (var (group, o) in groups)
        {
            var patched = await tenant.SendAsync(HttpMethod.Patch, $"v1.0/groups/{group.Id:D}", new JsonObject { [property] = o.DistinguishedName });
            Assert.Equal(HttpStatusCode.NoContent, patched.Status);
        }

        var mapped = await tenant.MapGroupDnAsync(job, property, declare: true);
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal(HttpStatusCode.NoContent, mapped);
        Assert.All(groups, g => Assert.Equal(servicePrincipal, g.Object.DistinguishedName == tenant.Find(g.Object.ObjectGuid)!.DistinguishedName));
    }

    [Fact]
    public async Task PutSchema_AttributeThatTheSourceDoesNotDeclare_IsRefused()
    {
        await using var tenant = await TestTenant.StartAsync(Deviating);
        var job = await tenant.PrepareJobAsync([]);

        Assert.Equal(HttpStatusCode.BadRequest, await tenant.MapGroupDnAsync(job, "extension_0_GroupDN", declare: false));
    }

    [Fact]
    public async Task ServicePrincipal_OfAnApp_IsMadeOnce()
    {
        await using var tenant = await TestTenant.StartAsync();
        await tenant.MakeGroupDnAsync(servicePrincipal: true);
        await tenant.SleepAsync(TimeSpan.FromMinutes(2));
        var app = (await tenant.SendAsync(HttpMethod.Get, "v1.0/applications?$filter=displayName eq 'CloudSyncCustomExtensionsApp'")).Body!["value"]![0]!;

        var again = await tenant.SendAsync(HttpMethod.Post, "v1.0/servicePrincipals", new JsonObject { ["appId"] = (string)app["appId"]! });
        var unknown = await tenant.SendAsync(HttpMethod.Post, "v1.0/servicePrincipals", new JsonObject { ["appId"] = Guid.Empty.ToString("D") });
        var found = await tenant.SendAsync(HttpMethod.Get, $"v1.0/servicePrincipals?$filter=appId eq '{(string)app["appId"]!}'");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (again.Status, unknown.Status));
        Assert.Single(found.Body!["value"]!.AsArray());
    }

    static async Task<List<(CloudGroup Group, AdObject Object)>> StampedAsync(TestTenant tenant)
    {
        var groups = tenant.World.Store.Read(() => tenant.World.Objects.Values.Where(o => o.PlacedByHand)
            .Select(o => (tenant.World.Groups[Guid.Parse(o.AdminDescription![6..])], o)).ToList());
        foreach (var (group, o) in groups)
        {
            await tenant.StampAsync(o.ObjectGuid, group.Anchor);
        }

        await tenant.SleepAsync(TimeSpan.FromHours(1));
        tenant.Token = tenant.Issuer.GraphAppToken();
        return groups;
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.Tenant;

/// <summary>Resource units, writes and reporting are limited as documented, on the world's clock.</summary>
public sealed class GraphThrottleTests
{
    [Theory]
    [InlineData("v1.0/groups", 1)]
    [InlineData("v1.0/groups?$select=id", 1)]
    [InlineData("v1.0/groups/{group}/members", 3)]
    [InlineData("v1.0/groups/{group}/members?$select=id", 2)]
    [InlineData("v1.0/groups/{group}/members?$select=id&$top=5", 1)]
    [InlineData("v1.0/groups/{group}/members?$select=id&$top=999", 2)]
    [InlineData("v1.0/groups/{group}/transitiveMembers", 5)]
    [InlineData("v1.0/applications", 2)]
    [InlineData("v1.0/applications?$select=id", 1)]
    public async Task Get_EachRequest_TellsItsUnits(string path, int units)
    {
        await using var tenant = await TestTenant.StartAsync();

        var (status, _, headers) = await tenant.SendAsync(HttpMethod.Get, path.Replace("{group}", tenant.PlainGroups()[0].Id.ToString("D"), StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(units.ToString(CultureInfo.InvariantCulture), headers.GetValues("x-ms-resource-unit").Single());
        Assert.Equal(units, tenant.Graph.Counts.Units);
    }

    [Theory]
    [InlineData(20, 3500)]
    [InlineData(300, 5000)]
    [InlineData(600, 8000)]
    public async Task Get_QuotaFollowsTheSizeOfTheTenant(int users, int quota)
    {
        await using var tenant = await TestTenant.StartAsync(new WorldOptions { Groups = 40, M365 = 6, Users = users });
        var path = $"v1.0/groups/{tenant.World.Store.Read(() => tenant.World.Groups.Values.First().Id):D}/transitiveMembers?$select=id";

        // Each costs 4: the last fifth of the quota is told of, and what lies above is refused.
        var batch = Batch(path["v1.0/".Length..], 20);
        HttpStatusCode[] Statuses(JsonNode body) => [.. body["responses"]!.AsArray().Select(r => (HttpStatusCode)(int)r!["status"]!)];
        var admitted = 0;
        var full = false;
        while (!full)
        {
            var answers = Statuses((await tenant.SendAsync(HttpMethod.Post, "v1.0/$batch", batch.DeepClone())).Body!);
            admitted += answers.Count(s => s == HttpStatusCode.OK);
            full = answers.Contains(HttpStatusCode.TooManyRequests);
        }

        Assert.Equal(quota / 4, admitted);
        Assert.True(tenant.Graph.Counts.Throttled > 0);
    }

    [Fact]
    public async Task Get_AboveTheQuota_IsRefusedUntilTheWindowHasPassed()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Graph.Faults.UnitQuota = 10;
        const string Path = "v1.0/organization";

        var answers = new List<(HttpStatusCode Status, string? Percentage)>();
        for (var i = 0; i < 10; i++)
        {
            var (status, _, headers) = await tenant.SendAsync(HttpMethod.Get, Path);
            answers.Add((status, headers.TryGetValues("x-ms-throttle-limit-percentage", out var values) ? values.Single() : null));
        }

        var refused = await tenant.SendAsync(HttpMethod.Get, Path);
        await tenant.SleepAsync(refused.Headers.RetryAfter!.Delta!.Value);
        var later = await tenant.SendAsync(HttpMethod.Get, Path);

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Status));
        Assert.Equal([null, null, null, null, null, null, null, null, "0.90", "1.00"], answers.Select(a => a.Percentage));
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (refused.Status, later.Status));
        Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter!.Delta);
        Assert.StartsWith("Tenant_Application/ReadWrite/", refused.Headers.GetValues("x-ms-throttle-scope").Single(), StringComparison.Ordinal);
        Assert.Equal("ResourceUnitLimitExceeded", refused.Headers.GetValues("x-ms-throttle-information").Single());
    }

    [Fact]
    public async Task Get_HammeringAfterRefusal_LengthensIt()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Graph.Faults.UnitQuota = 4;
        const string Path = "v1.0/organization";
        for (var i = 0; i < 4; i++)
        {
            await tenant.SendAsync(HttpMethod.Get, Path);
        }

        await tenant.SleepAsync(TimeSpan.FromSeconds(9));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, (await tenant.SendAsync(HttpMethod.Get, Path)).Status);
        }

        await tenant.SleepAsync(TimeSpan.FromSeconds(2));
        await tenant.SendAsync(HttpMethod.Get, Path);

        // Those that were refused are still in the window: not four more are taken, as after waiting.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await tenant.SendAsync(HttpMethod.Get, Path)).Status);
    }

    [Fact]
    public async Task Get_TwoApps_HaveTheirOwnQuotas()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Graph.Faults.UnitQuota = 1;

        await tenant.SendAsync(HttpMethod.Get, "v1.0/organization");
        var same = await tenant.SendAsync(HttpMethod.Get, "v1.0/organization");
        tenant.Token = tenant.Issuer.GraphDelegatedToken(GwbCloud.Lab.Issuer.LabPeople.Operator, "Directory.Read.All");
        var other = await tenant.SendAsync(HttpMethod.Get, "v1.0/organization");

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (same.Status, other.Status));
    }

    [Fact]
    public async Task Get_ProvisioningLog_TakesFiveInTenSeconds()
    {
        await using var tenant = await TestTenant.StartAsync();
        const string Path = "v1.0/auditLogs/provisioning";

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            statuses.Add((await tenant.SendAsync(HttpMethod.Get, Path)).Status);
        }

        await tenant.SleepAsync(TimeSpan.FromSeconds(10));

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 5), HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(HttpStatusCode.OK, (await tenant.SendAsync(HttpMethod.Get, Path)).Status);
    }

    [Fact]
    public async Task Batch_AboveTheQuota_IsRefusedItemByItem()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Graph.Faults.UnitQuota = 3;

        var (status, body, _) = await tenant.SendAsync(HttpMethod.Post, "v1.0/$batch", Batch("organization", 5));

        var refused = body!["responses"]!.AsArray().Where(r => (int)r!["status"]! == 429).ToList();
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, refused.Count);
        Assert.All(refused, r => Assert.Equal("10", (string)r!["headers"]!["Retry-After"]!));
    }

    [Fact]
    public async Task Counts_OfGetsWritesAndBatches_AreToldApart()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = $"v1.0/groups/{tenant.PlainGroups()[0].Id:D}";

        await tenant.SendAsync(HttpMethod.Get, "v1.0/groups?$top=5");
        await tenant.SendAsync(HttpMethod.Patch, group, new JsonObject { ["description"] = "x" });
        await tenant.SendAsync(HttpMethod.Post, "v1.0/$batch", Batch("organization", 2));

        var counts = tenant.Graph.Counts;
        Assert.Equal(new GraphCounts { Requests = 4, Batches = 1, Units = 4, Writes = 1, Pages = 3, Bytes = counts.Bytes }, counts);
    }

    static JsonObject Batch(string url, int items) => new()
    {
        ["requests"] = new JsonArray([.. Enumerable.Range(0, items).Select(i => (JsonNode)new JsonObject { ["id"] = $"{i}", ["method"] = "GET", ["url"] = url })]),
    };
}

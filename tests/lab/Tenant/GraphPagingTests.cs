using System.Net;
using System.Text.Json.Nodes;

namespace GwbCloud.Tests.Lab.Tenant;

/// <summary>Pages go on where they ended, by tokens that nobody can make or bend.</summary>
public sealed class GraphPagingTests
{
    [Theory]
    [InlineData("v1.0/groups?$select=id&$top=7")]
    [InlineData("v1.0/users?$select=id&$top=9")]
    [InlineData("v1.0/servicePrincipals?$select=id&$top=1")]
    public async Task Get_Pages_GiveEverythingOnce(string path)
    {
        await using var tenant = await TestTenant.StartAsync();

        var ids = await AllAsync(tenant, path);
        var atOnce = (await tenant.SendAsync(HttpMethod.Get, path[..path.IndexOf("&$top", StringComparison.Ordinal)] + "&$top=999")).Body!["value"]!.AsArray();

        Assert.True(ids.Count > 1);
        Assert.Equal(atOnce.Select(e => (string)e!["id"]!), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("members", "v1.0")]
    [InlineData("members/microsoft.graph.user", "v1.0")]
    [InlineData("transitiveMembers", "beta")]
    public async Task Get_MembersInPages_GivesEachOnce(string collection, string version)
    {
        await using var tenant = await TestTenant.StartAsync();
        var large = tenant.World.Store.Read(() => tenant.World.Groups.Values.MaxBy(g => g.Members.Count)!);

        var ids = await AllAsync(tenant, $"{version}/groups/{large.Id:D}/{collection}?$select=id&$top=8");

        Assert.True(ids.Count > 16);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task Get_GroupThatComesAndGoesBetweenPages_HidesNoOther()
    {
        await using var tenant = await TestTenant.StartAsync();
        var all = await AllAsync(tenant, "v1.0/groups?$select=id&$top=999");
        var first = (await tenant.SendAsync(HttpMethod.Get, "v1.0/groups?$select=id&$top=5")).Body!;

        // The last of the page, after which the next one begins, is deleted.
        await tenant.World.Store.ChangeAsync(change => tenant.World.Groups.Delete(change, all[4]));
        var rest = await AllAsync(tenant, (string)first["@odata.nextLink"]!);

        Assert.Equal(all.Skip(5), rest);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("v1.0/users?$select=id&$top=5")]
    [InlineData("v1.0/groups?$select=id,displayName&$top=5")]
    [InlineData("beta/groups?$select=id&$top=5")]
    public async Task Get_TokenThatWasBentOrBelongsToAnotherQuery_IsRefused(string other)
    {
        await using var tenant = await TestTenant.StartAsync();
        var next = (string)(await tenant.SendAsync(HttpMethod.Get, "v1.0/groups?$select=id&$top=5")).Body!["@odata.nextLink"]!;
        var token = next[(next.IndexOf("$skiptoken=", StringComparison.Ordinal) + "$skiptoken=".Length)..];

        var path = other == "x" ? next[..^3] + (next.EndsWith("AAA", StringComparison.Ordinal) ? "BBB" : "AAA") : $"{other}&$skiptoken={token}";
        var (status, body, _) = await tenant.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("Directory_ExpiredPageToken", (string)body!["error"]!["code"]!);
    }

    [Fact]
    public async Task Get_CountOfAllPages_IsOnTheFirstAlone()
    {
        await using var tenant = await TestTenant.StartAsync();

        var first = (await tenant.SendAsync(HttpMethod.Get, "v1.0/groups?$select=id&$top=5&$count=true", eventual: true)).Body!;
        var second = (await tenant.SendAsync(HttpMethod.Get, (string)first["@odata.nextLink"]!, eventual: true)).Body!;

        Assert.Equal(tenant.World.Store.Read(() => tenant.World.Groups.Count), (int)first["@odata.count"]!);
        Assert.False(second.AsObject().ContainsKey("@odata.count"));
    }

    [Fact]
    public async Task Get_OrderedPages_GoOnInTheirOrder()
    {
        await using var tenant = await TestTenant.StartAsync();
        var names = new List<string>();

        for (var next = "v1.0/groups?$select=id,displayName&$orderby=displayName desc&$top=7"; next is not null;)
        {
            var body = (await tenant.SendAsync(HttpMethod.Get, next)).Body!;
            names.AddRange(body["value"]!.AsArray().Select(g => (string)g!["displayName"]!));
            next = (string?)body["@odata.nextLink"];
        }

        Assert.Equal(tenant.World.Store.Read(() => tenant.World.Groups.Count), names.Count);
        Assert.Equal(names.OrderByDescending(n => n, StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public async Task Get_ByIds_LeavesOutWhatIsNotThere()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = tenant.PlainGroups()[0].Id;

        var (_, body, _) = await tenant.SendAsync(HttpMethod.Post, "v1.0/directoryObjects/getByIds?$select=id", new JsonObject
        {
            ["ids"] = new JsonArray(group.ToString("D"), Guid.Empty.ToString("D")),
            ["types"] = new JsonArray("group"),
        });

        Assert.Equal(group.ToString("D"), (string)Assert.Single(body!["value"]!.AsArray())!["id"]!);
    }

    static async Task<List<string>> AllAsync(TestTenant tenant, string path)
    {
        var ids = new List<string>();
        for (var next = path; next is not null;)
        {
            var (status, body, _) = await tenant.SendAsync(HttpMethod.Get, next);
            Assert.Equal(HttpStatusCode.OK, status);
            ids.AddRange(body!["value"]!.AsArray().Select(e => (string)e!["id"]!));
            next = (string?)body["@odata.nextLink"];
        }

        return ids;
    }
}

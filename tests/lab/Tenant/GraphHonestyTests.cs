using System.Net;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.Tenant;

/// <summary>What Graph refuses, and what it shows only later.</summary>
public sealed class GraphHonestyTests
{
    const string Template = "v1.0/applicationTemplates/fb81332f-3eca-4ecf-a939-4278e501d330/instantiate";

    static readonly WorldOptions Managing = new() { Groups = 40, M365 = 6, ExistingConfiguration = ExistingConfiguration.Managing };

    [Fact]
    public async Task Get_WithoutOrWithAnExpiredToken_SaysHowToSignIn()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Token = tenant.Issuer.GraphAppToken(lifetime: TimeSpan.FromMinutes(10));
        var fresh = await tenant.SendAsync(HttpMethod.Get, "v1.0/organization");
        await tenant.SleepAsync(TimeSpan.FromMinutes(11));

        var expired = await tenant.SendAsync(HttpMethod.Get, "v1.0/organization");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (fresh.Status, expired.Status));
        Assert.Contains("authorization_uri", expired.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ClientRequestId_ComesBack()
    {
        await using var tenant = await TestTenant.StartAsync();

        var good = await tenant.SendAsync(HttpMethod.Get, "v1.0/organization", clientRequestId: "my-own-id");
        var bad = await tenant.SendAsync(HttpMethod.Get, "v1.0/colours", clientRequestId: "my-own-id");

        Assert.Equal("my-own-id", good.Headers.GetValues("client-request-id").Single());
        Assert.Equal("my-own-id", (string)bad.Body!["error"]!["innerError"]!["client-request-id"]!);
        Assert.NotEqual("my-own-id", (string)bad.Body["error"]!["innerError"]!["request-id"]!);
    }

    /// <summary>Every route refuses a caller that has a permission of another kind only.</summary>
    [Fact]
    public async Task Every_Route_WithoutItsPermission_IsForbidden()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Token = tenant.Issuer.GraphAppToken(["Mail.Read"]);
        tenant.Graph.Faults.UnitQuota = 1_000_000;
        var routes = tenant.Graph.Routes.DistinctBy(r => (r.Method, r.Template)).ToList();

        foreach (var route in routes)
        {
            var path = route.Template.Replace("{cast}", "microsoft.graph.user", StringComparison.Ordinal);
            var concrete = string.Join('/', path.Split('/').Select(s => s.StartsWith('{') ? Guid.NewGuid().ToString("D") : s));
            var (status, _, _) = await tenant.SendAsync(new HttpMethod(route.Method), $"{(route.BetaOnly ? "beta" : "v1.0")}/{concrete}", route.Method == "GET" ? null : new JsonObject());
            Assert.True(status == HttpStatusCode.Forbidden, $"{route.Method} {route.Template}: {status}");
        }

        Assert.True(routes.Count > 60, $"{routes.Count} routes");
    }

    [Theory]
    [InlineData("AuditLog.Read.All", HttpStatusCode.Forbidden)]
    [InlineData("Directory.Read.All", HttpStatusCode.Forbidden)]
    [InlineData("AuditLog.Read.All Directory.Read.All", HttpStatusCode.OK)]
    public async Task Get_ProvisioningLog_NeedsBothPermissions(string permissions, HttpStatusCode expected)
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Token = tenant.Issuer.GraphAppToken(permissions.Split(' '));

        Assert.Equal(expected, (await tenant.SendAsync(HttpMethod.Get, "v1.0/auditLogs/provisioning")).Status);
    }

    [Theory]
    [InlineData("Application.ReadWrite.OwnedBy", HttpStatusCode.Forbidden)]
    [InlineData("Application.ReadWrite.All", HttpStatusCode.NoContent)]
    public async Task Delete_ApplicationOfSomebodyElse_NeedsMoreThanOwnedBy(string permission, HttpStatusCode expected)
    {
        await using var tenant = await TestTenant.StartAsync(Managing);
        var application = tenant.World.Store.Read(() => tenant.World.Apps.Values.Single().ApplicationObjectId);
        tenant.Token = tenant.Issuer.GraphAppToken([permission]);

        Assert.Equal(expected, (await tenant.SendAsync(HttpMethod.Delete, $"v1.0/applications/{application:D}")).Status);
    }

    [Fact]
    public async Task Jobs_OfSomebodyElse_NeedASynchronizationPermission()
    {
        await using var tenant = await TestTenant.StartAsync(Managing);
        var root = $"v1.0/servicePrincipals/{tenant.World.Store.Read(() => tenant.World.Apps.Values.Single().ServicePrincipalId):D}/synchronization";

        tenant.Token = tenant.Issuer.GraphAppToken(["Application.ReadWrite.OwnedBy"]);
        var owned = await tenant.SendAsync(HttpMethod.Get, $"{root}/jobs");
        tenant.Token = tenant.Issuer.GraphAppToken(["Synchronization.Read.All"]);
        var read = await tenant.SendAsync(HttpMethod.Get, $"{root}/jobs");
        var write = await tenant.SendAsync(HttpMethod.Put, $"{root}/secrets", JsonNode.Parse("""{"value":[]}"""));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden), (owned.Status, read.Status, write.Status));
    }

    [Fact]
    public async Task Patch_GroupThatMayBearRoles_NeedsRoleManagement()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = tenant.PlainGroups()[0];
        await tenant.World.Store.ChangeAsync(change => tenant.World.Groups.Put(change, group.Id, group with { RoleAssignable = true }));
        var body = new JsonObject { ["description"] = "x" };

        var refused = await tenant.SendAsync(HttpMethod.Patch, $"v1.0/groups/{group.Id:D}", body);
        tenant.Token = tenant.Issuer.GraphAppToken(["Group.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]);
        var taken = await tenant.SendAsync(HttpMethod.Patch, $"v1.0/groups/{group.Id:D}", body);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NoContent), (refused.Status, taken.Status));
    }

    [Fact]
    public async Task Created_Objects_AreReadAfterAWhileAndListedLater()
    {
        await using var tenant = await TestTenant.StartAsync();
        var made = (await tenant.SendAsync(HttpMethod.Post, Template, new JsonObject { ["displayName"] = "contoso.example" })).Body!;
        var principal = $"v1.0/servicePrincipals/{(string)made["servicePrincipal"]!["id"]!}";
        var application = $"v1.0/applications/{(string)made["application"]!["id"]!}";
        const string Listed = "v1.0/servicePrincipals?$filter=displayName eq 'contoso.example'";

        async Task<(bool Principal, bool Application, int Listed)> LookAsync() => (
            (await tenant.SendAsync(HttpMethod.Get, principal)).Status == HttpStatusCode.OK,
            (await tenant.SendAsync(HttpMethod.Get, application)).Status == HttpStatusCode.OK,
            (await tenant.SendAsync(HttpMethod.Get, Listed)).Body!["value"]!.AsArray().Count);
        var early = await LookAsync();
        await tenant.SleepAsync(TimeSpan.FromSeconds(20));
        var between = await LookAsync();
        await tenant.SleepAsync(TimeSpan.FromSeconds(20));
        var late = await LookAsync();

        Assert.Equal([(false, false, 0), (true, true, 0), (true, true, 1)], [early, between, late]);
    }

    [Fact]
    public async Task CreatedJobAndExtension_AreNotThereAtOnce()
    {
        await using var tenant = await TestTenant.StartAsync();
        var principal = (string)(await tenant.SendAsync(HttpMethod.Post, Template, new JsonObject { ["displayName"] = "contoso.example" })).Body!["servicePrincipal"]!["id"]!;
        var app = (string)(await tenant.SendAsync(HttpMethod.Post, "v1.0/applications", new JsonObject { ["displayName"] = "x" })).Body!["id"]!;
        await tenant.SleepAsync(TimeSpan.FromMinutes(1));
        var jobs = $"v1.0/servicePrincipals/{principal}/synchronization/jobs";
        var job = (string)(await tenant.SendAsync(HttpMethod.Post, jobs, new JsonObject { ["templateId"] = "AAD2ADGroupProvisioning" })).Body!["id"]!;
        var property = (string)(await tenant.SendAsync(HttpMethod.Post, $"v1.0/applications/{app}/extensionProperties",
            JsonNode.Parse("""{"name":"GroupDN","dataType":"String","targetObjects":["Group"]}"""))).Body!["name"]!;
        var group = $"v1.0/groups/{tenant.PlainGroups()[0].Id:D}";

        var early = (
            (await tenant.SendAsync(HttpMethod.Get, $"{jobs}/{job}")).Status,
            (await tenant.SendAsync(HttpMethod.Patch, group, new JsonObject { [property] = "CN=x" })).Status,
            (await tenant.SendAsync(HttpMethod.Get, $"{group}?$select={property}")).Status);
        await tenant.SleepAsync(TimeSpan.FromMinutes(1));
        var late = (
            (await tenant.SendAsync(HttpMethod.Get, $"{jobs}/{job}")).Status,
            (await tenant.SendAsync(HttpMethod.Patch, group, new JsonObject { [property] = "CN=x" })).Status,
            (await tenant.SendAsync(HttpMethod.Get, $"{group}?$select={property}")).Status);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), early);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.OK), late);
    }

    [Fact]
    public async Task Assignment_JustMade_IsListedLater()
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([]);
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/appRoleAssignedTo";
        tenant.Token = tenant.Issuer.GraphAppToken([.. GraphPermissions.Least, GraphPermissions.AppRoleAssignmentReadWriteAll]);
        var made = await tenant.SendAsync(HttpMethod.Post, path, new JsonObject
        {
            ["principalId"] = tenant.PlainGroups()[0].Id.ToString("D"),
            ["resourceId"] = job.ServicePrincipalId.ToString("D"),
            ["appRoleId"] = "1a0abf4d-b9fa-4512-a3a2-51ee82c6fd9f",
        });

        var early = (await tenant.SendAsync(HttpMethod.Get, path)).Body!["value"]!.AsArray().Count;
        await tenant.SleepAsync(TimeSpan.FromMinutes(1));
        var late = (await tenant.SendAsync(HttpMethod.Get, path)).Body!["value"]!.AsArray().Count;

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal((0, 1), (early, late));
    }

    [Fact]
    public async Task Secrets_TrueCredentials_AreMasked()
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([]);
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/secrets";

        await tenant.SendAsync(HttpMethod.Put, path, JsonNode.Parse("""{"value":[{"key":"SyncAll","value":"false"},{"key":"AppKey","value":"hidden"}]}"""));
        var (_, body, _) = await tenant.SendAsync(HttpMethod.Get, path);

        Assert.Equal([("AppKey", "*"), ("SyncAll", "false")], body!["value"]!.AsArray().Select(s => ((string)s!["key"]!, (string)s["value"]!)));
    }

    [Theory]
    [InlineData("""{"requests":[]}""")]
    [InlineData("""{"requests":[{"method":"GET","url":"organization"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"organization"},{"id":"1","method":"GET","url":"organization"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"LIST","url":"organization"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"https://graph.microsoft.com/v1.0/organization"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"POST","url":"/$batch","body":{},"headers":{"Content-Type":"application/json"}}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"organization","dependsOn":["2"]},{"id":"2","method":"GET","url":"organization"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"PATCH","url":"groups/x","body":{}}]}""")]
    public async Task Batch_Malformed_IsRefusedAsAWhole(string body)
    {
        await using var tenant = await TestTenant.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await tenant.SendAsync(HttpMethod.Post, "v1.0/$batch", JsonNode.Parse(body))).Status);
        Assert.Equal(0, tenant.Graph.Counts.Requests);
    }

    [Fact]
    public async Task Batch_Responses_AreNotInTheOrderOfTheRequests()
    {
        await using var tenant = await TestTenant.StartAsync();

        var (_, body, _) = await tenant.SendAsync(HttpMethod.Post, "v1.0/$batch", JsonNode.Parse(
            """{"requests":[{"id":"1","method":"GET","url":"organization"},{"id":"2","method":"GET","url":"organization"}]}"""));

        Assert.Equal(["2", "1"], body!["responses"]!.AsArray().Select(r => (string)r!["id"]!));
    }

    [Theory]
    [InlineData(Licence.P1, "AAD_PREMIUM")]
    [InlineData(Licence.P2, "AAD_PREMIUM,AAD_PREMIUM_P2")]
    [InlineData(Licence.None, "EXCHANGE_S_STANDARD")]
    public async Task Get_SubscribedSkus_ShowsThePlans(Licence licence, string plans)
    {
        await using var tenant = await TestTenant.StartAsync(new WorldOptions { Groups = 40, M365 = 6, Licence = licence });

        var (_, body, _) = await tenant.SendAsync(HttpMethod.Get, "v1.0/subscribedSkus");

        Assert.Equal(plans.Split(','), body!["value"]!.AsArray().SelectMany(s => s!["servicePlans"]!.AsArray()).Select(p => (string)p!["servicePlanName"]!));
    }

    [Theory]
    [InlineData("Watermark, Escrows, QuarantineState", HttpStatusCode.NoContent, false)]
    [InlineData("Full", HttpStatusCode.NoContent, false)]
    [InlineData("Watermark", HttpStatusCode.NoContent, true)]
    [InlineData("None", HttpStatusCode.BadRequest, true)]
    [InlineData("ConnectorDataStore", HttpStatusCode.BadRequest, true)]
    [InlineData("Everything", HttpStatusCode.BadRequest, true)]
    public async Task Restart_Criteria_DecideWhetherQuarantineEnds(string scope, HttpStatusCode expected, bool quarantined)
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([]);
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/jobs/{job.Id}";
        await tenant.CloudSync.QuarantineAsync(job.Id, "EncounteredEscrowProportionThreshold");
        var before = (await tenant.SendAsync(HttpMethod.Get, path)).Body!;

        var (status, _, _) = await tenant.SendAsync(HttpMethod.Post, $"{path}/restart", new JsonObject { ["criteria"] = new JsonObject { ["resetScope"] = scope } });

        Assert.Equal("EncounteredEscrowProportionThreshold", (string)before["status"]!["quarantine"]!["reason"]!);
        Assert.Equal(expected, status);
        Assert.Equal(quarantined, tenant.World.Store.Read(() => tenant.World.Jobs[job.Id].Quarantined));
    }

    [Theory]
    [InlineData("""{"useSavedCredentials":true}""", HttpStatusCode.NoContent)]
    [InlineData("""{"credentials":[{"key":"Domain","value":"{\"domain\":\"contoso.example\"}"}]}""", HttpStatusCode.NoContent)]
    [InlineData("""{"credentials":[{"key":"Domain","value":"{\"domain\":\"other.example\"}"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"credentials":[]}""", HttpStatusCode.BadRequest)]
    public async Task ValidateCredentials_Domain_IsTheOneThatAgentsServe(string body, HttpStatusCode expected)
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([]);

        var (status, _, _) = await tenant.SendAsync(
            HttpMethod.Post, $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/jobs/{job.Id}/validateCredentials", JsonNode.Parse(body));

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Job_AfterItsCycle_CountsWhatItDid()
    {
        await using var tenant = await TestTenant.StartAsync();
        var groups = tenant.PlainGroups().Take(2).ToList();
        var job = await tenant.PrepareJobAsync(groups);
        await tenant.CloudSync.RunCycleAsync(job.Id);

        var execution = (await tenant.SendAsync(HttpMethod.Get, $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/jobs/{job.Id}")).Body!["status"]!["lastExecution"]!;

        Assert.Equal((2, 2, 0), ((int)execution["countEntitled"]!, (int)execution["countExported"]!, (int)execution["countEscrowed"]!));
    }
}

using System.Net;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.Tenant;

/// <summary>What real Graph refuses is refused here, and what it gives it gives completely.</summary>
public sealed class GraphServerTests
{
    const string Security = "$filter=securityEnabled eq true and mailEnabled eq false";

    [Fact]
    public async Task Get_SmallPages_GivesEveryGroupOnce()
    {
        await using var tenant = await TestTenant.StartAsync();
        var expected = tenant.World.Store.Read(() => tenant.World.Groups.Values.Where(g => g is { SecurityEnabled: true, MailEnabled: false }).Select(g => g.Id.ToString("D")).ToList());

        var ids = new List<string>();
        for (var next = $"v1.0/groups?{Security}&$top=7&$select=id"; next is not null;)
        {
            var (status, body, _) = await tenant.SendAsync(HttpMethod.Get, next);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.InRange(body!["value"]!.AsArray().Count, 1, 7);
            ids.AddRange(body["value"]!.AsArray().Select(g => (string)g!["id"]!));
            next = (string?)body["@odata.nextLink"];
        }

        Assert.Equal(expected, ids);
    }

    [Theory]
    [InlineData("v1.0/groups?$expand=members")]
    [InlineData("v1.0/groups?top=5")]
    [InlineData("v1.0/groups?$top=1000")]
    [InlineData("v1.0/groups?$top=0")]
    [InlineData("v1.0/groups?$select=id,colour")]
    [InlineData("v1.0/groups?$select=id,writebackConfiguration")]
    [InlineData("v1.0/groups?$filter=description eq 'x'")]
    [InlineData("v1.0/groups?$filter=displayName eq")]
    [InlineData("v1.0/groups?$filter=displayName is 'x'")]
    [InlineData("v1.0/groups?$skiptoken=abc")]
    [InlineData("v1.0/groups?$count=true")]
    [InlineData("v1.0/groups?$filter=displayName ne 'x'&$count=true")]
    [InlineData("v1.0/groups?$filter=not(startswith(displayName,'x'))&$count=true")]
    [InlineData("v1.0/groups/$count")]
    [InlineData("v1.0/groups/not-a-guid")]
    [InlineData("v1.0/groups?$top=5&$top=6")]
    [InlineData("v1.0/colours")]
    [InlineData("v1.0/settings")]
    [InlineData("v1.0/groups?$filter=visibility eq 'Private'")]
    [InlineData("v1.0/groups?$filter=endswith(mail,'x')&$count=true")]
    [InlineData("v1.0/groups?$filter=contains(displayName,'x')")]
    [InlineData("v1.0/groups?$filter=securityEnabled gt true")]
    [InlineData("v1.0/groups?$filter=displayName in ('1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16')")]
    [InlineData("v1.0/groups?$search=\"displayName:x\"")]
    [InlineData("v1.0/groups?$filter=securityEnabled eq true&$orderby=displayName")]
    [InlineData("v1.0/groups?$orderby=description")]
    [InlineData("v1.0/groups?$select=id,extension_00000000000000000000000000000000_GroupDN")]
    [InlineData("v1.0/users?$filter=onPremisesDistinguishedName eq 'x'")]
    [InlineData("v1.0/users?$select=onPremisesObjectIdentifier")]
    [InlineData("v1.0/subscribedSkus?$top=5")]
    [InlineData("v1.0/organization?$expand=x")]
    [InlineData("v1.0/auditLogs/provisioning?$top=1001")]
    [InlineData("v1.0/auditLogs/provisioning?$filter=colour eq 'x'")]
    public async Task Get_WhatGraphDoesNotKnow_IsBadRequest(string path)
    {
        await using var tenant = await TestTenant.StartAsync();

        var (status, body, _) = await tenant.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotEmpty((string)body!["error"]!["code"]!);
        Assert.NotEmpty((string)body["error"]!["innerError"]!["request-id"]!);
    }

    [Fact]
    public async Task Get_AdvancedQueryWithHeader_IsAnswered()
    {
        await using var tenant = await TestTenant.StartAsync();

        var (status, body, _) = await tenant.SendAsync(HttpMethod.Get, "v1.0/groups?$filter=onPremisesSyncEnabled ne true&$count=true&$top=1", eventual: true);
        var count = await tenant.SendAsync(HttpMethod.Get, "v1.0/groups/$count?$filter=onPremisesSyncEnabled ne true", eventual: true);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((int)count.Body!, (int)body!["@odata.count"]!);
    }

    [Theory]
    [InlineData("beta/groups?$filter=groupTypes/any(c:c eq 'Unified')&$select=id,displayName,writebackConfiguration", 6)]
    [InlineData("v1.0/groups?$filter=startswith(displayName,'GWB Canary')", 3)]
    [InlineData("v1.0/groups?$filter=displayName eq 'GWB Canary New' or (displayName eq 'GWB Canary Match')", 2)]
    public async Task Get_Filter_GivesWhatMatches(string path, int expected)
    {
        await using var tenant = await TestTenant.StartAsync();

        var (_, body, _) = await tenant.SendAsync(HttpMethod.Get, path);

        Assert.Equal(expected, body!["value"]!.AsArray().Count);
    }

    [Fact]
    public async Task Get_ExpiredToken_IsUnauthorized()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Token = tenant.Issuer.GraphAppToken(lifetime: TimeSpan.FromMinutes(10));

        await tenant.SleepAsync(TimeSpan.FromMinutes(11));
        var (status, body, _) = await tenant.SendAsync(HttpMethod.Get, "v1.0/organization");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("InvalidAuthenticationToken", (string)body!["error"]!["code"]!);
    }

    [Fact]
    public async Task Get_TokenForTheProductsOwnApi_IsUnauthorized()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Token = tenant.Issuer.ApiToken(LabPeople.Operator);

        Assert.Equal(HttpStatusCode.Unauthorized, (await tenant.SendAsync(HttpMethod.Get, "v1.0/organization")).Status);
    }

    [Theory]
    [InlineData("v1.0/directory/onPremisesSynchronization")]
    [InlineData("beta/onPremisesPublishingProfiles/provisioning/agents")]
    public async Task Get_OnlyForPeople_RefusesTheAppAndAnswersAPerson(string path)
    {
        await using var tenant = await TestTenant.StartAsync();

        var app = await tenant.SendAsync(HttpMethod.Get, path);
        tenant.Token = tenant.Issuer.GraphDelegatedToken(LabPeople.Operator, "OnPremDirectorySynchronization.Read.All");
        var person = await tenant.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.Forbidden, app.Status);
        Assert.Equal(HttpStatusCode.OK, person.Status);
    }

    [Fact]
    public async Task Post_AssignmentWithoutItsPermission_IsForbidden()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = tenant.PlainGroups()[0];
        var job = await tenant.PrepareJobAsync([]);
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/appRoleAssignedTo";
        var role = tenant.World.Store.Read(() => tenant.World.Apps[job.ServicePrincipalId].PublicRoleId);
        var body = new JsonObject { ["principalId"] = group.Id.ToString("D"), ["resourceId"] = job.ServicePrincipalId.ToString("D"), ["appRoleId"] = role.ToString("D") };

        tenant.Token = tenant.Issuer.GraphAppToken([.. GraphPermissions.Least, GraphPermissions.AppRoleAssignmentReadWriteAll]);
        var first = await tenant.SendAsync(HttpMethod.Post, path, body);
        var again = await tenant.SendAsync(HttpMethod.Post, path, body);
        tenant.Token = tenant.Issuer.GraphAppToken(GraphPermissions.Least);
        var refused = await tenant.SendAsync(HttpMethod.Post, path, body);

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden], [first.Status, again.Status, refused.Status]);
    }

    [Fact]
    public async Task PutSecrets_OneKey_ReplacesTheWholeSet()
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([]);
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/secrets";

        await tenant.SendAsync(HttpMethod.Put, path, JsonNode.Parse("""{"value":[{"key":"SyncAll","value":"false"}]}"""));
        var (_, body, _) = await tenant.SendAsync(HttpMethod.Get, path);

        Assert.Equal("SyncAll", (string)Assert.Single(body!["value"]!.AsArray())!["key"]!);
    }

    [Fact]
    public async Task Get_FreshServicePrincipal_IsNotFoundUntilReplicated()
    {
        await using var tenant = await TestTenant.StartAsync();
        var made = await tenant.SendAsync(HttpMethod.Post, "v1.0/applicationTemplates/fb81332f-3eca-4ecf-a939-4278e501d330/instantiate", new JsonObject { ["displayName"] = "contoso.example" });
        var path = $"v1.0/servicePrincipals/{(string)made.Body!["servicePrincipal"]!["id"]!}";

        var early = await tenant.SendAsync(HttpMethod.Get, path);
        await tenant.SleepAsync(TimeSpan.FromMinutes(1));
        var late = await tenant.SendAsync(HttpMethod.Get, path);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (early.Status, late.Status));
    }

    [Fact]
    public async Task Batch_MixedItems_EachHasItsOwnStatus()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = tenant.PlainGroups()[0].Id;

        var (status, body, _) = await tenant.SendAsync(HttpMethod.Post, "v1.0/$batch", JsonNode.Parse($$$"""
            {"requests":[
              {"id":"1","method":"GET","url":"/groups/{{{group:D}}}?$select=id"},
              {"id":"2","method":"GET","url":"/groups/{{{Guid.Empty:D}}}"},
              {"id":"3","method":"GET","url":"/groups/{{{group:D}}}","dependsOn":["2"]},
              {"id":"4","method":"GET","url":"/groups/{{{group:D}}}/members/$count","headers":{"ConsistencyLevel":"eventual"}}]}
            """));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([200, 404, 424, 200], body!["responses"]!.AsArray().OrderBy(r => (string)r!["id"]!).Select(r => (int)r!["status"]!));
    }

    [Fact]
    public async Task Batch_TwentyOneItems_IsBadRequest()
    {
        await using var tenant = await TestTenant.StartAsync();
        var requests = new JsonArray([.. Enumerable.Range(0, 21).Select(i => (JsonNode)new JsonObject { ["id"] = $"{i}", ["method"] = "GET", ["url"] = "/organization" })]);

        Assert.Equal(HttpStatusCode.BadRequest, (await tenant.SendAsync(HttpMethod.Post, "v1.0/$batch", new JsonObject { ["requests"] = requests })).Status);
    }

    [Fact]
    public async Task Patch_AboveWriteQuota_IsThrottledUntilTheWindowHasPassed()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Graph.Faults.WriteQuota = 1;
        var path = $"v1.0/groups/{tenant.PlainGroups()[0].Id:D}";
        var change = new JsonObject { ["description"] = "changed" };

        var first = await tenant.SendAsync(HttpMethod.Patch, path, change);
        var second = await tenant.SendAsync(HttpMethod.Patch, path, change);
        await tenant.SleepAsync(second.Headers.RetryAfter!.Delta!.Value);
        var third = await tenant.SendAsync(HttpMethod.Patch, path, change);

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.TooManyRequests, HttpStatusCode.NoContent], [first.Status, second.Status, third.Status]);
    }

    [Fact]
    public async Task Patch_UnknownOutcome_IsDoneAllTheSame()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Graph.Faults.UnknownOutcomeEvery = 1;
        var group = tenant.PlainGroups()[0].Id;

        var (status, _, _) = await tenant.SendAsync(HttpMethod.Patch, $"v1.0/groups/{group:D}", new JsonObject { ["description"] = "changed" });

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Equal("changed", tenant.World.Store.Read(() => tenant.World.Groups[group].Description));
    }

    [Fact]
    public async Task Patch_ExtensionNobodyMade_IsRefusedAndOneThatExistsIsKept()
    {
        await using var tenant = await TestTenant.StartAsync();
        var path = $"v1.0/groups/{tenant.PlainGroups()[0].Id:D}";
        var name = await tenant.MakeGroupDnAsync(servicePrincipal: false);

        var unknown = await tenant.SendAsync(HttpMethod.Patch, path, new JsonObject { ["extension_00000000000000000000000000000000_GroupDN"] = "CN=x" });
        var known = await tenant.SendAsync(HttpMethod.Patch, path, new JsonObject { [name] = "CN=x,OU=y" });
        var read = await tenant.SendAsync(HttpMethod.Get, $"{path}?$select=id,{name}");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (unknown.Status, known.Status));
        Assert.Equal("CN=x,OU=y", (string)read.Body![name]!);
    }

    [Fact]
    public async Task ProvisionOnDemand_OutOfScope_IsSkippedAtScoping()
    {
        await using var tenant = await TestTenant.StartAsync(new WorldOptions { Groups = 40, M365 = 6, Switches = new WorldSwitches { OnDemandNeedsStartedJob = false } });
        var group = tenant.PlainGroups()[0];
        var job = await tenant.PrepareJobAsync([]);

        var (status, body) = await OnDemandAsync(tenant, job, group);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Skipped", (string)JsonNode.Parse((string)body!["key"]!)!["result"]!);
        var last = JsonNode.Parse((string)body["value"]!)!["provisioningSteps"]!.AsArray()[^1]!;
        Assert.Equal(("Scoping", "Skipped"), ((string)last["type"]!, (string)last["status"]!));
        Assert.Single(tenant.AllOf(group));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.BadRequest)]
    [InlineData(false, HttpStatusCode.OK)]
    public async Task ProvisionOnDemand_StoppedJob_DependsOnTheWorld(bool needsStarted, HttpStatusCode expected)
    {
        await using var tenant = await TestTenant.StartAsync(new WorldOptions { Groups = 40, M365 = 6, Switches = new WorldSwitches { OnDemandNeedsStartedJob = needsStarted } });
        var job = await tenant.PrepareJobAsync([]);

        Assert.Equal(expected, (await OnDemandAsync(tenant, job, tenant.PlainGroups()[0])).Status);
    }

    [Fact]
    public async Task ProvisioningLog_FreshLine_ShowsAfterItsDelay()
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([tenant.PlainGroups()[0]]);
        await tenant.CloudSync.RunCycleAsync(job.Id);
        var path = $"v1.0/auditLogs/provisioning?$filter=jobId eq '{job.Id}' and activityDateTime ge 2026-01-01T00:00:00Z&$top=50";

        var early = await tenant.SendAsync(HttpMethod.Get, path);
        await tenant.SleepAsync(TimeSpan.FromMinutes(10));
        var late = await tenant.SendAsync(HttpMethod.Get, path);

        Assert.Empty(early.Body!["value"]!.AsArray());
        Assert.Equal("create", (string)Assert.Single(late.Body!["value"]!.AsArray())!["provisioningAction"]!);
    }

    [Fact]
    public async Task Get_JobBeforeAndAfterItsFirstCycle_TellsItsState()
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([tenant.PlainGroups()[0]]);
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/jobs/{job.Id}";

        var stopped = (await tenant.SendAsync(HttpMethod.Get, path)).Body!;
        var started = await tenant.SendAsync(HttpMethod.Post, $"{path}/start");
        await tenant.SleepAsync(TimeSpan.FromMinutes(5));
        var running = (await tenant.SendAsync(HttpMethod.Get, path)).Body!;

        Assert.Equal(("Disabled", "Paused"), ((string)stopped["schedule"]!["state"]!, (string)stopped["status"]!["code"]!));
        Assert.Equal(HttpStatusCode.NoContent, started.Status);
        Assert.Equal(("Active", "Active"), ((string)running["schedule"]!["state"]!, (string)running["status"]!["code"]!));
        Assert.Equal("Succeeded", (string)running["status"]!["lastExecution"]!["state"]!);
    }

    [Fact]
    public async Task Members_OfGroup_SayWhatTheyAre()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = tenant.World.Store.Read(() => tenant.World.Groups.Values.First(g => g.WritebackEnabled == true && g.Members.Any(m => tenant.World.Principals.Find(m)?.Kind == PrincipalKind.Device)));

        var all = await tenant.SendAsync(HttpMethod.Get, $"beta/groups/{group.Id:D}/members?$select=id,onPremisesObjectIdentifier&$top=999");
        var devices = await tenant.SendAsync(HttpMethod.Get, $"v1.0/groups/{group.Id:D}/members/microsoft.graph.device");

        Assert.Equal(group.Members.Count, all.Body!["value"]!.AsArray().Count);
        Assert.Single(devices.Body!["value"]!.AsArray());
        Assert.Contains(all.Body["value"]!.AsArray(), m => (string)m!["@odata.type"]! == "#microsoft.graph.user" && m["onPremisesObjectIdentifier"] is not null);
    }

    static async Task<(HttpStatusCode Status, JsonNode? Body)> OnDemandAsync(TestTenant tenant, JobState job, CloudGroup group)
    {
        var rule = GwbCloud.Lab.CloudSync.SyncSchema.Parse(job.Schema).RuleId;
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/jobs/{job.Id}/provisionOnDemand";
        var (status, body, _) = await tenant.SendAsync(HttpMethod.Post, path, JsonNode.Parse($$$"""
            {"parameters":[{"ruleId":"{{{rule}}}","subjects":[{"objectId":"{{{group.Id:D}}}","objectTypeName":"Group"}]}]}
            """));
        return (status, body);
    }
}

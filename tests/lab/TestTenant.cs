using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab;

/// <summary>A small world with its Graph and Cloud Sync. Time stands still unless the test sleeps.</summary>
sealed class TestTenant : IAsyncDisposable
{
    readonly IDisposable _hold;
    readonly HttpClient _client = new();
    GraphServer? _graph;

    TestTenant(SimulatedWorld world, VirtualClock clock)
    {
        (World, Clock) = (world, clock);
        _hold = clock.Busy("test");
        Issuer = new LabIssuer(world.Store.Read(() => world.Tenant.TenantId), clock);
        CloudSync = new CloudSyncEngine(world);
        Portal = new Portal(world);
        Token = Issuer.GraphAppToken();
    }

    public SimulatedWorld World { get; }
    public VirtualClock Clock { get; }
    public LabIssuer Issuer { get; }
    public CloudSyncEngine CloudSync { get; }
    public Portal Portal { get; }
    public string Token { get; set; }
    public GraphServer Graph => _graph!;

    public static async Task<TestTenant> StartAsync(WorldOptions? options = null)
    {
        var clock = VirtualClock.InMemory();
        var world = await SimulatedWorld.OpenAsync(path: null, clock, options ?? new WorldOptions { Groups = 40, M365 = 6 });
        var tenant = new TestTenant(world, clock);
        tenant._graph = await GraphServer.StartAsync(world, tenant.Issuer, tenant.CloudSync, cancellationToken: TestContext.Current.CancellationToken);
        return tenant;
    }

    public Task SleepAsync(TimeSpan duration) => Clock.SleepAsync(duration, TestContext.Current.CancellationToken);

    /// <summary>Written-back groups that have only synced users as members, and an object in Active Directory.</summary>
    public List<CloudGroup> PlainGroups() => World.Store.Read(() => World.Groups.Values
        .Where(g => g is { WritebackEnabled: true, SecurityEnabled: true, MailEnabled: false } && g.Members.Count > 1
            && g.Members.All(m => World.Principals.Find(m) is { Kind: PrincipalKind.User, ObjectGuid: not null })
            && World.Forest.FindByAdminDescription(g.Anchor).Count == 1)
        .ToList());

    public AdObject ObjectOf(CloudGroup group) => World.Store.Read(() => World.Forest.FindByAdminDescription(group.Anchor)[0]);

    public AdObject? Find(Guid objectGuid) => World.Store.Read(() => World.Forest.Find(objectGuid));

    public List<AdObject> AllOf(CloudGroup group) => World.Store.Read(() => World.Forest.FindByAdminDescription(group.Anchor).ToList());

    public async Task StampAsync(Guid objectGuid, string? anchor) =>
        await World.Store.ChangeAsync(change => World.Forest.SetAnchor(change, objectGuid, anchor));

    /// <summary>A configured job: domain, name and container as the groups have them, members switch on, the groups assigned.</summary>
    public async Task<JobState> PrepareJobAsync(IEnumerable<CloudGroup> groups, bool nameMapped = true, bool containerMapped = true, bool membersSwitch = true)
    {
        var app = (await SendAsync(HttpMethod.Post, "v1.0/applicationTemplates/fb81332f-3eca-4ecf-a939-4278e501d330/instantiate", new JsonObject { ["displayName"] = "contoso.example" })).Body!;
        var servicePrincipal = (string)app["servicePrincipal"]!["id"]!;
        await SleepAsync(TimeSpan.FromMinutes(1));
        var root = $"v1.0/servicePrincipals/{servicePrincipal}/synchronization";
        var job = (string)(await SendAsync(HttpMethod.Post, $"{root}/jobs", new JsonObject { ["templateId"] = "AAD2ADGroupProvisioning" })).Body!["id"]!;
        await SleepAsync(TimeSpan.FromMinutes(1));
        await SendAsync(HttpMethod.Put, $"{root}/secrets", JsonNode.Parse("""{"value":[{"key":"Domain","value":"{\"domain\":\"contoso.example\"}"}]}"""));
        await MapAsync(World.Store.Read(() => World.Jobs[job]), nameMapped, containerMapped);
        if (membersSwitch)
        {
            await Portal.SetMembersSwitchAsync(job, on: true);
        }

        await Portal.RunAssignmentScriptAsync(Guid.Parse(servicePrincipal), groups.Select(g => g.Id));
        return World.Store.Read(() => World.Jobs[job]);
    }

    /// <summary>Maps a job's names and container as the written groups have them.</summary>
    public async Task MapAsync(JobState job, bool name = true, bool container = true)
    {
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/jobs/{job.Id}/schema";
        var schema = (JsonObject)(await SendAsync(HttpMethod.Get, path)).Body!;
        if (name) { SetSource(schema, "cn", ExpressionParser.Parse("Append(\"Group_\",[objectId])").ToJson()); }
        if (container) { SetSource(schema, "parentDistinguishedName", DefaultSchema.Constant(World.Store.Read(() => World.ForestFacts.WritebackOu)).ToJson()); }
        var put = await SendAsync(HttpMethod.Put, path, schema);
        Assert.Equal(HttpStatusCode.NoContent, put.Status);
    }

    /// <summary>The app that carries GroupDN, with its extension property and, where asked for, its service principal.</summary>
    /// <returns>The name under which groups have the property.</returns>
    public async Task<string> MakeGroupDnAsync(bool servicePrincipal)
    {
        var app = (await SendAsync(HttpMethod.Post, "v1.0/applications", new JsonObject
        {
            ["displayName"] = "CloudSyncCustomExtensionsApp",
            ["identifierUris"] = new JsonArray($"api://{Issuer.TenantId:D}/CloudSyncCustomExtensionsApp"),
        })).Body!;
        await SleepAsync(TimeSpan.FromMinutes(1));
        var made = await SendAsync(HttpMethod.Post, $"v1.0/applications/{(string)app["id"]!}/extensionProperties",
            JsonNode.Parse("""{"name":"GroupDN","dataType":"String","targetObjects":["Group"]}"""));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        if (servicePrincipal)
        {
            var principal = await SendAsync(HttpMethod.Post, "v1.0/servicePrincipals", new JsonObject { ["appId"] = (string)app["appId"]! });
            Assert.Equal(HttpStatusCode.Created, principal.Status);
        }

        await SleepAsync(TimeSpan.FromMinutes(1));
        return (string)made.Body!["name"]!;
    }

    /// <summary>Maps name and container in the documented form: what GroupDN holds where it is present, the default otherwise.</summary>
    /// <param name="job">The job.</param>
    /// <param name="property">Name of the extension property.</param>
    /// <param name="declare">Whether the source object gets the attribute, as it must.</param>
    public async Task<HttpStatusCode> MapGroupDnAsync(JobState job, string property, bool declare = true)
    {
        var path = $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/synchronization/jobs/{job.Id}/schema";
        var schema = (JsonObject)(await SendAsync(HttpMethod.Get, path)).Body!;
        var plain = $"Replace([{property}], \"\\,\", , , \"\\2C\", , )";
        SetSource(schema, "cn", ExpressionParser.Parse(
            $"IIF(IsPresent([{property}]),Replace(Replace(Word({plain}, 1, \",\"), \"CN=\", , , \"\", , ), \"\\2C\", , , \",\", , ),Append(\"Group_\",[objectId]))").ToJson());
        SetSource(schema, "parentDistinguishedName", ExpressionParser.Parse(
            $"IIF(IsPresent([{property}]),Replace(Mid(Mid({plain}, InStr({plain}, \",\", , ), 9999), 2, 9999), \"\\2C\", , , \",\", , ),\"{WorldSeeder.WritebackOu}\")").ToJson());
        if (declare)
        {
            var attributes = schema["directories"]![0]!["objects"]![0]!["attributes"]!.AsArray();
            var attribute = attributes[0]!.DeepClone();
            (attribute["name"], attribute["anchor"]) = (property, false);
            attributes.Add(attribute);
        }

        return (await SendAsync(HttpMethod.Put, path, schema)).Status;
    }

    public static void SetSource(JsonObject schema, string target, JsonObject source)
    {
        var mappings = schema["synchronizationRules"]![0]!["objectMappings"]![0]!["attributeMappings"]!.AsArray();
        mappings.Single(m => (string)m!["targetAttributeName"]! == target)!["source"] = source;
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseHeaders Headers)> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, bool eventual = false, string? clientRequestId = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("http", StringComparison.Ordinal) ? path : $"{Graph.BaseAddress}/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (eventual)
        {
            request.Headers.Add("ConsistencyLevel", "eventual");
        }

        if (clientRequestId is not null)
        {
            request.Headers.Add("client-request-id", clientRequestId);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Graph.DisposeAsync();
        CloudSync.Dispose();
        Issuer.Dispose();
        _hold.Dispose();
        await World.DisposeAsync();
        Clock.Dispose();
    }
}

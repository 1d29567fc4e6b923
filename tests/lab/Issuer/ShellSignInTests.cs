using System.Net;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Issuer;

namespace GwbCloud.Tests.Lab.Issuer;

/// <summary>How real people sign in to an interactive rehearsal from a shell.</summary>
public sealed class ShellSignInTests
{
    [Fact]
    public async Task Person_WithNonce_GetsTokensForTheApiAndForTheDecision()
    {
        await using var tenant = await TestTenant.StartAsync();

        var (status, body) = await SignInAsync(tenant, tenant.Issuer.UserName(LabPeople.FirstApprover), tenant.Issuer.ClientId, "a-nonce");

        Assert.Equal(HttpStatusCode.OK, status);
        var access = tenant.Issuer.Read((string)body["access_token"]!, tenant.Issuer.ApiAudience, out _)!;
        var id = tenant.Issuer.Read((string)body["id_token"]!, tenant.Issuer.ClientId.ToString("D"), out _)!;
        Assert.Equal(LabPeople.FirstApprover.ObjectId.ToString("D"), (string?)access["oid"]);
        Assert.Equal((LabPeople.FirstApprover.ObjectId.ToString("D"), "a-nonce"), ((string?)id["oid"], (string?)id["nonce"]));
    }

    [Fact]
    public async Task Person_WithoutNonce_GetsNoTokenThatCouldDecide()
    {
        await using var tenant = await TestTenant.StartAsync();

        var (_, body) = await SignInAsync(tenant, tenant.Issuer.UserName(LabPeople.FirstApprover), tenant.Issuer.ClientId, nonce: null);

        Assert.NotNull(body["access_token"]);
        Assert.Null(body["id_token"]);
    }

    [Fact]
    public async Task Person_NobodyKnows_IsRefused()
    {
        await using var tenant = await TestTenant.StartAsync();

        var stranger = await SignInAsync(tenant, "stranger@contoso.example", tenant.Issuer.ClientId, "a-nonce");
        var otherApp = await SignInAsync(tenant, tenant.Issuer.UserName(LabPeople.FirstApprover), Guid.Empty, "a-nonce");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (stranger.Status, (string?)stranger.Body["error"]));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_client"), (otherApp.Status, (string?)otherApp.Body["error"]));
    }

    static async Task<(HttpStatusCode Status, JsonNode Body)> SignInAsync(TestTenant tenant, string user, Guid client, string? nonce)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = user, ["client_id"] = client.ToString("D") };
        if (nonce is not null) { form["nonce"] = nonce; }
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var content = new FormUrlEncodedContent(form);
        var address = new Uri(new Uri(tenant.Graph.BaseAddress), $"/{tenant.Issuer.TenantId:D}/oauth2/v2.0/token");
        using var answer = await http.PostAsync(address, content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}

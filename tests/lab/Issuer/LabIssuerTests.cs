using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Time;

namespace GwbCloud.Tests.Lab.Issuer;

public sealed class LabIssuerTests
{
    const string Nonce = "bm9uY2Utb2YtYS1kZWNpc2lvbg";
    static readonly Guid Tenant = new("5f0f8a52-3f68-4b5e-9a0e-51a7c9a6e9d1");

    [Fact]
    public void IdToken_OfApprover_IsAcceptedByTheProductsVerifier()
    {
        using var clock = VirtualClock.InMemory();
        using var issuer = new LabIssuer(Tenant, clock);

        var verdict = Verify(issuer, clock, issuer.IdToken(LabPeople.FirstApprover, Nonce), LabPeople.ApproverRole);

        Assert.True(verdict.IsAccepted, verdict.Refusal?.Code);
        Assert.Equal(LabPeople.FirstApprover.ObjectId.ToString("D"), verdict.Token.Oid);
    }

    [Fact]
    public void IdToken_OfReader_LacksTheApproversRole()
    {
        using var clock = VirtualClock.InMemory();
        using var issuer = new LabIssuer(Tenant, clock);

        Assert.False(Verify(issuer, clock, issuer.IdToken(LabPeople.Reader, Nonce), LabPeople.ApproverRole).IsAccepted);
    }

    [Fact]
    public void ApiToken_OfOperator_IsAcceptedByTheProductsVerifier()
    {
        using var clock = VirtualClock.InMemory();
        using var issuer = new LabIssuer(Tenant, clock);
        var keys = new SigningKeyRing();
        keys.Learn(JsonSerializer.SerializeToUtf8Bytes(issuer.Keys()));
        var options = new AccessTokenOptions { Issuer = issuer.Issuer, Audience = issuer.ApiAudience, Tenant = issuer.TenantId.ToString("D") };

        var verdict = new AccessTokenVerifier(keys, clock, options).Verify(issuer.ApiToken(LabPeople.Operator));

        Assert.True(verdict.IsAccepted, verdict.Refusal?.Code);
        Assert.Contains(LabPeople.OperatorRole, verdict.Access.Roles);
    }

    [Fact]
    public void IdToken_AfterKeyRollover_IsStillAccepted()
    {
        using var clock = VirtualClock.InMemory();
        using var issuer = new LabIssuer(Tenant, clock);
        var before = issuer.IdToken(LabPeople.FirstApprover, Nonce);

        issuer.RollKey();

        Assert.True(Verify(issuer, clock, before, LabPeople.ApproverRole).IsAccepted);
        Assert.True(Verify(issuer, clock, issuer.IdToken(LabPeople.FirstApprover, Nonce), LabPeople.ApproverRole).IsAccepted);
    }

    [Fact]
    public void Keys_OfFolder_SurviveARestart()
    {
        using var folder = new TempFolder();
        using var clock = VirtualClock.InMemory();
        string token;
        using (var first = new LabIssuer(Tenant, clock, folder: folder.Path))
        {
            first.RollKey();
            token = first.IdToken(LabPeople.FirstApprover, Nonce);
        }

        using var second = new LabIssuer(Tenant, clock, folder: folder.Path);

        Assert.True(Verify(second, clock, token, LabPeople.ApproverRole).IsAccepted);
        Assert.Equal(2, second.Keys()["keys"]!.AsArray().Count);
    }

    [Fact]
    public async Task Read_ExpiredOrForAnotherAudience_IsRefused()
    {
        using var clock = VirtualClock.InMemory();
        using var hold = clock.Busy("test");
        using var issuer = new LabIssuer(Tenant, clock);
        var token = issuer.GraphAppToken(lifetime: TimeSpan.FromMinutes(5));

        Assert.NotNull(issuer.Read(token, LabIssuer.GraphAudience, out _));
        Assert.Null(issuer.Read(token, issuer.ApiAudience, out _));

        await clock.SleepAsync(TimeSpan.FromMinutes(6), TestContext.Current.CancellationToken);

        Assert.Null(issuer.Read(token, LabIssuer.GraphAudience, out var refusal));
        Assert.Contains("expired", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("no-token")]
    public void Read_Garbage_IsRefused(string token)
    {
        using var clock = VirtualClock.InMemory();
        using var issuer = new LabIssuer(Tenant, clock);

        Assert.Null(issuer.Read(token, LabIssuer.GraphAudience, out _));
    }

    [Fact]
    public async Task Discovery_OverHttp_LeadsToTheKeys()
    {
        await using var tenant = await TestTenant.StartAsync();
        using var client = new HttpClient();

        var discovery = await client.GetFromJsonAsync<JsonObject>(tenant.Graph.DiscoveryAddress, TestContext.Current.CancellationToken);
        var keys = await client.GetFromJsonAsync<JsonObject>((string)discovery!["jwks_uri"]!, TestContext.Current.CancellationToken);

        Assert.Equal(tenant.Issuer.Issuer, (string)discovery["issuer"]!);
        Assert.Equal(tenant.Issuer.Keys().ToJsonString(), keys!.ToJsonString());
    }

    static TokenVerdict Verify(LabIssuer issuer, TimeProvider time, string token, string role)
    {
        var options = new IdTokenOptions { Issuer = issuer.Issuer, Audience = issuer.ClientId.ToString("D"), Tenant = issuer.TenantId.ToString("D") };
        var keys = new SigningKeyRing();
        Assert.Null(keys.Learn(JsonSerializer.SerializeToUtf8Bytes(issuer.Keys())));
        return new IdTokenVerifier(keys, time, options).Verify(token, new TokenExpectation { Nonce = Nonce, Role = role });
    }
}

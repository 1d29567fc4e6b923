using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Graph;

public sealed class NationalCloudTests
{
    const string Tenant = "11111111-2222-4333-8444-555555555555";

    [Theory]
    [InlineData(null, "https://graph.microsoft.com/", "https://graph.microsoft.com/.default", "https://login.microsoftonline.com/")]
    [InlineData("global", "https://graph.microsoft.com/", "https://graph.microsoft.com/.default", "https://login.microsoftonline.com/")]
    [InlineData("USGov", "https://graph.microsoft.us/", "https://graph.microsoft.us/.default", "https://login.microsoftonline.us/")]
    [InlineData("USGovDoD", "https://dod-graph.microsoft.us/", "https://dod-graph.microsoft.us/.default", "https://login.microsoftonline.us/")]
    [InlineData("China", "https://microsoftgraph.chinacloudapi.cn/", "https://microsoftgraph.chinacloudapi.cn/.default", "https://login.partner.microsoftonline.cn/")]
    public void Cloud_OfASetting_GivesGraphScopeAndSignIn(string? cloud, string graph, string scope, string login)
    {
        using var provider = Provider(("Graph:Cloud", cloud), ("Identity:Tenant", Tenant));

        var options = provider.GetRequiredService<IOptions<GraphOptions>>().Value;
        var identity = provider.GetRequiredService<IOptions<IdentityOptions>>().Value;

        Assert.Equal((graph, scope), (options.EffectiveBaseUrl.AbsoluteUri, options.EffectiveScope));
        Assert.Equal($"{login}{Tenant}/v2.0", identity.Issuer);
        Assert.Equal($"{login}{Tenant}/discovery/v2.0/keys", identity.KeysAddress);
    }

    [Fact]
    public void Settings_OfTheirOwn_AreKept()
    {
        using var provider = Provider(
            ("Graph:Cloud", "China"), ("Graph:BaseUrl", "https://graph.test"), ("Identity:Tenant", Tenant), ("Identity:Issuer", "i"), ("Identity:Keys", "{}"));

        var options = provider.GetRequiredService<IOptions<GraphOptions>>().Value;
        var identity = provider.GetRequiredService<IOptions<IdentityOptions>>().Value;

        Assert.Equal("https://graph.test/.default", options.EffectiveScope);
        Assert.Equal(("i", null), (identity.Issuer, identity.KeysAddress));
    }

    [Theory]
    [InlineData("Graph:Cloud", "Germany", "Graph:Cloud is 'Germany', and must be Global, USGov, USGovDoD, China.")]
    [InlineData("Graph:BaseUrl", "http://graph.test", "Graph:BaseUrl is no https address.")]
    public void Settings_ThatAreWrong_AreRefusedAtTheStart(string name, string value, string message)
    {
        using var provider = Provider((name, value));

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(message, error.Failures);
    }

    [Fact]
    public void ScopeRole_OfAnApplicationWithSeveral_IsTheClouds()
    {
        var principal = new CloudSyncPrincipal
        {
            Id = Guid.NewGuid(),
            AppRoles = [.. NationalCloud.All.DistinctBy(c => c.GroupScopeRole).Select(c => new AppRole { Id = c.GroupScopeRole, AllowedMemberTypes = ["User"] })],
        };

        Assert.All(NationalCloud.All, cloud => Assert.Equal(cloud.GroupScopeRole, principal.ScopeRole(cloud)));
    }

    [Fact]
    public void ScopeRole_OfAnotherCloud_IsBetterThanNone()
    {
        var role = Guid.Parse("52e862b9-0b95-43fe-9340-54f51248314f");
        var principal = new CloudSyncPrincipal
        {
            Id = Guid.NewGuid(),
            AppRoles = [new AppRole { Id = Guid.NewGuid(), DisplayName = "User", AllowedMemberTypes = ["User"] }, new AppRole { Id = role, AllowedMemberTypes = ["User"] }],
        };

        Assert.Equal(role, principal.ScopeRole(NationalCloud.Global));
    }

    static ServiceProvider Provider(params (string Name, string? Value)[] settings)
        => new ServiceCollection()
            .AddLogging()
            .AddGraph(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, s.Value))).Build())
            .Configure<IdentityOptions>(identity =>
            {
                foreach (var (name, value) in settings.Where(s => s.Name.StartsWith("Identity:", StringComparison.Ordinal)))
                {
                    typeof(IdentityOptions).GetProperty(name["Identity:".Length..])!.SetValue(identity, value);
                }
            })
            .BuildServiceProvider();
}

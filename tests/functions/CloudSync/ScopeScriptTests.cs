using System.Text;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.CloudSync;

public sealed class ScopeScriptTests
{
    static readonly string Hash = new('a', 64);

    [Fact]
    public void Make_OfARing_HoldsItsIdsAndItsHashAndNoOpenPlace()
    {
        var list = List(2);

        var script = ScopeScript.Make(list, Hash);

        Assert.Contains($"$listSha256 = '{Hash}'", script, StringComparison.Ordinal);
        Assert.Contains($"$tenant = [guid] '{list.Tenant:D}'", script, StringComparison.Ordinal);
        Assert.Contains($"$principal = [guid] '{list.ServicePrincipal:D}'", script, StringComparison.Ordinal);
        Assert.Contains($"$role = [guid] '{list.AppRole:D}'", script, StringComparison.Ordinal);
        Assert.Contains("Ring 2 of 6", script, StringComparison.Ordinal);
        Assert.Contains("./ring-2.ps1 -WhatIf", script, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", script, StringComparison.Ordinal);
        Assert.Equal(script, Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(script)));
    }

    [Fact]
    public void Make_ForTheCanaries_SaysSo() => Assert.Contains("The canaries of the migration", ScopeScript.Make(List(0), Hash), StringComparison.Ordinal);

    [Theory]
    [InlineData("Global'; Remove-Item / #")]
    [InlineData("Mars")]
    [InlineData("")]
    public void Make_ForACloudThatIsNone_IsRefused(string environment)
        => Assert.Throws<ArgumentException>(() => ScopeScript.Make(List(1) with { Environment = environment }, Hash));

    [Theory]
    [InlineData("")]
    [InlineData("'; Remove-Item / #")]
    public void Make_WithoutAHash_IsRefused(string hash) => Assert.Throws<ArgumentException>(() => ScopeScript.Make(List(1), hash));

    [Theory]
    [InlineData("https://graph.microsoft.com", "Global")]
    [InlineData("https://graph.microsoft.us", "USGov")]
    [InlineData("https://dod-graph.microsoft.us", "USGovDoD")]
    [InlineData("https://microsoftgraph.chinacloudapi.cn", "China")]
    [InlineData("http://127.0.0.1:5000", "Global")]
    public void Environment_FollowsTheHostOfGraph(string graph, string environment) => Assert.Equal(environment, ScopeScript.EnvironmentOf(new Uri(graph)));

    [Fact]
    public async Task Run_AddsOnlyWhatIsMissing_InBatches_AndAgainChangesNothing()
    {
        await using var scene = await ScopeScriptScene.StartAsync();
        await scene.Lab.Portal.RunAssignmentScriptAsync(scene.Principal, scene.Groups.Take(3));

        var first = await scene.RunAsync("-Confirm:$false");
        var again = await scene.RunAsync("-Confirm:$false");

        Assert.True(first.Code == 0, first.Text);
        Assert.Equal(scene.Groups.Order(), scene.Assigned().Order());
        Assert.Contains($"{scene.Groups.Count} groups, 3 assigned to", first.Text, StringComparison.Ordinal);
        Assert.Equal((scene.Groups.Count - 3 + 19) / 20, first.Batches);
        Assert.Equal((0, 0), (again.Code, again.Batches));
    }

    [Fact]
    public async Task Run_WhatIf_ShowsAndWritesNothing()
    {
        await using var scene = await ScopeScriptScene.StartAsync();

        var run = await scene.RunAsync("-WhatIf");

        Assert.True(run.Code == 0, run.Text);
        Assert.Contains($"What if: Performing the operation \"Assign to the enterprise application", run.Text, StringComparison.Ordinal);
        Assert.Equal(0, run.Batches);
        Assert.Empty(scene.Assigned());
    }

    [Fact]
    public async Task Run_ThrottledItems_AreRepeatedAfterTheTimeThatGraphNames()
    {
        await using var scene = await ScopeScriptScene.StartAsync();

        var run = await scene.RunAsync("-Confirm:$false", throttled: 5);

        Assert.True(run.Code == 0, run.Text);
        Assert.Contains("Graph asks for a pause of 7 seconds", run.Text, StringComparison.Ordinal);
        Assert.Equal(scene.Groups.Order(), scene.Assigned().Order());
    }

    [Fact]
    public async Task Run_WithAnotherList_StopsBeforeTheSignIn()
    {
        await using var scene = await ScopeScriptScene.StartAsync();
        scene.Tamper();

        var run = await scene.RunAsync("-Confirm:$false");

        Assert.NotEqual(0, run.Code);
        Assert.Contains("is not the one that this script was made for", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("signed in", run.Text, StringComparison.Ordinal);
        Assert.Empty(scene.Assigned());
    }

    [Fact]
    public async Task Run_SignedInToAnotherTenant_AssignsNothing()
    {
        await using var scene = await ScopeScriptScene.StartAsync();

        var run = await scene.RunAsync("-Confirm:$false", tenant: Guid.NewGuid());

        Assert.NotEqual(0, run.Code);
        Assert.Contains("Nothing was assigned", run.Text, StringComparison.Ordinal);
        Assert.Empty(scene.Assigned());
    }

    [Fact]
    public async Task Run_GroupThatIsGone_EndsWithTheCountAndAnError()
    {
        await using var scene = await ScopeScriptScene.StartAsync(extra: Guid.NewGuid());

        var run = await scene.RunAsync("-Confirm:$false");

        Assert.NotEqual(0, run.Code);
        Assert.Contains($"{scene.Groups.Count - 1} of {scene.Groups.Count} groups are assigned, 1 are not", run.Text, StringComparison.Ordinal);
        Assert.Equal(scene.Groups.Count - 1, scene.Assigned().Count);
    }

    static ScopeList List(int ring) => new()
    {
        Tenant = Guid.NewGuid(),
        Environment = "Global",
        ServicePrincipal = Guid.NewGuid(),
        AppRole = Guid.NewGuid(),
        Ring = ring,
        Of = 6,
        Groups = [Guid.NewGuid()],
    };
}

using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Measuring;
using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

public sealed class VerbTests
{
    [Fact]
    public void World_AllOptions_Count()
    {
        var options = new WorldCommandLine().Read(
            ["--port", "5100", "--groups", "20000", "--m365", "7", "--cloud-groups", "100000", "--memberships", "1000000", "--users", "15000", "--servers", "1", "--seed", "3"]);

        Assert.Equal(5100, options.Port);
        Assert.Equal((20_000, 7, 100_000, 1_000_000, 15_000, 1, 3), (
            options.World.Groups, options.World.M365, options.World.CloudGroups, options.World.Memberships, options.World.Users, options.World.Servers, options.World.Seed));
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("world", "world")]
    [InlineData("--decision=deny", "--decision")]
    [InlineData("--port=65536", "--port")]
    [InlineData("--cloud-groups=200", "--cloud-groups")]
    [InlineData("--cloud-groups=many", "--cloud-groups")]
    [InlineData("--memberships=-1", "--memberships")]
    [InlineData("--users=19", "--users")]
    public void World_SenselessArguments_AreRefusedByName(string arguments, string named) =>
        Assert.Contains(named, Assert.Throws<BadUsageException>(() => new WorldCommandLine().Read(arguments.Split(' '))).Message, StringComparison.Ordinal);

    [Fact]
    public void Assess_AllOptions_Count()
    {
        var options = new AssessCommandLine().Read(["--world", "http://127.0.0.1:5100", "--limits", "off", "--memory", "300", "--json"]);

        Assert.Equal((new Uri("http://127.0.0.1:5100"), false, 300, true), (options.World, options.EnforceLimits, options.MemoryMegabytes, options.Json));
    }

    [Theory]
    [InlineData("", "--world")]
    [InlineData("--world=nowhere", "--world")]
    [InlineData("--world=http://lab.example:5100", "--world")]
    [InlineData("--world=http://127.0.0.1:5100 --limits=maybe", "--limits")]
    [InlineData("--world=http://127.0.0.1:5100 --memory=0", "--memory")]
    [InlineData("--world=http://127.0.0.1:5100 --groups=5", "--groups")]
    public void Assess_SenselessArguments_AreRefusedByName(string arguments, string named) =>
        Assert.Contains(
            named,
            Assert.Throws<BadUsageException>(() => new AssessCommandLine().Read(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Message,
            StringComparison.Ordinal);

    /// <summary>Taking the rule away has no undo; waiting for one would never end.</summary>
    [Fact]
    public void Defaults_UndoOfARemovedRule_IsRefusedByName()
    {
        Assert.Contains("--undo", Assert.Throws<BadUsageException>(() => new DefaultsCommandLine().Read(["delete-rule", "--undo"])).Message, StringComparison.Ordinal);
        Assert.True(new DefaultsCommandLine().Read(["delete-rule", "--on", "--undo"]).Story.Operation!.Undo);
    }

    [Theory]
    [InlineData("/beta/groups?$select=id&$top=999", 1)]
    [InlineData("/v1.0/groups/0/members?$select=id,onPremisesSyncEnabled&$top=999", 2)]
    [InlineData("/groups/0/members", 3)]
    [InlineData("/groups/0/members?$expand=manager", 4)]
    [InlineData("/groups/0/transitiveMembers", 5)]
    [InlineData("/v1.0/applications?%24select=id", 1)]
    [InlineData("/v1.0/subscribedSkus", 1)]
    public void Units_OfARequest_AreTheDocumentedOnes(string request, int units) => Assert.Equal(units, DocumentedQuota.UnitsOf(request));
}

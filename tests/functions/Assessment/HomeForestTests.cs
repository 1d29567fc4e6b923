using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public sealed class HomeForestTests
{
    [Fact]
    public void DomainsOf_OneForest_AsksNobodyWhereHeLives()
    {
        var facts = new Facts();

        var domains = HomeForest.DomainsOf(facts.Forest with { OtherDomains = [new DomainFacts { Domain = "emea.corp.example", Agents = [] }] }, facts.Servers);

        Assert.Empty(domains);
        Assert.False(HomeForest.IsElsewhere("other.example", domains));
    }

    [Theory]
    [InlineData("corp.example", false)]
    [InlineData("EMEA.corp.example", false)]
    [InlineData(null, false)]
    [InlineData("other.example", true)]
    public void IsElsewhere_OfSeveralForests_KnowsTheHomesDomains(string? domain, bool elsewhere)
    {
        var facts = new Facts();
        var server = facts.Servers[0] with { Connectors = [Connector("corp.example"), Connector("other.example")] };

        var domains = HomeForest.DomainsOf(facts.Forest with { OtherDomains = [new DomainFacts { Domain = "emea.corp.example", Agents = null }] }, [server]);

        Assert.Equal(["corp.example", "emea.corp.example"], domains);
        Assert.Equal(elsewhere, HomeForest.IsElsewhere(domain, domains));
    }

    static ConnectorFacts Connector(string forest) => new() { Name = forest, Identifier = Guid.Empty, Kind = ConnectorKind.ActiveDirectory, Forest = forest };
}

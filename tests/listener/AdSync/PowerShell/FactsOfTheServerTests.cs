using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Runs;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.AdSync.PowerShell;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>What is concluded from connectors and the run history.</summary>
public sealed class FactsOfTheServerTests
{
    const string Ou = "OU=Groups,OU=Writeback,DC=contoso,DC=example";

    [Theory]
    [InlineData(Ou, "", "contoso.example")]
    [InlineData("OU=x,DC=fabrikam,DC=example", "", "fabrikam.example")]
    [InlineData("", "FABRIKAM.example", "fabrikam.example")]
    [InlineData("OU=x,DC=other,DC=example", "contoso.example", "contoso.example")]
    public void Connector_IsThatOfTheOuThenThatOfTheForest(string container, string forest, string expected) =>
        Assert.Equal(expected, ConnectorChoice.Of(Host(container, forest, Contoso(), Ad("fabrikam.example", "DC=fabrikam,DC=example"), Entra)).Name);

    [Theory]
    [InlineData("OU=x,DC=other,DC=example", true)]
    [InlineData("", true)]
    [InlineData("OU=x,DC=other,DC=example", false)]
    public void Connector_ThatNothingNames_IsNeverGuessed(string container, bool several)
    {
        var host = several ? Host(container, "", Contoso(), Ad("fabrikam.example", "DC=fabrikam,DC=example"), Entra) : Host(container, "", Contoso(), Entra);

        Assert.Equal(AdSyncError.ConnectorNotFound.Code, Assert.Throws<AdSyncException>(() => ConnectorChoice.Of(host)).Error.Code);
    }

    [Fact]
    public void Connector_WithoutAContainer_IsTheOnlyOne() => Assert.Equal("contoso.example", ConnectorChoice.Of(Host("", "", Contoso(), Entra)).Name);

    [Theory]
    [InlineData(new[] { "DC=contoso,DC=example" }, new string[0], true, true)]
    [InlineData(new[] { "DC=contoso,DC=example" }, new[] { "OU=Writeback,DC=contoso,DC=example" }, true, false)]
    [InlineData(new[] { "ou=groups,ou=writeback,dc=contoso,dc=example" }, new[] { "OU=Writeback,DC=contoso,DC=example" }, true, true)]
    [InlineData(new[] { "OU=Other,DC=contoso,DC=example" }, new[] { "DC=contoso,DC=example" }, true, false)]
    [InlineData(new[] { "OU=roups,OU=Writeback,DC=contoso,DC=example" }, new string[0], true, false)]
    [InlineData(new string[0], new string[0], true, false)]
    [InlineData(new[] { "DC=contoso,DC=example" }, new string[0], false, false)]
    public void Scope_IsDecidedByTheNearestContainer(string[] included, string[] excluded, bool selected, bool expected)
    {
        var connector = Contoso(new() { Dn = "DC=contoso,DC=example", Selected = selected, Included = included, Excluded = excluded });

        Assert.Equal(expected, ConnectorChoice.HoldsInScope(connector, Ou));
    }

    [Fact]
    public void Connectors_OfSeveralForests_TellTheirDomainsAndWhichHoldsTheContainer()
    {
        var contoso = Contoso() with
        {
            Partitions =
            [
                Partition("DC=contoso,DC=example"), Partition("DC=sub,DC=contoso,DC=example"), Partition("DC=ForestDnsZones,DC=contoso,DC=example"),
                Partition("DC=left,DC=contoso,DC=example") with { Selected = false },
            ],
        };
        var host = Host(Ou, "", Entra, Ad("fabrikam.example", "DC=fabrikam,DC=example"), contoso);

        var facts = ConnectorChoice.FactsOf(host, ConnectorChoice.Of(host));

        Assert.Equal(["contoso.example", "fabrikam.example", "x - AAD"], facts.Select(connector => connector.Name));
        Assert.Equal([ConnectorKind.ActiveDirectory, ConnectorKind.ActiveDirectory, ConnectorKind.Entra], facts.Select(connector => connector.Kind));
        Assert.Equal(["contoso.example", "sub.contoso.example"], facts[0].Domains);
        Assert.Equal([true, false, false], facts.Select(connector => connector.HoldsWritebackOu));
        Assert.Equal(["contoso.example", "fabrikam.example", null], facts.Select(connector => connector.Forest));
    }

    [Fact]
    public void Errors_OfARun_NameGroupsOfTheContainerAndNobodyElse()
    {
        var run = new RunValue
        {
            Connector = "c", Profile = "Export", Result = "completed-export-errors", Start = DateTimeOffset.UnixEpoch.AddYears(55),
            Errors = [new() { Object = "{1}", Kind = "permission-issue", Dn = $"CN=g,{Ou}" }, new() { Object = "{2}", Kind = "k", Dn = "CN=Erika,OU=People,DC=contoso,DC=example" }, new() { Object = "{3}", Kind = "k" }],
        };

        var result = RunReading.ResultOf(run, Ou);

        Assert.Equal(result.Errors, result.Details.Select(error => error.Key));
        Assert.Equal([$"CN=g,{Ou}"], result.Details.Select(error => error.Group).OfType<string>());
        Assert.DoesNotContain("Erika", System.Text.Json.JsonSerializer.Serialize(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_OfTheSameObjectWithAnotherKind_WereNeverAccepted()
    {
        RunResult Run(string kind) => RunReading.ResultOf(
            new()
            {
                Connector = "c", Profile = "Full Synchronization", Result = "completed-sync-errors", Start = DateTimeOffset.UnixEpoch.AddYears(55),
                Errors = [new() { Object = "{1}", Kind = kind }],
            },
            Ou);

        var accepted = Run("InvalidSoftMatch").Errors.ToHashSet(StringComparer.Ordinal);

        Assert.Empty(RunJudge.Judge([Run("InvalidSoftMatch")], accepted));
        Assert.Single(RunJudge.Judge([Run("sync-generic-failure")], accepted));
    }

    [Fact]
    public void LastInitial_IsTheLastCycleWithFullImportsAndSyncs()
    {
        var day = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        RunValue Run(string profile, int start, int end) => new() { Connector = "c", Profile = profile, Result = "success", Start = day.AddSeconds(start), End = day.AddSeconds(end), Errors = [] };

        Assert.Null(RunReading.TimesOf([]).LastInitial);
        Assert.Null(RunReading.TimesOf([Run("Delta Import", 0, 10), Run("Full Synchronization", 5000, 6000)]).LastInitial);
        var times = RunReading.TimesOf(
        [
            Run("Full Import", 0, 400), Run("Full Synchronization", 400, 700),
            Run("Export", 40_900, 41_000), Run("Full Import", 40_000, 40_500), Run("Full Synchronization", 40_510, 40_900),
            Run("Delta Import", 50_000, 50_020),
        ]);
        Assert.Equal(1000, times.LastInitial);
        Assert.Equal([700, 1000], times.Initials);
        Assert.Empty(times.Deltas);
    }

    [Fact]
    public void Times_ManyCycles_AreTheTenNewestOfEachKind()
    {
        var day = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        var runs = Enumerable.Range(0, 12).SelectMany(hour => new[]
        {
            Run("Delta Import", hour * 3_600, 20), Run("Delta Synchronization", (hour * 3_600) + 30, hour),
            Run("Full Import", (hour * 3_600) + 1_000, 300), Run("Full Synchronization", (hour * 3_600) + 1_310, hour),
        });

        var times = RunReading.TimesOf(runs);

        Assert.Equal(Enumerable.Range(2, 10).Select(hour => 30 + hour), times.Deltas);
        Assert.Equal(Enumerable.Range(2, 10).Select(hour => 310 + hour), times.Initials);

        RunValue Run(string profile, int start, int seconds) => new()
        {
            Connector = "c", Profile = profile, Result = "success", Start = day.AddSeconds(start), End = day.AddSeconds(start + seconds), Errors = [],
        };
    }

    [Fact]
    public void Numbers_OfRuns_GoBackToTheirStartAndOrderAsTheyBegan()
    {
        var start = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

        Assert.Equal(start, RunReading.StartOf(RunReading.NumberOf(start)));
        Assert.True(RunReading.NumberOf(start) < RunReading.NumberOf(start.AddSeconds(1)));
        Assert.True(RunReading.NumberOf(start.AddYears(60)) > 0);
    }

    static readonly ConnectorValue Entra = new() { Name = "x - AAD", Id = RuleIds.EntraConnector, Type = "Extensible2", Partitions = [] };

    static ConnectorValue Contoso(PartitionValue? partition = null) =>
        Ad("contoso.example", "DC=contoso,DC=example") with { Partitions = [partition ?? Partition("DC=contoso,DC=example")] };

    static ConnectorValue Ad(string name, string dn) => new() { Name = name, Id = Guid.NewGuid(), Type = "AD", Partitions = [Partition(dn)] };

    static PartitionValue Partition(string dn) => new() { Dn = dn, Selected = true, Included = [dn], Excluded = [] };

    static HostValue Host(string container, string forest, params ConnectorValue[] connectors) =>
        new() { Machine = "AADC01", Version = "2.5.190.0", Interactive = false, Container = container, Forest = forest, Connectors = connectors };
}

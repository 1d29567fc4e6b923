using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Servers;
using Healthy = GwbCloud.Tests.Functions.Assessment.Facts;

namespace GwbCloud.Tests.Functions.Orchestration.Servers;

public sealed class ServerComparisonTests
{
    static readonly ServerFacts Active = Healthy.Server("AADC1", staging: false), Standby = Healthy.Server("AADC2", staging: true);

    static readonly MigrationPlan Plan = ScriptedContext.Input(StageName.FreezeAndDrain, new()).Plan with
    {
        Servers = [Planned(Active), Planned(Standby)],
        Acceptances = [new() { Code = "GWB2112", Subject = "OLDSYNC01", By = "p", Comment = "scrapped" }],
    };

    static PlannedServer Planned(ServerFacts facts) => new()
    {
        Name = facts.Server, Active = !facts.Staging, Version = facts.Version, Cmdlet = facts.Cmdlet, AdConnector = facts.AdConnector, Forests = [],
    };

    static IReadOnlyList<ServerDeviation> Compare(ServerFacts active, ServerFacts standby, string? lead = "AADC1", params string[] traces) =>
        ServerComparison.Compare(Plan, [active, standby], traces, lead);

    [Fact]
    public void Servers_AsPlanned_AreNoChangeHoweverTheirTracesAreSpelt() =>
        Assert.Empty(Compare(Active, Standby with { Server = "aadc2.corp.example" }, "AADC1", "aadc1", "AADC2.corp.example", "oldsync01"));

    public static TheoryData<string, ServerDeviationKind, string> Changes => new()
    {
        { "promoted", ServerDeviationKind.Promoted, "AADC2" },
        { "demoted", ServerDeviationKind.Demoted, "AADC1" },
        { "upgraded", ServerDeviationKind.Upgraded, "AADC2" },
        { "cmdlet", ServerDeviationKind.Upgraded, "AADC1" },
        { "connector", ServerDeviationKind.OtherForests, "AADC1" },
        { "forest", ServerDeviationKind.OtherForests, "AADC2" },
        { "trace", ServerDeviationKind.Appeared, "NEWSYNC" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Server_ThatIsNotAsPlanned_IsFoundByName(string what, ServerDeviationKind kind, string server)
    {
        var change = Assert.Single(what switch
        {
            "promoted" => Compare(Active, Standby with { Staging = false }),
            "demoted" => Compare(Active with { Staging = true }, Standby),
            "upgraded" => Compare(Active, Standby with { Version = "2.6.93.0" }),
            "cmdlet" => Compare(Active with { Cmdlet = CmdletGeneration.Unattended }, Standby),
            "connector" => Compare(Active with { AdConnector = "fabrikam.example" }, Standby),
            "forest" => Compare(Active, Standby with { Connectors = [Healthy.Connector("fabrikam.example")] }),
            _ => Compare(Active, Standby, "AADC1", "newsync.corp.example"),
        });

        Assert.Equal((kind, server), (change.Kind, change.Server));
        Assert.StartsWith(server, change.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Promotion_WithTheActiveOneDemoted_IsBoth() => Assert.Equal(
        [ServerDeviationKind.Demoted, ServerDeviationKind.Promoted], Compare(Active with { Staging = true }, Standby with { Staging = false }).Select(c => c.Kind));

    [Fact]
    public void Window_InWhichEveryServerStages_ExpectsNoneToExport()
    {
        Assert.Empty(Compare(Active with { Staging = true }, Standby, lead: null));
        Assert.Equal([ServerDeviationKind.Promoted], Compare(Active, Standby, lead: null).Select(c => c.Kind));
    }

    [Fact]
    public void Servers_OfTwoDomainsWithOneHostName_AreToldApart()
    {
        ServerFacts one = Active with { Server = "sync.corp.example" }, other = Standby with { Server = "sync.emea.example" };
        var plan = Plan with { Servers = [Planned(one), Planned(other)] };

        Assert.Empty(ServerComparison.Compare(plan, [other, one], [], "sync.corp.example"));
        Assert.Equal(
            [(ServerDeviationKind.Promoted, "sync.emea.example")],
            ServerComparison.Compare(plan, [one, other with { Staging = false }], [], "sync.corp.example").Select(c => (c.Kind, c.Server)));
    }

    [Fact]
    public void Server_ThatGaveNoFacts_IsGone() => Assert.Equal(
        [(ServerDeviationKind.Gone, "AADC2")], ServerComparison.Compare(Plan, [Active], [], "AADC1").Select(c => (c.Kind, c.Server)));

    [Fact]
    public void Server_ThatAnswersAndIsNotPlanned_IsToldOnceThoughItLeftTracesToo()
    {
        var change = Assert.Single(ServerComparison.Compare(Plan, [Active, Standby, Healthy.Server("AADC3", staging: false)], ["AADC3"], "AADC1"));

        Assert.Equal((ServerDeviationKind.Appeared, "AADC3", "exports, and is no server of the plan"), (change.Kind, change.Server, change.Reads));
    }

    [Theory]
    [InlineData("A-VERY-LONG-NAM", "a-very-long-name-of-a-server", true)]
    [InlineData("A-VERY-LONG-NA", "a-very-long-name-of-a-server", false)]
    public void Trace_CutOffAsNetBiosNamesAre_TellsOfTheServer(string trace, string server, bool tells) => Assert.Equal(tells, ServerNames.TellsOf(trace, server));

    [Fact]
    public async Task Listener_ThatAnswersForAnotherServer_IsRefused()
    {
        var context = new ScriptedContext(new object()).On<InspectServer>(_ => Active with { Server = "OTHER" });

        var stop = await Assert.ThrowsAsync<StageStoppedException>(() => context.RunOnPremAsync("m", "h", "AADC1", new InspectServer()));

        Assert.Equal(ServerError.OtherServerAnswers.Code, stop.Notice.Code);
        Assert.Contains("AADC1", stop.Notice.Message, StringComparison.Ordinal);
        Assert.Contains("OTHER", stop.Notice.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Moments => ["promoted", "configured", "directory", "nothing"];

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Freeze_WhenServersChangedSinceThePlan_Stops(string what)
    {
        var input = ScriptedContext.Input(StageName.FreezeAndDrain, new()) with { Plan = Plan };
        var asked = 0;
        string[] listeners = what == "configured" ? ["AADC1", "AADC2", "AADC3"] : ["AADC1", "AADC2"];
        var context = new ScriptedContext(input)
            .On<InspectServer>(_ => asked++ == 0 ? Active : Standby with { Staging = what != "promoted" })
            .On<InspectForest>(_ => Healthy.Healthy().Forest with { ConnectComputers = what == "directory" ? ["NEWSYNC"] : ["AADC1", "OLDSYNC01"] })
            .On("ListServers", _ => listeners);

        var watch = ServerWatch.DemandAsync(new StageRun(context, input));

        if (what == "nothing") { await watch; }
        else { Assert.Equal(ServerError.ServersChanged.Code, (await Assert.ThrowsAsync<StageStoppedException>(() => watch)).Notice.Code); }
    }
}

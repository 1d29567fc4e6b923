using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Enabling;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class EnablePlannerTests
{
    const string Ou = Facts.Ou;

    [Fact]
    public void Plan_NamesTheSwitch_ThenEveryGroupWithItsPlace()
    {
        var (planner, changes) = Take(new() { Version = WritebackVersion.Version1 }, Never(), [], Group(1), Group(2) with { WritebackEnabled = false }, Group(2));

        Assert.Equal([EnablePlanner.Feature, Id(1).ToString("D"), Id(2).ToString("D")], changes.Select(change => change.Target));
        Assert.Equal($"CN=Group_{Id(1):D},{Ou}", changes[1].After);
        Assert.Contains("Going back deletes", Assert.Single(planner.Finish().Dangers), StringComparison.Ordinal);
        Assert.NotNull(planner.Finish().Undo);
    }

    [Fact]
    public void Plan_OfGroupsFromActiveDirectory_LeavesThemOut()
    {
        var (planner, changes) = Take(new() { Version = WritebackVersion.Version1 }, Never(), [], Group(1) with { OnPremisesSynced = true });

        Assert.Single(changes);
        Assert.Equal(Id(1).ToString("D"), Assert.Single(planner.LeftOut).Target);
    }

    [Fact]
    public void Plan_WhileVersion2IsOn_HeedsWhatGroupsSay()
    {
        var sights = Never(server => server with { Features = new() { GroupWritebackV2 = true, UnifiedGroupWriteback = false } });

        var (planner, changes) = Take(new() { Version = WritebackVersion.Version1 }, sights, [], Group(1), Group(2) with { WritebackEnabled = false });

        Assert.Equal(2, changes.Count);
        Assert.Equal(Id(2).ToString("D"), Assert.Single(planner.LeftOut).Target);
    }

    /// <summary>Going back would delete what was there before: so there is no way back, and somebody else reads that first.</summary>
    [Fact]
    public void Plan_WhereObjectsAreThere_HasNoUndo_AndIsDangerous()
    {
        var (planner, changes) = Take(new() { Version = WritebackVersion.Version1 }, Never(), [Id(1)], Group(1), Group(2));

        Assert.Equal(2, changes.Count);
        Assert.Null(planner.Finish().Undo);
        Assert.Contains("cannot be undone", Assert.Single(planner.Finish().Dangers), StringComparison.Ordinal);
    }

    /// <summary>Clearing the feature deletes whatever Connect ever wrote, security groups too.</summary>
    [Fact]
    public void Plan_WhereObjectsOfSecurityGroupsAreThere_HasNoUndo()
    {
        var (planner, changes) = Take(new() { Version = WritebackVersion.Version1 }, Never(), [Id(9)], Group(1));

        Assert.Equal(2, changes.Count);
        Assert.Null(planner.Finish().Undo);
        Assert.Contains("1 objects were there before", Assert.Single(planner.Finish().Dangers), StringComparison.Ordinal);
    }

    /// <summary>What was on before is not cleared by going back.</summary>
    [Fact]
    public void Plan_WhereOnlyThePlaceIsMissing_HasNoUndo()
    {
        var sights = Never(server => server with { Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = true } });

        var (planner, _) = Take(new() { Version = WritebackVersion.Version1 }, sights, [], Group(1));

        Assert.Null(planner.Finish().Undo);
    }

    [Fact]
    public void Plan_WhereItIsOn_IsNothing()
    {
        var sights = Never(server => server with { Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = true }, WritebackOu = Ou, WritebackChosen = true });

        var (planner, changes) = Take(new() { Version = WritebackVersion.Version1 }, sights, [], Group(1));

        Assert.Empty(changes);
        Assert.Empty(planner.Finish().Dangers);
    }

    [Fact]
    public void Plan_OfManyGroups_AllDomains_OrASilentServer_IsDangerous()
    {
        var terms = new EnableTerms { Version = WritebackVersion.Version1, Permissions = WritebackGrant.AllDomains };

        var (planner, _) = Take(terms, Never() with { Silent = ["AADC2"] }, [], Group(1), Group(2), Group(3));

        Assert.Equal(4, planner.Finish().Dangers.Count);
    }

    [Fact]
    public void Version2_IsRefused_WithWhatServersSay()
    {
        var refused = Assert.Throws<StageStoppedException>(() => EnablePlanner.DemandPossible(new() { Version = WritebackVersion.Version2 }, Never() with { Silent = ["AADC2"] }));

        Assert.Equal("GWB2910", refused.Notice.Code);
        Assert.Contains("AADC1 has build 2.6.92.0, whose cmdlet takes it no more, and reads GroupWritebackV2 as off", refused.Notice.Message, StringComparison.Ordinal);
        Assert.Contains("AADC2 did not answer", refused.Notice.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, ConnectSights> Impossible { get; } = new()
    {
        { "0 servers export", Never(server => server with { Staging = true }) },
        { "2 servers export", new() { Servers = [.. Never().Servers, Facts.Server("AADC2", staging: false)] } },
        { "could not read", Never(server => server with { Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = null } }) },
        { "delete-on-disable", Never(server => server with { DeleteRuleEnabled = true }) },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Version1_WhereNobodyCouldDoIt_IsRefused(string why, ConnectSights sights)
    {
        var refused = Assert.Throws<StageStoppedException>(() => EnablePlanner.DemandPossible(new() { Version = WritebackVersion.Version1 }, sights));

        Assert.Equal("GWB2912", refused.Notice.Code);
        Assert.Contains(why, refused.Notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Place_ThatIsMissing_OrAnother_IsRefused()
    {
        var forest = new Facts().Forest;
        var acting = Never().Servers[0];

        EnablePlanner.DemandPlace(acting, forest);
        Assert.Throws<StageStoppedException>(() => EnablePlanner.DemandPlace(acting, forest with { WritebackOuExists = false }));
        Assert.Throws<StageStoppedException>(() => EnablePlanner.DemandPlace(acting with { WritebackOu = "OU=Elsewhere,DC=corp,DC=example" }, forest));
    }

    internal static ConnectSights Never(Func<ServerFacts, ServerFacts>? change = null)
    {
        var server = Facts.Server("AADC1", staging: false) with { Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = false }, WritebackOu = "", WritebackChosen = false };
        return new() { Servers = [change?.Invoke(server) ?? server] };
    }

    static (EnablePlanner Planner, IReadOnlyList<ValueChange> Changes) Take(EnableTerms terms, ConnectSights sights, IEnumerable<Guid> there, params CloudGroupFacts[] groups)
    {
        var planner = new EnablePlanner(terms, sights, Ou, there, approvalFrom: 3);
        return (planner, [.. planner.Settings(), .. groups.Select(planner.Take).OfType<ValueChange>()]);
    }

    static CloudGroupFacts Group(int number) => new()
    {
        Id = Id(number), DisplayName = $"team {number}", SecurityEnabled = false, MailEnabled = true, Unified = true,
    };

    static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}

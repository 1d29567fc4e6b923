using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Exports;

namespace GwbCloud.Tests.Contracts.Exports;

public sealed class ExportJudgeTests
{
    const string Ou = "OU=GroupWriteback,DC=contoso,DC=example", Ad = "contoso.example", Aad = "contoso.example - AAD";

    static readonly GroupIdentity Planned = new()
    {
        CloudId = new("00000000-0000-0000-0000-000000000001"),
        ObjectGuid = new("00000000-0000-0000-0000-0000000000a1"),
        DistinguishedName = $"CN=planned,{Ou}",
        Anchor = "Group_00000000-0000-0000-0000-000000000001",
    };

    static readonly PendingExport Any = new()
    {
        Connector = Ad, ObjectType = "group", Operation = ExportOperation.Update, DistinguishedName = Planned.DistinguishedName, Anchor = Planned.Anchor,
    };

    static readonly PendingExport Team = Any with { DistinguishedName = $"CN=team,{Ou}", Anchor = "Group_team", MailEnabled = true };

    static readonly PendingExport Orphan = Any with { DistinguishedName = $"CN=orphan,{Ou}", Anchor = null };

    static readonly PendingExport Person = Any with { Connector = Aad, ObjectType = "user", DistinguishedName = "CN={1}", Anchor = null };

    static readonly ExportTerms Terms = new()
    {
        AdConnector = Ad,
        WritebackOu = Ou,
        Held = [Planned],
        Ours = new HashSet<string>(),
        Baseline = [],
        Members = new Dictionary<string, int> { [Planned.Anchor] = 40 },
        Ceilings = new() { M365NewlyWritten = 1, M365TypeChanged = 1, MembersLost = 0 },
    };

    static ExportJudgement Judge(ExportTerms terms, params PendingExport[] pending) => new ExportJudge(terms).Judge(pending);

    static ExportRule[] Broken(params PendingExport[] pending) => [.. Judge(Terms, pending).Offending.Select(offending => offending.Breaks).Distinct()];

    static PendingExport[] Many(int count, PendingExport of) => [.. Enumerable.Range(0, count).Select(i => of with { DistinguishedName = $"CN={i},{of.DistinguishedName}" })];

    [Fact]
    public void Judge_WhatAnOrdinaryDayBrings_Passes() => Assert.Empty(Broken(
    [
        Any with { MembersAdded = 3, MembersRemoved = 1 },
        Person, Person with { Operation = ExportOperation.Add, DistinguishedName = "CN={2}" }, Person with { Operation = ExportOperation.Rename, DistinguishedName = "CN={3}" },
        Any with { Connector = Aad, DistinguishedName = "CN={4}", Anchor = null }, Any with { Connector = Aad, Operation = ExportOperation.Add, DistinguishedName = "CN={5}", Anchor = null },
        Team with { Operation = ExportOperation.Rename }, Team with { Operation = ExportOperation.Add },
        .. Many(25, Person with { Operation = ExportOperation.Delete }),
    ]));

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Judge_NewMicrosoft365Groups_PassInOrdinaryNumbersWhereNobodyKnowsWhetherTheyAreNew(int adds, bool passes)
    {
        var terms = Terms with { Ceilings = ExportTerms.NothingDue, OrdinaryAdds = 5 };

        Assert.Equal(passes, Judge(terms, Many(adds, Team with { Operation = ExportOperation.Add })).Passed);
        Assert.False(Judge(terms, Team with { TypeChange = true }).Passed);
    }

    public static TheoryData<ExportOperation, bool, ExportRule> Held => new()
    {
        { ExportOperation.Add, false, ExportRule.NoSecurityGroupAdded },
        { ExportOperation.Delete, false, ExportRule.NoPendingDelete },
        { ExportOperation.DeleteAdd, false, ExportRule.NoPendingDelete },
        { ExportOperation.Rename, false, ExportRule.NoPendingRename },
        { ExportOperation.Update, true, ExportRule.NoSecurityGroupTypeChanged },
    };

    [Theory]
    [MemberData(nameof(Held))]
    public void Judge_AnythingButAnUpdateOfAPlannedGroup_BreaksItsRuleWhateverExcusesIt(ExportOperation operation, bool typeChange, ExportRule rule)
    {
        var export = Any with { Operation = operation, TypeChange = typeChange };
        var excused = Terms with { Ours = new HashSet<string> { Planned.Anchor } };

        Assert.Equal([rule], Judge(excused, export).Offending.Select(offending => offending.Breaks));
        Assert.Equal([rule], Judge(Terms, export with { MailEnabled = true }).Offending.Select(offending => offending.Breaks));
    }

    [Theory]
    [InlineData(ExportOperation.Delete)]
    [InlineData(ExportOperation.DeleteAdd)]
    public void Judge_DeleteOfAPlannedGroupThatWasPendingBefore_IsNotExcused(ExportOperation operation)
    {
        var delete = Any with { Operation = operation };

        Assert.False(Judge(Terms with { Baseline = [delete] }, delete).Passed);
    }

    [Fact]
    public void Judge_RenameThatWasPendingBefore_IsExcusedForThatNameOnly()
    {
        var rename = Orphan with { Operation = ExportOperation.Rename, NewName = $"CN=old wish,{Ou}" };
        var terms = Terms with { Baseline = [rename] };

        Assert.True(Judge(terms, rename).Passed);
        Assert.Equal([ExportRule.NoPendingRename], Judge(terms, rename with { NewName = $"CN=new wish,{Ou}" }).Offending.Select(offending => offending.Breaks));
    }

    [Fact]
    public void Judge_GroupThatIsLetGoOrAnOrphan_HasNoPendingExportAtAll()
    {
        Assert.Equal([ExportRule.OthersUntouched], Broken(Orphan));
        Assert.Equal([ExportRule.OthersUntouched], Broken(Orphan with { DistinguishedName = $"CN=let go,{Ou}", Anchor = "Group_2" }));
        Assert.Equal([ExportRule.NoPendingRename], Broken(Orphan with { Operation = ExportOperation.Rename }));
    }

    [Fact]
    public void Judge_GroupThatGoesAnywhere_Blocks() => Assert.Equal([ExportRule.NoPendingDelete], Broken(
        Any with { Operation = ExportOperation.Delete, Connector = Aad, DistinguishedName = "CN={9}", Anchor = null }));

    [Fact]
    public void Judge_PersonThatWouldGoFromTheConnectorOfTheContainer_Blocks() =>
        Assert.Equal([ExportRule.NoPendingDelete], Broken(Person with { Operation = ExportOperation.Delete, Connector = Ad }));

    [Fact]
    public void Judge_OneLeaverMoreThanOrdinary_NamesEveryOne()
    {
        var judgement = Judge(Terms, Many(26, Person with { Operation = ExportOperation.Delete }));

        Assert.Equal(26, judgement.Offending.Count);
        Assert.All(judgement.Offending, offending => Assert.Equal("26 people or devices would go at once, 25 are ordinary", offending.Why));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Judge_OneMicrosoft365GroupMoreThanApproved_NamesEveryOneAndSaysTheCeilingOnce(bool typeChange)
    {
        var change = Team with { Operation = typeChange ? ExportOperation.Update : ExportOperation.Add, TypeChange = typeChange };

        var judgement = Judge(Terms, Many(2, change));

        Assert.Equal(2, judgement.Offending.Count);
        Assert.Single(judgement.Reasons());
        Assert.EndsWith("1 are approved", judgement.Reasons()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_BeforeTheSwitch_NoMicrosoft365GroupIsDue() =>
        Assert.False(Judge(Terms with { Ceilings = ExportTerms.NothingDue }, Team with { Operation = ExportOperation.Add }).Passed);

    [Theory]
    [InlineData(40, 0, false)]
    [InlineData(40, 1, true)]
    public void Judge_EveryMemberAtOnce_Blocks(int removed, int added, bool emptied)
    {
        var broken = Judge(Terms with { OrdinaryDeletes = 100 }, Any with { MembersRemoved = removed, MembersAdded = added }).Offending;

        Assert.Equal(emptied, broken.Count == 0);
    }

    [Theory]
    [InlineData(25, 0, true)]
    [InlineData(26, 0, false)]
    [InlineData(30, 5, true)]
    [InlineData(31, 5, false)]
    public void Judge_MoreMembersThanApprovedAndOrdinary_Blocks(int removed, int approved, bool passes)
    {
        var terms = Terms with { Ceilings = Terms.Ceilings with { MembersLost = approved } };

        var judgement = Judge(terms, Any with { MembersRemoved = removed });

        Assert.Equal(passes, judgement.Passed);
        Assert.Equal(removed, judgement.MembersRemoved);
        if (!passes) { Assert.Equal([ExportRule.RemovalsWithinCeiling], judgement.Offending.Select(offending => offending.Breaks)); }
    }

    [Fact]
    public void Judge_AHundredthOfLargeGroups_IsOrdinary()
    {
        var large = Terms with { Members = new Dictionary<string, int> { [Planned.Anchor] = 10_000 } };

        Assert.True(Judge(large, Any with { MembersRemoved = 100 }).Passed);
        Assert.False(Judge(large, Any with { MembersRemoved = 101 }).Passed);
    }

    [Fact]
    public void Judge_WhatWasPendingBefore_PassesUntilItGrows()
    {
        var before = Orphan with { MembersRemoved = 1 };
        var terms = Terms with { Baseline = [before] };

        Assert.True(Judge(terms, before).Passed);
        Assert.False(Judge(terms, before with { MembersRemoved = 2 }).Passed);
        Assert.False(Judge(terms, before with { TypeChange = true }).Passed);
        Assert.False(Judge(terms, before with { DistinguishedName = $"CN=other,{Ou}" }).Passed);
    }

    [Fact]
    public void Judge_WhatTheMigrationMade_IsLeftOut() =>
        Assert.True(Judge(Terms with { Ours = new HashSet<string> { "Group_canary" } }, Orphan with { Operation = ExportOperation.Delete, Anchor = "Group_canary" }).Passed);

    [Fact]
    public void Judge_WithoutTheConnectorsName_GoesByTheContainer() =>
        Assert.False(Judge(Terms with { AdConnector = "" }, Orphan with { Connector = "another name" }).Passed);

    [Fact]
    public void Judge_OtherForestsConnector_IsElsewhere() => Assert.True(Judge(
        Terms, Orphan with { Connector = "fabrikam.example", DistinguishedName = "CN=x,OU=Groups,DC=fabrikam,DC=example" },
        Person with { Connector = "fabrikam.example", Operation = ExportOperation.Delete, DistinguishedName = "CN=device,DC=fabrikam,DC=example" }).Passed);

    [Fact]
    public void Offending_IsExplained_WithObjectChangeAndRule()
    {
        var offending = Assert.Single(Judge(Terms, Any with { Operation = ExportOperation.Rename, NewName = "CN=new" }).Offending);

        Assert.Equal((Ad, "group", Planned.DistinguishedName, ExportOperation.Rename), (offending.Connector, offending.ObjectType, offending.DistinguishedName, offending.Operation));
        Assert.Equal("would be renamed to CN=new", offending.Change);
        Assert.Equal($"group {Planned.DistinguishedName} in {Ad} would be renamed to CN=new: names stay as they are", offending.Sentence());
    }

    [Fact]
    public void Offending_Update_NamesWhatWouldChange()
    {
        var export = Orphan with { MembersAdded = 1, MembersRemoved = 2, Attributes = ["description", "member"] };

        Assert.Equal("would change: 2 members fewer, 1 members more, description", Judge(Terms, export).Offending[0].Change);
        Assert.Equal("would change: attributes that the server does not name", Judge(Terms, Orphan).Offending[0].Change);
    }

    [Fact]
    public void Judge_AnyOrderOfTheSameExports_GivesTheSameVerdict()
    {
        PendingExport[] pending = [Orphan, Any with { Operation = ExportOperation.Delete }, .. Many(3, Team with { Operation = ExportOperation.Add })];

        Assert.Equal(Judge(Terms, pending).Offending, Judge(Terms, [.. pending.Reverse()]).Offending);
    }

    [Fact]
    public void Counts_TellMemberRemovalsApart()
    {
        var counts = ExportJudge.CountsOf([Any with { MembersRemoved = 2 }, Orphan with { MembersRemoved = 3 }, Person]);

        Assert.Equal([(Ad, "group", 2, 5), (Aad, "user", 1, 0)], counts.Select(count => (count.Connector, count.ObjectType, count.Count, count.MembersRemoved)));
    }

    [Fact]
    public void Baseline_WithADeleteInTheContainer_IsNone()
    {
        var delete = Orphan with { Operation = ExportOperation.Delete };

        Assert.Equal([delete.DistinguishedName], ExportJudge.NeverInABaseline([delete, Orphan, Person with { Operation = ExportOperation.Delete }], Ou).Select(o => o.DistinguishedName));
    }

    [Fact]
    public void Members_AreKnownByBothNames()
    {
        var group = new AdGroup
        {
            ObjectGuid = Planned.ObjectGuid, DistinguishedName = Planned.DistinguishedName, SamAccountName = "p", Sid = "S-1", GroupType = 8, MemberCount = 2,
            AdminDescription = Planned.Anchor,
        };

        var members = ExportTerms.CountMembers([new GroupSnapshot { Group = group, Members = [Guid.NewGuid(), Guid.NewGuid()] }]);

        Assert.Equal((2, 2), (members[Planned.Anchor.ToUpperInvariant()], members[Planned.DistinguishedName]));
    }
}

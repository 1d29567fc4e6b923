using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public class AcceptancesTests
{
    [Theory]
    [InlineData("GWB2402", null)]
    [InlineData("GWB2112", "OLDSYNC01")]
    public void Objection_WhatCanBeAccepted_IsNone(string code, string? subject)
        => Assert.Null(Acceptances.Objection(code, subject));

    [Theory]
    [InlineData("GWB9999", null)]
    [InlineData("GWB2107", null)]
    [InlineData("GWB2501", null)]
    [InlineData("GWB2112", null)]
    [InlineData("GWB2112", " ")]
    [InlineData("GWB2401", null)]
    [InlineData("GWB2404", null)]
    [InlineData("GWB2408", " ")]
    public void Objection_WhatCannot_SaysWhy(string code, string? subject)
        => Assert.Contains(code, Acceptances.Objection(code, subject), StringComparison.Ordinal);

    [Fact]
    public void Acceptance_OfABlockingCode_AcceptsNothing()
        => Assert.False(Assert.Single(Findings(Spoiled(FindingCatalogue.DeleteRuleActive), Accepted(FindingCatalogue.DeleteRuleActive))).Accepted);

    [Fact]
    public void Acceptance_OfAConsequence_IsMarked()
        => Assert.True(Assert.Single(Findings(Spoiled("GWB2402"), Accepted("GWB2402"))).Accepted);

    [Fact]
    public void Acceptance_WhenMoreAreConcernedByNow_DoesNotCount()
    {
        var facts = Spoiled("GWB2402");
        facts.Change(Facts.Id(2), g => g with { Unwritable = [Facts.Id(78)], Devices = 1 });

        Assert.False(Assert.Single(Findings(facts, Accepted("GWB2402") with { AtMost = 1 })).Accepted);
        Assert.True(Assert.Single(Findings(facts, Accepted("GWB2402") with { AtMost = 2 })).Accepted);
    }

    [Fact]
    public void Acceptance_OfOneGroup_LeavesTheOthersOpen()
    {
        var facts = Spoiled("GWB2402");
        facts.Change(Facts.Id(2), g => g with { Unwritable = [Facts.Id(78)], Devices = 1 });
        var (first, second) = (Accepted("GWB2402") with { Subject = Facts.Id(1).ToString("D") }, Accepted("GWB2402") with { Subject = Facts.Id(2).ToString("D") });

        Assert.False(Assert.Single(Findings(facts, second)).Accepted);
        Assert.True(Assert.Single(Findings(facts, first, second)).Accepted);
    }

    [Fact]
    public void Acceptance_OfAGroupsName_AcceptsNoneOfThatName()
    {
        var facts = Spoiled("GWB2402");
        facts.Change(Facts.Id(1), g => g with { DisplayName = "Sales" });

        var findings = Findings(facts, Accepted("GWB2402") with { Subject = "Sales" });

        Assert.False(Assert.Single(findings, f => f.Code == "GWB2402").Accepted);
        Assert.Contains(findings, f => f.Code == "GWB2512");
    }

    public static TheoryData<string> Pinned => ["GWB2401", "GWB2404", "GWB2408"];

    [Theory]
    [MemberData(nameof(Pinned))]
    public void WhatIsAcceptedByName_ByItsNumberOrItsCode_StaysOpen(string code)
    {
        var facts = Spoiled(code);

        Assert.False(Open(facts, Accepted(code)).Accepted);
        Assert.False(Open(facts, Accepted(code) with { AtMost = 100 }).Accepted);
        Assert.True(Open(facts).ByName);
    }

    [Theory]
    [MemberData(nameof(Pinned))]
    public void WhatIsAcceptedByName_EachOrExactlyTheSet_IsAccepted(string code)
    {
        var facts = Spoiled(code);
        var (finding, group) = (Open(facts), facts.Classify().Groups.Single(g => g.Readiness == Readiness.ReadyWithConditions));

        Assert.True(Open(facts, Accepted(code) with { Subject = group.CloudId!.Value.ToString("D") }).Accepted);
        Assert.True(Open(facts, Accepted(code) with { Set = finding.Set }).Accepted);
        Assert.Equal((1, 0), (finding.Open, Open(facts, Accepted(code) with { Set = finding.Set }).Open));
    }

    [Fact]
    public void Set_OfAsManyOthers_AcceptsNone()
    {
        var (before, now) = (Facts.Healthy(), Facts.Healthy());
        before.Change(Facts.Id(1), g => g with { Members = 50_001 });
        now.Change(Facts.Id(2), g => g with { Members = 50_001 });

        var finding = Open(now, Accepted("GWB2401") with { Set = Open(before).Set });

        Assert.Equal((false, 1), (finding.Accepted, finding.Open));
    }

    [Fact]
    public void Set_WithOneGroupMore_AcceptsNone()
    {
        var facts = Spoiled("GWB2401");
        var set = Open(facts).Set;
        facts.Written(3, members: 50_001);

        Assert.Equal((false, 2), (Open(facts, Accepted("GWB2401") with { Set = set }).Accepted, Open(facts, Accepted("GWB2401") with { Set = set }).Open));
    }

    [Fact]
    public void Plan_KeepsWhichSetWasAccepted()
    {
        var facts = Spoiled("GWB2401");
        var set = Open(facts).Set;

        Assert.Equal([set], Acceptances.Needed(facts.Build(), [Accepted("GWB2401") with { Set = set }]).Select(a => a.Set));
    }

    [Fact]
    public void ForgottenServer_StatedGoneByName_BlocksNoMore()
    {
        var facts = Spoiled(FindingCatalogue.ServerWithoutListener);

        var finding = Assert.Single(Findings(facts, Gone("oldsync01")));

        Assert.Equal((FindingSeverity.NeedsAcceptance, true), (finding.Severity, finding.Accepted));
    }

    [Fact]
    public void ForgottenServer_StatedGoneWithoutASignIn_BlocksStill()
    {
        var finding = Assert.Single(
            Findings(Spoiled(FindingCatalogue.ServerWithoutListener), Gone("OLDSYNC01") with { Proof = null }), f => f.Code == FindingCatalogue.ServerWithoutListener);

        Assert.Equal((FindingSeverity.Blocks, false), (finding.Severity, finding.Accepted));
    }

    [Fact]
    public void ForgottenServer_StatementWithoutAName_BlocksStill()
        => Assert.Equal(
            FindingSeverity.Blocks,
            Assert.Single(Findings(Spoiled(FindingCatalogue.ServerWithoutListener), Accepted(FindingCatalogue.ServerWithoutListener)), f => f.Code == FindingCatalogue.ServerWithoutListener).Severity);

    [Fact]
    public void ForgottenServers_OneStatedGone_TheOtherIsNamed()
    {
        var facts = Spoiled(FindingCatalogue.ServerWithoutListener);
        facts.Forest = facts.Forest with { ConnectComputers = ["AADC1", "OLDSYNC02.corp.example"] };

        var finding = Assert.Single(Findings(facts, Gone("OLDSYNC01")));

        Assert.Equal(FindingSeverity.Blocks, finding.Severity);
        Assert.Equal(["OLDSYNC02"], finding.Examples);
    }

    [Fact]
    public void ForgottenServer_ThatIsOnlySilent_HasItsOwnFinding()
    {
        var facts = Spoiled(FindingCatalogue.ServerWithoutListener);

        facts.Silent.Add(new() { Server = "oldsync01.corp.example", Why = "silent" });

        Assert.Equal(["GWB2114"], Findings(facts).Select(f => f.Code));
    }

    // GWB2301 tells of the same groups where none migrates.
    static Finding Open(Facts facts, params Acceptance[] acceptances) => Findings(facts, acceptances).Single(f => f.ByName);

    static Acceptance Gone(string server) => Accepted(FindingCatalogue.ServerWithoutListener) with { Subject = server, Proof = Facts.Document };

    static Facts Spoiled(string code)
    {
        var facts = Facts.Healthy();
        Spoilers.All[code](facts);
        return facts;
    }

    static Acceptance Accepted(string code) => new() { Code = code, By = "p", Comment = "known" };

    static IReadOnlyList<Finding> Findings(Facts facts, params Acceptance[] acceptances) => FindingCatalogue.Run(facts.Build(), acceptances);
}

using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public sealed class AssessmentComparerTests
{
    static readonly Finding Loses = new()
    {
        Code = "GWB2402", Severity = FindingSeverity.NeedsAcceptance, Title = "t", Cause = "c", Remedy = "r", Groups = 2, Examples = ["a", "b"],
    };

    static readonly ClassifiedGroup Group = new()
    {
        CloudId = Facts.Id(1), ObjectGuid = Facts.Id(2), Name = "g", Class = GroupClass.Migrates, Readiness = Readiness.ReadyWithConditions, Reasons = ["one"],
    };

    public static TheoryData<string, FindingChangeKind?> FindingChanges { get; } = new()
    {
        { "new", FindingChangeKind.New },
        { "gone", FindingChangeKind.Gone },
        { "less severe", FindingChangeKind.Better },
        { "more severe", FindingChangeKind.Worse },
        { "accepted", FindingChangeKind.Better },
        { "fewer", FindingChangeKind.Better },
        { "more", FindingChangeKind.Worse },
        { "others", FindingChangeKind.Changed },
        { "same", null },
    };

    [Theory]
    [MemberData(nameof(FindingChanges))]
    public void Finding_ThatChanged_IsTold(string how, FindingChangeKind? expected)
    {
        Finding? before = how == "new" ? null : Loses;
        var after = how switch
        {
            "gone" => null,
            "less severe" => Loses with { Severity = FindingSeverity.ToKnow, Groups = 9 },
            "more severe" => Loses with { Severity = FindingSeverity.Blocks, Groups = 1 },
            "accepted" => Loses with { Accepted = true },
            "fewer" => Loses with { Groups = 1, Examples = ["a"] },
            "more" => Loses with { Groups = 3, Examples = ["a", "b", "c"] },
            "others" => Loses with { Examples = ["a", "c"] },
            _ => Loses with { Examples = ["a", "b"] },
        };

        var changes = AssessmentComparer.Findings(Judged(before), Judged(after));

        Assert.Equal(expected, changes.SingleOrDefault()?.Change);
        if (how == "others")
        {
            Assert.Equal(["c"], changes[0].Came);
            Assert.Equal(["b"], changes[0].Went);
        }
    }

    [Fact]
    public void Finding_AboutARenamedGroup_IsTheSame()
    {
        Concern[] before = [new() { Name = "old", CloudId = Facts.Id(1) }, new() { Name = "AADC1" }];
        Concern[] after = [new() { Name = "new", CloudId = Facts.Id(1) }, new() { Name = "AADC1" }];

        Assert.Empty(AssessmentComparer.Findings([new(Loses, before)], [new(Loses, after)]));
    }

    static JudgedFinding[] Judged(Finding? finding) => finding is null ? [] : [new(finding, [.. finding.Examples.Select(name => new Concern { Name = name })])];

    public static TheoryData<string, GroupChangeKind?> GroupChanges { get; } = new()
    {
        { "new", GroupChangeKind.New },
        { "gone", GroupChangeKind.Gone },
        { "class", GroupChangeKind.ClassChanged },
        { "better", GroupChangeKind.Better },
        { "worse", GroupChangeKind.Worse },
        { "unknown", GroupChangeKind.Worse },
        { "reasons", GroupChangeKind.ReasonsChanged },
        { "renamed", null },
        { "object came", null },
    };

    [Theory]
    [MemberData(nameof(GroupChanges))]
    public void Group_ThatChanged_IsTold(string how, GroupChangeKind? expected)
    {
        var before = how switch { "new" => null, "object came" => Group with { ObjectGuid = null }, _ => Group };
        var after = how switch
        {
            "gone" => null,
            "class" => Group with { Class = GroupClass.AtRisk, Readiness = Readiness.NotReady },
            "better" => Group with { Readiness = Readiness.Ready },
            "worse" => Group with { Readiness = Readiness.NotReady },
            "unknown" => Group with { Readiness = Readiness.Unknown },
            "reasons" => Group with { Reasons = ["two"] },
            "renamed" => Group with { Name = "other" },
            _ => Group,
        };

        var changes = AssessmentComparer.Groups(before is null ? [] : [before], after is null ? [] : [after]);

        Assert.Equal(expected, changes.SingleOrDefault()?.Change);
        if (how == "reasons")
        {
            Assert.Equal(["two"], changes[0].ReasonsCame);
            Assert.Equal(["one"], changes[0].ReasonsWent);
        }
    }

    [Fact]
    public void Groups_TwoObjectsOfOneGroup_AreToldApart()
    {
        var twin = Group with { ObjectGuid = Facts.Id(3) };

        var changes = AssessmentComparer.Groups([Group, twin], [twin]);

        Assert.Equal((GroupChangeKind.Gone, Group.ObjectGuid), (changes.Single().Change, changes[0].ObjectGuid));
    }

    [Fact]
    public void Groups_OfALargeTenant_AreComparedInTheirOrder()
    {
        var before = Enumerable.Range(0, 20_000).Select(n => Group with { CloudId = Facts.Id(n), ObjectGuid = null }).ToList();
        var after = before.Skip(5).Select((group, n) => n % 1_000 == 0 ? group with { Readiness = Readiness.NotReady } : group).Reverse();

        var changes = AssessmentComparer.Groups(before, after);

        Assert.Equal((5, 20), (changes.Count(c => c.Change == GroupChangeKind.Gone), changes.Count(c => c.Change == GroupChangeKind.Worse)));
        Assert.Equal(changes.OrderBy(c => c.Change).ThenBy(c => c.CloudId), changes);
    }

    [Fact]
    public void Servers_AddedGoneAndChanged_AreTold()
    {
        var (one, two) = (Facts.Server("AADC1", staging: false), Facts.Server("AADC2", staging: true));

        var changes = AssessmentComparer.Servers([one, two], [one with { Server = "aadc1", Version = "2.6.99.0", Staging = true }, Facts.Server("AADC3", staging: false)]);

        Assert.Equal(
            [("AADC2", ServerChangeKind.Gone), ("AADC3", ServerChangeKind.Added), ("aadc1", ServerChangeKind.Changed)],
            changes.Select(c => (c.Server, c.Change)).OrderBy(c => c.Server, StringComparer.Ordinal));
        Assert.Equal(["server", "version", "staging"], changes.Single(c => c.Change == ServerChangeKind.Changed).Facts);
    }

    [Fact]
    public async Task PlanParts_OfEqualFacts_DifferInNothingButTheirAssessment()
    {
        using var folder = new Support.TempFolder();
        using var store = Support.Stores.Open(folder);
        var plan = await Support.Samples.PlanAsync(store);

        Assert.Equal([], AssessmentComparer.PlanParts(plan, plan with { AssessmentId = "other" }));
        Assert.Equal(["ceilings", "newGroupTolerance"], AssessmentComparer.PlanParts(plan, plan with { NewGroupTolerance = 3, Ceilings = plan.Ceilings with { MembersLost = 3 } }));
        Assert.Null(AssessmentComparer.PlanParts(null, plan));
    }
}

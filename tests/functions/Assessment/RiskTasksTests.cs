using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;

namespace GwbCloud.Tests.Functions.Assessment;

public class RiskTasksTests
{
    static readonly Guid One = Facts.Id(1);

    static readonly Dictionary<string, (Func<CloudGroupFacts, CloudGroupFacts> Change, RiskTaskKind Kind, string Name)> Risks = new()
    {
        ["mail"] = (g => g with { Mail = "a@corp.example" }, RiskTaskKind.ClearMail, "clear-mail"),
        ["mail-enabled"] = (g => g with { Mail = "a@corp.example", MailEnabled = true }, RiskTaskKind.ClearMail, "clear-mail"),
        ["soft-deleted"] = (g => g with { SoftDeleted = true }, RiskTaskKind.RestoreOrDelete, "restore-or-delete"),
        ["disabled"] = (g => g with { WritebackEnabled = false }, RiskTaskKind.EnableOrRemove, "enable-or-remove"),
        ["undecided"] = (g => g with { WritebackEnabled = null }, RiskTaskKind.EnableOrRemove, "enable-or-remove"),
        ["synchronised"] = (g => g with { OnPremisesSynced = true }, RiskTaskKind.Review, "review"),
        ["no security group"] = (g => g with { SecurityEnabled = false }, RiskTaskKind.Review, "review"),
    };

    /// <summary>What people do, and what is read back then.</summary>
    static readonly Dictionary<string, (string Risk, Func<CloudGroupFacts, CloudGroupFacts?> Deed, bool Done)> Remedies = new()
    {
        ["the mail value is cleared"] = ("mail", g => g with { Mail = null }, true),
        ["the address is gone, the flag stays"] = ("mail-enabled", g => g with { Mail = null }, false),
        ["Exchange lets go of the group"] = ("mail-enabled", g => g with { Mail = null, MailEnabled = false }, true),
        ["another address"] = ("mail", g => g with { Mail = "b@corp.example" }, false),
        ["the group is restored"] = ("soft-deleted", g => g with { SoftDeleted = false }, true),
        ["the group is restored with its writeback off"] = ("soft-deleted", g => g with { SoftDeleted = false, WritebackEnabled = false }, false),
        ["the group is deleted for good"] = ("soft-deleted", _ => null, true),
        ["writeback is switched on"] = ("disabled", g => g with { WritebackEnabled = true }, true),
        ["writeback is switched on for one that was never decided"] = ("undecided", g => g with { WritebackEnabled = true }, true),
        ["the disabled group is soft-deleted"] = ("disabled", g => g with { SoftDeleted = true }, false),
        ["nothing"] = ("disabled", g => g, false),
        ["it becomes the cloud's"] = ("synchronised", g => g with { OnPremisesSynced = false }, true),
        ["it becomes a security group again"] = ("no security group", g => g with { SecurityEnabled = true }, true),
        ["it becomes a Microsoft 365 group"] = ("no security group", g => g with { Unified = true }, true),
    };

    public static TheoryData<string> RiskNames => [.. Risks.Keys];

    public static TheoryData<string> RemedyNames => [.. Remedies.Keys];

    [Theory]
    [MemberData(nameof(RiskNames))]
    public void Group_AtRisk_IsATaskWithItsOwnNamesAndIds(string risk)
    {
        var facts = Facts.Healthy();
        facts.Change(One, g => Risks[risk].Change(g) with { DisplayName = "Doors of the lab" });

        var task = Assert.Single(RiskTasks.Of(facts.Build()));

        var o = facts.Inventory[0];
        Assert.Equal((Risks[risk].Kind, RiskTaskState.Open, $"{Risks[risk].Name}-{One:D}"), (task.Kind, task.State, task.Id));
        Assert.Equal((One, o.ObjectGuid, o.DistinguishedName), (task.CloudId, task.ObjectGuid, task.DistinguishedName));
        Assert.Contains("Doors of the lab", task.Title, StringComparison.Ordinal);
        var text = string.Join('\n', [task.Why, .. task.Steps]);
        foreach (var own in new[] { One.ToString("D"), o.ObjectGuid.ToString("D"), o.DistinguishedName, o.SamAccountName })
        {
            Assert.True(text.Contains(own, StringComparison.Ordinal) || (own == o.SamAccountName && task.Kind == RiskTaskKind.RestoreOrDelete), own);
        }

        Assert.Contains(o.DistinguishedName, task.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain("@", task.Reads, StringComparison.Ordinal);
        Assert.Equal(RiskScript.ActionsOf(task.Kind).Count > 0, task.Script is not null);
    }

    [Fact]
    public void Groups_InEveryOtherClass_AreNoTasks()
    {
        var facts = Facts.Healthy();
        foreach (var code in new[] { "GWB2306", "GWB2403", "GWB2404", "GWB2508", "GWB2509", "GWB2515", "GWB2527" })
        {
            Spoilers.All[code](facts);
        }

        Assert.Empty(RiskTasks.Of(facts.Build()));
    }

    [Fact]
    public void Groups_AtRisk_HaveTheSameIdsInEveryAssessment()
    {
        var facts = Facts.Healthy();
        facts.Change(One, Risks["mail"].Change);
        facts.Change(Facts.Id(2), Risks["disabled"].Change);
        var before = RiskTasks.Of(facts.Build()).Select(t => t.Id).ToList();

        facts.Cloud.Reverse();
        facts.Inventory.Reverse();

        Assert.Equal(2, before.Count);
        Assert.Equal(before, RiskTasks.Of(facts.Build()).Select(t => t.Id));
    }

    [Theory]
    [MemberData(nameof(RemedyNames))]
    public void Remedy_IsReadBack(string remedy)
    {
        var (risk, deed, done) = Remedies[remedy];
        var group = Risks[risk].Change(Facts.Group(One));
        Assert.True(RiskJudge.IsAtRisk(group, [Facts.AdGroup(One)], Facts.Ou));

        Assert.Equal(!done, RiskJudge.IsAtRisk(deed(group), [Facts.AdGroup(One)], Facts.Ou));
    }

    [Theory]
    [MemberData(nameof(RiskNames))]
    public void Object_Removed_EndsEveryRisk(string risk)
        => Assert.False(RiskJudge.IsAtRisk(Risks[risk].Change(Facts.Group(One)), [], Facts.Ou));

    [Fact]
    public void Remedies_CoverEveryRisk()
        => Assert.Empty(Risks.Keys.Except(Remedies.Values.Where(r => r.Done).Select(r => r.Risk)));

    [Fact]
    public void Description_SaysWhatIsThere()
    {
        Assert.Equal("Entra has no such group, not even in its deleted items; no object in the writeback OU", RiskJudge.Describe(null, []));
        Assert.Equal("soft-deleted in Entra", RiskJudge.Describe(Facts.Group(One) with { SoftDeleted = true }, null));
        Assert.Equal("writeback off in Entra, with a mail value, no security group", RiskJudge.Describe(Facts.Group(One) with { WritebackEnabled = null, Mail = "x", SecurityEnabled = false }, null));
    }

    [Fact]
    public void Reading_OlderThanWhatIsKnown_ChangesNothing()
    {
        var facts = Facts.Healthy();
        facts.Change(One, Risks["mail"].Change);
        var task = RiskTasks.Of(facts.Build())[0];

        Assert.Equal(task, new RiskReading { Done = true, Text = "late", At = task.ReadAt.AddSeconds(-1) }.Put(task));
        Assert.Equal(RiskTaskState.Done, new RiskReading { Done = true, Text = "now", At = task.ReadAt.AddSeconds(1) }.Put(task).State);
    }
}

using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Tests.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Operations.Restore;

public sealed class RestorePlannerTests
{
    readonly RestoreScene _scene = new();

    [Fact]
    public void Plan_ListsWhatComesBack_WithUntilWhen_AndSaysOfTheRestWhyNot()
    {
        var back = _scene.Delete(1);
        var early = _scene.Delete(2, cloud => cloud with { WritebackEnabled = true });

        var plan = _scene.Plan();

        var change = Assert.Single(plan.Changes);
        Assert.Equal((back.Was.Group.ObjectGuid.ToString("D"), "deleted, kept until 2027-04-30 08:00 UTC", "restored"), (change.Target, change.Before, change.After));
        Assert.Equal(early.Was.Group.ObjectGuid.ToString("D"), Assert.Single(plan.LeftOut).Target);
        Assert.Contains(plan.Draft.Facts, fact => fact is { Name: "The first of them can be restored until", Value: "2027-04-30 08:00 UTC" });
        Assert.Contains(plan.Draft.Consequences, text => text.Contains("a new object would come beside the old one", StringComparison.Ordinal));
        Assert.Equal(2, plan.Findings.Count);
    }

    /// <summary>It writes Active Directory and can't be taken back: never without a second person.</summary>
    [Fact]
    public void Plan_IsAlwaysDangerous_AndHasNoUndo()
    {
        _scene.Delete(1);

        Assert.Contains("no way back", Assert.Single(_scene.Plan(RestoreThen.SwitchOn).Draft.Dangers), StringComparison.Ordinal);
        Assert.Null(_scene.Plan().Draft.Undo);
    }

    [Fact]
    public void Plan_WithNothingToRestore_NeedsNobody()
    {
        _scene.Delete(1, cloud => cloud with { WritebackEnabled = true });

        Assert.Empty(_scene.Plan().Draft.Dangers);
        Assert.Empty(_scene.Plan().Changes);
    }

    [Theory]
    [InlineData(RestoreThen.Nothing, false, true)]
    [InlineData(RestoreThen.SwitchOn, false, false)]
    [InlineData(RestoreThen.SwitchOn, true, true)]
    public void Plan_UnderTheDeleteRule_WarnsWhereAGroupStaysOff(RestoreThen then, bool softDeleted, bool warns)
    {
        _scene.Servers = _scene.Servers with { DeleteRuleOn = ["AADC1"] };
        _scene.Delete(1, cloud => cloud with { SoftDeleted = softDeleted });

        Assert.Equal(warns, _scene.Plan(then).Draft.Dangers.Any(danger => danger.Contains("may delete it again", StringComparison.Ordinal)));
    }

    [Fact]
    public void Plan_WithASilentServer_SaysSo()
    {
        _scene.Servers = _scene.Servers with { Silent = ["AADC2"] };
        _scene.Delete(1);

        Assert.Contains(_scene.Plan().Draft.Dangers, danger => danger.StartsWith("AADC2 did not answer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RestoreThen.Nothing, "switch the writeback of 1 group on in Entra")]
    [InlineData(RestoreThen.SwitchOn, "the writeback of 1 group is switched on in Entra")]
    public void Plan_SaysTheOrder(RestoreThen then, string sentence)
    {
        _scene.Delete(1);
        _scene.Delete(2, cloud => cloud with { SoftDeleted = true });

        var consequences = _scene.Plan(then).Draft.Consequences;

        Assert.Contains(consequences, text => text.StartsWith("Afterwards, and not before", StringComparison.Ordinal) && text.Contains(sentence, StringComparison.Ordinal));
        Assert.Contains(consequences, text => text.Contains("is restored there afterwards, by a person, and not before", StringComparison.Ordinal));
    }

    /// <summary>A nested group that is restored with its parent is its member again; who stays deleted is lost, and told.</summary>
    [Fact]
    public void Plan_TellsMembersThatAreLost_ButNotThoseThatComeBackWithIt()
    {
        var child = _scene.Delete(1);
        var parent = _scene.Delete(2, deleted: gone => gone with { MembersGone = [child.Was.Group.ObjectGuid, Guid.NewGuid()] });

        var plan = _scene.Plan();

        Assert.Contains(child.Was.Group.ObjectGuid, plan.Groups.Single(group => group.Group.ObjectGuid == parent.Was.Group.ObjectGuid).Members);
        Assert.StartsWith("1 of its members is deleted as well", Assert.Single(plan.Affected).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfNamedGroups_TakesEitherId_AndSaysWhatIsNotThere()
    {
        var (one, two, _) = (_scene.Delete(1), _scene.Delete(2), _scene.Delete(3));
        var lives = Facts.AdGroup(Facts.Id(4));
        _scene.Living.Add(lives);

        var plan = _scene.Plan(RestoreThen.Nothing, one.Was.Group.ObjectGuid, Facts.Id(2), lives.ObjectGuid, Facts.Id(5));

        Assert.Equal(new[] { one, two }.Select(deleted => deleted.Was.Group.ObjectGuid).Order(), plan.Groups.Select(group => group.Group.ObjectGuid).Order());
        Assert.Equal([(lives.ObjectGuid.ToString("D"), "it is not deleted")], plan.LeftOut.Where(left => left.Name is not null).Select(left => (left.Target, left.Why)));
        Assert.Contains("keeps no deleted group of this id", plan.LeftOut.Single(left => left.Name is null).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Terms_NameNobodyTwice_AndNotTooMany()
    {
        Assert.Null(new RestoreTerms().Objection());
        Assert.Null(new RestoreTerms { Groups = [Facts.Id(1)] }.Objection());
        Assert.Equal("groups", new RestoreTerms { Groups = [] }.Objection()?.Field);
        Assert.Equal("groups", new RestoreTerms { Groups = [Facts.Id(1), Facts.Id(1)] }.Objection()?.Field);
        Assert.Equal("groups", new RestoreTerms { Groups = [.. Enumerable.Range(1, 1_001).Select(Facts.Id)] }.Objection()?.Field);
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Tests.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Operations.Restore;

/// <summary>Each verdict, and what comes first.</summary>
public sealed class RestoreJudgeTests
{
    readonly RestoreScene _scene = new();

    [Fact]
    public void Group_ThatIsOffInEntra_Rejoins_UntilItsLifeIsOver()
    {
        var finding = _scene.Judge(_scene.Delete(1));

        Assert.Equal((RestoreVerdict.Rejoins, true), (finding.Verdict, finding.CanBeRestored));
        Assert.Equal(RestoreScene.DeletedAt.AddDays(180), finding.Until);
        Assert.Contains("restored here first", finding.Why, StringComparison.Ordinal);
        Assert.Equal(Facts.Id(1), finding.CloudId);
    }

    [Fact]
    public void Group_ThatIsNotSet_IsOutOfWritebackOnlyWhereItIsASecurityGroup()
    {
        var security = _scene.Delete(1, cloud => cloud with { WritebackEnabled = null });
        var team = _scene.Delete(2, cloud => cloud with { Unified = true, WritebackEnabled = null });

        Assert.Equal((RestoreVerdict.Rejoins, RestoreVerdict.EnabledAlready), (_scene.Judge(security).Verdict, _scene.Judge(team).Verdict));
    }

    [Fact]
    public void Group_ThatIsSoftDeleted_IsRestoredHereFirst_ThenInEntra()
    {
        var finding = _scene.Judge(_scene.Delete(1, cloud => cloud with { SoftDeleted = true, WritebackEnabled = true }));

        Assert.Equal((RestoreVerdict.RejoinsFromSoftDelete, true), (finding.Verdict, finding.CanBeRestored));
        Assert.Contains("first, then there", finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_ThatIsOnAlready_IsLeft_AndToldWhatToDoFirst()
    {
        var finding = _scene.Judge(_scene.Delete(1, cloud => cloud with { WritebackEnabled = true }));

        Assert.Equal((RestoreVerdict.EnabledAlready, false), (finding.Verdict, finding.CanBeRestored));
        Assert.Contains("switch it off there first", finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_OfVersion1_ComesBackOnlyWhileItIsSoftDeleted()
    {
        _scene.Servers = new() { Version2 = false, Version1 = true };
        var off = _scene.Delete(1, cloud => cloud with { Unified = true });
        var soft = _scene.Delete(2, cloud => cloud with { Unified = true, SoftDeleted = true });
        var security = _scene.Delete(3);

        Assert.Equal(
            [RestoreVerdict.EnabledAlready, RestoreVerdict.RejoinsFromSoftDelete, RestoreVerdict.NotWritten],
            new[] { off, soft, security }.Select(deleted => _scene.Judge(deleted).Verdict));
    }

    [Fact]
    public void Group_ThatConnectMadeAnew_IsLeft_WithTheNewObjectsName()
    {
        var deleted = _scene.Delete(1, cloud => cloud with { WritebackEnabled = true });
        _scene.Living.Add(Facts.AdGroup(Facts.Id(1)) with { ObjectGuid = Guid.NewGuid(), DistinguishedName = $"CN=New,{Facts.Ou}" });

        var finding = _scene.Judge(deleted);

        Assert.Equal(RestoreVerdict.MadeAnew, finding.Verdict);
        Assert.Contains($"CN=New,{Facts.Ou}", finding.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Group_ThatIsRecycled_OrHasNoBin_IsGone(bool bin)
    {
        _scene.RecycleBin = bin;

        var finding = _scene.Judge(_scene.Delete(1, deleted: gone => gone with { Recycled = bin }));

        Assert.Equal((RestoreVerdict.Gone, false, null), (finding.Verdict, finding.CanBeRestored, finding.Until));
        Assert.Contains("only a backup", finding.Why, StringComparison.Ordinal);
    }

    /// <summary>The anchor that a deletion takes stands in the snapshot, as do texts and members.</summary>
    [Fact]
    public void Group_WithoutABin_ComesBackFromASnapshot()
    {
        _scene.RecycleBin = false;
        var deleted = _scene.Delete(1, deleted: gone => gone with { Was = gone.Was with { Group = gone.Was.Group with { AdminDescription = null }, Members = [] } });
        var was = new GroupSnapshot { Group = Facts.AdGroup(Facts.Id(1)), Members = [Guid.NewGuid()] };
        _scene.Snapshots.Add(was.Group.ObjectGuid, new("m-1", was));

        var finding = _scene.Judge(deleted);

        Assert.Equal((RestoreVerdict.Rejoins, "m-1"), (finding.Verdict, finding.SnapshotOf));
        Assert.Equal((was.Group, was.Members[0]), (Assert.Single(_scene.Plan().Groups).Group, _scene.Plan().Groups[0].Members[0]));
    }

    [Fact]
    public void Group_WhoseContainerIsDeleted_WaitsForThat()
    {
        var finding = _scene.Judge(_scene.Delete(1, deleted: gone => Placed(gone, $"CN=A,OU=Projects,{Facts.Ou}") with { ContainerGone = true }));

        Assert.Equal(RestoreVerdict.ContainerGone, finding.Verdict);
        Assert.Contains($"restore OU=Projects,{Facts.Ou} first", finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_WhoseNameIsTaken_NamesTheOther()
    {
        var other = Guid.NewGuid();

        var finding = _scene.Judge(_scene.Delete(1, deleted: gone => gone with { NameTakenBy = other }));

        Assert.Equal(RestoreVerdict.NameTaken, finding.Verdict);
        Assert.Contains($"{other:D}", finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_ThatIsGoneFromEntra_OrBearsNoAnchor_OrStoodElsewhere_IsLeft()
    {
        var orphan = _scene.Delete(1);
        _scene.Cloud.Clear();
        var outside = _scene.Delete(2, deleted: gone => Placed(gone, "CN=A,OU=Elsewhere,DC=corp,DC=example"));
        var anonymous = _scene.Delete(3, deleted: gone => gone with { Was = gone.Was with { Group = gone.Was.Group with { AdminDescription = "by hand" } } });

        Assert.Equal(
            [RestoreVerdict.CloudGroupGone, RestoreVerdict.Outside, RestoreVerdict.Anonymous],
            new[] { orphan, outside, anonymous }.Select(deleted => _scene.Judge(deleted).Verdict));
    }

    [Fact]
    public void Group_ThatWasDeletedTwice_ComesBackAsTheOneThatIsNamed()
    {
        var old = _scene.Delete(1, deleted: gone => gone with { Was = gone.Was with { Group = gone.Was.Group with { ObjectGuid = Guid.NewGuid() } } });
        var newer = _scene.Delete(1);
        var (one, other) = (old.Was.Group.ObjectGuid, newer.Was.Group.ObjectGuid);

        Assert.Equal(RestoreVerdict.Twice, _scene.Judge(old).Verdict);
        Assert.Equal(RestoreVerdict.Twice, _scene.Judge(newer, one, other).Verdict);
        Assert.Equal(RestoreVerdict.Rejoins, _scene.Judge(old, one).Verdict);
        Assert.Equal(RestoreVerdict.Twice, _scene.Judge(old, Facts.Id(1)).Verdict);
    }

    /// <summary>A plan's word stays the same as long as nothing changes, and is another as soon as anything does.</summary>
    [Fact]
    public void Word_TellsWhatChangedSinceThePlan()
    {
        var deleted = _scene.Delete(1);
        var planned = RestoreJudge.Word(_scene.Judge(deleted), null);

        _scene.Cloud[Facts.Id(1)] = _scene.Cloud[Facts.Id(1)] with { WritebackEnabled = true };

        Assert.Equal("deleted, kept until 2027-04-30 08:00 UTC", planned);
        Assert.Contains("on in Entra already", RestoreJudge.Word(_scene.Judge(deleted), null), StringComparison.Ordinal);
        Assert.Equal("restored", RestoreJudge.Word(null, Facts.AdGroup(Facts.Id(1))));
        Assert.NotEqual(planned, RestoreJudge.Word(_scene.Judge(deleted with { DeletedAt = deleted.DeletedAt!.Value.AddDays(1) }), null));
        Assert.Contains("neither", RestoreJudge.Word(null, null), StringComparison.Ordinal);
    }

    static DeletedWritebackGroup Placed(DeletedWritebackGroup deleted, string name) =>
        deleted with { Was = deleted.Was with { Group = deleted.Was.Group with { DistinguishedName = name } } };
}

using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Assessment;

/// <summary>Two groups migrate, with eight memberships; a configuration that is taken over has groups of its own.</summary>
public class LimitsTests
{
    static readonly SurveyedConfiguration Adopted = Facts.Configuration with { HasRun = true, Managed = 3, Assigned = 3, Memberships = 20 };

    [Theory]
    [InlineData(5, false)]
    [InlineData(4, true)]
    public void Groups_OfAnAdoptedConfiguration_CountAgainstTheLimit(int limit, bool found)
        => Assert.Equal(found, With(Adopted, f => f.Options.GroupLimit = limit).Codes().Contains("GWB2310"));

    [Theory]
    [InlineData(28, false)]
    [InlineData(27, true)]
    public void Memberships_OfAnAdoptedConfiguration_CountAgainstTheLimit(int limit, bool found)
        => Assert.Equal(found, With(Adopted, f => f.Options.MembershipLimit = limit).Codes().Contains("GWB2311"));

    [Theory]
    [InlineData(null, 3, 5, false)]
    [InlineData(null, 3, 4, true)]
    [InlineData(1L, 3, 4, true)]
    [InlineData(3L, 0, 5, false)]
    [InlineData(3L, 0, 4, true)]
    public void Groups_AssignedOrManaged_TheLargerNumberCounts(long? managed, int assigned, int limit, bool found)
        => Assert.Equal(found, With(Adopted with { Managed = managed, Assigned = assigned }, f => f.Options.GroupLimit = limit).Codes().Contains("GWB2310"));

    [Fact]
    public void Limits_ThatAreNotEnforced_AreExceededByTheSameNumbers()
        => Assert.Contains("GWB2412", With(Adopted, f => (f.Options.GroupLimit, f.Options.EnforceLimits) = (4, false)).Codes());

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Groups_OfAConfigurationThatManagesNone_DoNotCount(bool ours, bool hasRun)
    {
        var codes = With(Adopted with { Ours = ours, HasRun = hasRun }, f => (f.Options.GroupLimit, f.Options.MembershipLimit) = (2, 8)).Codes();

        Assert.DoesNotContain("GWB2310", codes);
        Assert.DoesNotContain("GWB2311", codes);
    }

    [Fact]
    public void Finding_AboveTheLimit_SaysHowManyAreManagedAlready()
        => Assert.Equal(
            ["5, of them 3 that a configuration manages already"],
            GwbCloud.Functions.Assessment.FindingCatalogue.Run(With(Adopted, f => f.Options.GroupLimit = 4).Build(), []).Single(f => f.Code == "GWB2310").Examples);

    static Facts With(SurveyedConfiguration configuration, Action<Facts> change)
    {
        var facts = Facts.Healthy();
        facts.CloudSync = facts.CloudSync with { Configurations = [configuration] };
        change(facts);
        return facts;
    }
}

using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class AssessmentVolumeTests
{
    [Fact]
    public async Task Assessment_OfAHundredThousandGroups_StaysWithinItsMeans()
    {
        var measured = await MeasuredAssessment.RunAsync(
            ["--groups", "20000", "--cloud-groups", "100000", "--memberships", "1000000"], "--limits", "off", "--memory", "400");

        measured.AssertWithinItsMeans(groups: 100_000, written: 20_000);
        Assert.True(measured.Account.World.WrittenMemberships >= 1_000_000);
    }
}

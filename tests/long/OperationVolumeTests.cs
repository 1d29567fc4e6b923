using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class OperationVolumeTests
{
    /// <summary>A third of a world's Microsoft 365 groups is off to begin with.</summary>
    [Fact]
    public async Task Operation_OnTwentyThousandGroups_KeepsNearTheQuotaForWrites()
    {
        using var folder = new TempFolder();
        var story = new Story { World = new WorldOptions { Groups = 20, M365 = 30_000, Users = 100 }, Operation = new() { Kind = "existingGroups" } };

        var account = await OperationRehearsal.RunAsync(new RehearsalOptions { Story = story, Output = folder.File("out") }, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal((20_000, ExitCode.Completed), (account.Written, account.ExitCode));
        Assert.InRange(account.VirtualSeconds, 0, 1.1 * account.QuotaSeconds);
    }
}

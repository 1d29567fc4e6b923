using GwbCloud.RelayListener.ActiveDirectory;

namespace GwbCloud.Tests.Listener.ActiveDirectory;

/// <summary>Counting while one batch is compared and another is read back.</summary>
public sealed class StampTallyTests
{
    [Fact]
    public void Tally_CountedBySeveralAtOnce_LosesNothing()
    {
        const int Groups = 400_000;
        var tally = new StampTally();

        Parallel.For(0, Groups, i =>
        {
            tally.Stamped(ours: i % 2 == 0);
            if (i % 1_000 == 0) { tally.LeaveAlone(StampVerdict.Conflict, $"CN={i}"); }
        });

        var result = tally.ToResult();
        Assert.Equal((Groups / 2, Groups / 2, 100), (result.Written, result.AlreadyEqual, result.Conflicts.Count));
        Assert.DoesNotContain(null, result.Conflicts);
    }
}

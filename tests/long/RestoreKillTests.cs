using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

/// <summary>Deleted groups restored, killed at twenty moments.</summary>
public sealed class RestoreKillTests
{
    [Fact]
    public Task Restore_KilledTwentyTimes_EndsAsTheUnkilledOne() => KilledRestore.AssertEndsTheSameAsync(seed: 20, kills: 20);
}

using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

/// <summary>The clean-up after a migration, killed at twenty moments of its own in each of the two worlds.</summary>
public sealed class CleanUpKillTests
{
    [Theory]
    [InlineData("--lets-go", "--active")]
    [InlineData]
    public Task CleanUp_KilledTwentyTimes_EndsAsTheUnkilledOne(params string[] more) => KilledCleanUp.AssertEndsTheSameAsync(seed: 20, kills: 20, more);
}

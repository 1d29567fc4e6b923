using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class KillAtEveryMomentTests(KillAtEveryMomentTests.Migration migration) : IClassFixture<KillAtEveryMomentTests.Migration>
{
    /// <summary>Seeds of the points.</summary>
    public static TheoryData<int> Points { get; } = LongRun.Seeds(50);

    [Theory]
    [MemberData(nameof(Points))]
    public Task Rehearsal_KilledOnce_EndsAsTheUnkilledOne(int seed) => migration.Story.AssertEndsTheSameAsync(seed, kills: 1);

    /// <summary>The migration that nobody killed is run once for all.</summary>
    public sealed class Migration : IDisposable
    {
        internal KilledStory Story { get; } = new([], "--groups", "20", "--m365", "6");

        public void Dispose() => Story.Dispose();
    }
}

using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class UndoFromEveryStepTests
{
    public static TheoryData<int> Seeds { get; } = LongRun.Seeds(200);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Undo_FromADrawnStep_LeavesTheWorldAsIfThereHadBeenNoMigration(int seed) => UndoStory.Of(seed).RunAsync();
}

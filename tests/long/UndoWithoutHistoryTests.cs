using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class UndoWithoutHistoryTests
{
    public static TheoryData<int> Seeds { get; } = LongRun.Seeds(100);

    /// <summary>From a copy of the journal and the snapshot: what is left when the cloud half is lost.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Undo_FromADrawnPoint_WithoutItsHistory_LeavesTheWorldAsIfThereHadBeenNone(int seed) => LostStory.Of(seed).RunAsync();
}

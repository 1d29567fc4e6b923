namespace GwbCloud.Tests.Rehearsal;

public sealed class UndoTests
{
    /// <summary>A handful of the long run's seeds: each kind of turn, one of them with nobody there for two days.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public Task Undo_FromADrawnStep_LeavesTheWorldAsIfThereHadBeenNoMigration(int seed) => UndoStory.Of(seed).RunAsync();
}

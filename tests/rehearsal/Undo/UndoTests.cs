namespace GwbCloud.Tests.Rehearsal;

public sealed class UndoTests
{
    /// <summary>A handful of the long run's seeds: each kind of turn, one with nobody there for two days, one with a group deleted for good meanwhile.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(19)]
    [InlineData(187)]
    [InlineData(199)]
    public Task Undo_FromADrawnStep_LeavesTheWorldAsIfThereHadBeenNoMigration(int seed) => UndoStory.Of(seed).RunAsync();
}

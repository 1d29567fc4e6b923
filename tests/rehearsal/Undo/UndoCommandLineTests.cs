using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

public sealed class UndoCommandLineTests
{
    [Theory]
    [InlineData("left", RehearsedDecision.DenyAndLeave, RehearsedGate.Plan, false, null)]
    [InlineData("postponed", RehearsedDecision.Postpone, RehearsedGate.Switch, false, null)]
    [InlineData("postponed --gate plan --history-gone", RehearsedDecision.Postpone, RehearsedGate.Plan, true, null)]
    [InlineData("lost", RehearsedDecision.Approve, RehearsedGate.Switch, true, "first-full-sync")]
    [InlineData("lost --in stamp-anchors", RehearsedDecision.Approve, RehearsedGate.Switch, true, "stamp-anchors")]
    public void Arguments_SayHowTheMigrationIsLeft(string line, RehearsedDecision decision, RehearsedGate gate, bool gone, string? stage)
    {
        var story = new UndoCommandLine().Read(line.Split(' ')).Story;

        Assert.Equal((decision, gate, gone, stage), (story.Decision, story.At, story.Operation!.HistoryGone, story.Operation.LostIn));
    }

    [Theory]
    [InlineData("forgotten", "forgotten")]
    [InlineData("left --gate plan", "--gate")]
    [InlineData("postponed --gate window", "window")]
    [InlineData("postponed --in stamp-anchors", "--in")]
    [InlineData("lost --in verify-migration", "verify-migration")]
    [InlineData("lost --undo", "--undo")]
    public void Arguments_ThatMakeNoSense_AreRefusedByName(string line, string named) =>
        Assert.Contains(named, Assert.Throws<BadUsageException>(() => new UndoCommandLine().Read(line.Split(' '))).Message, StringComparison.Ordinal);
}

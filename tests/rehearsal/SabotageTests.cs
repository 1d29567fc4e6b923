using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

public sealed class SabotageTests
{
    /// <summary>Sabotages that only a cycle over the groups themselves can show: the ring that shows them is the last that Cloud Sync touches.</summary>
    [Theory]
    [InlineData(Sabotage.RingLosesMembers, "GWB2780", 2)]
    [InlineData(Sabotage.ConnectStillWrites, "GWB2860", 1)]
    [InlineData(Sabotage.Escrow, "GWB2786", 1)]
    public async Task Sabotage_ThatOnlyARingCanShow_StopsInThatRing(Sabotage sabotage, string code, int ring)
    {
        var run = await SabotagedRuns.OfAsync(sabotage);

        Assert.Contains(code, run.Result.Codes);
        // Asked again twice: the ring's own groups are in scope by then, and not too early.
        Assert.DoesNotContain("GWB2782", run.Result.Codes);
        run.AssertNoHarm();
        Assert.Equal(ExitCode.ParkedAfter, run.Result.ExitCode);
        Assert.Contains(run.Result.View!.Notices, n => n.Code == code && n.Message.StartsWith($"Ring {ring}:", StringComparison.Ordinal));
        // No more than the ring was touched.
        var touched = run.Result.View.Tasks.Count(t => t.AttachmentName?.StartsWith("ring-", StringComparison.Ordinal) == true);
        Assert.Equal(ring, touched);
        Assert.InRange(run.Planned.EverWritten, 0, 40 - 1);
        Assert.Equal(0, run.Planned.EverCreated);
        Assert.InRange(run.Result.Account.Groups.Planned - run.Result.Account.Groups.Kept, 0, Math.Max(1, run.Planned.EverWritten));
    }

    [Theory]
    [InlineData(Sabotage.GroupDnNotWritten, "GWB2703")]
    [InlineData(Sabotage.GroupDnDropped, "GWB2710")]
    public async Task GroupDn_Sabotaged_IsFoundBeforeAPlannedGroupIsInScope(Sabotage sabotage, string code)
    {
        var story = Rehearsed.Small(sabotage);

        var run = await Rehearsed.RunAsync(story with { World = story.World with { DeviatingNames = 3, DeviatingPlaces = 2 } });

        run.AssertNoHarm();
        Assert.Equal(ExitCode.EndedBefore, run.Result.ExitCode);
        Assert.Equal(0, run.Result.Account.Switch.Transitions);
        Assert.Contains(code, run.Result.Codes);
        Assert.Contains(code, SabotageTable.Rows[sabotage].Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooEarlyAssignments_AreFoundBeforeTheFirstRingStarts()
    {
        var run = await SabotagedRuns.OfAsync(Sabotage.TooEarlyAssignments);

        // In scope they are, by nature; but the canaries' filter still stands, and nothing of them was written.
        Assert.Equal((0, 0), (run.Planned.EverWritten, run.Planned.EverCreated));
    }

    [Theory]
    [InlineData(Sabotage.DisableReportsFailureButWorked, 1)]
    [InlineData(Sabotage.DisableReportsSuccessButDidNot, 2)]
    public async Task Switch_ThatLies_IsCalledAgainOnlyWhereItDidNothing(Sabotage sabotage, int calls)
    {
        var run = await SabotagedRuns.OfAsync(sabotage);

        run.AssertCompleted();
        Assert.Equal(calls, run.Result.Account.Switch.Calls);
    }
}

using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

public sealed class SabotageTests
{
    [Theory]
    [InlineData(Sabotage.NoStamp)]
    [InlineData(Sabotage.NoInboundRule)]
    [InlineData(Sabotage.NoOutboundRule)]
    [InlineData(Sabotage.SecondServerWithoutRules)]
    [InlineData(Sabotage.KeepDeleteRule)]
    [InlineData(Sabotage.DefaultContainer)]
    [InlineData(Sabotage.DefaultName)]
    [InlineData(Sabotage.MembersSwitchOff)]
    [InlineData(Sabotage.DuplicateAnchor)]
    [InlineData(Sabotage.CycleWithErrors)]
    [InlineData(Sabotage.PendingDeleteAfterApproval)]
    public async Task Sabotage_BeforeTheSwitch_IsFoundAndEndsWithoutHarm(Sabotage sabotage)
    {
        var run = await Rehearsed.RunAsync(Rehearsed.Small(sabotage));

        run.AssertNoHarm();
        Assert.Equal(ExitCode.EndedBefore, run.Result.ExitCode);
        Assert.Equal(0, run.Result.Account.Switch.Transitions);
        Assert.NotEmpty(run.Result.Codes);
        Assert.All(run.Result.Codes, code => Assert.Matches("^GWB[0-9]{4}$", code));
        run.AssertNonePlannedEverInScope();
    }

    [Fact]
    public async Task TooEarlyAssignments_AreFoundBeforeTheFirstRingStarts()
    {
        var run = await Rehearsed.RunAsync(Rehearsed.Small(Sabotage.TooEarlyAssignments));

        // In scope they are, by nature; but the canaries' filter still stands, and nothing of them was written.
        Assert.Contains("GWB2782", run.Result.Codes);
        Assert.Equal(ExitCode.ParkedAfter, run.Result.ExitCode);
        Assert.Equal((0, 0), (run.Planned.EverWritten, run.Planned.EverCreated));
    }

    /// <summary>Sabotages that only a cycle over the groups themselves can show: the ring that shows them is the last that Cloud Sync touches.</summary>
    [Theory]
    [InlineData(Sabotage.RingLosesMembers, "GWB2780", 2)]
    [InlineData(Sabotage.ConnectStillWrites, "GWB2780", 1)]
    [InlineData(Sabotage.Escrow, "GWB2786", 1)]
    public async Task Sabotage_ThatOnlyARingCanShow_StopsInThatRing(Sabotage sabotage, string code, int ring)
    {
        var run = await Rehearsed.RunAsync(Rehearsed.Small(sabotage));

        Assert.Contains(code, run.Result.Codes);
        // Asked again twice: the ring's own groups are in scope by then, and not too early.
        Assert.DoesNotContain("GWB2782", run.Result.Codes);
        Assert.True(run.Result.ExitCode is ExitCode.ParkedAfter or ExitCode.Harm, $"{run.Result.ExitCode}");
        Assert.Contains(run.Result.View!.Notices, n => n.Code == code && n.Message.StartsWith($"Ring {ring}:", StringComparison.Ordinal));
        // What the ring itself suffered is done, and no more than the ring was touched.
        var touched = run.Result.View.Tasks.Count(t => t.AttachmentName?.StartsWith("ring-", StringComparison.Ordinal) == true);
        Assert.Equal(ring, touched);
        Assert.InRange(run.Planned.EverWritten, 0, 40 - 1);
        Assert.Equal(0, run.Planned.EverCreated);
        Assert.InRange(run.Result.Account.Groups.Planned - run.Result.Account.Groups.Kept, 0, Math.Max(1, run.Planned.EverWritten));
    }

    [Theory]
    [InlineData(Sabotage.GroupDnNotWritten)]
    [InlineData(Sabotage.GroupDnDropped)]
    public async Task GroupDn_Sabotaged_IsFoundBeforeAPlannedGroupIsInScope(Sabotage sabotage)
    {
        var story = Rehearsed.Small(sabotage);

        var run = await Rehearsed.RunAsync(story with { World = story.World with { DeviatingNames = 3, DeviatingPlaces = 2 } });

        run.AssertNoHarm();
        Assert.Equal(ExitCode.EndedBefore, run.Result.ExitCode);
        Assert.Equal(0, run.Result.Account.Switch.Transitions);
        Assert.NotEmpty(run.Result.Codes);
    }

    [Theory]
    [InlineData(Sabotage.LateGcReplication, 1)]
    [InlineData(Sabotage.DisableReportsFailureButWorked, 1)]
    [InlineData(Sabotage.DisableReportsSuccessButDidNot, 2)]
    public async Task Sabotage_ThatTheTruthOvercomes_StillCompletes(Sabotage sabotage, int calls)
    {
        var run = await Rehearsed.RunAsync(Rehearsed.Small(sabotage));

        run.AssertCompleted();
        Assert.Equal(calls, run.Result.Account.Switch.Calls);
    }
}

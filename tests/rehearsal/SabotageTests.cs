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

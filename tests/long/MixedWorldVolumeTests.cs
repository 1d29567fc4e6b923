using GwbCloud.Lab.Rehearsal;
using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

/// <summary><c>lab/scenarios/mixed.json</c> as it is: 8,000 groups in two forests.</summary>
public sealed class MixedWorldVolumeTests
{
    [Fact]
    public async Task MixedWorld_Migrates_AndLosesOnlyWhatWasAnnounced()
    {
        var run = await Rehearsed.RunAsync(Mixed());

        run.AssertCompleted();
        Assert.InRange(run.Result.Account.Groups.Planned, 8_000, 10_000);
    }

    [Fact]
    public async Task MixedWorld_OfPassiveOperators_EndsBeforeTheSwitch()
    {
        var run = await Rehearsed.RunAsync(Mixed() with { Operators = OperatorMode.Passive });

        run.AssertNoHarm();
        Assert.Equal(ExitCode.EndedBefore, run.Result.ExitCode);
    }

    [Fact]
    public async Task Groups_AboveTheLimit_BlockWithTheReason()
    {
        var run = await Rehearsed.RunAsync(new Story { World = new() { Groups = 10_001, M365 = 0 } });

        Assert.Equal((ExitCode.EndedBefore, "blocked"), (run.Result.ExitCode, run.Result.Account.Outcome));
        Assert.Equal(["GWB2310"], run.Result.Codes);
    }

    static Story Mixed() => ScenarioFile.Read(Path.Combine(AppContext.BaseDirectory, "scenarios", "mixed.json")).Over(new Story(), name => name);
}

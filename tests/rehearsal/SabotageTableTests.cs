using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Each sabotage by itself ends as docs/sabotages.md says. A class of its own, so that it runs beside the others.</summary>
public sealed class SabotageTableTests
{
    public static TheoryData<Sabotage> All { get; } = [.. Enum.GetValues<Sabotage>()];

    /// <summary>Before the switch no planned group was ever touched; after it none was ever made a second time.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task Sabotage_Alone_EndsWithoutHarmAndAsTheDocsSay(Sabotage sabotage)
    {
        var row = SabotageTable.Rows[sabotage];

        var run = await SabotagedRuns.OfAsync(sabotage);

        run.AssertNoHarm();
        Assert.Equal(row.ExitCode, run.Result.ExitCode);
        Assert.All(row.Codes, code => Assert.Contains(code, run.Result.Codes));
        Assert.All(run.Result.Codes, code => Assert.Matches("^GWB[0-9]{4}$", code));
        Assert.Equal(row.ExitCode == ExitCode.Completed, run.Result.Account.Outcome == "completed");
        if (row.ExitCode == ExitCode.EndedBefore)
        {
            Assert.Equal(0, run.Result.Account.Switch.Transitions);
            run.AssertNonePlannedEverInScope();
        }
    }
}

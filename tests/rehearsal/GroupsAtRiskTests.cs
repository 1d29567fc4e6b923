using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>The same world with groups of every risk: operators who resolve them make it migrate, without them it stays as it is.</summary>
public sealed class GroupsAtRiskTests
{
    static readonly Story AtRisk = new() { World = new WorldOptions { Groups = 40, M365 = 12, MailBearing = 4, DisabledRetained = 3, SoftDeletedRetained = 4 } };

    [Fact]
    public async Task GroupsAtRisk_ResolvedByTheirTasks_Migrate()
    {
        var resolved = (Mail: 0, Enabled: 0, Deleted: 0);

        var run = await Rehearsed.RunAsync(AtRisk, inspect: host => resolved = host.World.Store.Read(() => (
            host.World.Groups.Values.Count(g => g is { Mail: not null, Unified: false }),
            host.World.Groups.Values.Count(g => g is { WritebackEnabled: false, Unified: false, OnPremisesGroupType: not null }),
            host.World.Groups.Values.Count(g => g.DeletedAt is not null))));

        run.AssertCompleted();
        Assert.Equal((0, 0, 0), resolved);
        // Those that were deleted for good are no groups any more; all others migrate.
        Assert.InRange(run.Result.Account.Groups.Planned, 40, 44);
    }

    [Fact]
    public async Task GroupsAtRisk_WithPassiveOperators_Block()
    {
        var run = await Rehearsed.RunAsync(AtRisk with { Operators = OperatorMode.Passive });

        Assert.Equal((ExitCode.EndedBefore, "blocked"), (run.Result.ExitCode, run.Result.Account.Outcome));
        Assert.Equal(["GWB2302", "GWB2303", "GWB2304"], run.Result.Codes.Where(code => code.StartsWith("GWB230", StringComparison.Ordinal)));
        run.AssertNonePlannedEverInScope();
        Assert.Empty(run.Differences);
    }

    /// <summary>Nobody can accept it: what becomes of a group that Connect can't synchronise is unknown.</summary>
    [Theory]
    [InlineData(0, ExitCode.Completed)]
    [InlineData(2, ExitCode.EndedBefore)]
    public async Task Groups_InErrorOnAServer_BlockTheAssessment(int groups, int exit)
    {
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with { World = story.World with { GroupsInError = groups } });

        run.AssertNoHarm();
        Assert.Equal((exit, groups > 0), (run.Result.ExitCode, run.Result.Codes.Contains("GWB2117")));
        if (groups > 0) { run.AssertNonePlannedEverInScope(); }
    }
}

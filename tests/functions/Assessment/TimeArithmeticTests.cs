using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public class TimeArithmeticTests
{
    [Fact]
    public void Plan_OneHourInitial_AddsUpAsTheDesignSays()
    {
        var time = TimeArithmetic.Of(initialSeconds: 3_600, deltaSeconds: 600, confirmSeconds: 7_200);

        Assert.Equal(4_200, time.UndoSeconds);
        Assert.Equal(6_000, time.ForwardSeconds);
        Assert.Equal((int)(1.25 * ((2 * 3_600) + 7_200 + 6_000)), time.PredictedStagingSeconds);
    }

    [Fact]
    public void Plan_SeveralServers_TheSlowestCounts()
    {
        var servers = new[] { Facts.Server("A", false) with { LastInitialSeconds = 100 }, Facts.Server("B", true) with { LastInitialSeconds = 9_000 } };

        Assert.Equal(9_000, TimeArithmetic.Plan(servers, 2, 120).InitialSeconds);
    }

    [Fact]
    public void Plan_NoHistory_TakesTheConfiguredGuess()
        => Assert.Equal(7_200, TimeArithmetic.Plan([Facts.Server("A", false) with { LastInitialSeconds = null }], 2, 120).InitialSeconds);

    [Fact]
    public void Plan_SeveralCyclesInHistory_TheLongestCountsAndNotTheLast()
    {
        var server = Facts.Server("A", false) with { LastInitialSeconds = 3_600, RecentInitialSeconds = [4_000, 9_000, 3_600], RecentDeltaSeconds = [60, 2_400, 90] };

        var time = TimeArithmetic.Plan([server], 2, 120);

        Assert.Equal((9_000, 2_400), (time.InitialSeconds, time.DeltaSeconds));
    }

    [Fact]
    public void Plan_QuickDeltasInHistory_DoNotShortenTheFirstOneAfterStaging()
        => Assert.Equal(600, TimeArithmetic.Plan([Facts.Server("A", false) with { RecentDeltaSeconds = [20, 30] }], 2, 120).DeltaSeconds);

    [Theory]
    [InlineData(null, 7_200)]
    [InlineData(99_999, 7_200)]
    [InlineData(100_001, 14_400)]
    [InlineData(450_000, 36_000)]
    public void Plan_NoHistory_GuessesByTheObjectsOfTheLargestConnector(int? objects, int seconds)
    {
        var server = Facts.Server("A", false) with { LastInitialSeconds = null, Connectors = [Facts.Connector("a.example"), Facts.Connector("b.example") with { Objects = objects }] };

        Assert.Equal((seconds, true), (TimeArithmetic.Plan([server], 2, 120).InitialSeconds, TimeArithmetic.IsGuess(server)));
    }

    [Fact]
    public void Plan_AbsurdHistory_DoesNotOverflow()
        => Assert.Equal(int.MaxValue, TimeArithmetic.Of(int.MaxValue / 2, 0, 0).PredictedStagingSeconds);
}

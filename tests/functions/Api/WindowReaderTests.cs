using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Api;

public sealed class WindowReaderTests
{
    static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly WindowBody Night = new() { Start = Now.AddDays(7), End = Now.AddDays(7).AddHours(12) };
    static readonly TimePlan Hours6 = TimeArithmetic.Of(3_600, 600, 7_200);

    [Fact]
    public void Read_EverythingGiven_IsKept()
    {
        var window = WindowReader.Read(
            Night with { ChangeNumber = "CHG0012345", Blackouts = [new() { From = "2026-12-24", Until = "2026-12-26" }], HoldBefore = ["FirstFullSync", "FreezeAndDrain"] }, Now);

        Assert.Equal("CHG0012345", window.ChangeNumber);
        Assert.Equal(new BlackoutPeriod { From = new(2026, 12, 24, 0, 0, 0, TimeSpan.Zero), Until = new(2026, 12, 27, 0, 0, 0, TimeSpan.Zero) }, Assert.Single(window.Blackouts));
        Assert.Equal([StageName.FreezeAndDrain, StageName.FirstFullSync], window.HoldBefore);
        Assert.Contains("CHG0012345", window.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-12-08", null, "window.blackouts[0]")]
    [InlineData("2026-12-01", "2026-12-08", "window.blackouts[0]")]
    [InlineData("2026-12-08T23:00:00Z", "2026-12-08T23:30:00Z", "window.blackouts[0]")]
    [InlineData("2026-12-09T00:30:00+02:00", "2026-12-09T02:00:00+02:00", "window.blackouts[0]")]
    [InlineData("2026-12-08T23:00:00Z", null, "window.blackouts[0].until")]
    [InlineData("2026-12-10", "2026-12-09", "window.blackouts[0].until")]
    [InlineData("2026-12-10T10:00:00", "2026-12-11", "window.blackouts[0].from")]
    [InlineData("Christmas", null, "window.blackouts[0].until")]
    [InlineData(null, "2026-12-24", "window.blackouts[0].from")]
    public void Read_BlackoutThatOverlapsOrIsNone_IsRefusedByItsName(string? from, string? until, string field) =>
        Assert.Equal(field, Field(() => WindowReader.Read(Night with { Blackouts = [new() { From = from, Until = until }] }, Now)));

    [Theory]
    [InlineData("2026-12-09", null)]
    [InlineData("2026-12-08T11:00:00Z", "2026-12-08T12:00:00Z")]
    [InlineData("2026-12-09T00:00:00Z", "2026-12-09T01:00:00Z")]
    public void Read_BlackoutBesideTheWindow_IsTaken(string from, string? until) =>
        Assert.Single(WindowReader.Read(Night with { Blackouts = [new() { From = from, Until = until }] }, Now).Blackouts);

    [Theory]
    [InlineData("Assess")]
    [InlineData("2")]
    [InlineData("")]
    public void Read_HoldBeforeNoStage_IsRefusedByItsPlace(string stage) =>
        Assert.Equal("window.holdBefore[1]", Field(() => WindowReader.Read(Night with { HoldBefore = ["FirstFullSync", stage] }, Now)));

    [Fact]
    public void Read_StageHeldTwice_IsRefused() =>
        Assert.Equal("window.holdBefore[1]", Field(() => WindowReader.Read(Night with { HoldBefore = ["FirstFullSync", "FirstFullSync"] }, Now)));

    [Theory]
    [InlineData(8, "window.holdBefore")]
    [InlineData(5, "window.end")]
    public void DemandFits_NoTimeForPlanAndHolds_IsRefused(int hours, string field)
    {
        var window = WindowReader.Read(new() { Start = Night.Start, End = Night.Start!.Value.AddHours(hours), HoldBefore = ["FirstFullSync", "ConfirmSwitch", "SecondFullSync"] }, Now);

        Assert.Equal(field, Field(() => WindowReader.DemandFits(window, Hours6, Now)));
        WindowReader.DemandFits(window with { End = window.Start.AddHours(9) }, Hours6, Now);
    }

    static string? Field(Action read) => Assert.Throws<ApiException>(read).Field;
}

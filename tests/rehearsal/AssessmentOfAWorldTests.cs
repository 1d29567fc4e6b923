using System.Net.Http.Json;
using GwbCloud.Lab.Hosting;

namespace GwbCloud.Tests.Rehearsal;

public sealed class AssessmentOfAWorldTests
{
    [Fact]
    public async Task Assessment_OfAWorldInAnotherProcess_StaysWithinItsMeans()
    {
        var measured = await MeasuredAssessment.RunAsync(
            ["--groups", "1000", "--cloud-groups", "5000", "--memberships", "50000"], "--limits", "off", "--memory", "250");

        measured.AssertWithinItsMeans(groups: 5_000, written: 1_000);
        Assert.InRange(measured.Account.World.WrittenMemberships, 40_000, 51_000);
    }

    [Fact]
    public async Task Assessment_WithTooMuchMemory_Fails()
    {
        var measured = await MeasuredAssessment.RunAsync(["--groups", "20", "--m365", "3"], "--memory", "1");

        Assert.True(measured.Account.Memory.IsOver);
        Assert.Equal(1, measured.ExitCode);
    }

    [Fact]
    public async Task World_LedToAMoment_NeverGoesBack()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var world = LabProcess.Start("world", "--groups", "20", "--m365", "3");
        var card = MeasuredAssessment.CardOf(await world.ReadLineAsync());
        using var http = new HttpClient { BaseAddress = new Uri(card.Address) };

        await LeadAsync(card.Moment.AddHours(1));
        await LeadAsync(card.Moment.AddMinutes(30));

        var now = MeasuredAssessment.CardOf(await http.GetStringAsync(WorldEndpoints.CardPath, stop));
        Assert.Equal(card.Moment.AddHours(1), now.Moment);

        async Task LeadAsync(DateTimeOffset at)
        {
            using var answer = await http.PostAsJsonAsync(WorldEndpoints.ClockPath, new Moment { At = at }, stop);
            answer.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task Assessment_WithoutAWorld_SaysWhereItLooked()
    {
        await using var measure = LabProcess.Start("assess", "--world", "http://127.0.0.1:1");

        Assert.Equal(1, await measure.WaitAsync());
    }
}

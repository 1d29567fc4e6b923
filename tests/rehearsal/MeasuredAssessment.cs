using System.Text.Json;
using System.Text.Json.Serialization;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Measuring;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A world in one process and its assessment in another.</summary>
sealed record MeasuredAssessment
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public required AssessmentAccount Account { get; init; }

    /// <summary>What <c>lab assess</c> ended with.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What <c>lab world</c> ended with when it was asked to stop.</summary>
    public required int WorldExitCode { get; init; }

    public static async Task<MeasuredAssessment> RunAsync(string[] world, params string[] assess)
    {
        await using var running = LabProcess.Start(["world", .. world]);
        var card = CardOf(await running.ReadLineAsync());
        await using var measure = LabProcess.Start(["assess", "--world", card.Address, "--json", .. assess]);
        string line = await measure.ReadLineAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        return new MeasuredAssessment
        {
            Account = JsonSerializer.Deserialize<AssessmentAccount>(line, Json)!,
            ExitCode = await measure.WaitAsync(),
            WorldExitCode = await running.StopAsync(),
        };
    }

    public static WorldCard CardOf(string line) => JsonSerializer.Deserialize<WorldCard>(line, Json)!;

    /// <summary>Complete, hardly more than the quotas and the pages demand, and within its memory.</summary>
    /// <param name="groups">Cloud groups.</param>
    /// <param name="written">Those that are written back.</param>
    public void AssertWithinItsMeans(int groups, int written)
    {
        Assert.Equal((0, 0), (ExitCode, WorldExitCode));
        Assert.Equal((groups, written), (Account.World.CloudGroups, Account.World.WrittenGroups));
        Assert.Equal(written, Account.Migrating);
        Assert.InRange(Account.Classified, written, groups);
        Assert.InRange(Account.Graph.Requests, Account.Graph.Needed, Account.Graph.Needed * 1.05 + 50);
        Assert.InRange(Account.Graph.Units, Account.Graph.UnitsNeeded, Account.Graph.UnitsNeeded * 1.05 + 100);
        // What is beyond the floor are the looks at jobs of the listeners, and the waits that the quota's windows are rounded up to.
        Assert.InRange(Account.Time.VirtualSeconds, 0, Account.Time.FloorSeconds * 1.5 + 60);
        Assert.False(Account.Memory.IsOver);
    }
}

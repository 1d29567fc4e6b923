using System.Globalization;
using System.Text.Json;
using GwbCloud.Journal;

namespace GwbCloud.Tests.Embedded.Model;

/// <summary>Random orchestrations on the engine, against a model that has no journal, no replay and no threads.</summary>
public sealed class ModelTests
{
    const int ScenariosPerTest = 10;

    /// <summary>A few seconds' worth; GWB_MODEL_BATCHES asks for more, GWB_FROM for a later start. The seeds are the numbers from 0.</summary>
    public static TheoryData<int> Batches => [.. Enumerable.Range(Number("GWB_FROM", 1) - 1, Number("GWB_MODEL_BATCHES", 12))];

    static int Number(string variable, int usual)
        => Environment.GetEnvironmentVariable(variable) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : usual;

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Engine_KilledAtEveryRecord_EndsAsTheModelDoes(int batch)
    {
        for (int seed = batch * ScenariosPerTest; seed < (batch + 1) * ScenariosPerTest; seed++)
        {
            using var folder = new TempFolder();
            var scenario = Scenario.Generate(seed);
            var expected = await Task.Run(() => ReferenceModel.Run(scenario), TestContext.Current.CancellationToken);

            Compare(expected, await EngineRun.RunAsync(scenario, folder.File("whole")), scenario, seed, "unkilled");
            var records = new List<byte[]>();
            JournalFile.Open(folder.File("whole"), r => records.Add(r.ToArray())).Dispose();
            for (int kept = 1; kept < records.Count; kept++)
            {
                string copy = folder.File($"killed-{kept}");
                using (var journal = JournalFile.Open(copy, durability: JournalDurability.Process))
                {
                    foreach (byte[] record in records.Take(kept)) { await journal.AppendAsync(record); }
                }
                Compare(expected, await EngineRun.RunAsync(scenario, copy), scenario, seed, $"killed after record {kept} of {records.Count}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Engine_ReplayingEveryTurn_EndsAsTheModelDoes(int batch)
    {
        for (int seed = batch * ScenariosPerTest; seed < (batch + 1) * ScenariosPerTest; seed++)
        {
            using var folder = new TempFolder();
            var scenario = Scenario.Generate(seed);
            var expected = await Task.Run(() => ReferenceModel.Run(scenario), TestContext.Current.CancellationToken);

            Compare(expected, await EngineRun.RunAsync(scenario, folder.File("replayed"), replayEveryTurn: true), scenario, seed, "replaying every turn");
        }
    }

    [Fact]
    public void Scenarios_CoverEveryStepOperationAndEnd()
    {
        var scenarios = Enumerable.Range(0, 12 * ScenariosPerTest).Select(Scenario.Generate).ToList();

        string text = JsonSerializer.Serialize(scenarios);
        var ends = scenarios.SelectMany(s => ReferenceModel.Run(s).Values).Select(o => o.Status).ToHashSet();

        Assert.All(["call", "flaky", "sleep", "loose", "await", "child", "both", "status", "send", "throw"], kind => Assert.Contains($"\"k\":\"{kind}\"", text, StringComparison.Ordinal));
        Assert.Equal(Enum.GetValues<OperationKind>(), scenarios.SelectMany(s => s.Operations).Select(o => o.Kind).Distinct().Order());
        Assert.Superset(new HashSet<string> { "Completed", "Failed", "Terminated", "Running" }, ends);
    }

    static void Compare(SortedDictionary<string, ProgramOutcome> expected, SortedDictionary<string, ProgramOutcome> actual, Scenario scenario, int seed, string how)
    {
        if (expected.SequenceEqual(actual)) { return; }
        var different = expected.Keys.Union(actual.Keys)
            .Where(id => !Equals(expected.GetValueOrDefault(id), actual.GetValueOrDefault(id)))
            .Select(id => $"{id}\n  model  {expected.GetValueOrDefault(id)}\n  engine {actual.GetValueOrDefault(id)}");
        Assert.Fail($"Seed {seed}, {how}:\n{string.Join('\n', different)}\n{JsonSerializer.Serialize(scenario)}");
    }
}

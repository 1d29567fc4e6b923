using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Benchmarks.Measuring;

/// <summary>Runs every contender on copies of the same directory, in turns, and prints one table.</summary>
static class StampingBenchmark
{
    /// <returns>0 when every target is met, 1 when one is not, 2 when nothing could be measured.</returns>
    public static async Task<int> RunAsync(BenchmarkOptions options, TextWriter output, CancellationToken stop)
    {
        if (SambaMachine.Missing is { } missing)
        {
            await output.WriteLineAsync(missing);
            return 2;
        }

        var table = new ResultTable();
        foreach (int size in options.Sizes)
        {
            await using var scene = await StampingScene.CreateAsync(size, options.FreshConnections);
            if (size == options.Sizes[0]) { await WarmUpAsync(scene, stop); }
            foreach (bool flush in (bool[])(options.Flushing switch { Flushing.Off => [false], Flushing.On => [true], _ => [false, true] }))
            {
                for (int round = 0; round < options.Rounds; round++)
                {
                    // Another one begins each time: who runs first must not decide who is faster.
                    foreach (int turn in Enumerable.Range(round, Contenders.All.Count))
                    {
                        var contender = Contenders.All[turn % Contenders.All.Count];
                        await using var dc = await SambaDc.StartAsync(flush, template: scene.Filled);
                        table.Add(new(size, flush), contender, await contender.RunAsync(scene, dc, stop));
                    }
                }
            }
        }
        return await table.PrintAsync(output) ? 0 : 1;
    }

    /// <summary>
    /// The write phase runs in this process. A service has long compiled what it runs; the first run of a process has not, and would be no median
    /// of the others. The whole command is measured in a new process each time, with all that this costs.
    /// </summary>
    static async Task WarmUpAsync(StampingScene scene, CancellationToken stop)
    {
        await using var dc = await SambaDc.StartAsync(flush: false, template: scene.Filled);
        _ = await Contenders.WritePhase.RunAsync(scene, dc, stop);
    }
}

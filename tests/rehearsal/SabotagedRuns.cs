using System.Collections.Concurrent;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>One rehearsal of each sabotage in a small world, for every test that asks something of it.</summary>
static class SabotagedRuns
{
    static readonly ConcurrentDictionary<Sabotage, Lazy<Task<Rehearsed>>> Runs = new();

    public static Task<Rehearsed> OfAsync(Sabotage sabotage) =>
        Runs.GetOrAdd(sabotage, which => new Lazy<Task<Rehearsed>>(() => Rehearsed.RunAsync(Rehearsed.Small(which)))).Value;
}

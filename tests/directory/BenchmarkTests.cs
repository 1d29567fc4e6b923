using System.Diagnostics;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory;

/// <summary>The benchmark of stamping runs; what it measures in so few groups means nothing.</summary>
public sealed class BenchmarkTests
{
    [DirectoryFact]
    public async Task Benchmark_OfAFewGroups_PrintsEveryContenderAndItsTargets()
    {
        var stop = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "GwbCloud.Benchmarks.dll"), "--sizes", "10", "20", "--rounds", "1", "--flush", "Off", "--fresh", "5"])
        {
            RedirectStandardOutput = true,
        })!;
        string table = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);

        TestContext.Current.TestOutputHelper?.WriteLine(table);
        string[] lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11, lines.Length);
        foreach (string contender in (string[])["ldapmodify, one value each", "stamping, write phase", "stamping, whole command", "one modify per new connection"])
        {
            Assert.Equal(2, lines.Count(line => line.Contains(contender, StringComparison.Ordinal)));
        }
        Assert.All(lines.Where(line => line.Contains("stamping", StringComparison.Ordinal)), line => Assert.Matches("(pass|MISSED)$", line));
        // A target that is missed is 1; that is for people to judge, on a quiet machine and with more groups.
        Assert.InRange(process.ExitCode, 0, 1);
    }
}

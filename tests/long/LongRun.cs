using System.Globalization;
using System.Runtime.CompilerServices;

namespace GwbCloud.Tests.Long;

/// <summary>How much a long run does, and where it goes on: <c>GWB_FROM=31 dotnet test tests/long</c> begins every series at its 31st seed.</summary>
static class LongRun
{
    const string From = "GWB_FROM";

    /// <summary>The beginning of the names that a series is cut to: <c>GWB_ONLY=undo dotnet test tests/long</c>.</summary>
    const string Only = "GWB_ONLY";

    /// <summary>Batches of ten random orchestrations, each killed at every record.</summary>
    const string Batches = "GWB_MODEL_BATCHES";

    /// <summary>The seeds of a series from its start, or from where the last run was.</summary>
    public static TheoryData<int> Seeds(int last)
    {
        var first = int.Parse(Environment.GetEnvironmentVariable(From) ?? "1", CultureInfo.InvariantCulture);
        return [.. Enumerable.Range(first, Math.Max(0, last - first + 1))];
    }

    /// <summary>The names of a series, or those of them that are asked for.</summary>
    public static IEnumerable<string> Named(IEnumerable<string> all) => all.Where(name => name.StartsWith(Environment.GetEnvironmentVariable(Only) ?? "", StringComparison.Ordinal));

    [ModuleInitializer]
    internal static void AskForVolume()
    {
        if (Environment.GetEnvironmentVariable(Batches) is null) { Environment.SetEnvironmentVariable(Batches, "300"); }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace GwbCloud.Lab.Measuring;

/// <summary>Memory of this process as the system counts it.</summary>
static class ProcessMemory
{
    const string Status = "/proc/self/status";
    const int Megabyte = 1024 * 1024;

    /// <summary>The most physical memory that the process ever had, in MB.</summary>
    public static int PeakMegabytes()
    {
        // The line is "VmHWM:    123456 kB".
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        if (line is not null) { return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024; }
        using var process = Process.GetCurrentProcess();
        return (int)(process.PeakWorkingSet64 / Megabyte);
    }

    /// <summary>What of the collector's settings bears on memory.</summary>
    public static string Collector()
    {
        var settings = GC.GetConfigurationVariables();
        string limit = settings.TryGetValue("GCHeapHardLimit", out object? bytes) && Convert.ToInt64(bytes, CultureInfo.InvariantCulture) is > 0 and var most
            ? string.Create(CultureInfo.InvariantCulture, $", heap at most {most / Megabyte:N0} MB")
            : "";
        return $"{(GCSettings.IsServerGC ? "server" : "workstation")}, {(GCSettings.LatencyMode == GCLatencyMode.Batch ? "not concurrent" : "concurrent")}{limit}";
    }
}

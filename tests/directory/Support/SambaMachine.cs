using System.Diagnostics;

namespace GwbCloud.Tests.Directory.Support;

/// <summary>Whether this machine can run a domain controller.</summary>
static partial class SambaMachine
{
    static readonly Lazy<string?> Lacks = new(Ask);

    /// <summary>The script that makes and runs controllers.</summary>
    public static string Script => Path.Combine(AppContext.BaseDirectory, "samba-dc.sh");

    /// <summary>Samba and its tools are here, and we may run them.</summary>
    public static bool Ready => Missing is null;

    /// <summary>What is missing, one line; null when nothing is.</summary>
    public static string? Missing => Lacks.Value;

    static string? Ask()
    {
        if (!OperatingSystem.IsLinux()) { return "no domain controller for tests on this machine: Linux missing"; }
        var start = new ProcessStartInfo(Script, ["missing"]) { RedirectStandardOutput = true };
        start.Environment["DC_DIR"] = "none";
        using var process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode switch
        {
            0 => null,
            1 when said.Length > 0 => said,
            _ => throw new InvalidOperationException($"{Script} is broken: exit code {process.ExitCode}"),
        };
    }
}

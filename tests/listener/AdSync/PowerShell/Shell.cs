using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>The PowerShell of this machine: Windows PowerShell on Windows, pwsh on the PATH elsewhere.</summary>
static class Shell
{
    /// <summary>Full path, or null when there is none.</summary>
    public static string? Executable { get; } = Find();

    /// <summary>Why tests that need it are skipped, or null.</summary>
    public static string? Missing => Executable is null ? "There is no pwsh on the PATH." : null;

    /// <summary>Variables that it needs beside Windows' own.</summary>
    public static Dictionary<string, string> EnvironmentFor(string home)
    {
        var variables = new Dictionary<string, string>
        {
            ["HOME"] = home, ["POWERSHELL_TELEMETRY_OPTOUT"] = "1", ["POWERSHELL_UPDATECHECK"] = "Off", ["XDG_CACHE_HOME"] = home,
        };
        foreach (string name in new[] { "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "DOTNET_ROOT" })
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) { variables[name] = value; }
        }
        return variables;
    }

    /// <summary>Runs a command of the tests' own and returns its output.</summary>
    public static async Task<string> RunAsync(string command, string home, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Executable!) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (string argument in new[] { "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", command }) { start.ArgumentList.Add(argument); }
        foreach (var (name, value) in EnvironmentFor(home)) { start.Environment[name] = value; }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    static string? Find()
    {
        if (OperatingSystem.IsWindows())
        {
            string windows = Path.Combine(Environment.SystemDirectory, "WindowsPowerShell", "v1.0", "powershell.exe");
            return File.Exists(windows) ? windows : null;
        }
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "pwsh")).FirstOrDefault(File.Exists);
    }
}

/// <summary>A test that needs a PowerShell; skipped with what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PowerShellFactAttribute : FactAttribute
{
    public PowerShellFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = Shell.Missing;
}

/// <summary>A theory that needs a PowerShell; skipped with what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PowerShellTheoryAttribute : TheoryAttribute
{
    public PowerShellTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = Shell.Missing;
}

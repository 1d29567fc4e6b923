using System.Runtime.CompilerServices;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>Whether this machine has a browser for tests.</summary>
static class BrowserMachine
{
    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe", "msedge.exe"];

    /// <summary>Names the browser on machines where it has another place.</summary>
    const string Variable = "GWB_CHROMIUM";

    /// <summary>Path of the browser; null when there is none.</summary>
    public static string? Executable { get; } = Find();

    /// <summary>What is missing, one line; null when nothing is.</summary>
    public static string? Missing => Executable is null ? $"no browser for tests on this machine: Chromium missing (Debian: apt-get install chromium; elsewhere set {Variable})" : null;

    static string? Find() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}

/// <summary>A test that needs a browser; where the machine has none it is skipped, with what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (BrowserMachine.Missing is { } missing) { Skip = missing; }
    }
}

/// <inheritdoc cref="BrowserFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (BrowserMachine.Missing is { } missing) { Skip = missing; }
    }
}

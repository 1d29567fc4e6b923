using System.Diagnostics;
using System.Globalization;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>The lab in a process of its own, started as a person would start it.</summary>
sealed class LabProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly Task<string> _complained;

    LabProcess(Process process, CancellationToken stop) => (_process, _complained) = (process, process.StandardError.ReadToEndAsync(stop));

    public static LabProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "GwbCloud.Lab.dll"));
        foreach (string argument in arguments) { start.ArgumentList.Add(argument); }
        return new LabProcess(Process.Start(start)!, TestContext.Current.CancellationToken);
    }

    /// <summary>The next line on standard output.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"The lab ended: {await _complained}");

    /// <summary>Asks it to stop, as a shell does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await WaitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(await _complained);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}

using System.CommandLine;
using System.Runtime.InteropServices;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>A verb of the lab as the shell sees it: help, signals, bad usage, exit code.</summary>
static class Shell
{
    /// <summary>Runs what a command line asks for, and returns the exit code.</summary>
    /// <param name="command">Knows its options.</param>
    /// <param name="args">As they were typed, without the verb.</param>
    /// <param name="run">Reads the arguments, and acts until it is done or told to stop.</param>
    public static async Task<int> RunAsync(Command command, string[] args, Func<CancellationToken, Task<int>> run)
    {
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            if (IsForHelp(command, args, out int code)) { return code; }
            return await run(interrupted.Token);
        }
        catch (BadUsageException e)
        {
            await System.Console.Error.WriteLineAsync(e.Message);
            return ExitCode.BadUsage;
        }

        // The first signal ends in order, a second one at once.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }
    }

    static bool IsForHelp(Command command, string[] args, out int code)
    {
        code = ExitCode.Completed;
        var parsed = StrictOptions.ParseAnyhow(command, args);
        // The parser's own actions are --help and --version.
        if (parsed.Errors.Count > 0 || parsed.Action is null) { return false; }
        code = parsed.Invoke();
        return true;
    }
}

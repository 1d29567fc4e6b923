using System.ComponentModel;
using System.Diagnostics;

namespace GwbCloud.RelayListener.Service;

/// <summary>Runs the tools of Windows that set a service up.</summary>
interface ICommandRunner
{
    /// <summary>Runs a program of the system folder, or of a full path, to its end.</summary>
    Task<CommandRun> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}

/// <summary>How a program ended, and what it said on both streams.</summary>
sealed record CommandRun(int ExitCode, string Output);

/// <summary>Real processes. A bare name is looked for in the system folder only, never on a path that others may write to.</summary>
sealed class ProcessRunner : ICommandRunner
{
    /// <summary>There is no such program.</summary>
    public const int NotFound = -1;

    public async Task<CommandRun> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string path = Path.IsPathFullyQualified(program) ? program : Path.Combine(Environment.SystemDirectory, program);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                CreateNoWindow = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, $"{await output}{await error}".Trim());
        }
        catch (Win32Exception e)
        {
            return new(NotFound, e.Message);
        }
    }
}

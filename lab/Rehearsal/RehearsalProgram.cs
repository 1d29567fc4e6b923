using GwbCloud.Lab.Terminal;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>A rehearsal as the shell sees it: output and exit code, never a stack trace.</summary>
public static class RehearsalProgram
{
    /// <exception cref="BadUsageException">A folder can't be made; nothing was started.</exception>
    public static async Task<int> RunAsync(RehearsalOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Make("--output", options.Output);
        if (options.Data is { } data) { Make("--data", data); }
        KillSwitch.Begin();
        await using var view = Views.For(options.Console);
        try
        {
            return (await RehearsalRun.RunAsync(options, view, cancellationToken)).ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await FailAsync(view, options.Data is null ? "Stopped." : "Stopped; the same --data goes on.");
        }
        catch (Exception e) when (e is RehearsalFailedException or IOException or UnauthorizedAccessException or Journal.JournalException)
        {
            return await FailAsync(view, e.Message);
        }
    }

    /// <summary>Known before the rehearsal, not after it.</summary>
    static void Make(string option, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadUsageException($"{option}: the folder {Quoted.Of(folder)} can't be made; name another one.");
        }
    }

    static async Task<int> FailAsync(IRehearsalView view, string message)
    {
        await view.DisposeAsync();
        await System.Console.Error.WriteLineAsync(message);
        return ExitCode.Failed;
    }
}

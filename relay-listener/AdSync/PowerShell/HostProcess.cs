using System.Buffers;
using System.Diagnostics;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>How a process of the host came to its end.</summary>
enum HostEnd
{
    Exited,
    TimeLimit,
    Flood,
}

/// <summary>What a process left behind.</summary>
sealed record HostRun
{
    public required HostEnd End { get; init; }

    /// <summary>Null when it had to be killed.</summary>
    public int? ExitCode { get; init; }
    public required byte[] Output { get; init; }
    public required byte[] Errors { get; init; }
    public required TimeSpan Took { get; init; }
}

/// <summary>Runs one process with everything bounded: time, output, and what it leaves running.</summary>
static class HostProcess
{
    /// <summary>Starts the process, hands it its input, and waits for its end.</summary>
    /// <param name="start">File, arguments and environment.</param>
    /// <param name="input">Standard input, whole; then it is closed.</param>
    /// <param name="options">Limits of output and the clock.</param>
    /// <param name="limit">After that the process and what it started are killed.</param>
    /// <param name="cancellationToken">Kills the same way.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static async Task<HostRun> RunAsync(
        ProcessStartInfo start, ReadOnlyMemory<byte> input, PowerShellOptions options, TimeSpan limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long began = options.Time.GetTimestamp();
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(limit, options.Time);
        using var flooded = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, flooded.Token, cancellationToken);

        var output = new BoundedOutput(process.StandardOutput.BaseStream, options.MaxAnswerBytes, flooded);
        var errors = new BoundedOutput(process.StandardError.BaseStream, options.MaxErrorBytes, flooded);
        // Started together: a process that writes before it has read everything must not wait for us, nor we for it.
        var read = Task.WhenAll(output.ReadAsync(), errors.ReadAsync());
        _ = WriteAsync(process, input);
        int? exitCode = null;
        try
        {
            await process.WaitForExitAsync(stop.Token);
            exitCode = process.ExitCode;
            // Something that it started may hold the pipes open for ever; what the process itself wrote is in them already.
            await Task.WhenAny(read, Task.Delay(TimeSpan.FromMilliseconds(options.DrainMilliseconds), options.Time, stop.Token));
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
            await Task.WhenAny(read, Task.Delay(TimeSpan.FromMilliseconds(options.DrainMilliseconds), options.Time, CancellationToken.None));
            cancellationToken.ThrowIfCancellationRequested();
        }
        return new()
        {
            End = flooded.IsCancellationRequested ? HostEnd.Flood : exitCode is null ? HostEnd.TimeLimit : HostEnd.Exited,
            ExitCode = exitCode,
            Output = output.Take(),
            Errors = errors.Take(),
            Took = options.Time.GetElapsedTime(began),
        };
    }

    static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            await using var stream = process.StandardInput.BaseStream;
            await stream.WriteAsync(input);
        }
        catch (IOException)
        {
            // It ended before it had read everything; its end tells why.
        }
    }

    static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException or NotSupportedException)
        {
            // It has just ended by itself, or a child of it has.
        }
    }

    /// <summary>Keeps what arrives up to a limit, and calls for the end beyond it.</summary>
    sealed class BoundedOutput(Stream stream, int limit, CancellationTokenSource flooded)
    {
        readonly ArrayBufferWriter<byte> _kept = new();

        public async Task ReadAsync()
        {
            var buffer = new byte[32 * 1024];
            try
            {
                while (await stream.ReadAsync(buffer) is > 0 and var count)
                {
                    lock (_kept)
                    {
                        _kept.Write(buffer.AsSpan(0, Math.Min(count, limit - _kept.WrittenCount)));
                        if (_kept.WrittenCount < limit) { continue; }
                    }
                    await flooded.CancelAsync();
                    return;
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The pipe broke with its process.
            }
        }

        public byte[] Take()
        {
            lock (_kept) { return _kept.WrittenSpan.ToArray(); }
        }
    }
}

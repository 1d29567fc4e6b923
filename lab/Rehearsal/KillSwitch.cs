using System.Diagnostics;
using System.Globalization;
using GwbCloud.Journal;
using Microsoft.Win32.SafeHandles;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>Ends this process by SIGKILL at the write that the environment names: exactly there, and without anybody who watches from outside.</summary>
/// <remarks>
/// What comes after the write is lost as with any kill: nothing is closed, flushed or told. Writes are counted from <see cref="Begin"/> to
/// <see cref="End"/>, so that of an operation after a migration only its own part is drawn from.
/// </remarks>
public static class KillSwitch
{
    /// <summary>Names the point, as <see cref="KillPoint"/> is written.</summary>
    public const string Variable = "GWB_LAB_KILL";

    /// <summary>Names a file that gets the number of writes at <see cref="End"/>.</summary>
    public const string CountVariable = "GWB_LAB_WRITES";

    static KillPoint? _point;
    static int _writes;

    /// <summary>Writes count from here on. Without the variables nothing happens; a second call changes nothing.</summary>
    /// <exception cref="BadUsageException">The variable names no point.</exception>
    public static void Begin()
    {
        string? point = Environment.GetEnvironmentVariable(Variable);
        if (JournalFile.Writing is not null || (point is null && Environment.GetEnvironmentVariable(CountVariable) is null)) { return; }
        _point = point is null ? null : KillPoint.Parse(point);
        JournalFile.Writing = Count;
    }

    /// <summary>The story is over: while everything closes, time runs free and writes as often as it likes.</summary>
    public static void End()
    {
        if (JournalFile.Writing is null) { return; }
        JournalFile.Writing = null;
        if (Environment.GetEnvironmentVariable(CountVariable) is { } file) { File.WriteAllText(file, _writes.ToString(CultureInfo.InvariantCulture)); }
    }

    static void Count(SafeFileHandle file, ReadOnlySpan<byte> frame, long offset)
    {
        int write = Interlocked.Increment(ref _writes);
        if (_point is not { } point || write < point.Write) { return; }
        switch (point.Moment)
        {
            case KillMoment.After when write == point.Write:
                new Thread(() => KillIn(point.Microseconds)) { IsBackground = true, Priority = ThreadPriority.Highest }.Start();
                return;
            case KillMoment.Within:
                RandomAccess.Write(file, frame[..(frame.Length / 2)], offset);
                break;
        }

        Kill();
    }

    static void KillIn(int microseconds)
    {
        long since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since).TotalMicroseconds < microseconds) { Thread.SpinWait(20); }
        Kill();
    }

    static void Kill()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();

        // The signal may take a moment: nothing more is written by this thread.
        Thread.Sleep(Timeout.Infinite);
    }
}

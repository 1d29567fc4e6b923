using System.Text;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Audit;

/// <summary>
/// What this listener was asked and what it did, one JSON line each, with the hash of the line before it. The files are bounded in size and
/// number; the chain runs on from file to file.
/// </summary>
/// <remarks>
/// <para>Whoever reaches the listener can make it refuse. So only so many refusals an hour get a line of their own; what exceeds them is
/// counted by code, and the count is written at each power of ten and when the hour is over.</para>
/// <para>The file is open only while a line is written, and its end is read again when another process wrote: the operator's own session
/// keeps the same trail. Safe for concurrent use.</para>
/// </remarks>
sealed partial class AuditTrail : IDisposable
{
    const int MaxKid = 64;
    const int Attempts = 50;
    const int MostCodes = 64;

    static readonly TimeSpan Window = TimeSpan.FromHours(1);

    readonly AuditFiles _files;
    readonly TimeProvider _time;
    readonly int _refusalsPerHour;
    readonly ILogger _logger;
    readonly Lock _gate = new();
    readonly SortedDictionary<string, long> _uncounted = new(StringComparer.Ordinal);
    readonly ITimer _timer;
    DateTimeOffset _windowEnd;
    int _written;
    bool _started;
    bool _closed;

    public AuditTrail(string folder, JournalDurability durability, TimeProvider time, int refusalsPerHour, ILogger logger, AuditLimits? limits = null)
    {
        (_time, _refusalsPerHour, _logger) = (time, refusalsPerHour, logger);
        _files = new(folder, durability, limits ?? new());
        _timer = time.CreateTimer(_ => CloseWindow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A command was refused at the door.</summary>
    /// <returns>True when it got a line of its own.</returns>
    public bool Refused(Refusal refusal, string? kid, ReadOnlySpan<byte> body)
    {
        string hash = Sha256Text.Of(body);
        lock (_gate)
        {
            if (_time.GetUtcNow() >= _windowEnd) { OpenWindow(); }
            if (_written < _refusalsPerHour)
            {
                _written++;
                Keep(new() { Event = AuditEvent.Refused, Code = refusal.Code, Kid = kid is { Length: > MaxKid } ? kid[..MaxKid] : kid, Body = hash });
                return true;
            }
            CountOn(refusal.Code);
            return false;
        }
    }

    /// <summary>Keeps a line. What cannot be written is told to the log and stops nothing: the way forward and back must stay open.</summary>
    public void Keep(AuditLine line)
    {
        try
        {
            Demand(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogLost(e, line.Event);
        }
    }

    /// <summary>Keeps a line without which nothing may happen.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Demand(AuditLine line)
    {
        lock (_gate)
        {
            if (_closed) { return; }
            _started |= line.Event == AuditEvent.Started;
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    _files.Append(line with { At = _time.GetUtcNow() });
                    return;
                }
                // Once in any case: the other process may have begun the next file in the same moment, or let go of this one.
                catch (IOException) when (attempt == 1 || (attempt < Attempts && _files.IsHeldElsewhere()))
                {
                    Thread.Sleep(attempt);
                }
            }
        }
    }

    /// <summary>Ends as a killed process would.</summary>
    public void Abandon()
    {
        lock (_gate) { _closed = true; }
        _timer.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) { return; }
            WriteCounts();
            if (_started) { Keep(new() { Event = AuditEvent.Stopped }); }
        }
        Abandon();
    }

    /// <summary>Reads the whole trail of a folder and says where its chain breaks; null when it does not.</summary>
    public static string? Check(string folder) => AuditFiles.Check(folder);

    /// <summary>The lines of a folder, oldest first, as far as they can be read.</summary>
    public static IEnumerable<AuditLine> Read(string folder) => AuditFiles.Paths(folder).SelectMany(path => File.ReadLines(path, Encoding.UTF8))
        .Select(line => JsonSerializer.Deserialize<AuditLine>(line, ContractJson.Lenient)!);

    void CountOn(string code)
    {
        // The codes are a closed list; the bound guards against a mistake of ours.
        if (!_uncounted.TryGetValue(code, out long count) && _uncounted.Count >= MostCodes) { return; }
        _uncounted[code] = ++count;
        if (_uncounted.Count == 1 && count == 1) { _timer.Change(_windowEnd - _time.GetUtcNow(), Timeout.InfiniteTimeSpan); }
        if (IsPowerOfTen(count)) { Keep(new() { Event = AuditEvent.RefusedMore, Code = code, Count = count }); }
    }

    void OpenWindow()
    {
        WriteCounts();
        _windowEnd = _time.GetUtcNow() + Window;
        _written = 0;
    }

    void CloseWindow()
    {
        lock (_gate) { WriteCounts(); }
    }

    void WriteCounts()
    {
        foreach (var (code, count) in _uncounted.Where(counted => !IsPowerOfTen(counted.Value)))
        {
            Keep(new() { Event = AuditEvent.RefusedMore, Code = code, Count = count });
        }
        _uncounted.Clear();
    }

    static bool IsPowerOfTen(long count)
    {
        while (count % 10 == 0 && count > 0) { count /= 10; }
        return count == 1;
    }

    [LoggerMessage(6012, LogLevel.Critical, "The audit line {What} could not be written")]
    partial void LogLost(Exception e, AuditEvent what);
}

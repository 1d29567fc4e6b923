using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>Every command that was taken, on disk and in memory: how it stands, what came of it, and that its id was used.</summary>
/// <remarks>
/// <para>A record is on disk before it shows. The file is rewritten when it has grown: ended jobs of a while ago shrink to their id and
/// hash, so that the protection against replays outlives them. The rewritten file replaces the old one in one step; a crash in between
/// leaves the old one.</para>
/// <para>The switch is never let go of. Bounded in number; when every remembered command is young, <see cref="IsFull"/> says so.</para>
/// </remarks>
sealed class JobLedger : IAsyncDisposable
{
    /// <summary>Each waits a millisecond longer than the one before: five seconds in all.</summary>
    const int ReopenAttempts = 100;

    /// <summary>The newest migrations whose beginning outlives their commands. One that is let go of begins anew with its next command.</summary>
    const int MaxMigrations = 1000;

    readonly string _path;
    readonly JournalDurability _durability;
    readonly Func<Command, JobEffect> _effectOf;
    readonly TimeProvider _time;
    readonly JobLimits _limits;
    readonly SemaphoreSlim _appending = new(1, 1);
    readonly Lock _replacing = new();
    readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    readonly Dictionary<string, JobForgotten> _forgotten = new(StringComparer.Ordinal);
    readonly Dictionary<string, MigrationBegan> _migrations = new(StringComparer.Ordinal);
    DateTimeOffset? _canariesSince;
    DateTimeOffset? _lastRecordedAt;
    JournalFile _journal;
    long _bytes;
    long _rewriteAt;
    long _next;
    bool _abandoned;

    public JobLedger(string path, JournalDurability durability, Func<Command, JobEffect> effectOf, TimeProvider time, JobLimits limits)
    {
        (_path, _durability, _effectOf, _time, _limits, _rewriteAt) = (path, durability, effectOf, time, limits, limits.RewriteAtBytes);
        // What a process left that was killed while it rewrote.
        File.Delete(NewPath);
        _journal = JournalFile.Open(path, Replay, durability);
    }

    /// <summary>Guards the jobs.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Jobs that have not ended, in the order of their acceptance.</summary>
    public IReadOnlyList<Job> Unended
    {
        get
        {
            lock (Gate) { return [.. _jobs.Values.Where(job => job.Ended is null).OrderBy(job => job.Order)]; }
        }
    }

    /// <summary>When the last command was taken or ended, also before this process; null when none is remembered.</summary>
    public DateTimeOffset? LastRecordedAt
    {
        get
        {
            lock (Gate) { return _lastRecordedAt; }
        }
    }

    string NewPath => _path + ".new";

    public Job? Find(string commandId)
    {
        lock (Gate) { return _jobs.GetValueOrDefault(commandId); }
    }

    /// <summary>The hash of a command whose result is gone; null when the id was never used, or the job is still here.</summary>
    public string? FindForgotten(string commandId)
    {
        lock (Gate) { return _forgotten.GetValueOrDefault(commandId)?.CommandHash; }
    }

    /// <summary>The plan that the migration's commands have named so far; null when none did.</summary>
    public string? PlanOf(string migration)
    {
        lock (Gate) { return _migrations.GetValueOrDefault(migration)?.PlanHash; }
    }

    /// <summary>
    /// The moment since which a migration's canaries may have been made: its own first command, or that of the earliest one which left canaries
    /// behind, as a postponed one does.
    /// </summary>
    public DateTimeOffset CanariesSince(string migration)
    {
        lock (Gate)
        {
            var began = _migrations.GetValueOrDefault(migration)?.At ?? _time.GetUtcNow();
            return _canariesSince < began ? _canariesSince.Value : began;
        }
    }

    /// <summary>True when no further command can be remembered.</summary>
    public bool IsFull()
    {
        lock (Gate)
        {
            if (_jobs.Count + _forgotten.Count < _limits.MaxRemembered) { return false; }
            LetGo();
            return _jobs.Count + _forgotten.Count >= _limits.MaxRemembered;
        }
    }

    /// <summary>Keeps a record on disk, then applies it.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="ObjectDisposedException">The ledger was closed.</exception>
    public async Task KeepAsync(JobRecord record)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(record, ContractJson.Options);
        await _appending.WaitAsync();
        try
        {
            await _journal.AppendAsync(bytes);
            lock (Gate)
            {
                _bytes += bytes.Length;
                Apply(record);
            }
            if (_bytes > _rewriteAt) { await RewriteAsync(); }
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Lets go of what is old, and rewrites the file when there was any.</summary>
    public async Task TidyAsync()
    {
        await _appending.WaitAsync();
        try
        {
            bool any;
            lock (Gate) { any = LetGo(); }
            if (any) { await RewriteAsync(); }
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Ends as a killed process would.</summary>
    public void Abandon()
    {
        lock (_replacing)
        {
            _abandoned = true;
            _journal.Abandon();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _appending.WaitAsync();
        await _journal.DisposeAsync();
        _appending.Release();
    }

    void Replay(ReadOnlySpan<byte> bytes)
    {
        _bytes += bytes.Length;
        Apply(JsonSerializer.Deserialize<JobRecord>(bytes, ContractJson.Lenient)!);
    }

    void Apply(JobRecord record)
    {
        if (record is not CanariesKept && !(record.At <= _lastRecordedAt)) { _lastRecordedAt = record.At; }
        switch (record)
        {
            case JobAccepted accepted:
                _jobs.Add(accepted.CommandId, new(accepted, _effectOf(accepted.Command), _next++));
                Begin(new() { CommandId = accepted.CommandId, At = accepted.At, Migration = accepted.Migration, PlanHash = accepted.PlanHash });
                break;
            case MigrationBegan began: Begin(began); break;
            case CanariesKept kept: _canariesSince = kept.Since; break;
            case JobForgotten forgotten:
                _jobs.Remove(forgotten.CommandId);
                _forgotten[forgotten.CommandId] = forgotten;
                break;
            case JobNoted noted: _jobs[noted.CommandId].Note = noted; break;
            case JobCancelled cancelled: _jobs[cancelled.CommandId].Cancelled = cancelled; break;
            case JobEnded ended:
                var job = _jobs[ended.CommandId];
                job.Ended = ended;
                CountCanaries(job.Accepted, ended.State);
                break;
        }
    }

    /// <summary>The first command counts; the plan is that of the first one that names one.</summary>
    void Begin(MigrationBegan began)
    {
        var known = _migrations.GetValueOrDefault(began.Migration) ?? began;
        _migrations[began.Migration] = known.PlanHash is null ? known with { PlanHash = began.PlanHash } : known;
    }

    void CountCanaries(JobAccepted accepted, CommandState state)
    {
        if (state != CommandState.Done) { return; }
        if (accepted.Command is CreateMatchCanary) { _canariesSince ??= _migrations[accepted.Migration].At; }
        else if (accepted.Command is RemoveCanaryObjects) { _canariesSince = null; }
    }

    /// <summary>Shrinks ended jobs to their id and hash, and lets go of ids that no envelope can bear any more.</summary>
    bool LetGo()
    {
        var now = _time.GetUtcNow();
        long results = _jobs.Values.Sum(job => (long)(job.Ended?.Result?.Length ?? 0));
        int remembered = _jobs.Count + _forgotten.Count;
        bool any = false;
        foreach (var job in _jobs.Values.Where(job => job is { Ended: not null, Effect: not JobEffect.Irreversible }).OrderBy(job => job.Ended!.At).ToList())
        {
            var age = now - job.Ended!.At;
            if (age < _limits.KeepAtLeast || (age < _limits.KeepResults && results <= _limits.MaxResultBytes && remembered < _limits.MaxRemembered)) { break; }
            results -= job.Ended.Result?.Length ?? 0;
            Apply(new JobForgotten { CommandId = job.Id, At = job.Ended.At, CommandHash = job.Accepted.CommandHash });
            any = true;
        }
        // A tenth more than is needed, so that not every command has to look.
        int excess = remembered < _limits.MaxRemembered ? 0 : remembered - _limits.MaxRemembered + 1 + (_limits.MaxRemembered / 10);
        foreach (var forgotten in _forgotten.Values.OrderBy(forgotten => forgotten.At).Take(excess).ToList())
        {
            if (now - forgotten.At < _limits.KeepAtLeast) { break; }
            _forgotten.Remove(forgotten.CommandId);
            any = true;
        }
        return any;
    }

    async Task RewriteAsync()
    {
        List<JobRecord> records;
        lock (Gate)
        {
            LetGo();
            records =
            [
                .. _migrations.Values.OrderByDescending(began => began.At).Take(MaxMigrations).OrderBy(began => began.At),
                .. _forgotten.Values.OrderBy(forgotten => forgotten.At),
                .. _jobs.Values.OrderBy(job => job.Order).SelectMany(RecordsOf),
                // Last: what the jobs above tell of canaries is no more than a part of it.
                new CanariesKept { CommandId = "", At = _time.GetUtcNow(), Since = _canariesSince },
            ];
        }
        try
        {
            _bytes = await WriteNewAsync(records);
            Replace();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No room for a second file: the first one goes on, and later there may be.
        }
        _rewriteAt = Math.Max(_limits.RewriteAtBytes, _bytes * 2);
    }

    async Task<long> WriteNewAsync(List<JobRecord> records)
    {
        long bytes = 0;
        File.Delete(NewPath);
        await using var file = JournalFile.Open(NewPath, null, _durability);
        var safe = new List<Task>(records.Count);
        foreach (var record in records)
        {
            var line = JsonSerializer.SerializeToUtf8Bytes(record, ContractJson.Options);
            bytes += line.Length;
            safe.Add(file.AppendAsync(line).AsTask());
        }
        await Task.WhenAll(safe);
        return bytes;
    }

    void Replace()
    {
        lock (_replacing)
        {
            ObjectDisposedException.ThrowIf(_abandoned, this);
            _journal.Dispose();
            try
            {
                File.Move(NewPath, _path, overwrite: true);
            }
            finally
            {
                _journal = Reopen();
            }
        }
    }

    /// <summary>A scanner or a backup may look into a file that was just closed, and lets go in a moment. Without its journal the listener could end no job.</summary>
    JournalFile Reopen()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return JournalFile.Open(_path, null, _durability);
            }
            catch (JournalInUseException) when (attempt < ReopenAttempts)
            {
                Thread.Sleep(attempt);
            }
        }
    }

    static IEnumerable<JobRecord> RecordsOf(Job job)
    {
        yield return job.Accepted;
        if (job.Ended is { } ended) { yield return ended; yield break; }
        if (job.Note is { } note) { yield return note; }
        if (job.Cancelled is { } cancelled) { yield return cancelled; }
    }
}

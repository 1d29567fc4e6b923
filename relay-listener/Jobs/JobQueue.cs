using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Documents;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Status;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>Takes verified commands, keeps them on disk, and carries them out: one that writes at a time, reads beside it.</summary>
/// <remarks>
/// A job that had not ended when the process died runs again after the restart. That is safe because reads change nothing, writes compare
/// first, and the switch finds its own trace. Jobs are never forgotten, so an old command id can never start a second job.
/// </remarks>
sealed partial class JobQueue : IDisposable
{
    /// <summary>More waiting commands than that are refused; a migration has a handful at a time.</summary>
    public const int MaxWaiting = 64;

    const int MaxReads = 4;

    /// <summary>The payload of a result whose JWS still fits well into an answer of 48 KB; a larger one becomes a document.</summary>
    const int MaxPayloadBytes = 24 * 1024;

    readonly Lock _gate = new();
    readonly SemaphoreSlim _accepting = new(1, 1);
    readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    readonly Queue<Job> _writes = new();
    readonly Queue<Job> _reads = new();
    readonly List<Task> _atWork = [];
    readonly CancellationTokenSource _stop = new();
    readonly CommandTable _table;
    readonly DocumentFolder _documents;
    readonly EnvelopeSigner _signer;
    readonly string _server;
    readonly TimeProvider _time;
    readonly BusyHolds _busy;
    readonly BoundaryFile _boundary;
    readonly ILogger _logger;
    readonly JournalFile _journal;
    bool _writing;
    int _reading;
    bool _stopped;

    public JobQueue(
        string path, JournalDurability durability, CommandTable table, DocumentFolder documents, EnvelopeSigner signer, string server,
        TimeProvider time, BusyHolds busy, BoundaryFile boundary, ILogger logger)
    {
        _boundary = boundary;
        (_table, _documents, _signer, _server, _time, _busy, _logger) = (table, documents, signer, server, time, busy, logger);
        _journal = JournalFile.Open(path, Replay, durability);
    }

    /// <summary>Commands that wait or run.</summary>
    public int Open
    {
        get
        {
            lock (_gate) { return _writes.Count + _reads.Count + _reading + (_writing ? 1 : 0); }
        }
    }

    /// <summary>Starts what an earlier process left.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            // In the order in which they were accepted: a dictionary that never loses an entry keeps that order.
            foreach (var job in _jobs.Values.Where(job => !job.HasEnded))
            {
                LogResumed(job.Accepted.Migration, job.Id);
                Enqueue(job);
            }
        }
        Pump();
    }

    /// <summary>Takes a verified command: a new job, or the one that this command made before.</summary>
    public async Task<JobAnswer> AcceptAsync(CommandEnvelope envelope)
    {
        Command command = envelope.ReadCommand();
        string hash = envelope.CommandHash();
        await _accepting.WaitAsync();
        try
        {
            lock (_gate)
            {
                if (_jobs.TryGetValue(envelope.CommandId, out var known))
                {
                    return known.Accepted.CommandHash == hash
                        ? new() { Status = known.ToStatus() }
                        : new() { Refusal = Contracts.ContractError.CommandConflict.ToError() };
                }
                if (_stopped) { return new() { Refusal = JobError.Stopping.ToError(transient: true) }; }
                if (_writes.Count + _reads.Count >= MaxWaiting) { return new() { Refusal = JobError.QueueFull.ToError(transient: true) }; }
            }
            var job = new Job(
                new()
                {
                    CommandId = envelope.CommandId,
                    At = _time.GetUtcNow(),
                    CommandHash = hash,
                    Migration = envelope.Migration,
                    PlanHash = envelope.PlanHash,
                    Command = command,
                },
                _table.EffectOf(command));
            await AppendAsync(job.Accepted);
            CommandStatus status;
            lock (_gate)
            {
                _jobs.Add(job.Id, job);
                if (!_stopped) { Enqueue(job); }
                status = job.ToStatus();
            }
            Pump();
            return new() { Status = status };
        }
        finally
        {
            _accepting.Release();
        }
    }

    public CommandStatus? Find(string commandId)
    {
        lock (_gate) { return _jobs.TryGetValue(commandId, out var job) ? job.ToStatus() : null; }
    }

    /// <summary>Takes no more, lets running jobs end their current item, and closes the journal. They go on after the next start.</summary>
    public async Task StopAsync()
    {
        Task[] atWork;
        lock (_gate)
        {
            _stopped = true;
            atWork = [.. _atWork];
        }
        await _stop.CancelAsync();
        await Task.WhenAll(atWork).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _journal.DisposeAsync();
        ReleaseHolds();
    }

    /// <summary>Ends as a killed process would: nothing more is written, and no job goes on past its next step.</summary>
    public void Kill()
    {
        lock (_gate) { _stopped = true; }
        _journal.Abandon();
        _stop.Cancel();
        ReleaseHolds();
    }

    public void Dispose()
    {
        Kill();
        _accepting.Dispose();
        _stop.Dispose();
    }

    void Replay(ReadOnlySpan<byte> bytes)
    {
        var record = JsonSerializer.Deserialize<JobRecord>(bytes, ContractJson.Lenient)!;
        if (record is JobAccepted accepted)
        {
            _jobs.Add(accepted.CommandId, new(accepted, _table.EffectOf(accepted.Command)));
            return;
        }
        var job = _jobs[record.CommandId];
        switch (record)
        {
            case JobNoted noted: job.Note = noted.Note; break;
            case JobEnded ended: (job.State, job.Result, job.Error) = (ended.State, ended.Result, ended.Error); break;
        }
    }

    void Enqueue(Job job)
    {
        job.Hold = _busy.Hold($"{_server} {job.Accepted.Command.GetType().Name} {job.Id}");
        (job.RunsBeside ? _reads : _writes).Enqueue(job);
    }

    void Pump()
    {
        lock (_gate)
        {
            if (_stopped) { return; }
            if (!_writing && _writes.TryDequeue(out var write))
            {
                _writing = true;
                Start(write);
            }
            while (_reading < MaxReads && _reads.TryDequeue(out var read))
            {
                _reading++;
                Start(read);
            }
        }
    }

    void Start(Job job)
    {
        job.State = CommandState.Running;
        _atWork.RemoveAll(task => task.IsCompleted);
        _atWork.Add(Task.Run(() => RunAsync(job)));
    }

    async Task RunAsync(Job job)
    {
        JobEnded? ended = null;
        try
        {
            if (job.Effect != JobEffect.Read) { await AppendAsync(new JobStarted { CommandId = job.Id, At = _time.GetUtcNow() }); }
            ended = await CarryOutAsync(job);
            if (ended is not null) { await AppendAsync(ended); }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Killed, or the disk refuses: what is not on disk has not ended. The next start takes the job up again.
            if (!_stopped) { LogJournalBroken(e, job.Accepted.Migration, job.Id); }
            ended = null;
        }
        lock (_gate)
        {
            if (ended is not null) { (job.State, job.Result, job.Error) = (ended.State, ended.Result, ended.Error); }
            if (job.RunsBeside) { _reading--; } else { _writing = false; }
        }
        Pump();
        job.Hold?.Dispose();
    }

    /// <summary>How the job ended, or null when the listener stops before its end.</summary>
    async Task<JobEnded?> CarryOutAsync(Job job)
    {
        try
        {
            var payload = await _table.RunAsync(job.Accepted.Command, ContextOf(job), _stop.Token);
            // A result that was found after the stop began may rest on half of the work.
            _stop.Token.ThrowIfCancellationRequested();
            RecordBoundary(job, CommandState.Done, payload);
            return Ended(job, CommandState.Done) with { Result = await SignAsync(job, payload) };
        }
        catch (CommandFailedException e)
        {
            return Failed(job, e.Error);
        }
        catch (AdSyncException e)
        {
            return Failed(job, e.Error);
        }
        catch (DirectoryException e)
        {
            return Failed(job, e.Error);
        }
        catch (Contracts.ContractException e)
        {
            return Failed(job, e.Refusal.ToError());
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            LogUnexpected(e, job.Accepted.Migration, job.Id);
            return Failed(job, JobError.Unexpected.ToError(e.GetType().Name));
        }
    }

    JobEnded Failed(Job job, CommandError error)
    {
        LogFailed(job.Accepted.Migration, job.Id, error.Code, error.Message);
        RecordBoundary(job, CommandState.Failed, null);
        return Ended(job, CommandState.Failed) with { Error = error };
    }

    /// <summary>For the operator on the server; what cannot be written there must not fail the job.</summary>
    void RecordBoundary(Job job, CommandState state, byte[]? payload)
    {
        if (_stopped || (job.Effect == JobEffect.Read && job.Accepted.Command is not InspectServer)) { return; }
        try
        {
            _boundary.Record(job.Accepted.Migration, job.Accepted.Command, state, payload);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogBoundaryLost(e, job.Accepted.Migration);
        }
    }

    JobEnded Ended(Job job, CommandState state) => new() { CommandId = job.Id, At = _time.GetUtcNow(), State = state };

    async Task<string> SignAsync(Job job, byte[] payload)
    {
        var result = new ResultEnvelope
        {
            Server = _server,
            CommandId = job.Id,
            CommandHash = job.Accepted.CommandHash,
            CompletedAt = _time.GetUtcNow(),
        };
        return _signer.Sign(payload.Length <= MaxPayloadBytes
            ? result with { Payload = JsonSerializer.Deserialize<JsonElement>(payload) }
            : result with { Document = await _documents.WriteAsync(Document.Of("result", payload), CancellationToken.None) });
    }

    JobContext ContextOf(Job job) => new(
        new() { CommandId = job.Id, MigrationId = job.Accepted.Migration, PlanHash = job.Accepted.PlanHash },
        job.Note,
        _documents,
        progress => { lock (_gate) { job.Progress = progress; } },
        note => AppendAsync(new JobNoted { CommandId = job.Id, At = _time.GetUtcNow(), Note = note }).AsTask());

    ValueTask AppendAsync(JobRecord record) => _journal.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(record, ContractJson.Options));

    void ReleaseHolds()
    {
        lock (_gate)
        {
            foreach (var job in _jobs.Values) { job.Hold?.Dispose(); }
        }
    }

    [LoggerMessage(6001, LogLevel.Information, "{MigrationId}: job {CommandId} goes on after a restart")]
    partial void LogResumed(string migrationId, string commandId);

    [LoggerMessage(6002, LogLevel.Warning, "{MigrationId}: job {CommandId} failed: {Code} {Message}")]
    partial void LogFailed(string migrationId, string commandId, string code, string message);

    [LoggerMessage(6003, LogLevel.Error, "{MigrationId}: job {CommandId} failed unexpectedly")]
    partial void LogUnexpected(Exception e, string migrationId, string commandId);

    [LoggerMessage(6005, LogLevel.Warning, "{MigrationId}: the state for the operator could not be written")]
    partial void LogBoundaryLost(Exception e, string migrationId);

    [LoggerMessage(6004, LogLevel.Critical, "{MigrationId}: the end of job {CommandId} could not be kept on disk")]
    partial void LogJournalBroken(Exception e, string migrationId, string commandId);
}

/// <summary>The job that a command has, or why it is not taken.</summary>
sealed record JobAnswer
{
    public CommandStatus? Status { get; init; }

    public CommandError? Refusal { get; init; }
}

using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Audit;
using GwbCloud.RelayListener.Documents;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Status;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>Takes verified commands and carries them out: one that writes at a time, reads beside it.</summary>
/// <remarks>
/// A job that had not ended when the process died runs again after the restart. That is safe because reads change nothing, writes compare
/// first, and the switch finds its own trace. What was taken and how it ended is the <see cref="JobLedger"/>'s affair.
/// </remarks>
sealed partial class JobQueue : IDisposable
{
    /// <summary>More waiting commands than that are refused; a migration has a handful at a time.</summary>
    public const int MaxWaiting = 64;

    const int MaxReads = 4;

    /// <summary>The payload of a result whose JWS still fits well into an answer of 48 KB; a larger one becomes a document.</summary>
    const int MaxPayloadBytes = 24 * 1024;

    readonly Lock _gate;
    readonly SemaphoreSlim _accepting = new(1, 1);
    readonly Queue<Job> _writes = new();
    readonly Queue<Job> _reads = new();
    readonly List<Task> _atWork = [];
    readonly CancellationTokenSource _stop = new();
    readonly TaskCompletionSource<CommandError> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly JobLedger _ledger;
    readonly CommandTable _table;
    readonly DocumentFolder _documents;
    readonly EnvelopeSigner _signer;
    readonly string _server;
    readonly TimeProvider _time;
    readonly BusyHolds _busy;
    readonly BoundaryFile _boundary;
    readonly AuditTrail _audit;
    readonly ILogger _logger;
    bool _writing;
    int _reading;
    bool _stopped;
    long _lastCommandTicks;

    public JobQueue(
        string path, JournalDurability durability, JobLimits limits, CommandTable table, DocumentFolder documents, EnvelopeSigner signer,
        string server, TimeProvider time, BusyHolds busy, BoundaryFile boundary, AuditTrail audit, ILogger logger)
    {
        (_table, _documents, _signer, _server, _time, _busy) = (table, documents, signer, server, time, busy);
        (_boundary, _audit, _logger) = (boundary, audit, logger);
        _ledger = new(path, durability, table.EffectOf, time, limits);
        _gate = _ledger.Gate;
    }

    /// <summary>Commands that wait or run.</summary>
    public int Open
    {
        get
        {
            lock (_gate) { return _writes.Count + _reads.Count + _reading + (_writing ? 1 : 0); }
        }
    }

    /// <summary>When the last verified command came, in this process.</summary>
    public DateTimeOffset? LastCommandAt => Interlocked.Read(ref _lastCommandTicks) is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null;

    /// <summary>See <see cref="JobLedger.LastRecordedAt"/>.</summary>
    public DateTimeOffset? LastRecordedAt => _ledger.LastRecordedAt;

    /// <summary>Ends when the disk refuses what must be on it: no job can begin or end any more until the next process opens the journal.</summary>
    public Task<CommandError> Broken => _broken.Task;

    /// <summary>Why no job can begin or end any more; null as long as they can.</summary>
    public CommandError? Fault => _broken.Task.IsCompleted ? _broken.Task.Result : null;

    /// <summary>Starts what an earlier process left.</summary>
    public async Task ResumeAsync()
    {
        await _ledger.TidyAsync();
        foreach (var job in _ledger.Unended)
        {
            LogResumed(job.Accepted.Migration, job.Id);
            // The switch looks for its own trace first, whatever was asked for since.
            if (job is { Cancelled: not null, Effect: not JobEffect.Irreversible }) { await EndAsync(job, Failed(job, JobError.Cancelled.ToError())); continue; }
            lock (_gate) { Enqueue(job); }
        }
        Pump();
    }

    /// <summary>Takes a verified command: a new job, or the one that this command made before.</summary>
    /// <param name="envelope">The command.</param>
    /// <param name="kid">The key that signed it.</param>
    /// <exception cref="Contracts.ContractException">GWB7208 when it is none of the closed list.</exception>
    public async Task<JobAnswer> AcceptAsync(CommandEnvelope envelope, string kid)
    {
        Interlocked.Exchange(ref _lastCommandTicks, _time.GetUtcNow().UtcTicks);
        Command command = envelope.ReadCommand();
        string hash = envelope.CommandHash();
        await _accepting.WaitAsync();
        try
        {
            var effect = _table.EffectOf(command);
            if (AnswerKnown(envelope, hash) is { } known) { return known; }
            if (RefuseNew(effect) is { } busy) { return new() { Busy = busy }; }
            try
            {
                await KeepAsync(new JobAccepted
                {
                    CommandId = envelope.CommandId,
                    At = _time.GetUtcNow(),
                    CommandHash = hash,
                    Migration = envelope.Migration,
                    PlanHash = envelope.PlanHash,
                    Command = command,
                });
            }
            catch (Exception) when (Fault is not null)
            {
                // Whether it reached the disk is open; sent again, it is the same job in either case.
                return new() { Busy = Fault };
            }
            if (effect != JobEffect.Read) { _audit.Keep(LineOf(AuditEvent.Accepted, envelope.CommandId, envelope.Migration) with { Kid = kid, Kind = envelope.Kind }); }
            CommandStatus status;
            lock (_gate)
            {
                var job = _ledger.Find(envelope.CommandId)!;
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

    /// <summary>How a job stands; null when there is none.</summary>
    public JobAnswer? Find(string commandId)
    {
        lock (_gate) { return _ledger.Find(commandId) is { } job ? AnswerOf(job) : null; }
    }

    /// <summary>See <see cref="JobLedger.CanariesSince"/>.</summary>
    public DateTimeOffset CanariesSince(string migration) => _ledger.CanariesSince(migration);

    /// <summary>Lets a job of the same migration end early: one that waits never runs, one that runs ends between two items.</summary>
    /// <returns>How it stands then; null when there is no such job.</returns>
    /// <remarks>What was done stays done. The switch can't be called back once its call is on disk: it ends as what came of it.</remarks>
    public async Task<CommandState?> CancelAsync(string commandId, string migration)
    {
        if (_ledger.Find(commandId) is not { } job || job.Accepted.Migration != migration) { return null; }
        bool asked;
        lock (_gate) { asked = job.Ended is not null || job.Cancelled is not null; }
        if (!asked)
        {
            await KeepAsync(new JobCancelled { CommandId = commandId, At = _time.GetUtcNow() });
            _audit.Keep(LineOf(AuditEvent.Cancelled, commandId, migration));
        }
        bool neverRuns;
        CancellationTokenSource? running;
        lock (_gate)
        {
            neverRuns = job.Effect != JobEffect.Irreversible && StopWaiting(job);
            running = job.Running;
        }
        if (neverRuns)
        {
            await EndAsync(job, Failed(job, JobError.Cancelled.ToError()));
            job.Hold?.Dispose();
        }
        else if (running is not null)
        {
            await TellAsync(running);
        }
        lock (_gate) { return job.ToStatus().State; }
    }

    /// <summary>Takes no more, lets running jobs end their current item, and closes the journal. They go on after the next start.</summary>
    public async Task StopAsync()
    {
        Task[] atWork;
        CancellationTokenSource[] running;
        lock (_gate)
        {
            _stopped = true;
            atWork = [.. _atWork];
            running = [.. _ledger.Unended.Select(job => job.Running).OfType<CancellationTokenSource>()];
        }
        // Each by itself as well: what is linked hears of it only some time later, and a job could go on to its next item until then.
        await Task.WhenAll([_stop.CancelAsync(), .. running.Select(TellAsync)]);
        await Task.WhenAll(atWork).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ledger.DisposeAsync();
        ReleaseHolds();
    }

    /// <summary>Ends as a killed process would: nothing more is written, and no job goes on past its next step.</summary>
    public void Kill()
    {
        lock (_gate) { _stopped = true; }
        _ledger.Abandon();
        _stop.Cancel();
        ReleaseHolds();
    }

    public void Dispose()
    {
        Kill();
        _accepting.Dispose();
        _stop.Dispose();
    }

    /// <summary>The answer when the id, or the migration, is known already and leaves nothing to do.</summary>
    JobAnswer? AnswerKnown(CommandEnvelope envelope, string hash)
    {
        lock (_gate)
        {
            var job = _ledger.Find(envelope.CommandId);
            string? before = job?.Accepted.CommandHash ?? _ledger.FindForgotten(envelope.CommandId);
            return before is not null && before != hash ? new() { Refusal = Contracts.ContractError.CommandConflict.Because() }
                : job is not null ? AnswerOf(job)
                : before is not null ? new() { Refusal = JobError.ResultGone.Because() }
                : envelope.PlanHash is { } plan && _ledger.PlanOf(envelope.Migration) is { } other && plan != other ? new() { Refusal = JobError.OtherPlan.Because() }
                : null;
        }
    }

    /// <summary>What ended is on disk and stands. What has not can't end in this process once its journal is broken, and must not be said to run.</summary>
    JobAnswer AnswerOf(Job job) => job.Ended is null && Fault is { } fault ? new() { Busy = fault } : new() { Status = job.ToStatus() };

    CommandError? RefuseNew(JobEffect effect)
    {
        lock (_gate)
        {
            return _stopped ? JobError.Stopping.ToError(transient: true)
                : Fault is { } fault ? fault
                // What ends another job must not wait for a place behind it.
                : effect != JobEffect.Stop && _writes.Count + _reads.Count >= MaxWaiting ? JobError.QueueFull.ToError(transient: true)
                : _ledger.IsFull() ? Contracts.ContractError.ReplayWindowFull.Because().ToCommandError() with { Transient = true }
                : null;
        }
    }

    void Enqueue(Job job)
    {
        job.Hold = _busy.Hold($"{_server} {job.Accepted.Command.GetType().Name} {job.Id}");
        if (job.Effect == JobEffect.Stop) { _reading++; Start(job); }
        else { (job.RunsBeside ? _reads : _writes).Enqueue(job); }
    }

    static async Task TellAsync(CancellationTokenSource running)
    {
        try
        {
            await running.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The job has ended in the meantime.
        }
    }

    bool StopWaiting(Job job)
    {
        var queue = job.RunsBeside ? _reads : _writes;
        if (!queue.Contains(job)) { return false; }
        for (int rest = queue.Count; rest > 0; rest--)
        {
            var next = queue.Dequeue();
            if (next != job) { queue.Enqueue(next); }
        }
        return true;
    }

    void Pump()
    {
        lock (_gate)
        {
            if (_stopped || Fault is not null) { return; }
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
        job.Running = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _atWork.RemoveAll(task => task.IsCompleted);
        _atWork.Add(Task.Run(() => RunAsync(job, job.Running)));
    }

    async Task RunAsync(Job job, CancellationTokenSource running)
    {
        try
        {
            if (job.Cancelled is not null) { await running.CancelAsync(); }
            if (job.Effect != JobEffect.Read) { await KeepAsync(new JobStarted { CommandId = job.Id, At = _time.GetUtcNow() }); }
            if (await CarryOutAsync(job, running.Token) is { } ended) { await EndAsync(job, ended); }
        }
        catch (Exception e)
        {
            // Killed, or the disk refuses: what is not on disk has not ended. The next start takes the job up again.
            if (!_stopped && Fault is null) { LogUnexpected(e, job.Accepted.Migration, job.Id); }
        }
        finally
        {
            // Whatever happened: a place that is not given back would stop every later command.
            lock (_gate)
            {
                job.Running = null;
                if (job.RunsBeside) { _reading--; } else { _writing = false; }
            }
            running.Dispose();
        }
        Pump();
        job.Hold?.Dispose();
    }

    async Task EndAsync(Job job, JobEnded ended)
    {
        // The line first: whoever reads that a job has ended finds its line. A kill in between makes the job end once more, with another line.
        if (job.Effect != JobEffect.Read) { _audit.Keep(LineOf(AuditEvent.Ended, job.Id, job.Accepted.Migration) with { State = ended.State, Code = ended.Error?.Code }); }
        await KeepAsync(ended);
    }

    /// <summary>Keeps a record on disk, or says for good that this process can keep none.</summary>
    async Task KeepAsync(JobRecord record)
    {
        try
        {
            await _ledger.KeepAsync(record);
        }
        catch (Exception e) when (!_stopped)
        {
            string migration = (record as JobAccepted)?.Migration ?? _ledger.Find(record.CommandId)?.Accepted.Migration ?? "-";
            LogJournalBroken(e, migration, record.CommandId);
            _broken.TrySetResult(JobError.JournalBroken.ToError(transient: true));
            throw;
        }
    }

    /// <summary>How the job ended, or null when the listener stops before its end.</summary>
    async Task<JobEnded?> CarryOutAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            // One that waited and was cancelled never runs. The switch looks for its own trace first: its call may be on disk already.
            if (job.Effect != JobEffect.Irreversible) { cancellationToken.ThrowIfCancellationRequested(); }
            var payload = await _table.RunAsync(job.Accepted.Command, ContextOf(job), cancellationToken);
            // A result that was found after the end was asked for may rest on half of the work; but what the switch did is done.
            if (job.Effect != JobEffect.Irreversible) { cancellationToken.ThrowIfCancellationRequested(); }
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
        catch (Exception) when (_stop.IsCancellationRequested || Fault is not null)
        {
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Failed(job, JobError.Cancelled.ToError());
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
        if (_stopped || Fault is not null || (job.Effect == JobEffect.Read && job.Accepted.Command is not InspectServer)) { return; }
        try
        {
            _boundary.Record(job.Accepted.Migration, job.Accepted.Command, state, payload);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
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
        job.Note?.Note,
        _documents,
        progress => { lock (_gate) { job.Progress = progress; } },
        note => KeepAsync(new JobNoted { CommandId = job.Id, At = _time.GetUtcNow(), Note = note }));

    static AuditLine LineOf(AuditEvent what, string commandId, string migration) => new() { Event = what, CommandId = commandId, Migration = migration };

    void ReleaseHolds()
    {
        foreach (var job in _ledger.Unended) { job.Hold?.Dispose(); }
    }

    [LoggerMessage(6001, LogLevel.Information, "{MigrationId}: job {CommandId} goes on after a restart")]
    partial void LogResumed(string migrationId, string commandId);

    [LoggerMessage(6002, LogLevel.Warning, "{MigrationId}: job {CommandId} failed: {Code} {Message}")]
    partial void LogFailed(string migrationId, string commandId, string code, string message);

    [LoggerMessage(6003, LogLevel.Error, "{MigrationId}: job {CommandId} failed unexpectedly")]
    partial void LogUnexpected(Exception e, string migrationId, string commandId);

    [LoggerMessage(6005, LogLevel.Warning, "{MigrationId}: the state for the operator could not be written")]
    partial void LogBoundaryLost(Exception e, string migrationId);

    [LoggerMessage(6004, LogLevel.Critical, "{MigrationId}: job {CommandId} could not be kept on disk; no job can begin or end until the listener is started again")]
    partial void LogJournalBroken(Exception e, string migrationId, string commandId);
}

/// <summary>The job that a command has, or why it is not taken.</summary>
sealed record JobAnswer
{
    public CommandStatus? Status { get; init; }

    /// <summary>Never: it contradicts what is known.</summary>
    public Contracts.Refusal? Refusal { get; init; }

    /// <summary>Not now; the same command may be sent again.</summary>
    public CommandError? Busy { get; init; }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Journal;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Audit;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Switch;

/// <summary>The one place that calls the cmdlet which cannot be undone.</summary>
sealed partial class WritebackSwitch(string path, JournalDurability durability, IAdSync adSync, SwitchGate? gate, AuditTrail audit, TimeProvider time, ILogger logger)
{
    /// <summary>How long a verified offer waits for the operator.</summary>
    public static readonly TimeSpan OfferLife = TimeSpan.FromMinutes(15);

    readonly Lock _gate = new();
    SwitchJournal? _open;
    bool _killed;

    /// <summary>Carries out the cloud half's command: calls unattended, or holds the offer for the operator.</summary>
    public async Task<SwitchResult> HandleAsync(DisableGroupWritebackV2 command, JobContext job, CancellationToken cancellationToken)
    {
        using var journal = Open();
        if (journal.LastCall?.CommandId == job.Origin.CommandId) { return await ReportAsync(journal); }
        if (await StopBeforeAsync(job.Origin, cancellationToken) is { } stop) { return stop; }
        if (gate is null) { return await RefusedAsync(job.Origin, [SwitchError.NotSwitchedHere.ToError()]); }
        var permit = await gate.VerifyAsync(command, job, journal, offeredAt: null, cancellationToken);
        if (!permit.IsGranted) { return await RefusedAsync(job.Origin, permit.Reasons); }
        if ((await adSync.GetHostAsync(cancellationToken)).Cmdlet == CmdletGeneration.Unattended)
        {
            return await CallAsync(journal, command, job.Origin, permit, userName: null, cancellationToken);
        }
        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        await journal.AppendAsync(new SwitchOffered
        {
            CommandId = job.Origin.CommandId,
            At = now,
            Origin = job.Origin,
            Command = command,
            ExpiresAt = now + OfferLife < command.Deadline ? now + OfferLife : command.Deadline,
        });
        audit.Keep(LineOf(AuditEvent.SwitchOffered, job.Origin) with { Body = permit.EvidenceDigest });
        LogOffered(job.Origin.MigrationId);
        // Last: who asked for the end while the offer was being written must not find it standing.
        if (cancellationToken.IsCancellationRequested) { await WithdrawAsync(journal, job.Origin); }
        cancellationToken.ThrowIfCancellationRequested();
        return new() { Outcome = SwitchOutcome.AwaitsOperator, Reads = true, Reasons = [] };
    }

    /// <summary>Carries out a held offer in the operator's own session: verifies all of it again, then calls.</summary>
    public async Task<SwitchResult> RunOfferAsync(string? userName, Func<JobOrigin, JobContext> jobOf, CancellationToken cancellationToken)
    {
        using var journal = Open();
        var origin = journal.Offer?.Origin;
        if (await StopBeforeAsync(origin, cancellationToken) is { } stop) { return stop; }
        if (gate is null) { return await RefusedAsync(origin, [SwitchError.NotSwitchedHere.ToError()]); }
        if ((await adSync.GetHostAsync(cancellationToken)).Cmdlet != CmdletGeneration.Interactive) { return await RefusedAsync(origin, [SwitchError.NotInteractive.ToError()]); }
        if (string.IsNullOrWhiteSpace(userName)) { return await RefusedAsync(origin, [SwitchError.UserNameMissing.ToError()]); }
        if (journal.Offer is not { } offer) { return await RefusedAsync(origin, [SwitchError.NoOffer.ToError()]); }
        if (time.GetUtcNow() >= offer.ExpiresAt) { return await RefusedAsync(origin, [SwitchError.OfferExpired.ToError()]); }
        var permit = await gate.VerifyAsync(offer.Command, jobOf(offer.Origin), journal, offer.At, cancellationToken);
        return permit.IsGranted
            ? await CallAsync(journal, offer.Command, offer.Origin, permit, userName, cancellationToken)
            : await RefusedAsync(origin, permit.Reasons);
    }

    /// <summary>The held offer, or null; whether it still counts is judged when it is carried out.</summary>
    /// <exception cref="CommandFailedException">GWB6320 while somebody is at the switch.</exception>
    public SwitchOffered? ReadOffer()
    {
        using var journal = Open();
        return journal.Offer;
    }

    /// <summary>Takes back what is held for the operator, when it was offered for that command.</summary>
    /// <exception cref="CommandFailedException">GWB6320: the operator is at it.</exception>
    public async Task WithdrawAsync(string commandId)
    {
        using var journal = Open();
        if (journal.Offer is not { } offer || offer.CommandId != commandId) { return; }
        await WithdrawAsync(journal, offer.Origin);
    }

    /// <summary>Ends as a killed process would: nothing that has not been journalled can be called any more.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _killed = true;
            _open?.Abandon();
        }
    }

    async Task WithdrawAsync(SwitchJournal journal, JobOrigin origin)
    {
        await journal.AppendAsync(new SwitchWithdrawn { CommandId = origin.CommandId, At = time.GetUtcNow() });
        audit.Keep(LineOf(AuditEvent.SwitchWithdrawn, origin));
    }

    SwitchJournal Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_killed, this);
            return _open = SwitchJournal.Open(path, durability);
        }
    }

    /// <summary>The flag first: when it is off already nothing may be called, and when it is unknown nothing can be decided.</summary>
    async Task<SwitchResult?> StopBeforeAsync(JobOrigin? origin, CancellationToken cancellationToken) =>
        (await adSync.GetFeaturesAsync(cancellationToken)).GroupWritebackV2 switch
        {
            false => new() { Outcome = SwitchOutcome.AlreadyOff, Reads = false, Reasons = [] },
            null => Refused(origin, null, [SwitchError.FlagUnknown.ToError(transient: true)]),
            true => null,
        };

    async Task<SwitchResult> CallAsync(
        SwitchJournal journal, DisableGroupWritebackV2 command, JobOrigin origin, SwitchPermit permit, string? userName, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        audit.Demand(LineOf(AuditEvent.SwitchCalling, origin) with { Body = permit.EvidenceDigest });
        await journal.AppendAsync(new SwitchCalled
        {
            CommandId = origin.CommandId,
            At = time.GetUtcNow(),
            Migration = origin.MigrationId,
            EvidenceDigest = permit.EvidenceDigest,
            Deadline = command.Deadline,
            Tokens = permit.Tokens,
        });
        LogCalling(origin.MigrationId, permit.EvidenceDigest);
        string? said = null;
        try
        {
            // From here on nothing stops it: a call that was journalled counts as made.
            await adSync.DisableGroupWritebackV2Async(userName, CancellationToken.None);
        }
        catch (AdSyncException e)
        {
            said = $"{e.Error.Code}: {e.Error.Message}";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            said = e.GetType().Name;
        }
        bool? reads = await ReadBackAsync();
        await journal.AppendAsync(new SwitchReturned { CommandId = origin.CommandId, At = time.GetUtcNow(), CmdletError = said, Reads = reads });
        audit.Keep(LineOf(AuditEvent.SwitchCalled, origin) with { Detail = $"reads {reads?.ToString() ?? "unknown"}" });
        LogCalled(origin.MigrationId, reads, said);
        return new() { Outcome = SwitchOutcome.Called, Reads = reads, CmdletError = said, Reasons = [] };
    }

    /// <summary>The process died in or after the call: the flag tells what came of it.</summary>
    async Task<SwitchResult> ReportAsync(SwitchJournal journal) => new()
    {
        Outcome = SwitchOutcome.Called,
        Reads = await ReadBackAsync(),
        CmdletError = journal.LastReturn is { } returned ? returned.CmdletError : "The listener was restarted during the call.",
        Reasons = [],
    };

    async Task<bool?> ReadBackAsync()
    {
        try
        {
            return (await adSync.GetFeaturesAsync(CancellationToken.None)).GroupWritebackV2;
        }
        catch (AdSyncException)
        {
            return null;
        }
    }

    /// <summary>The checks took their time; what the flag reads by now may be the very reason.</summary>
    async Task<SwitchResult> RefusedAsync(JobOrigin? origin, IReadOnlyList<CommandError> reasons) => Refused(origin, await ReadBackAsync(), reasons);

    SwitchResult Refused(JobOrigin? origin, bool? reads, IReadOnlyList<CommandError> reasons)
    {
        LogRefused(string.Join(", ", reasons.Select(reason => reason.Code).Distinct()));
        audit.Keep(LineOf(AuditEvent.SwitchRefused, origin) with { Code = reasons[0].Code, Detail = string.Join(' ', reasons.Select(reason => reason.Code)) });
        return new() { Outcome = SwitchOutcome.Refused, Reads = reads, Reasons = reasons };
    }

    static AuditLine LineOf(AuditEvent what, JobOrigin? origin) => new() { Event = what, Migration = origin?.MigrationId, CommandId = origin?.CommandId };

    [LoggerMessage(6020, LogLevel.Warning, "{MigrationId}: GroupWritebackV2 is about to be switched off on the evidence {Digest}")]
    partial void LogCalling(string migrationId, string digest);

    [LoggerMessage(6021, LogLevel.Warning, "{MigrationId}: GroupWritebackV2 reads {Reads} after the call; the cmdlet said {Said}")]
    partial void LogCalled(string migrationId, bool? reads, string? said);

    [LoggerMessage(6022, LogLevel.Information, "{MigrationId}: the switch is verified and waits for the operator")]
    partial void LogOffered(string migrationId);

    [LoggerMessage(6023, LogLevel.Warning, "The switch was refused: {Codes}")]
    partial void LogRefused(string codes);
}

/// <summary>The command that switches GroupWritebackV2 off.</summary>
sealed class DisableGroupWritebackV2Handler(WritebackSwitch writebackSwitch) : ICommandHandler<DisableGroupWritebackV2, SwitchResult>
{
    public Task<SwitchResult> HandleAsync(DisableGroupWritebackV2 command, JobContext job, CancellationToken cancellationToken) =>
        writebackSwitch.HandleAsync(command, job, cancellationToken);
}

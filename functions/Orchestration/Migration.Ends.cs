using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Repair;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>How a migration goes back, ends, and is taken up again.</summary>
sealed partial class Migration
{
    /// <summary>Undoes what must be undone and ends. When the flag turns out to be off, it comes back with <see cref="MigrationFacts.SwitchedOff"/>.</summary>
    public async Task<MigrationResult> GoBackAsync(StageName stage, Ending? ending)
    {
        _turnedAt = (stage, ending);
        var back = await WayBackAsync(stage, ending);
        (Facts, _view) = (back.Facts, back.View);
        if (back.OnlyForward)
        {
            // Off, though it once read true: our call took effect after all, or somebody else switched. That is the new truth.
            Facts = Facts with { SwitchedOff = true, SwitchedElsewhere = Facts.SwitchedElsewhere || !Facts.SwitchAttempted };
            _view = _view with { State = MigrationState.Running, AskedEnd = null };
            return new MigrationResult { MigrationId = _request.MigrationId, Outcome = MigrationOutcome.NeedsAttention };
        }
        return await EndAsync(back.Complete
            ? ending switch
            {
                Ending.Postponed => MigrationOutcome.Postponed,
                Ending.Expired => MigrationOutcome.Expired,
                Ending.Denied or Ending.DeniedAndLeft or Ending.Cancelled => MigrationOutcome.Denied,
                _ => MigrationOutcome.RolledBack,
            }
            : MigrationOutcome.NeedsAttention);
    }

    /// <summary>Takes up a migration that ended in needsAttention: facts, view and direction are those of its end.</summary>
    /// <returns>Null when nothing was kept to take up.</returns>
    public async Task<MigrationStanding?> TakeUpAsync()
    {
        var found = await ReadStandingAsync();
        if (found.Standing is not { } standing) { return null; }
        Facts = standing.Facts;
        _turnedAt = (standing.Stage, standing.Ending);
        _view = (found.View ?? _view) with { State = MigrationState.Running, Outcome = null, EndedAt = null };
        // Past the switch somebody wanted it to rest; before it, the way back is still the one that was asked for.
        if (Facts.SwitchedOff) { _view = _view with { AskedEnd = null }; }
        await PublishAsync();
        return standing;
    }

    /// <summary>Ends unfinished, with the newest of what is known, so that it can be taken up.</summary>
    public async Task<MigrationResult> FailAsync(Exception fault)
    {
        Facts = await KeptFactsAsync();
        _view = _view.Telling(Notices.MigrationBroke(fault is TaskFailedException failure ? Notices.ActivityFailed(failure).Message : fault.GetType().Name));
        return await EndAsync(MigrationOutcome.NeedsAttention);
    }

    Task<WayBackOutcome> WayBackAsync(StageName stage, Ending? ending) => UntilItEndsAsync<WayBackOutcome>(
        nameof(WayBackOrchestrator), "undo", () => new WayBackInput { From = Input(stage), Ending = ending });

    /// <summary>Closes the view, writes the report, and ends the instance.</summary>
    public async Task<MigrationResult> EndAsync(MigrationOutcome outcome)
    {
        _view = _view with
        {
            State = MigrationState.Ended,
            Outcome = outcome,
            EndedAt = Now,
            Gate = null,
        };
        Facts = Facts with { Revision = Facts.Revision + 1 };
        await _context.CallActivityAsync("KeepStanding", Standing(unfinished: outcome == MigrationOutcome.NeedsAttention), Retries.OwnStore);
        await _context.CallActivityAsync(
            "WriteReport", new ReportInput { View = _view, Plan = _request.Plan, Comparison = Facts.Comparison, Verification = Facts.Verification }, Retries.OwnStore);
        await _context.CallActivityAsync(
            "AppendAudit",
            new AuditLine
            {
                MigrationId = _request.MigrationId,
                LineId = _context.NewGuid().ToString("N"),
                At = Now,
                Who = Audit.AuditLog.Product,
                What = "migration.ended",
                Detail = _view.AskedEnd is { } asked ? $"{outcome}, {asked.Action} on request" : outcome.ToString(),
            },
            Retries.OwnStore);
        await PublishAsync();
        return new MigrationResult { MigrationId = _request.MigrationId, Outcome = outcome };
    }

    Task<StandingFound> ReadStandingAsync() =>
        _context.CallActivityAsync<StandingFound>("ReadStanding", new StandingQuery { MigrationId = _request.MigrationId }, Retries.OwnStore);

    MigrationStanding Standing(bool unfinished) => new()
    {
        MigrationId = _request.MigrationId,
        Stage = _turnedAt.Stage,
        Ending = _turnedAt.Ending,
        Facts = Facts,
        Unfinished = unfinished,
        TakenUp = _request.TakenUp,
    };
}

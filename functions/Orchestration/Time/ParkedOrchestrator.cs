using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Past the switch and unable to go on: waits for an operator's retry, and offers "Entra only" once the window can't hold the rest.</summary>
public static class ParkedOrchestrator
{
    /// <summary>Whether somebody did what is offered: often while people have just read of it, then less; "Check now" looks at any time.</summary>
    static readonly TimeSpan LookSoon = TimeSpan.FromMinutes(5), LookLater = TimeSpan.FromMinutes(15), Soon = TimeSpan.FromHours(1);

    [Function(nameof(ParkedOrchestrator))]
    public static async Task<ParkedOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var run = new StageRun(context, context.GetInput<StageInput>() ?? throw new InvalidOperationException("Parking has no input."));
        await run.ShowAsync(run.View with { State = MigrationState.NeedsAttention });
        await run.AuditAsync("parked", run.View.Notices is [.., var last] ? last.Code : null);
        var parked = new Parked(run);
        var until = Until(run);
        var waiting = parked.WaitAsync(until);
        await Alarms.BesideAsync(run, waiting, [.. Alarm.Along($"parked-{run.Now:u}", run.Now, until, u => Notices.ParkedLong(run.Stage, u), Reminders.Parked), .. run.TimeAlarms()]);
        var retry = await waiting;
        await run.AuditAsync(retry ? "parked.retry" : "parked.given-up");
        var kept = run.Keep(run.Done(""));
        // What was reviewed is done with; where nobody tries again it stays for people to read.
        return new ParkedOutcome { Retry = retry, Facts = kept.Facts, View = retry ? parked.Closed() with { Review = null } : parked.Closed() };
    }

    /// <summary>The scheduler's five days bound the wait, and a person has a day at least.</summary>
    static DateTimeOffset Until(StageRun run)
    {
        var longest = run.Now + Migration.ParkedAtMost;
        var scheduler = run.Facts.SchedulerOffSince + TimeLimits.SchedulerOffAtMost ?? longest;
        var until = scheduler < longest ? scheduler : longest;
        return until < run.Now.AddDays(1) ? run.Now.AddDays(1) : until;
    }

    /// <summary>The wait itself, guarded: operators' requests, looks at the task, rounds.</summary>
    sealed class Parked(StageRun run)
    {
        OperatorTask? _task;
        DateTimeOffset _offered;
        bool _stagingAtOffer;
        EntraOnlyView? _entraOnly;
        string? _lastFault;

        /// <summary>True when a retry was asked for.</summary>
        public async Task<bool> WaitAsync(DateTimeOffset until)
        {
            var phase = GuardPhases.Parked(run.Stage);
            await using var guard = GuardPost.Open(run, phase, parked: true);
            using var ended = new WaitScope();
            var asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, ended.Token);
            var check = run.Context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck, ended.Token);
            var told = run.Context.WaitForExternalEvent<ToldBeside>(MigrationEvents.Told, ended.Token);
            var next = run.Now;
            bool? retry = null;
            while (retry is null && run.Now < until)
            {
                using var stop = new WaitScope();
                var due = run.Context.CreateTimer((next < until ? next : until).UtcDateTime, stop.Token);
                var first = await Task.WhenAny(asked, check, told, guard.Noticed, due);
                stop.Cancel();
                if (first == guard.Noticed)
                {
                    await guard.TakeAsync();
                    continue;
                }
                if (first == told)
                {
                    foreach (var notice in (await told).Notices) { run.Tell(notice); }
                    told = run.Context.WaitForExternalEvent<ToldBeside>(MigrationEvents.Told, ended.Token);
                    await run.ShowAsync(run.View);
                    continue;
                }
                if (first == asked)
                {
                    var request = await asked;
                    retry = request.Action switch { OperatorAction.Retry => true, OperatorAction.Cancel => false, _ => null };
                    if (retry == false) { await run.ShowAsync(run.View with { AskedEnd = new() { Action = request.Action, By = request.By, At = run.Now } }); }
                    run.Facts = run.Facts with { Accepted = [.. run.Facts.Accepted.Union(request.Accepted)] };
                    asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, ended.Token);
                    continue;
                }
                var reported = false;
                if (first == check)
                {
                    var looked = await check;
                    reported = looked.TaskId == _task?.Id;
                    if (reported) { _task = _task! with { CheckedBy = looked.By, CheckedAt = run.Now, ReadAt = null }; }
                    check = run.Context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck, ended.Token);
                    if (!reported) { continue; }
                }
                next = await StepAsync(guard, reported, until);
                if (_task is not null && phase == GuardPhase.SwitchedOff)
                {
                    // Leaving staging mode is what is offered from here on.
                    await guard.TurnToAsync(phase = GuardPhase.LeavingStaging);
                }
                if (_entraOnly is not null) { until = _entraOnly.Since.AddDays(run.Settings.EntraOnlyDays); }
            }
            ended.Cancel();
            await guard.CloseAsync();
            return retry == true;
        }

        /// <summary>The view without what only holds while parked.</summary>
        public MigrationView Closed() => run.View with
        {
            State = MigrationState.Running,
            EntraOnly = null,
            Tasks = [.. run.View.Tasks.Select(t => t.Id == _task?.Id && t.State == TaskState.Open ? t with { State = TaskState.Overdue, EndedAt = run.Now } : t)],
        };

        /// <summary>Offers, looks, or runs a round; tells when to come again.</summary>
        async Task<DateTimeOffset> StepAsync(GuardPost guard, bool told, DateTimeOffset until)
        {
            if (_entraOnly is not null) { return await RoundAsync(guard); }
            if (_task is null)
            {
                if (!EntraOnly.CanBeOffered(run)) { return until; }
                var limit = run.Limits.EntraOnlyFrom;
                if (run.Now < limit) { return limit; }
                await OfferAsync(until);
                return run.Now + LookSoon;
            }
            var facts = await EntraOnly.ReadAsync(run);
            var stands = facts is { Staging: false, Scheduler: { Enabled: false, Suspended: false } } && EntraOnly.IsSafeOn(facts);
            // Where staging mode was off already, nothing that can be read is a person's choice.
            if (stands && (_stagingAtOffer || told))
            {
                await BeginAsync();
                // From here on one change would export to Active Directory, and the guard may be between two slow looks.
                await guard.LookAgainAsync();
                return await RoundAsync(guard);
            }
            var reads = facts is null ? "the server does not answer"
                : $"staging mode is {(facts.Staging ? "on" : "off")}, the scheduler is {(facts.Scheduler.Enabled ? "on" : "off")}{(facts.Scheduler.Suspended ? ", the wizard is open" : "")}"
                    + (EntraOnly.IsSafeOn(facts) ? "" : ", the coexistence rules are not in place: stay in staging mode");
            if (reads != _task.Reads || _task.ReadAt is null) { await ShowAsync(_task = _task with { Reads = reads, ReadAt = run.Now }); }
            return run.Now + (run.Now - _offered < Soon ? LookSoon : LookLater);
        }

        /// <summary>Opens the task, unless the server shows that leaving staging mode would be dangerous, or nothing.</summary>
        async Task OfferAsync(DateTimeOffset until)
        {
            var facts = await EntraOnly.ReadAsync(run);
            if (!EntraOnly.IsSafeOn(facts)) { return; }
            (_offered, _stagingAtOffer) = (run.Now, facts!.Staging);
            await ShowAsync(_task = EntraOnly.Task(run, until));
            await run.AuditAsync("task.opened", detail: _task.Id);
        }

        async Task BeginAsync()
        {
            _entraOnly = new() { Since = run.Now };
            run.Facts = run.Facts with { StagingSince = null, WentEntraOnly = true };
            await run.KeepFactsAsync();
            run.Tell(Notices.EntraOnlyStands(run.Lead));
            await ShowAsync(_task = _task! with { State = TaskState.Done, Reads = "staging mode is off, the scheduler is off", ReadAt = run.Now, EndedAt = run.Now });
            await run.AuditAsync("task.done", detail: _task.Id);
            await run.AuditAsync("entra-only.began");
        }

        /// <summary>A round may take hours: what the guard sees meanwhile is made safe meanwhile.</summary>
        async Task<DateTimeOffset> RoundAsync(GuardPost guard)
        {
            var round = EntraOnly.RoundAsync(run);
            try
            {
                while (await Task.WhenAny(round, guard.Noticed) != round) { await guard.TakeAsync(); }
            }
            finally
            {
                await Task.WhenAny(round);
            }
            var fault = await round;
            if (fault is null) { _entraOnly = _entraOnly! with { Rounds = _entraOnly.Rounds + 1, LastAt = run.Now }; }
            else if (fault.Message != _lastFault) { run.Tell(fault); }
            _lastFault = fault?.Message;
            await run.ShowAsync(run.View with { EntraOnly = _entraOnly });
            await run.AuditAsync(fault is null ? "entra-only.round" : "entra-only.failed", fault?.Code, fault?.Message);
            return run.Now.AddMinutes(run.Settings.EntraOnlyMinutes);
        }

        Task ShowAsync(OperatorTask task) => run.ShowAsync(run.View with { EntraOnly = _entraOnly, Tasks = [.. run.View.Tasks.Where(t => t.Id != task.Id), task] });
    }
}

/// <summary>How a parked migration goes on.</summary>
public sealed record ParkedOutcome
{
    /// <summary>False when nobody came, or an operator gave up.</summary>
    public required bool Retry { get; init; }

    public required MigrationFacts Facts { get; init; }
    public required MigrationView View { get; init; }
}

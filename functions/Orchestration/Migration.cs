using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Repair;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The main orchestration's state: it runs stages, hands them the people's events, goes back, parks, and ends.</summary>
sealed partial class Migration
{
    /// <summary>After so many calls that left the flag true, asking again is no longer sensible.</summary>
    const int SwitchRounds = 3;

    /// <summary>A parked migration waits this long for a person.</summary>
    internal static readonly TimeSpan ParkedAtMost = TimeSpan.FromDays(5);

    readonly TaskOrchestrationContext _context;
    readonly MigrationRequest _request;
    readonly MigrationPlan _plan;
    readonly MigrationWishes _wishes;
    MigrationView _view;
    readonly HashSet<StageName> _held = [];
    IReadOnlyList<Notice> _told = [];
    bool? _schedulerBefore;
    bool _stoppedWhileParked;
    bool _jobStopped;
    (StageName Stage, Ending? Ending) _turnedAt = (StageName.Assess, null);
    int _calls;

    public Migration(TaskOrchestrationContext context, MigrationRequest request, MigrationPlan plan)
    {
        (_context, _request, _plan) = (context, request, plan);
        Facts = new MigrationFacts { Groups = plan.Groups };
        _view = FirstView();
        _wishes = new MigrationWishes(context);
    }

    public MigrationFacts Facts { get; private set; }

    DateTimeOffset Now => new(_context.CurrentUtcDateTime, TimeSpan.Zero);

    /// <summary>Runs a stage; null when the migration goes on.</summary>
    public async Task<StageOutcome?> StageAsync(StageName stage)
    {
        var outcome = await HeldAsync(stage) ?? await RunStageAsync(stage);
        (Facts, _view) = (outcome.Facts, outcome.View);
        // Once more, when nothing can start anything any more: the stage may have been about to when the stop came.
        if (_wishes.WantsStop) { await StopNowAsync(stage); }
        Facts = WithStop(Facts);
        Tell();
        outcome = outcome with { Facts = Facts, View = _view };
        if (outcome.End == StageEnd.Blocked && _wishes.WantsStop && !Facts.SwitchAttempted) { outcome = Wished(outcome) ?? outcome; }
        _turnedAt = (stage, outcome.Ending);
        // Who wants out is not asked again.
        if (outcome.End == StageEnd.AskAgain) { return Wished(outcome) ?? outcome; }
        if (outcome.End is not (StageEnd.Done or StageEnd.Skipped)) { return outcome; }
        return Facts.SwitchedOff ? null : Wished(outcome);
    }

    /// <summary>The end that an operator asked for while the stage ran; null when nobody did.</summary>
    StageOutcome? Wished(StageOutcome outcome)
    {
        if (_wishes.Applied(outcome) is not { } ended) { return null; }
        _view = ended.View;
        return ended;
    }

    /// <summary>What a stop beside a part found and did, which the part itself knows nothing of.</summary>
    MigrationFacts WithStop(MigrationFacts facts)
    {
        facts = WithScheduler(_jobStopped ? facts with { JobStopped = true } : facts);
        _jobStopped = false;
        return facts;
    }

    /// <summary>
    /// The scheduler's value before a stop, so that it is given back. Stage and stop may each have read it after the other had switched it off:
    /// neither of them ever switches it on, so on is what it was when either saw it on.
    /// </summary>
    MigrationFacts WithScheduler(MigrationFacts facts)
    {
        if (_schedulerBefore is not { } noted) { return facts; }
        _schedulerBefore = null;
        return facts with
        {
            SchedulerBefore = noted || facts.SchedulerBefore == true,
            SchedulerOffSince = facts.SchedulerOffSince ?? Now,
            Undo = facts.SwitchedOff || facts.Undo.Any(step => step.Kind == UndoKind.RestoreScheduler)
                ? facts.Undo
                : [.. facts.Undo, new UndoStep { Kind = UndoKind.RestoreScheduler }],
        };
    }

    /// <summary>What happened beside the stage that ran: its own view knew nothing of it.</summary>
    void Tell()
    {
        _view = _view.Telling(_told);
        _told = [];
    }

    /// <summary>Waits for the release of a stage that the request wants held, once; an outcome when it came to another end.</summary>
    async Task<StageOutcome?> HeldAsync(StageName stage)
    {
        if (!_request.Window.HoldBefore.Contains(stage) || !_held.Add(stage)) { return null; }
        try
        {
            var outcome = await DuringAsync<StageOutcome>(nameof(HoldOrchestrator.HoldBeforeStage), InstanceOf($"hold-{stage}"), Input(stage));
            (Facts, _view) = (outcome.Facts, outcome.View);
            return outcome.End == StageEnd.Done ? null : outcome;
        }
        catch (TaskFailedException failure)
        {
            // Whether anybody released it is unknown, and that is no release.
            return new() { End = StageEnd.Blocked, Facts = Facts, View = _view.Telling(Notices.ActivityFailed(failure)) };
        }
    }

    /// <summary>A stage that fails whole (its audit can't be written, say) is a stage that is blocked; what it may have done is undone.</summary>
    async Task<StageOutcome> RunStageAsync(StageName stage)
    {
        try
        {
            return await DuringAsync<StageOutcome>($"{stage}Stage", InstanceOf(stage.ToString()), Input(stage));
        }
        catch (TaskFailedException failure)
        {
            return new StageOutcome
            {
                End = StageEnd.Blocked,
                Facts = StageUndo.BrokenOff(await KeptFactsAsync(), stage),
                View = _view.Telling(Notices.ActivityFailed(failure)),
            };
        }
    }

    /// <summary>The facts that the stage kept outside the history, when they are newer than those that it began with.</summary>
    async Task<MigrationFacts> KeptFactsAsync()
    {
        try
        {
            return (await ReadStandingAsync()).Standing is { } kept && kept.Facts.Revision > Facts.Revision ? kept.Facts : Facts;
        }
        catch (TaskFailedException)
        {
            // The same outage, perhaps; what is undone without knowing the values before can still be taken up.
            return Facts;
        }
    }

    /// <summary>Second gate and switch, again while a call leaves the flag true; null when it is off.</summary>
    public async Task<StageOutcome?> SwitchAsync()
    {
        StageOutcome? outcome = null;
        for (var round = 1; round <= SwitchRounds && outcome is null or { End: StageEnd.AskAgain }; round++)
        {
            if (await StageAsync(StageName.ConfirmSwitch) is { } ended) { return ended; }
            outcome = await StageAsync(StageName.DisableGroupWritebackV2);
            if (outcome is null) { return null; }
        }
        return outcome;
    }

    /// <summary>The stages that are left after the switch, from what the servers show: nothing is synchronised in full while one of them exports.</summary>
    /// <returns>Null when the servers can't be read.</returns>
    public async Task<IReadOnlyList<StageName>?> WayForwardAsync()
    {
        var entry = await UntilItEndsAsync<WayForwardOutcome>(nameof(WayForwardOrchestrator), "forward", () => Input(StageName.SecondFullSync));
        (Facts, _view) = (entry.Facts, entry.View);
        return entry.Stages;
    }

    /// <summary>A stage after the switch: when it can't go on it waits for a person and starts over. False when nobody came.</summary>
    public async Task<bool> ForwardAsync(StageName stage)
    {
        // A stop that was asked for in the last stage holds before this one begins.
        while (_wishes.WantsStop || await StageAsync(stage) is not null || _wishes.WantsStop)
        {
            var stopped = _wishes.WantsStop;
            _wishes.Forget();
            var goesOn = await ParkAsync(stage);
            // Stop and the guards switch the scheduler off; past its own stage nobody else would give it back.
            var off = stage > StageName.ResumeScheduler && Facts.SchedulerBefore == true
                && (stopped || _stoppedWhileParked || Facts.SchedulerHeld || Facts.SchedulerOffSince is not null);
            _stoppedWhileParked = false;
            if (!goesOn)
            {
                if (off) { _told = [.. _told, Notices.SchedulerStaysOff(_plan.Active.Name)]; }
                Tell();
                return false;
            }
            // A ring that holds it takes it again, and gives it back by itself.
            if (off && !Facts.SchedulerHeld && !await ForwardAsync(StageName.ResumeScheduler)) { return false; }
        }
        // A guard may have turned it off behind its own stage; what it was turned off for is past by now.
        if (stage > StageName.ResumeScheduler && Facts.SchedulerOffSince is not null) { await StageAsync(StageName.ResumeScheduler); }
        return true;
    }

    /// <summary>Waits for a retry; after "Entra only" the way leads through staging mode and the second full synchronisation again. False when nobody came.</summary>
    async Task<bool> ParkAsync(StageName stage)
    {
        var parked = await UntilItEndsAsync<ParkedOutcome>(nameof(ParkedOrchestrator), "parked", () => Input(stage));
        (Facts, _view) = (WithStop(parked.Facts), parked.View);
        Tell();
        _stoppedWhileParked |= _wishes.WantsStop;
        _wishes.Forget();
        if (!parked.Retry || !Facts.WentEntraOnly) { return parked.Retry; }
        if (await WayForwardAsync() is not { } again) { return await ParkAsync(stage); }
        // A stage that is no longer needed is no goal: past the proof nothing may run that was not there before.
        var goal = again.Contains(stage) ? stage : StageName.SecondFullSync;
        foreach (var before in again.TakeWhile(s => s != goal))
        {
            if (!await ForwardAsync(before)) { return false; }
        }
        return true;
    }

    /// <summary>An outage of our own store must not end a part half done: it starts over with what was kept, and finds what is done already.</summary>
    async Task<TOutcome> UntilItEndsAsync<TOutcome>(string orchestrator, string part, Func<object> input)
        where TOutcome : class
    {
        var until = Now + ParkedAtMost;
        TOutcome? outcome = null;
        while (outcome is null)
        {
            try
            {
                outcome = await DuringAsync<TOutcome>(orchestrator, InstanceOf(part), input());
            }
            catch (TaskFailedException) when (Now < until)
            {
                // With what it has done by then; older facts would never be kept again.
                Facts = await KeptFactsAsync();
                await _context.CreateTimer(TimeSpan.FromMinutes(15), CancellationToken.None);
            }
        }
        return outcome;
    }

    /// <summary>Runs a part, with what people send meanwhile.</summary>
    Task<TOutcome> DuringAsync<TOutcome>(string orchestrator, string instance, object input) =>
        _wishes.DuringAsync<TOutcome>(
            orchestrator, instance, input,
            asked => BesideAsync(asked, orchestrator, instance));

    Task PublishAsync()
    {
        _view = _view with { UpdatedAt = Now };
        return _context.CallActivityAsync("PublishView", new ViewUpdate { View = _view }, Retries.OwnStore);
    }

    /// <summary>Numbered, because a stage may run more than once, and a migration may be taken up more than once.</summary>
    string InstanceOf(string part) => _request.TakenUp == 0
        ? $"{_context.InstanceId}:{part}:{_request.MigrationId}:{++_calls}"
        : $"{_context.InstanceId}:{part}:{_request.MigrationId}:{_request.TakenUp}.{++_calls}";

    StageInput Input(StageName stage) => new() { Stage = stage, Request = _request, Plan = _plan, Facts = Facts, View = _view };

    MigrationView FirstView() => new()
    {
        MigrationId = _request.MigrationId,
        AssessmentId = _request.AssessmentId,
        PlanHash = _request.PlanHash,
        RequestedBy = _request.RequestedBy,
        Window = _request.Window,
        State = MigrationState.Running,
        Notices = [],
        Stages = [.. Enum.GetValues<StageName>().Select(name => new StageView
        {
            Name = name,
            State = name == StageName.Assess ? StageState.Done : StageState.Pending,
        })],
        Tasks = [],
        StartedAt = Now,
        UpdatedAt = Now,
    };
}

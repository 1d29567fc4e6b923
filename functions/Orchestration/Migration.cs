using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The main orchestration's state: it runs stages, hands them the people's events, goes back, parks, and ends.</summary>
sealed class Migration
{
    /// <summary>After so many calls that left the flag true, asking again is no longer sensible.</summary>
    const int SwitchRounds = 3;

    /// <summary>A parked migration waits this long for a person.</summary>
    internal static readonly TimeSpan ParkedAtMost = TimeSpan.FromDays(5);

    readonly TaskOrchestrationContext _context;
    readonly MigrationRequest _request;
    readonly MigrationPlan _plan;
    MigrationView _view;
    Task<DecisionArrived> _decision;
    Task<TaskCheck> _check;
    Task<OperatorRequest> _asked;
    OperatorAction? _wish;
    IReadOnlyList<Notice> _notStopped = [];
    int _calls;

    public Migration(TaskOrchestrationContext context, MigrationRequest request, MigrationPlan plan)
    {
        (_context, _request, _plan) = (context, request, plan);
        Facts = new MigrationFacts { Groups = plan.Groups };
        _view = FirstView();
        _decision = context.WaitForExternalEvent<DecisionArrived>(MigrationEvents.Decision);
        _check = context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck);
        _asked = context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest);
    }

    public MigrationFacts Facts { get; private set; }

    DateTimeOffset Now => new(_context.CurrentUtcDateTime, TimeSpan.Zero);

    /// <summary>Runs a stage; null when the migration goes on.</summary>
    public async Task<StageOutcome?> StageAsync(StageName stage)
    {
        var outcome = await RunStageAsync(stage);
        (Facts, _view) = (outcome.Facts, outcome.View with { Notices = [.. outcome.View.Notices.Concat(_notStopped).TakeLast(20)] });
        _notStopped = [];
        if (outcome.End is not (StageEnd.Done or StageEnd.Skipped)) { return outcome; }
        return Facts.SwitchedOff ? null : Wished(outcome);
    }

    /// <summary>A stage that fails whole (its audit can't be written, say) is a stage that is blocked; what it may have done is undone.</summary>
    async Task<StageOutcome> RunStageAsync(StageName stage)
    {
        try
        {
            return await WithEventsAsync<StageOutcome>($"{stage}Stage", InstanceOf(stage.ToString()), Input(stage));
        }
        catch (TaskFailedException failure)
        {
            var notice = Notices.ActivityFailed(failure.TaskName, failure.FailureDetails);
            return new StageOutcome
            {
                End = StageEnd.Blocked,
                Facts = Facts with
                {
                    // Its own list is lost with it.
                    Undo = [.. Facts.Undo, .. StageUndo.Of(stage).Select(kind => new UndoStep { Kind = kind })],
                    // How far it came is unknown, and unknown is not "never issued".
                    SwitchAttempted = Facts.SwitchAttempted || stage == StageName.DisableGroupWritebackV2,
                },
                View = _view with { Notices = [.. _view.Notices.Append(notice).TakeLast(20)] },
            };
        }
    }

    /// <summary>What an operator asked for while the stage ran takes effect at its end; after the switch there is nothing to go back to.</summary>
    StageOutcome? Wished(StageOutcome outcome) => _wish switch
    {
        OperatorAction.Postpone => outcome with { End = StageEnd.Ended, Ending = Ending.Postponed },
        OperatorAction.Cancel or OperatorAction.Stop => outcome with { End = StageEnd.Ended, Ending = Ending.Cancelled },
        _ => null,
    };

    /// <summary>Second gate and switch, again while a call leaves the flag true; null when it is off.</summary>
    public async Task<StageOutcome?> SwitchAsync()
    {
        StageOutcome? outcome = null;
        for (var round = 1; round <= SwitchRounds && outcome is null or { End: StageEnd.AskAgain }; round++)
        {
            if (outcome is not null && Wished(outcome) is { } wished) { return wished; }
            if (await StageAsync(StageName.ConfirmSwitch) is { } ended) { return ended; }
            outcome = await StageAsync(StageName.DisableGroupWritebackV2);
            if (outcome is null) { return null; }
        }
        return outcome;
    }

    /// <summary>Undoes what must be undone and ends. When the flag turns out to be off, it comes back with <see cref="MigrationFacts.SwitchedOff"/>.</summary>
    public async Task<MigrationResult> GoBackAsync(StageName stage, StageOutcome end)
    {
        var back = await WayBackAsync(stage, end.Ending);
        (Facts, _view) = (back.Facts, back.View);
        if (back.OnlyForward && Facts.SwitchAttempted)
        {
            // Off, though it once read true: the call took effect after all. That is the new truth.
            Facts = Facts with { SwitchedOff = true };
            _view = _view with { State = MigrationState.Running };
            return new MigrationResult { MigrationId = _request.MigrationId, Outcome = MigrationOutcome.NeedsAttention };
        }
        return await EndAsync(back.Complete
            ? end.Ending switch
            {
                Ending.Postponed => MigrationOutcome.Postponed,
                Ending.Expired => MigrationOutcome.Expired,
                Ending.Denied or Ending.DeniedAndLeft or Ending.Cancelled => MigrationOutcome.Denied,
                _ => MigrationOutcome.RolledBack,
            }
            : MigrationOutcome.NeedsAttention);
    }

    /// <summary>An outage of our own store must not end the way back half done: it starts over, and finds what is undone already.</summary>
    async Task<WayBackOutcome> WayBackAsync(StageName stage, Ending? ending)
    {
        var until = Now + ParkedAtMost;
        WayBackOutcome? back = null;
        while (back is null)
        {
            try
            {
                back = await WithEventsAsync<WayBackOutcome>(
                    nameof(WayBackOrchestrator), InstanceOf("undo"), new WayBackInput { From = Input(stage), Ending = ending });
            }
            catch (TaskFailedException) when (Now < until)
            {
                await _context.CreateTimer(TimeSpan.FromMinutes(15), CancellationToken.None);
            }
        }
        return back;
    }

    /// <summary>A stage after the switch: when it can't go on it waits for a person and starts over. False when nobody came.</summary>
    public async Task<bool> ForwardAsync(StageName stage)
    {
        // A stop that was asked for in the last stage holds before this one begins.
        while (_wish == OperatorAction.Stop || await StageAsync(stage) is not null || _wish == OperatorAction.Stop)
        {
            var stopped = _wish == OperatorAction.Stop;
            _wish = null;
            _view = _view with { State = MigrationState.NeedsAttention };
            await PublishAsync();
            if (!await RetryAskedAsync()) { return false; }
            _view = _view with { State = MigrationState.Running };
            // Stop switched the scheduler off; past its own stage nobody else would give it back.
            if (stopped && stage > StageName.ResumeScheduler) { await StageAsync(StageName.ResumeScheduler); }
        }
        return true;
    }

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
        await _context.CallActivityAsync(
            "WriteReport", new ReportInput { View = _view, Plan = _request.Plan, Comparison = Facts.Comparison, Verification = Facts.Verification }, Retries.OwnStore);
        await _context.CallActivityAsync(
            "AppendAudit",
            new AuditLine
            {
                MigrationId = _request.MigrationId,
                LineId = _context.NewGuid().ToString("N"),
                At = Now,
                Who = "gwbcloud",
                What = "migration.ended",
                Detail = outcome.ToString(),
            },
            Retries.OwnStore);
        await PublishAsync();
        return new MigrationResult { MigrationId = _request.MigrationId, Outcome = outcome };
    }

    async Task<bool> RetryAskedAsync()
    {
        using var stop = new CancellationTokenSource();
        var patience = _context.CreateTimer(ParkedAtMost, stop.Token);
        while (await Task.WhenAny(_asked, patience) == _asked)
        {
            var asked = await _asked;
            _asked = _context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest);
            if (asked.Action is OperatorAction.Retry or OperatorAction.Cancel)
            {
                stop.Cancel();
                return asked.Action == OperatorAction.Retry;
            }
        }
        return false;
    }

    /// <summary>Runs a sub-orchestration and hands on to it what people send to this instance.</summary>
    async Task<TOutcome> WithEventsAsync<TOutcome>(string orchestrator, string instance, object input)
    {
        var running = _context.CallSubOrchestratorAsync<TOutcome>(orchestrator, input, new SubOrchestrationOptions(instanceId: instance));
        while (await Task.WhenAny(running, _decision, _check, _asked) is var first && first != running)
        {
            if (first == _decision)
            {
                _context.SendEvent(instance, MigrationEvents.Decision, await _decision);
                _decision = _context.WaitForExternalEvent<DecisionArrived>(MigrationEvents.Decision);
            }
            else if (first == _check)
            {
                _context.SendEvent(instance, MigrationEvents.TaskCheck, await _check);
                _check = _context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck);
            }
            else
            {
                var asked = await _asked;
                _wish = asked.Action is OperatorAction.Postpone or OperatorAction.Cancel or OperatorAction.Stop ? asked.Action : _wish;
                if (asked.Action == OperatorAction.Stop) { await StopNowAsync(); }
                _context.SendEvent(instance, MigrationEvents.OperatorRequest, asked);
                _asked = _context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest);
            }
        }
        return await running;
    }

    /// <summary>Nothing more is written: the job is paused and the scheduler is off. A person looks, then retries or goes back.</summary>
    /// <remarks>Its failure is told, and never thrown: the stage that runs meanwhile is still running.</remarks>
    async Task StopNowAsync()
    {
        try
        {
            var stopped = await _context.CallSubOrchestratorAsync<StopOutcome>(
                nameof(StopNowOrchestrator), Input(StageName.StartCloudSync), new SubOrchestrationOptions(instanceId: InstanceOf("stop")));
            _notStopped = [.. _notStopped, .. stopped.NotStopped];
        }
        catch (TaskFailedException failure)
        {
            _notStopped = [.. _notStopped, Notices.ActivityFailed(failure.TaskName, failure.FailureDetails)];
        }
    }

    Task PublishAsync()
    {
        _view = _view with { UpdatedAt = Now };
        return _context.CallActivityAsync("PublishView", new ViewUpdate { View = _view }, Retries.OwnStore);
    }

    /// <summary>Numbered, because a stage may run more than once.</summary>
    string InstanceOf(string part) => $"{_context.InstanceId}:{part}:{_request.MigrationId}:{++_calls}";

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

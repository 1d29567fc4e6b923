using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What every stage works with: the plan, the facts so far, the view that people see, and the calls to both halves.</summary>
sealed class StageRun(TaskOrchestrationContext context, StageInput input) : IWaiter
{
    static readonly TimeSpan LookAtCycleEvery = TimeSpan.FromMinutes(2);
    const int LooksAtCycle = 120;

    // Apart from the facts: a stage that replaces those across a wait would lose what was told meanwhile.
    readonly HashSet<string> _told = [.. input.Facts.AlarmsTold];
    Task<OperatorRequest>? _stop;

    DateTimeOffset? _begun;

    public TaskOrchestrationContext Context { get; } = context;
    public MigrationRequest Request { get; } = input.Request;
    public MigrationPlan Plan { get; } = input.Plan;
    public StageName Stage { get; } = input.Stage;
    public MigrationFacts Facts { get; set; } = input.Facts;
    public MigrationView View { get; private set; } = input.View;

    /// <summary>How far the guards of this stage came, so that the next one tells nothing twice.</summary>
    public GuardWatch? Watched { get; set; }

    public MigrationSettings Settings => Request.Settings;
    public DateTimeOffset Now => new(Context.CurrentUtcDateTime, TimeSpan.Zero);

    /// <summary>The moments that bound this migration, as far as is known now.</summary>
    public TimeLimits Limits => new(Request, Plan, Facts);

    /// <summary>When this stage is at its end as a whole; null where only its waits have bounds, and outside of stages.</summary>
    public DateTimeOffset? Until => _begun is { } begun ? Limits.StageUntil(Stage, begun) : null;

    /// <summary>The server whose listener reaches the directory: the active one.</summary>
    public string Lead => Plan.Active.Name;
    public IReadOnlyList<string> Servers => [.. Plan.Servers.Select(s => s.Name)];
    public DocumentReference Groups => Facts.Groups ?? Plan.Groups;

    /// <summary>What the activities of Cloud Sync are told of this migration.</summary>
    public CloudSyncInput CloudSyncInput => new() { MigrationId = Request.MigrationId, Plan = Request.Plan, Job = Facts.Job };

    /// <summary>What was wrong or pending before the rules: drained at the freeze, before it the standbys' own.</summary>
    public CycleBaseline Baseline => new() { KnownErrors = Facts.KnownErrors!, Pending = Facts.PendingBaseline! };

    /// <summary>Runs a stage's body between two entries of timeline and audit, and turns a stop into an outcome.</summary>
    public static async Task<StageOutcome> RunAsync(TaskOrchestrationContext context, Func<StageRun, Task<StageOutcome>> body)
    {
        var run = new StageRun(context, context.GetInput<StageInput>() ?? throw new InvalidOperationException("A stage has no input."));
        using var closed = new CancellationTokenSource();
        run.HearStop(closed.Token);
        run._begun = run.Now;
        await run.ShowAsync(StageState.Running);
        await run.AuditAsync("stage.started");
        StageOutcome outcome;
        try
        {
            var work = body(run);
            await Alarms.BesideAsync(run, work, run.TimeAlarms());
            outcome = TimeCheck.After(run, await work);
        }
        catch (StageStoppedException stop)
        {
            outcome = stop.End == StageEnd.SwitchedElsewhere ? run.SwitchedElsewhere(stop.Notice) : run.Blocked(stop.Notice);
        }
        catch (TaskFailedException failure)
        {
            // An activity gave up after its repetitions; what it could not do is told, what it did is known to be repeatable.
            outcome = run.Blocked(Notices.ActivityFailed(failure));
        }
        catch (Exception fault) when (IsOurs(fault))
        {
            // A fault of ours must not strand the tenant in the middle: it goes the same ways as a condition that does not hold.
            outcome = run.Blocked(Notices.Fault(run.Stage, fault));
        }
        // What a stop broke off fails with the words of whatever was broken off.
        if (run.StopAsked && outcome.End == StageEnd.Blocked && (run.View.Notices is not [.., var last] || last.Code != OrchestrationError.Stopped.Code))
        {
            outcome = run.Blocked(Notices.StoppedByOperator());
        }
        closed.Cancel();
        run.View = outcome.View;
        try
        {
            await run.ShowAsync(outcome.End switch
            {
                StageEnd.Done or StageEnd.AskAgain => StageState.Done,
                StageEnd.Skipped => StageState.Skipped,
                StageEnd.Parked => StageState.Waiting,
                _ => StageState.Failed,
            });
            await run.AuditAsync($"stage.{outcome.End}".ToLowerInvariant(), run.View.Notices is [.., var newest] ? newest.Code : null);
        }
        catch (TaskFailedException failure)
        {
            // What can't be told may not go on; but what the stage did, and what undoes it, must outlive that.
            run.Tell(Notices.ActivityFailed(failure));
            outcome = outcome with { End = outcome.End is StageEnd.Done or StageEnd.Skipped ? StageEnd.Blocked : outcome.End };
        }
        return run.Keep(outcome);
    }

    /// <summary>A fault in our own decisions, as no outage and no refusal ever shows itself.</summary>
    public static bool IsOurs(Exception fault) => fault
        is JsonException or InvalidOperationException or ArgumentException or NotSupportedException or NullReferenceException or KeyNotFoundException;

    /// <summary>The outcome with what the run knows and shows by now.</summary>
    public StageOutcome Keep(StageOutcome outcome) => outcome with { Facts = KeptFacts, View = View };

    /// <summary>The facts with what was told by now.</summary>
    public MigrationFacts KeptFacts => Facts with { AlarmsTold = [.. _told.Order(StringComparer.Ordinal)] };

    public IReadOnlyList<Alarm> TimeAlarms() => Limits.Alarms();

    public bool WasTold(string key) => _told.Contains(key);

    public void Remember(string key) => _told.Add(key);

    public StageOutcome Done(string detail) => Outcome(StageEnd.Done, detail);

    public StageOutcome Skipped(string detail) => Outcome(StageEnd.Skipped, detail);

    public StageOutcome AskAgain(Notice notice)
    {
        Tell(notice);
        return Outcome(StageEnd.AskAgain, notice.Message);
    }

    public StageOutcome Blocked(Notice notice)
    {
        TellOnce(notice);
        return Outcome(StageEnd.Blocked, notice.Message);
    }

    /// <summary>Somebody else switched: what the flag reads is the truth from here on.</summary>
    public StageOutcome SwitchedElsewhere(Notice notice)
    {
        TellOnce(notice);
        Facts = Facts with { SwitchedOff = true, SwitchedElsewhere = true };
        return Outcome(StageEnd.SwitchedElsewhere, notice.Message);
    }

    public StageOutcome Parked(Notice notice)
    {
        Tell(notice);
        return Outcome(StageEnd.Parked, notice.Message);
    }

    public StageOutcome Ended(Ending ending, Notice notice)
    {
        Tell(notice);
        return Outcome(StageEnd.Ended, notice.Message) with { Ending = ending };
    }

    /// <summary>An operator asked for another end before the switch, and here it takes effect.</summary>
    public StageOutcome EndedBy(OperatorRequest asked)
    {
        View = View.EndedBy(asked, Now);
        return Outcome(StageEnd.Ended, View.Notices[^1].Message) with { Ending = asked.Ending() };
    }

    /// <summary>Pushed and kept before the act, with the values that are there before it: a crash in its middle must still find the way back.</summary>
    public Task PushUndoAsync(params IReadOnlyList<UndoKind> kinds)
    {
        Facts = Facts with { Undo = [.. Facts.Undo, .. kinds.Select(kind => new UndoStep { Kind = kind })] };
        return KeepFactsAsync();
    }

    /// <summary>Before we turn the scheduler off: an answer may be lost. What was off before is not off by us, and no limit of ours bounds it.</summary>
    /// <param name="before">Whether it is on now; what an earlier stage found counts more.</param>
    public void NoteSchedulerOff(bool before)
    {
        var wasOn = Facts.SchedulerBefore ?? before;
        Facts = Facts with { SchedulerBefore = wasOn, SchedulerOffSince = wasOn ? Facts.SchedulerOffSince ?? Now : null };
    }

    /// <summary>Keeps the facts outside the history: a stage that fails whole takes its own along.</summary>
    public Task KeepFactsAsync()
    {
        Facts = Facts with { Revision = Facts.Revision + 1 };
        return Context.CallActivityAsync(
            "KeepStanding",
            new MigrationStanding { MigrationId = Request.MigrationId, Stage = Stage, Facts = Facts, TakenUp = Request.TakenUp },
            Retries.OwnStore);
    }

    public Task<TResult> OnLeadAsync<TResult>(Command<TResult> command)
        where TResult : class
        => OnServerAsync(Lead, command);

    /// <exception cref="StageStoppedException">The command came to no good end, or the stage as a whole is at its end.</exception>
    public async Task<TResult> OnServerAsync<TResult>(string server, Command<TResult> command)
        where TResult : class
    {
        DemandNoStop();
        DemandTime();
        return await Context.RunOnPremAsync(Request, server, command);
    }

    public Task<TResult> CallAsync<TResult>(string activity, object input) => Context.CallActivityAsync<TResult>(activity, input, Retries.Standard);

    /// <summary>Waits, and ends at once when an operator chose stop.</summary>
    /// <exception cref="StageStoppedException">An operator chose stop.</exception>
    public async Task DelayAsync(TimeSpan time)
    {
        DemandNoStop();
        using var over = new CancellationTokenSource();
        var timer = Context.CreateTimer(time, over.Token);
        if (_stop is null || await Task.WhenAny(timer, _stop) == timer)
        {
            await timer;
            return;
        }

        // An uncancelled timer would keep the instance running.
        over.Cancel();
        DemandNoStop();
    }

    /// <summary>Ends when an operator chose stop; never where nobody listens for it (the way back, the switch itself).</summary>
    public Task StopArrives { get; private set; } = new TaskCompletionSource().Task;

    /// <summary>An operator chose stop while this stage ran.</summary>
    public bool StopAsked => _stop is { IsCompletedSuccessfully: true };

    /// <exception cref="StageStoppedException">An operator chose stop: nothing new is begun.</exception>
    public void DemandNoStop()
    {
        if (StopAsked) { throw new StageStoppedException(Notices.StoppedByOperator()); }
    }

    /// <summary>Runs a cycle on each server, all at once, and waits for the slowest; a stop ends the watching of all.</summary>
    public async Task<IReadOnlyList<CycleOutcome>> CyclesAsync(CyclePolicy policy, params IReadOnlyList<string> servers)
    {
        DemandNoStop();
        DemandTime();
        var until = _begun is null ? null : Limits.CycleUntil(Stage, policy, Now);
        var watched = servers.Select(server => (Server: server, Instance: $"{Context.InstanceId}:cycle:{Context.NewGuid():N}")).ToList();
        var cycles = Task.WhenAll(watched.Select(cycle => Context.CallSubOrchestratorAsync<CycleOutcome>(
            nameof(CycleOrchestrator.RunCycle),
            // Past the switch every full cycle must come to its end some day; stopping it would only cost the time that it took.
            new CycleInput { Request = Request, Server = cycle.Server, Policy = policy, Until = until, StopsWhenLate = !Facts.SwitchedOff },
            new SubOrchestrationOptions(instanceId: cycle.Instance))));
        if (_stop is not null && await Task.WhenAny(cycles, _stop) == _stop && StopAsked)
        {
            watched.ForEach(cycle => Context.SendEvent(cycle.Instance, MigrationEvents.Stop, _stop.Result));
        }

        var outcomes = await cycles;
        Facts = TimeCheck.Observe(Facts, Plan, policy, outcomes);
        return outcomes;
    }

    /// <summary>One Delta of the active server, to its end.</summary>
    /// <exception cref="StageStoppedException">It did not come to its end.</exception>
    public async Task DeltaAsync()
    {
        foreach (var cycle in await CyclesAsync(CyclePolicy.Delta, Lead))
        {
            if (cycle.Stopped is not null) { throw new StageStoppedException(cycle.Stopped); }
        }
    }

    /// <summary>Waits until a server has its scheduler off and no cycle under way: one that began before must end first.</summary>
    /// <returns>The server as it rests.</returns>
    /// <exception cref="StageStoppedException">After four hours: that is no cycle that passes by.</exception>
    public async Task<ServerFacts> RestAsync(string server)
    {
        var facts = await OnServerAsync(server, new InspectServer());
        for (var look = 0; facts is not { Scheduler: { CycleInProgress: false, Enabled: false } }; look++)
        {
            if (look == LooksAtCycle) { throw new StageStoppedException(Notices.ServerStaysBusy(server)); }
            await DelayAsync(LookAtCycleEvery);
            facts = await OnServerAsync(server, new InspectServer());
        }
        return facts;
    }

    /// <summary>Commands that each succeed may still add up to more than the stage has; it ends before the next one.</summary>
    void DemandTime()
    {
        if (Until is { } until && Now > until) { throw new StageStoppedException(Notices.StageTooLong(Stage, until)); }
    }

    /// <summary>A guard told it when it saw it: why the stage ends stands last, and not twice.</summary>
    void TellOnce(Notice notice)
    {
        View = View with { Notices = [.. View.Notices.Where(n => n != notice)] };
        Tell(notice);
    }

    /// <summary>Keeps where the exports are explained that nobody allowed; people read them at <c>exports</c>.</summary>
    public void Review(string server, DocumentReference? offending)
    {
        if (offending is null) { return; }
        var review = new ExportReview { Server = server, Stage = Stage, At = Now, Offending = offending };
        View = View with { Exports = [.. View.Exports.Append(review).TakeLast(20)] };
    }

    /// <summary>What a person must look at before the retry; it stays in the view until then.</summary>
    public async Task ReviewAsync(IReadOnlyList<ReviewItem> found)
    {
        if (found.Count == 0) { return; }
        var kept = await CallAsync<DocumentBox>("KeepReview", new ReviewBox { Items = found });
        View = View with { Review = kept.Document };
    }

    public void Tell(Notice notice) => View = View.Telling(notice);

    public async Task AuditAsync(string what, string? evidence = null, string? detail = null)
        => await Context.CallActivityAsync(
            "AppendAudit",
            new AuditLine
            {
                MigrationId = Request.MigrationId,
                LineId = Context.NewGuid().ToString("N"),
                At = Now,
                Who = Audit.AuditLog.Product,
                What = what,
                Evidence = evidence,
                Detail = detail ?? Stage.ToString(),
            },
            Retries.OwnStore);

    /// <summary>Shows this stage's state, and progress where there is any.</summary>
    public async Task ShowAsync(StageState state, string? detail = null, int done = 0, int total = 0)
    {
        View = View with
        {
            Stages = [.. View.Stages.Select(s => s.Name != Stage ? s : s with
            {
                State = state,
                Detail = detail ?? s.Detail,
                Done = total == 0 ? s.Done : done,
                Total = total == 0 ? s.Total : total,
                StartedAt = s.StartedAt ?? Now,
                EndedAt = state is StageState.Running or StageState.Waiting ? null : Now,
            })],
        };
        await PublishAsync();
    }

    public async Task ShowAsync(MigrationView view)
    {
        View = view;
        await PublishAsync();
    }

    IReadOnlyList<OperatorTask> IWaiter.Tasks => View.Tasks;

    Task IWaiter.ShowAsync(IReadOnlyList<OperatorTask> tasks) => ShowAsync(View with { Tasks = tasks });

    async Task PublishAsync()
    {
        View = View with { UpdatedAt = Now };
        await Context.CallActivityAsync("PublishView", new ViewUpdate { View = View }, Retries.OwnStore);
    }

    /// <summary>The switch is not broken off: whether it was made must be read to the end.</summary>
    void HearStop(CancellationToken closed)
    {
        if (Stage != StageName.DisableGroupWritebackV2) { StopArrives = _stop = Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.Stop, closed); }
    }

    StageOutcome Outcome(StageEnd end, string detail) => new()
    {
        End = end,
        Facts = Facts,
        View = View with { Stages = [.. View.Stages.Select(s => s.Name == Stage ? s with { Detail = detail } : s)] },
    };
}

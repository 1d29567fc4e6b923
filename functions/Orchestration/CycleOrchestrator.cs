using GwbCloud.Contracts.Commands;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>A synchronisation cycle on one server: start, timer, poll, until its last run has ended.</summary>
public static class CycleOrchestrator
{
    /// <summary>Longest time between two looks at a running cycle.</summary>
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <summary>A plan that predicts more than this in staging is blocked, so a cycle that takes longer is stuck.</summary>
    static readonly TimeSpan LongestCycle = TimeSpan.FromHours(48);

    /// <summary>The flag comes up late; what has not begun by then was stopped before anybody could see it.</summary>
    static readonly TimeSpan LongestBeginning = TimeSpan.FromMinutes(30);

    /// <summary>A server that is busy for an hour is looked at no longer.</summary>
    const int MostLooks = 60;

    [Function(nameof(RunCycle))]
    public static async Task<CycleOutcome> RunCycle([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<CycleInput>() ?? throw new InvalidOperationException("A cycle has no input.");
        using var closed = new CancellationTokenSource();
        var stop = context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.Stop, closed.Token);
        try
        {
            var ticket = await StartAsync(context, input, stop);
            var begun = context.CurrentUtcDateTime;
            var pause = TimeSpan.FromSeconds(15);
            var until = begun + LongestCycle;
            var late = input.Until?.UtcDateTime < until;
            if (late) { until = input.Until!.Value.UtcDateTime; }
            var seen = false;
            while (context.CurrentUtcDateTime < until)
            {
                var left = until - context.CurrentUtcDateTime;
                await PauseAsync(context, pause < left ? pause : left, stop);
                var report = await context.AskAsync(input, new ReadCycle { Ticket = ticket });
                // No run yet means that the cycle has not begun, not that it has ended.
                if (!report.InProgress && report.Runs.Count > 0) { return new CycleOutcome { Server = input.Server, Runs = report.Runs, Seconds = (int)(context.CurrentUtcDateTime - begun).TotalSeconds }; }
                if (!report.InProgress && (seen || context.CurrentUtcDateTime - begun > LongestBeginning)) { throw new StageStoppedException(Notices.CycleBrokenOff(input.Server)); }
                seen |= report.InProgress;
                pause = pause < LongestPause ? pause * 2 : pause;
            }
            return new CycleOutcome { Server = input.Server, Runs = [], Stopped = late ? await GiveUpAsync(context, input) : Notices.ServerStaysBusy(input.Server) };
        }
        catch (StageStoppedException stopped)
        {
            return new CycleOutcome { Server = input.Server, Runs = [], Stopped = stopped.Notice };
        }
        finally
        {
            closed.Cancel();
        }
    }

    /// <summary>For the migration, or for the operation, whose commands name no plan.</summary>
    static Task<TResult> AskAsync<TResult>(this TaskOrchestrationContext context, CycleInput input, Command<TResult> command)
        where TResult : class => input.Request is { } request
            ? context.RunOnPremAsync(request, input.Server, command)
            : context.RunOnPremAsync(input.OperationId ?? throw new InvalidOperationException("A cycle has no owner."), planHash: "", input.Server, command);

    /// <summary>A cycle that somebody stopped may leave no run behind by which its end could be known.</summary>
    /// <exception cref="StageStoppedException">An operator chose stop.</exception>
    static async Task PauseAsync(TaskOrchestrationContext context, TimeSpan pause, Task stop)
    {
        using var over = new CancellationTokenSource();
        var timer = context.CreateTimer(pause, over.Token);
        if (await Task.WhenAny(timer, stop) == timer) { return; }
        over.Cancel();
        throw new StageStoppedException(Notices.StoppedByOperator());
    }

    /// <summary>What is waited for no longer is stopped where that is safe: the way back needs the server idle.</summary>
    static async Task<Notice> GiveUpAsync(TaskOrchestrationContext context, CycleInput input)
    {
        var stopped = false;
        if (input.StopsWhenLate)
        {
            try
            {
                await context.AskAsync(input, new StopCycle());
                stopped = true;
            }
            catch (StageStoppedException)
            {
                // It runs on; whoever starts the next one waits for its end.
            }
        }
        return Notices.CycleTooLong(input.Server, input.Until!.Value, stopped);
    }

    /// <summary>Waits for a cycle that runs already; asks for ours when the server is idle.</summary>
    static async Task<CycleTicket> StartAsync(TaskOrchestrationContext context, CycleInput input, Task stop)
    {
        for (var attempt = 0; attempt <= MostLooks; attempt++)
        {
            var facts = await context.AskAsync(input, new InspectServer());
            if (!facts.Scheduler.CycleInProgress && !facts.Scheduler.Suspended)
            {
                try
                {
                    return await context.AskAsync(input, new StartCycle { Policy = input.Policy });
                }
                catch (StageStoppedException refused) when (attempt < MostLooks && refused.Notice.Code != OrchestrationError.ListenerSilent.Code)
                {
                    // Somebody else's cycle began in between; look again. Two hours of silence are another matter.
                }
            }
            // Somebody else's cycle; it is not ours to stop.
            if (input.Until is { } until && context.CurrentUtcDateTime >= until.UtcDateTime) { throw new StageStoppedException(Notices.CycleTooLong(input.Server, until, stopped: false)); }
            if (attempt < MostLooks) { await PauseAsync(context, TimeSpan.FromMinutes(1), stop); }
        }
        throw new StageStoppedException(Notices.ServerStaysBusy(input.Server));
    }
}

public sealed record CycleInput
{
    /// <summary>The migration that it is part of; null for an operation's.</summary>
    public MigrationRequest? Request { get; init; }

    /// <summary>The operation that it is part of; null for a migration's.</summary>
    public string? OperationId { get; init; }
    public required string Server { get; init; }
    public required CyclePolicy Policy { get; init; }

    /// <summary>When it is waited for no longer; null for the longest that any cycle may take.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether our cycle is stopped then, rather than left running.</summary>
    public bool StopsWhenLate { get; init; }
}

public sealed record CycleOutcome
{
    public required string Server { get; init; }
    public required IReadOnlyList<RunResult> Runs { get; init; }

    /// <summary>From its start until its end was read; null when it came to none.</summary>
    public int? Seconds { get; init; }

    /// <summary>Why the cycle could not be run or watched.</summary>
    public Notice? Stopped { get; init; }
}

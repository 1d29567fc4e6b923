using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.OnPremises;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>
/// One click: the provisioning job is paused, the listeners' jobs are called back, running cycles end, and the scheduler is off, whatever else is under way.
/// </summary>
/// <remarks>
/// Everything at once, each on its own: what does not answer must not keep the rest running. What could not be stopped is told. The scheduler
/// comes last, because a listener that writes does one thing at a time and would have it wait behind the job that is being called back.
/// </remarks>
public static class StopNowOrchestrator
{
    /// <summary>Whoever stops is in a hurry: a listener that says nothing for so long is told as not stopped.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Function(nameof(StopNowOrchestrator))]
    public static async Task<StopOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<StopInput>() ?? throw new InvalidOperationException("Stop has no input.");
        var run = new StageRun(context, input.From);
        await run.AuditAsync("stop.asked");
        List<Task<Notice?>> stops = [.. run.Servers.Select(server => TryAsync($"The job of the listener on {server}", () => CallBackAsync(run, server)))];
        stops.AddRange(run.Servers.Select(server => TryAsync($"The cycle on {server}", () => StopCycleAsync(run, server))));
        var jobStopped = false;
        if (run.Facts.Job is not null)
        {
            stops.Add(TryAsync("The provisioning job", async () =>
            {
                await run.CallAsync<JobStatus>("PauseJob", run.CloudSyncInput);
                jobStopped = true;
                return null;
            }));
        }

        List<Notice> notStopped = [.. (await Task.WhenAll(stops)).OfType<Notice>()];
        var before = run.Facts.SchedulerBefore;
        if (input.Scheduler && await TryAsync($"The scheduler on {run.Lead}", StopSchedulerAsync) is { } stays) { notStopped.Add(stays); }
        await run.AuditAsync(notStopped.Count == 0 ? "stop.done" : "stop.incomplete", notStopped.FirstOrDefault()?.Code);
        return new StopOutcome { NotStopped = notStopped, SchedulerBefore = before, JobStopped = jobStopped };

        async Task<Notice?> StopSchedulerAsync()
        {
            // Noted before it is touched: a scheduler whose value nobody knows could not be given back.
            before ??= (await AskAsync(run, run.Lead, new InspectServer())).Scheduler.Enabled;
            await AskAsync(run, run.Lead, new SetScheduler { Enabled = false });
            return null;
        }
    }

    static async Task<Notice?> CallBackAsync(StageRun run, string server)
    {
        var last = await run.CallAsync<LastCommand>("ReadLastCommand", new LastCommandInput { MigrationId = run.Request.MigrationId, Server = server });
        if (last.CommandId is { } id) { await AskAsync(run, server, new CancelJob { CommandId = id }); }
        return null;
    }

    static async Task<Notice?> StopCycleAsync(StageRun run, string server)
        => (await AskAsync(run, server, new StopCycle())).InProgress ? Notices.CycleRunsOn(server) : null;

    static Task<TResult> AskAsync<TResult>(StageRun run, string server, Command<TResult> command)
        where TResult : class
        => run.Context.RunOnPremAsync(run.Request.MigrationId, run.Request.PlanHash, server, command, Patience);

    /// <summary>What could not be stopped is told, a person can still do it by hand; the rest is stopped all the same.</summary>
    static async Task<Notice?> TryAsync(string what, Func<Task<Notice?>> stop)
    {
        try
        {
            return await stop();
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is { } why)
        {
            return Notices.NotStopped(what, why);
        }
    }
}

/// <summary>Input of the orchestration that stops.</summary>
public sealed record StopInput
{
    /// <summary>The stage that runs or waits, with what is known of it.</summary>
    public required StageInput From { get; init; }

    /// <summary>Also the scheduler: not on the way back, which gives it back by itself.</summary>
    public required bool Scheduler { get; init; }
}

/// <summary>Output of the orchestration that stops.</summary>
public sealed record StopOutcome
{
    /// <summary>Why something is still running; empty when all of it stands.</summary>
    public required IReadOnlyList<Notice> NotStopped { get; init; }

    /// <summary>Whether the scheduler was on before anybody of us touched it; null when it was not read.</summary>
    public bool? SchedulerBefore { get; init; }

    /// <summary>The provisioning job was paused, or stood already.</summary>
    public bool JobStopped { get; init; }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>What a stage does with what its guards saw: tell, write down, make safe; and the ways to be guarded at work.</summary>
static class GuardDuty
{
    /// <summary>Long enough for a listener that restarts, short beside the interval of cycles.</summary>
    static readonly TimeSpan PatienceWithDeeds = TimeSpan.FromMinutes(5);

    /// <summary>Notes what is true now, where no plan says what must be; left open while a server does not answer.</summary>
    public static async Task BaselineAsync(StageRun run)
    {
        if (run.Facts.Guarded is not null) { return; }
        var seen = await LookNowAsync(run, GuardPhase.BeforeWindow);
        run.Facts = run.Facts with { Guarded = GuardBaseline.Of(seen, run.Plan) };
    }

    /// <summary>Notes the job as we ourselves made it by now.</summary>
    public static async Task BaselineOfJobAsync(StageRun run, CloudSyncInput input)
    {
        if (run.Facts.Guarded is not { } guarded) { return; }
        var job = await run.CallAsync<JobSight>("GuardJob", input);
        run.Facts = run.Facts with { Guarded = guarded with { JobConfiguration = job.Configuration, StrangersInScope = job.StrangersInScope } };
    }

    /// <summary>Looks once, before something that can't be taken back.</summary>
    /// <exception cref="StageStoppedException">Something does not hold; see <see cref="Raise"/>.</exception>
    public static async Task<GuardVerdict> LookAsync(StageRun run, GuardPhase phase)
    {
        var expected = GuardExpectation.Of(phase, run.Plan, run.Facts, working: false);
        var seen = await LookNowAsync(run, phase);
        var verdict = await HandleAsync(run, phase, new GuardReport { Changes = GuardComparer.Compare(expected, seen), Watch = WatchOf(run, expected), Seen = seen });
        Raise(verdict);
        return verdict;
    }

    /// <summary>Works guarded: what is noticed is told and made safe at once, and stops the stage when the work has ended.</summary>
    /// <exception cref="StageStoppedException">Something does not hold, or the work stopped by itself.</exception>
    public static async Task<T> BesideAsync<T>(StageRun run, GuardPhase phase, Func<Task<T>> work)
    {
        await using var post = GuardPost.Open(run, phase, working: true);
        var working = work();
        var worst = GuardVerdict.Nothing;
        try
        {
            while (await Task.WhenAny(working, post.Noticed) != working) { worst = Worse(worst, await post.TakeAsync()); }
            worst = Worse(worst, await post.CloseAsync());
        }
        finally
        {
            // Whatever became of the guard, no work of ours goes on behind its stage.
            await Task.WhenAny(working);
        }
        // Somebody else's switch counts more than what came of the work.
        if (worst.Effect == GuardEffect.Forward) { Raise(worst); }
        var result = await working;
        Raise(worst);
        return result;
    }

    /// <inheritdoc cref="BesideAsync{T}"/>
    public static Task BesideAsync(StageRun run, GuardPhase phase, Func<Task> work) => BesideAsync(run, phase, async () =>
    {
        await work();
        return true;
    });

    /// <summary>Tells, writes down and makes safe. The worst change decides how far it reaches.</summary>
    public static async Task<GuardVerdict> HandleAsync(StageRun run, GuardPhase phase, GuardReport report)
    {
        // A stop of ours turns off just these, and tells so itself.
        if (run.StopAsked) { report = report with { Changes = [.. report.Changes.Where(c => c.Kind is not (GuardKind.SchedulerOff or GuardKind.JobStopped))] }; }
        if (report.Changes.Count == 0) { return GuardVerdict.Nothing with { Seen = report.Seen, Clear = report.Clear }; }

        var consequences = report.Changes.Select(change => (Change: change, What: GuardConsequence.Of(change.Kind, phase))).ToList();
        // First what can't wait.
        if (consequences.Any(c => c.What.SchedulerOff)) { await SchedulerOffAsync(run, consequences.Any(c => c.What.Effect == GuardEffect.Forward) ? report.Seen : null); }
        if (consequences.Any(c => c.What.PauseJob)) { await PauseJobAsync(run); }
        foreach (var (change, what) in consequences)
        {
            var notice = GuardError.Notice(change);
            run.Tell(notice);
            await run.AuditAsync("guard.noticed", notice.Code, $"{run.Stage}: {change.Kind}, {what.Effect}: {notice.Message}");
        }
        await run.ShowAsync(run.View);
        var effect = consequences.Max(c => c.What.Effect);
        return new GuardVerdict { Effect = effect, Changes = [.. consequences.Where(c => c.What.Effect == effect).Select(c => c.Change)], Seen = report.Seen, Clear = report.Clear };
    }

    /// <summary>Ends the stage where a verdict says so; what only voids approvals is borne where none is open.</summary>
    /// <exception cref="StageStoppedException">With <see cref="StageEnd.SwitchedElsewhere"/>, or as a condition that does not hold.</exception>
    public static void Raise(GuardVerdict verdict)
    {
        if (verdict.Effect == GuardEffect.Forward) { throw new StageStoppedException(GuardError.Notice(verdict.Changes[0]), StageEnd.SwitchedElsewhere); }
        if (verdict.Effect == GuardEffect.Stop) { throw new StageStoppedException(GuardError.Notice(verdict.Changes[0])); }
    }

    static GuardVerdict Worse(GuardVerdict one, GuardVerdict other) => other.Effect > one.Effect ? other : one;

    static Task<GuardSight> LookNowAsync(StageRun run, GuardPhase phase)
        => GuardLook.ReadAsync(run.Context, WatchOf(run, GuardExpectation.Of(phase, run.Plan, run.Facts, working: false)), groups: false);

    static GuardWatch WatchOf(StageRun run, GuardExpectation expected) => new()
    {
        Request = run.Request, Expected = expected, Job = run.Facts.Job, Groups = run.Groups, AtOnce = true,
    };

    /// <summary>The setting is shared, so the first server that takes it is enough. A cycle that runs under a flag that is off is stopped as well.</summary>
    static async Task SchedulerOffAsync(StageRun run, GuardSight? cyclesOf)
    {
        var first = run.Facts.SchedulerBefore is null;
        // It may be off already, by the guard of a listener.
        run.NoteSchedulerOff(before: run.Facts.Guarded?.SchedulerOn ?? true);
        if (first) { await run.PushUndoAsync(UndoKind.RestoreScheduler); }
        // A ring that kept it off may no longer give it back.
        run.Facts = run.Facts with { SchedulerHeld = false };
        Notice? failed = null;
        foreach (var server in run.Servers.OrderByDescending(s => s == run.Lead))
        {
            failed = await TryAsync(run, server, new SetScheduler { Enabled = false });
            if (failed is null) { break; }
        }
        if (failed is not null) { run.Tell(failed); }
        // Whoever goes on from here gives it back, also where its own stage is behind already.
        else if (run.Facts.SchedulerBefore == true) { run.Facts = run.Facts with { SchedulerOffSince = run.Facts.SchedulerOffSince ?? run.Now }; }
        foreach (var server in cyclesOf?.Servers.Where(s => s.Facts is { Staging: false, Scheduler.CycleInProgress: true }) ?? [])
        {
            if (await TryAsync(run, server.Server, new StopCycle()) is { } notStopped) { run.Tell(notStopped); }
        }
    }

    static async Task<Notice?> TryAsync<TResult>(StageRun run, string server, Command<TResult> command)
        where TResult : class
    {
        try
        {
            await run.Context.RunOnPremAsync(run.Request.MigrationId, run.Request.PlanHash, server, command, PatienceWithDeeds, PatienceWithDeeds, attempts: 3);
            return null;
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is { } why)
        {
            return why;
        }
    }

    static async Task PauseJobAsync(StageRun run)
    {
        try
        {
            await run.CallAsync<JobStatus>("PauseJob", run.CloudSyncInput);
            run.Facts = run.Facts with { JobStopped = true };
        }
        catch (TaskFailedException failure)
        {
            run.Tell(Notices.ActivityFailed(failure));
        }
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>What came of a report: how far it reaches, and the changes that reach so far.</summary>
sealed record GuardVerdict
{
    public static GuardVerdict Nothing { get; } = new() { Effect = GuardEffect.Told, Changes = [] };

    public required GuardEffect Effect { get; init; }
    public required IReadOnlyList<GuardChange> Changes { get; init; }
    public GuardSight? Seen { get; init; }

    /// <summary>Asked for by a gate that is held up: nothing holds it any longer.</summary>
    public bool Clear { get; init; }
}

/// <summary>A guard as its stage holds it: opened before a wait, closed after it. What it reports is told, audited and made safe at once.</summary>
/// <remarks>
/// Closed in every case, by <c>await using</c> when the wait ends in an exception: a guard left behind would look on for ever.
/// </remarks>
sealed class GuardPost : IAsyncDisposable
{
    static readonly TimeSpan AskedAgainToStop = TimeSpan.FromMinutes(1);

    readonly StageRun _run;
    GuardWatch _watch;
    string _instance = "";
    Task<GuardReport> _report = null!;
    bool _closed;

    GuardPost(StageRun run, GuardWatch watch) => (_run, _watch) = (run, watch);

    /// <summary>Ends when there is something to <see cref="TakeAsync"/>.</summary>
    public Task Noticed => _report;

    /// <summary>Looks at once, and from then on at the pace of the phase.</summary>
    /// <param name="run">The stage.</param>
    /// <param name="phase">What must hold.</param>
    /// <param name="working">Work of ours goes on beside: its cycles and its job are no change.</param>
    /// <param name="untilClear">Report, too, when nothing holds a gate up any longer.</param>
    /// <param name="parked">Past the switch and waiting for a person: the pace may be that of <see cref="GuardPace.AtRest"/>.</param>
    public static GuardPost Open(StageRun run, GuardPhase phase, bool working = false, bool untilClear = false, bool parked = false)
    {
        var post = new GuardPost(run, WatchOf(run, phase, working, untilClear) with { Parked = parked });
        post.Start();
        return post;
    }

    static GuardWatch WatchOf(StageRun run, GuardPhase phase, bool working, bool untilClear)
    {
        var before = run.Watched?.Expected.Phase == phase ? run.Watched : null;
        return new()
        {
            Request = run.Request,
            Expected = GuardExpectation.Of(phase, run.Plan, run.Facts, working),
            Job = run.Facts.Job,
            Groups = run.Groups,
            AtOnce = true,
            UntilClear = untilClear,
            Known = before?.Known ?? [],
            Silent = before?.Silent ?? [],
        };
    }

    /// <summary>Takes what was noticed, and goes on looking. Call it when <see cref="Noticed"/> has ended.</summary>
    public async Task<GuardVerdict> TakeAsync()
    {
        var report = await ReportAsync();
        Start();
        return await GuardDuty.HandleAsync(_run, _watch.Expected.Phase, report);
    }

    /// <summary>Ends the guard, and takes what its last look still showed.</summary>
    public async Task<GuardVerdict> CloseAsync()
    {
        await StopAsync();
        return await GuardDuty.HandleAsync(_run, _watch.Expected.Phase, await ReportAsync());
    }

    /// <summary>From here on something else must hold.</summary>
    public async Task TurnToAsync(GuardPhase phase)
    {
        await CloseAsync();
        (_watch, _closed) = (WatchOf(_run, phase, working: false, untilClear: false) with { Parked = _watch.Parked }, false);
        Start();
    }

    /// <summary>Something of ours changed just now: looks at once, and goes on at the pace that follows from it.</summary>
    public Task LookAgainAsync() => TurnToAsync(_watch.Expected.Phase);

    /// <summary>Ends the guard when nobody closed it; why the wait broke off counts more than what it may still see.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_closed) { await StopAsync(); }
    }

    async Task StopAsync()
    {
        _closed = true;
        var stop = new GuardStop { By = _run.Stage.ToString() };
        while (!_report.IsCompleted)
        {
            _run.Context.SendEvent(_instance, GuardOrchestrator.StopEvent, stop);
            using var enough = new CancellationTokenSource();
            // An event that overtook the guard's own beginning may be lost.
            var again = _run.Context.CreateTimer(AskedAgainToStop, enough.Token);
            if (await Task.WhenAny(_report, again) == _report) { enough.Cancel(); }
        }
    }

    async Task<GuardReport> ReportAsync()
    {
        try
        {
            var report = await _report;
            _watch = report.Watch with { AtOnce = false };
            _run.Watched = _watch;
            return report;
        }
        catch (TaskFailedException failure)
        {
            // Not to be watched is told; the next guard tries again after a pause.
            _run.Tell(Notices.ActivityFailed(failure));
            _watch = _watch with { AtOnce = false };
            return new GuardReport { Changes = [], Watch = _watch };
        }
    }

    void Start()
    {
        _instance = $"{_run.Context.InstanceId}:guard:{_run.Context.NewGuid():N}";
        _report = _run.Context.CallSubOrchestratorAsync<GuardReport>(nameof(GuardOrchestrator), _watch, new SubOrchestrationOptions(instanceId: _instance));
    }
}

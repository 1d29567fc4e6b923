using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>Looks again and again until something is not as it must be, or its parent has no more need of it.</summary>
/// <remarks>
/// It reads and decides nothing else: what a change means is its parent's business, who starts it anew after each report. It leaves neither
/// timers nor children behind: before it ends, everything that it asked for has answered. Its history begins anew every few looks.
/// </remarks>
public static class GuardOrchestrator
{
    /// <summary>Name of the event by which the parent ends it.</summary>
    public const string StopEvent = "guard-stop";

    [Function(nameof(GuardOrchestrator))]
    public static async Task<GuardReport> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var watch = context.GetInput<GuardWatch>() ?? throw new InvalidOperationException("A guard has nothing to watch.");
        var pace = GuardPace.Of(watch.Expected.Phase);
        using var over = new CancellationTokenSource();
        var stopped = context.WaitForExternalEvent<GuardStop>(StopEvent, over.Token);
        for (var looks = 0; looks < GuardPace.LooksPerHistory && !stopped.IsCompleted; looks++)
        {
            if (!watch.AtOnce && !await PauseAsync(context, GuardPace.Pause(watch), stopped)) { break; }

            var seen = await GuardLook.ReadAsync(context, watch, groups: pace.GroupsEvery > 0 && watch.Looks % pace.GroupsEvery == 0);
            var silent = GuardLook.Silent(watch.Silent, seen, Now(context));
            IReadOnlyList<GuardChange> changes = [.. GuardComparer.Compare(watch.Expected, seen), .. GuardLook.Told(silent, Now(context))];
            var fresh = GuardMemory.Fresh(watch.Known, changes);
            watch = watch with { AtOnce = false, Looks = watch.Looks + 1, IsAtRest = GuardPace.Rests(watch, seen), Silent = silent, Known = GuardMemory.After(watch.Known, changes, seen) };
            var clear = watch.UntilClear && IsClear(watch, seen);
            if (fresh.Count == 0 && !clear) { continue; }

            over.Cancel();
            return new GuardReport { Changes = fresh, Watch = watch, Seen = seen, Clear = clear };
        }
        if (!stopped.IsCompleted) { context.ContinueAsNew(watch); }
        return new GuardReport { Changes = [], Watch = watch };
    }

    /// <summary>False when the parent wants no further look.</summary>
    static async Task<bool> PauseAsync(TaskOrchestrationContext context, TimeSpan pause, Task stopped)
    {
        using var woken = new CancellationTokenSource();
        var timer = context.CreateTimer(pause, woken.Token);
        if (await Task.WhenAny(stopped, timer) == timer) { return true; }
        // An uncancelled timer would keep the instance running.
        woken.Cancel();
        return false;
    }

    /// <summary>Silence is no proof that things are as they were: everybody must have answered.</summary>
    static bool IsClear(GuardWatch watch, GuardSight seen) => seen.Servers.All(s => s.Facts is not null) && (watch.Job is null || seen.Job is not null)
        && watch.Known.All(change => GuardConsequence.Of(change.Kind, watch.Expected.Phase).Effect < GuardEffect.Hold);

    static DateTimeOffset Now(TaskOrchestrationContext context) => new(context.CurrentUtcDateTime, TimeSpan.Zero);
}

/// <summary>Input of <see cref="GuardOrchestrator"/>, and its state from one history to the next.</summary>
public sealed record GuardWatch
{
    public required MigrationRequest Request { get; init; }
    public required GuardExpectation Expected { get; init; }
    public CloudSyncJob? Job { get; init; }

    /// <summary>Document of the planned groups, where groups are watched.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Look before the first pause.</summary>
    public required bool AtOnce { get; init; }

    /// <summary>Also report when nothing holds the gate up any longer.</summary>
    public bool UntilClear { get; init; }

    /// <summary>Nothing of ours goes on, and for days perhaps: see <see cref="GuardPace.AtRest"/>.</summary>
    public bool Parked { get; init; }

    /// <summary>See <see cref="GuardPace.Rests"/>; of the last look.</summary>
    public bool IsAtRest { get; init; }
    public int Looks { get; init; }

    /// <summary>Told already, and still so.</summary>
    public IReadOnlyList<GuardChange> Known { get; init; } = [];
    public IReadOnlyList<SilentListener> Silent { get; init; } = [];
}

public sealed record SilentListener
{
    public required string Server { get; init; }
    public required DateTimeOffset Since { get; init; }
}

/// <summary>Output of <see cref="GuardOrchestrator"/>.</summary>
public sealed record GuardReport
{
    /// <summary>New since the last report; none when the parent ended it.</summary>
    public required IReadOnlyList<GuardChange> Changes { get; init; }

    /// <summary>What the next guard goes on with.</summary>
    public required GuardWatch Watch { get; init; }

    /// <summary>Nothing holds a gate up any longer; only where <see cref="GuardWatch.UntilClear"/> asked for it.</summary>
    public bool Clear { get; init; }

    /// <summary>The look that showed them.</summary>
    public GuardSight? Seen { get; init; }
}

/// <summary>The event that ends a guard.</summary>
public sealed record GuardStop
{
    public required string By { get; init; }
}

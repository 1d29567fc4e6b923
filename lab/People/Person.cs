using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Time;

namespace GwbCloud.Lab.People;

/// <summary>A simulated person: looks at the status page now and then, does what there is to do, and looks again.</summary>
/// <remarks>
/// Moments lie on a grid of virtual time, a different one for each person, so that two people never act at once. The next one is remembered,
/// so that a rehearsal that was killed goes on at the same moments.
/// </remarks>
abstract class Person(LabPerson who, ProductApi api, PeopleMemory memory, LabClock clock, TimeSpan offset)
{
    /// <summary>While something waits for people.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromMinutes(5);

    /// <summary>While nothing does.</summary>
    protected static readonly TimeSpan Later = TimeSpan.FromHours(1);

    /// <summary>The shortest time that passes.</summary>
    protected static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    /// <summary>Who it is.</summary>
    public LabPerson Who { get; } = who;

    protected ProductApi Api { get; } = api;
    protected PeopleMemory Memory { get; } = memory;
    protected LabClock Clock { get; } = clock;

    public string Name => Who.Name;

    /// <summary>Acts until there is nothing left to do. The caller has a hold of the clock for this person.</summary>
    public async Task LiveAsync(CancellationToken cancellationToken)
    {
        // A look that a kill cut short is done again, but not before all that the restart itself set going has come to rest.
        var next = Memory.NextLook(Who.Key) is { } due ? Max(due, Clock.GetUtcNow() + Instant) : Next(Soon);
        while (true)
        {
            if (Clock.IsVirtual) { await Memory.KeepLookAsync(Who.Key, next); }
            await SleepUntilAsync(next, cancellationToken);
            if (await ActAsync(cancellationToken) is not { } pause) { return; }
            next = Next(pause);
        }
    }

    /// <summary>One look. When to look again, or null for never.</summary>
    protected abstract Task<TimeSpan?> ActAsync(CancellationToken cancellationToken);

    /// <summary>Sleeps until the next look, or until something calls this person before.</summary>
    protected virtual Task SleepUntilAsync(DateTimeOffset next, CancellationToken cancellationToken) => Clock.SleepUntilAsync(next, cancellationToken);

    /// <summary>How long until this person looks again at a migration.</summary>
    protected TimeSpan PauseAt(MigrationView view)
    {
        var now = Clock.GetUtcNow();
        bool window = now >= view.Window.Start - Later && now <= view.Window.End;
        return window || view.Gate is not null || view.Tasks.Any(t => t.State == TaskState.Open) ? Soon : Later;
    }

    static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    DateTimeOffset Next(TimeSpan wait)
    {
        if (!Clock.IsVirtual) { return Clock.GetUtcNow() + TimeSpan.FromSeconds(2); }
        long past = Clock.GetUtcNow().UtcTicks - offset.Ticks;
        return new DateTimeOffset((past / wait.Ticks + 1) * wait.Ticks + offset.Ticks, TimeSpan.Zero);
    }
}

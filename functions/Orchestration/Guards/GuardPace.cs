namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>How often the guards look. A change is noticed within <see cref="Every"/> and the look's own time.</summary>
/// <param name="Every">Between the end of a look and the next: servers and the provisioning job.</param>
/// <param name="GroupsEvery">Each so-manieth look lists the tenant's groups as well, one request for 999 of them; 0 is never.</param>
sealed record GuardPace(TimeSpan Every, int GroupsEvery)
{
    /// <summary>Half of Connect's cycle: what is one change from harm was seen before a second one can act in the next.</summary>
    public static readonly TimeSpan AtRest = TimeSpan.FromMinutes(15);

    /// <summary>A listener that gave no answer for so long is told.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(30);

    /// <summary>How long one look waits for a listener: what is silent is asked again at the next.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>A listener that answers, but never comes to an end of looking, is as good as silent.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(5);

    /// <summary>Looks after which the history begins anew: some 30 records each, so it stays below 300 however long people think.</summary>
    public const int LooksPerHistory = 8;

    /// <summary>The pause before the next look.</summary>
    /// <param name="watch">With what its last look showed.</param>
    public static TimeSpan Pause(GuardWatch watch)
    {
        var every = Of(watch.Expected.Phase).Every;
        return watch is { Parked: true, IsAtRest: true, Expected.Phase: >= GuardPhase.AfterTheirSwitch } && every < AtRest ? AtRest : every;
    }

    /// <summary>
    /// Whether one change alone could do no harm: every server answered, stands in staging mode with its scheduler off, and nothing is under way; nor does
    /// the provisioning job run. Somebody would have to leave staging mode and start a cycle.
    /// </summary>
    public static bool Rests(GuardWatch watch, GuardSight seen)
        => seen.Servers.All(s => s.Facts is { Staging: true, Scheduler: { Enabled: false, Suspended: false, CycleInProgress: false } })
            && (watch.Job is null || seen.Job is { Exists: false } or { Started: false });

    public static GuardPace Of(GuardPhase phase) => phase switch
    {
        GuardPhase.BeforeWindow or GuardPhase.Soak => new(TimeSpan.FromMinutes(30), GroupsEvery: 0),
        GuardPhase.Rings => new(TimeSpan.FromMinutes(15), GroupsEvery: 0),
        _ => new(TimeSpan.FromMinutes(5), GroupsEvery: 6),
    };
}

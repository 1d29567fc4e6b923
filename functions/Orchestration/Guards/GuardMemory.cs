namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>What was told already, so that each change is told once. Pure.</summary>
static class GuardMemory
{
    /// <summary>Changes of a look that nobody was told of yet.</summary>
    public static IReadOnlyList<GuardChange> Fresh(IReadOnlyList<GuardChange> known, IReadOnlyList<GuardChange> now) => [.. now.Except(known)];

    /// <summary>What is known after a look: what is as it must be again is forgotten, so that it is told when it comes back; what was not read stays.</summary>
    public static IReadOnlyList<GuardChange> After(IReadOnlyList<GuardChange> known, IReadOnlyList<GuardChange> now, GuardSight seen)
        => [.. now.Union(known.Where(change => !WasRead(change.Kind, change.Subject, seen)))];

    static bool WasRead(GuardKind kind, string? subject, GuardSight seen) => kind switch
    {
        GuardKind.JobStarted or GuardKind.JobStopped or GuardKind.JobGone or GuardKind.JobChanged or GuardKind.ScopeChanged => seen.Job is not null,
        GuardKind.GroupGone or GuardKind.GroupEnabled => seen.Groups is not null,
        GuardKind.ListenerSilent => true,
        _ when subject is null => seen.Servers.Any(s => s.Facts is not null),
        _ => seen.Servers.Any(s => s.Server == subject && s.Facts is not null),
    };
}

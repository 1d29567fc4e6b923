namespace GwbCloud.Lab.Tenant;

/// <summary>What was just made is not everywhere at once: reading it by its id works after a while, and lists show it still later.</summary>
static class Replication
{
    /// <summary>From a creation to the first read of the object, and once more to the first list that has it.</summary>
    public static TimeSpan Delay { get; } = TimeSpan.FromSeconds(15);

    /// <summary>The moment from which something made now can be read.</summary>
    public static DateTimeOffset VisibleAt(this TimeProvider clock) => clock.GetUtcNow() + Delay;

    public static bool Reads(this TimeProvider clock, DateTimeOffset visibleAt) => visibleAt <= clock.GetUtcNow();

    public static bool Lists(this TimeProvider clock, DateTimeOffset visibleAt) => visibleAt <= clock.GetUtcNow() - Delay;
}

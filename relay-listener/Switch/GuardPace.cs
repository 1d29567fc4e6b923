namespace GwbCloud.RelayListener.Switch;

/// <summary>How long the scheduler guard waits until its next look.</summary>
/// <param name="every">While a migration is under way.</param>
/// <param name="idle">Otherwise.</param>
/// <param name="time">The clock.</param>
/// <param name="lastCommandAt">When the last command was taken, by this process or an earlier one; null when none was.</param>
/// <param name="standsInWindow">Whether this server stands in the window of a migration, however long ago the last command was.</param>
sealed class GuardPace(TimeSpan every, TimeSpan idle, TimeProvider time, Func<DateTimeOffset?> lastCommandAt, Func<bool> standsInWindow)
{
    /// <summary>A migration that waits at its first gate for people may be silent for days.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromDays(7);

    public TimeSpan Next() => IsUnderWay() || idle < every ? every : idle;

    bool IsUnderWay()
    {
        try
        {
            return time.GetUtcNow() - lastCommandAt() < Silence || standsInWindow();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Unknown is under way: looking too often costs little.
            return true;
        }
    }
}

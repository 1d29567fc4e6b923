namespace GwbCloud.RelayListener.Relay;

/// <summary>Pauses between attempts: 1, 2, 5, 10, 30, then 60 seconds, each shortened by up to half so that many servers do not come back together.</summary>
/// <param name="chance">Gives numbers from 0 up to, not including, 1.</param>
sealed class BackOff(Func<double> chance)
{
    // No longer than a minute: while the active server is in staging mode, every minute without the cloud half counts.
    static readonly int[] Seconds = [1, 2, 5, 10, 30, 60];

    int _attempts;

    public TimeSpan Next()
    {
        int seconds = Seconds[Math.Min(_attempts++, Seconds.Length - 1)];
        return TimeSpan.FromSeconds(seconds * (1 - chance() / 2));
    }

    /// <summary>Starts over, after the connection had been good for a while.</summary>
    public void Reset() => _attempts = 0;
}

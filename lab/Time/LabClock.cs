namespace GwbCloud.Lab.Time;

/// <summary>The one clock of a rehearsal. Product, world and simulated people all ask it, and it alone decides when time passes.</summary>
/// <remarks>
/// Whoever does something that must not be overtaken by time opens a hold (<see cref="Busy"/>) for as long. A flow that wants to wait
/// inside its hold uses <see cref="SleepAsync"/>; waiting for a timer of this clock with a hold open would wait for ever.
/// </remarks>
public abstract class LabClock : TimeProvider, IDisposable
{
    /// <summary>True when time jumps, false when it is the wall's.</summary>
    public abstract bool IsVirtual { get; }

    /// <summary>Holds time still until the result is disposed of; disposing twice does no harm.</summary>
    /// <param name="what">Who holds it, for <see cref="OpenHolds"/>.</param>
    public abstract IDisposable Busy(string what);

    /// <summary>Gives the caller's hold up, waits, and has the hold again when it returns or throws, without a gap in which time could pass.</summary>
    /// <param name="duration">How long; nothing and less returns at once.</param>
    /// <param name="cancellationToken">Ends the wait early; the hold is there again then too.</param>
    /// <exception cref="InvalidOperationException">No hold is open, so the caller can't own one.</exception>
    public abstract Task SleepAsync(TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Never succeeds. Fails with <see cref="ClockStalledException"/> when nothing can ever happen any more, or with what a timer's callback threw. It only tells: the clock goes on when it can.</summary>
    public abstract Task Stalled { get; }

    /// <summary>Names of the open holds, those of sleepers among them, for the message that says why time stands.</summary>
    public abstract IReadOnlyList<string> OpenHolds { get; }

    /// <summary>Sleeps until a moment; see <see cref="SleepAsync"/>.</summary>
    public Task SleepUntilAsync(DateTimeOffset moment, CancellationToken cancellationToken) => SleepAsync(moment - GetUtcNow(), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the clock owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>Time does not pass any more, and nothing will make it pass.</summary>
public sealed class ClockStalledException(string message) : Exception(message);

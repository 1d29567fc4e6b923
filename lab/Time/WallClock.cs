namespace GwbCloud.Lab.Time;

/// <summary>Real time, for rehearsals with real people. Holds mean nothing here.</summary>
public sealed class WallClock : LabClock
{
    readonly TaskCompletionSource _never = new();

    /// <inheritdoc/>
    public override bool IsVirtual => false;

    /// <inheritdoc/>
    public override Task Stalled => _never.Task;

    /// <inheritdoc/>
    public override IReadOnlyList<string> OpenHolds => [];

    /// <inheritdoc/>
    public override IDisposable Busy(string what) => NoHold.Instance;

    /// <inheritdoc/>
    public override Task SleepAsync(TimeSpan duration, CancellationToken cancellationToken) =>
        Task.Delay(duration > TimeSpan.Zero ? duration : TimeSpan.Zero, this, cancellationToken);

    sealed class NoHold : IDisposable
    {
        public static NoHold Instance { get; } = new();

        public void Dispose()
        {
        }
    }
}

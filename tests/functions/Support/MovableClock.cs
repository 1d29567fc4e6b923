namespace GwbCloud.Tests.Functions.Support;

/// <summary>The machine's clock, put forward while a test wants it to be later. Timers run as ever.</summary>
sealed class MovableClock : TimeProvider
{
    TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    /// <summary>It is later until the answer is disposed of.</summary>
    public IDisposable Later(TimeSpan by)
    {
        _ahead = by;
        return new Return(this);
    }

    sealed class Return(MovableClock clock) : IDisposable
    {
        public void Dispose() => clock._ahead = TimeSpan.Zero;
    }
}

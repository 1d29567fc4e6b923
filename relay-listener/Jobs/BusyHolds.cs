namespace GwbCloud.RelayListener.Jobs;

/// <summary>Tells a virtual clock that work is going on, so that it stands still; does nothing on wall time.</summary>
sealed class BusyHolds(Func<string, IDisposable>? open)
{
    public IDisposable Hold(string what) => open is null ? Nothing.Instance : new Once(open(what));

    sealed class Once(IDisposable hold) : IDisposable
    {
        IDisposable? _hold = hold;

        public void Dispose() => Interlocked.Exchange(ref _hold, null)?.Dispose();
    }

    sealed class Nothing : IDisposable
    {
        public static Nothing Instance { get; } = new();

        public void Dispose()
        {
        }
    }
}

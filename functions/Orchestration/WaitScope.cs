namespace GwbCloud.Functions.Orchestration;

/// <summary>Ends timers and waiters with the wait that they belong to, however it ends; disposing a bare source would cancel nothing.</summary>
/// <remarks>A timer that is left keeps its instance running until it is due, and a waiter that is left takes the next one's event.</remarks>
sealed class WaitScope : IDisposable
{
    readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    public void Cancel() => _source.Cancel();

    public void Dispose()
    {
        _source.Cancel();
        _source.Dispose();
    }
}

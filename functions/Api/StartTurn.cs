namespace GwbCloud.Functions.Api;

/// <summary>Whoever starts a migration or an operation looks and starts in one turn, so that never both find that the other is not there.</summary>
/// <remarks>The turn is this process's own. Between processes an operation looks once more when it has begun, before it writes.</remarks>
public sealed class StartTurn : IDisposable
{
    readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Waits for the turn; disposing gives it on.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        return new Turn(_oneAtATime);
    }

    public void Dispose() => _oneAtATime.Dispose();

    sealed class Turn(SemaphoreSlim oneAtATime) : IDisposable
    {
        public void Dispose() => oneAtATime.Release();
    }
}

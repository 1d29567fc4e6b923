using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;

namespace GwbCloud.Functions.Api;

/// <summary>Whoever starts a migration or an operation looks and starts in one turn, so that never both find that the other is not there.</summary>
/// <remarks>
/// The turn is a document of the store, taken by compare-and-set, so that it is one among all instances of the app. A holder that died is known by his turn
/// staying the very same for as long as somebody waits: no clock of another machine counts. Right before he starts, a holder has it confirmed; who was taken
/// for dead meanwhile starts nothing.
/// </remarks>
public sealed class StartTurn : IDisposable
{
    /// <summary>Looks at a turn that stays the same until its holder counts as dead: some fifteen seconds, and a start takes less than one.</summary>
    internal const int LooksAtOne = 100;

    /// <summary>Looks until whoever waits gives up, because others start all the time.</summary>
    internal const int LooksInAll = 400;

    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(150);

    readonly IDocumentStore _documents;
    readonly Func<CancellationToken, Task> _pause;

    // Those of one process wait for each other without a look at the store.
    readonly SemaphoreSlim _here = new(1, 1);

    public StartTurn(IDocumentStore documents)
        : this(documents, stop => Task.Delay(Between, stop))
    {
    }

    internal StartTurn(IDocumentStore documents, Func<CancellationToken, Task> pause) => (_documents, _pause) = (documents, pause);

    /// <summary>Waits for the turn; disposing gives it on.</summary>
    /// <exception cref="ApiException">409: others have it all the time.</exception>
    public async Task<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        await _here.WaitAsync(cancellationToken);
        try
        {
            var holder = $"{Guid.NewGuid():N}";
            StartTurnPage? seen = null;
            for (var (looks, same) = (0, 0); looks < LooksInAll; looks++)
            {
                var now = await ChangeAsync(page => page.Holder is null || (page == seen && same >= LooksAtOne) ? holder : null, cancellationToken);
                if (now.Holder == holder) { return new(this, holder); }
                (seen, same) = (now, now == seen ? same + 1 : 0);
                await _pause(cancellationToken);
            }

            throw ApiException.Conflict(ApiError.StartsCollide);
        }
        catch
        {
            _here.Release();
            throw;
        }
    }

    public void Dispose() => _here.Dispose();

    /// <summary>Writes who has the turn from now on, or nobody; null leaves it as it is.</summary>
    /// <returns>The page as it stands now.</returns>
    async Task<StartTurnPage> ChangeAsync(Func<StartTurnPage, string?> next, CancellationToken cancellationToken)
    {
        var stands = new StartTurnPage();
        await _documents.ChangeOneAsync<StartTurnPage>(
            StoreNames.StartTurn,
            before =>
            {
                stands = before ?? new();
                if (next(stands) is not { } holder) { return Task.FromResult<StartTurnPage?>(null); }
                stands = new() { Holder = holder.Length == 0 ? null : holder, Beat = stands.Beat + 1 };
                return Task.FromResult<StartTurnPage?>(stands);
            },
            cancellationToken);
        return stands;
    }

    /// <summary>The turn while somebody has it.</summary>
    public sealed class Turn : IAsyncDisposable
    {
        readonly StartTurn _turn;
        readonly string _holder;

        internal Turn(StartTurn turn, string holder) => (_turn, _holder) = (turn, holder);

        /// <summary>To be called right before the start: from here on the others wait anew.</summary>
        /// <exception cref="ApiException">409: it took so long that somebody else has the turn.</exception>
        public async Task ConfirmAsync(CancellationToken cancellationToken)
        {
            if ((await _turn.ChangeAsync(page => page.Holder == _holder ? _holder : null, cancellationToken)).Holder != _holder)
            {
                throw ApiException.Conflict(ApiError.StartsCollide);
            }
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await _turn.ChangeAsync(page => page.Holder == _holder ? "" : null, CancellationToken.None);
            }
            finally
            {
                _turn._here.Release();
            }
        }
    }
}

/// <summary>Who starts something just now: <c>start-turn</c>.</summary>
public sealed record StartTurnPage
{
    /// <summary>Null while nobody does.</summary>
    public string? Holder { get; init; }

    /// <summary>Raised at each change, so that one who lives is told from one who died.</summary>
    public long Beat { get; init; }
}

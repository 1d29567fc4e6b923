using System.Collections.Concurrent;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>One thread that owns one connection: everything that touches it, opening and closing too, happens here, one after the other.</summary>
/// <remarks>
/// The client's asynchronous calls poll, and take one entry of a search from the wire per poll, at worst every 100 ms; its blocking calls
/// take all that is there. A thread of its own keeps those out of the pool, and keeps one connection's closing from another's reading.
/// </remarks>
sealed class LdapThread : IDisposable
{
    readonly BlockingCollection<Action> _work = [];
    readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LdapThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Runs a call on the thread.</summary>
    /// <param name="call">Blocks as long as it needs.</param>
    /// <param name="limit">How long it may take once it has begun. Nothing can end it from outside: the thread is of no use afterwards.</param>
    /// <param name="cancellationToken">Gives up the waiting, and the call if it has not begun.</param>
    /// <exception cref="TimeoutException">The limit passed, for this call or for one before it.</exception>
    public async Task<T> RunAsync<T>(Func<T> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            begun.TrySetResult();
            if (cancellationToken.IsCancellationRequested || _stuck.Task.IsCompleted) { return; }
            try
            {
                done.TrySetResult(call());
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
        });
        await Task.WhenAny(begun.Task, _stuck.Task).WaitAsync(cancellationToken);
        try
        {
            return await Task.WhenAny(done.Task, _stuck.Task).WaitAsync(limit, cancellationToken) == done.Task
                ? await done.Task
                : throw new TimeoutException("A call before this one does not end.");
        }
        catch (TimeoutException)
        {
            _stuck.TrySetResult();
            throw;
        }
    }

    /// <summary>Runs a last call after all others, then ends the thread.</summary>
    public void End(Action last)
    {
        try
        {
            _work.Add(last);
            _work.CompleteAdding();
        }
        catch (InvalidOperationException)
        {
            // Ended before.
        }
    }

    public void Dispose() => End(static () => { });

    void Post(Action call)
    {
        try
        {
            _work.Add(call);
        }
        catch (InvalidOperationException e)
        {
            throw new ObjectDisposedException("The connection is closed.", e);
        }
    }

    void Run()
    {
        foreach (var call in _work.GetConsumingEnumerable()) { call(); }
        _work.Dispose();
    }
}

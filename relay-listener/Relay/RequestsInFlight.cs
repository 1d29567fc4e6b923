using GwbCloud.Contracts;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Relay;

/// <summary>Counts what is being answered, so that a stop can wait for it.</summary>
/// <param name="most">Most at a time.</param>
sealed class RequestsInFlight(int most)
{
    readonly Lock _gate = new();
    readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _count;
    bool _closed;

    /// <summary>Null when it may be answered, and then has to <see cref="Leave"/>; else why not.</summary>
    public ErrorEntry? Enter()
    {
        lock (_gate)
        {
            if (_closed) { return JobError.Stopping; }
            if (_count >= most) { return JobError.QueueFull; }
            _count++;
            return null;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_count == 0 && _closed) { _empty.TrySetResult(); }
        }
    }

    /// <summary>Takes no more.</summary>
    /// <returns>Completes when the last one has left.</returns>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_count == 0) { _empty.TrySetResult(); }
            return _empty.Task;
        }
    }
}

using GwbCloud.Lab.Time;

namespace GwbCloud.Lab.Hosting;

/// <summary>A virtual clock whose time passes only when somebody in another process leads it on; between two moments everything happens in order.</summary>
/// <remarks>
/// The other process has the one clock of the measurement. It tells its moment before it asks this world for anything, so that a question
/// and its answer have the same moment in both.
/// </remarks>
sealed class LedClock : IDisposable
{
    readonly SemaphoreSlim _oneLeader = new(1, 1);
    readonly VirtualClock _clock;
    readonly IDisposable _hold;

    public LedClock()
    {
        _clock = VirtualClock.InMemory();
        // Nobody may want anything of this world for hours; that is no stall.
        _clock.HoldPatience = Timeout.InfiniteTimeSpan;
        _hold = _clock.Busy("waits to be led");
    }

    public LabClock Clock => _clock;

    /// <summary>Lets time pass until a moment; one that is over changes nothing. Work that is under way ends first.</summary>
    public async Task LeadToAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        await _oneLeader.WaitAsync(cancellationToken);
        try
        {
            // The sleeper gives up the hold that this object has for itself, and has it again afterwards.
            await _clock.SleepUntilAsync(moment, cancellationToken);
        }
        finally
        {
            _oneLeader.Release();
        }
    }

    public void Dispose()
    {
        _hold.Dispose();
        _clock.Dispose();
        _oneLeader.Dispose();
    }
}

using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The moment at which a migration loses its cloud half. Time stands still from then on: nothing happens between the loss and the end of the process.</summary>
public sealed class LostMoment : IDisposable
{
    readonly Lock _lock = new();
    readonly TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);
    LabHost? _host;
    IDisposable? _hold;

    internal Task Task => _come.Task;

    /// <summary>It is now. Whoever calls has a hold of the clock, or time stands still for another reason.</summary>
    public void Come()
    {
        lock (_lock) { _hold ??= _host?.Clock.Busy("lost"); }
        _come.TrySetResult();
    }

    /// <summary>Whose time stands still; before it is known nothing runs.</summary>
    internal void Of(LabHost host) => _host = host;

    /// <summary>Lets go of the clock, which ends with its host.</summary>
    public void Dispose()
    {
        lock (_lock) { _hold?.Dispose(); }
    }
}

namespace GwbCloud.Functions;

/// <summary>Waiting inside an activity: throttling, replication. Orchestrators use durable timers instead.</summary>
public interface IDelay
{
    Task ForAsync(TimeSpan time, CancellationToken cancellationToken);
}

/// <summary>Waits on the clock of the process.</summary>
public sealed class ClockDelay(TimeProvider clock) : IDelay
{
    public Task ForAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, clock, cancellationToken);
}

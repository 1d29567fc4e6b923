using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations.Enabling;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Operations;

/// <summary>A scheduler that an operation keeps off, and what it was: <c>operations/{id}/scheduler</c>. Kept before it is switched off.</summary>
public sealed record HeldScheduler
{
    public required string OperationId { get; init; }
    public required string Server { get; init; }

    /// <summary>As it was before the operation touched it.</summary>
    public required bool Enabled { get; init; }

    /// <summary>False once it has been given back: what it is then is somebody else's.</summary>
    public required bool Held { get; init; }
}

/// <summary>Keeps which scheduler is held.</summary>
public sealed class SchedulerActivities(IDocumentStore store)
{
    /// <summary>What was before the hold. A run that takes up one that broke off gets what that one had found, and never its effect.</summary>
    [Function(nameof(HoldScheduler))]
    public async Task<HeldScheduler> HoldScheduler([ActivityTrigger] HeldScheduler found, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(found);
        HeldScheduler held = found;
        await store.ChangeOneAsync<HeldScheduler>(
            StoreNames.HeldScheduler(found.OperationId),
            known =>
            {
                held = known is { Held: true } ? known : found;
                return Task.FromResult<HeldScheduler?>(held);
            },
            cancellationToken);
        return held;
    }

    /// <summary>It has what it had: nothing is held any more.</summary>
    [Function(nameof(ReleaseScheduler))]
    public async Task<HeldScheduler> ReleaseScheduler([ActivityTrigger] HeldScheduler held, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(held);
        var released = held with { Held = false };
        await store.ChangeOneAsync<HeldScheduler>(StoreNames.HeldScheduler(held.OperationId), _ => Task.FromResult<HeldScheduler?>(released), cancellationToken);
        return released;
    }
}

/// <summary>Does something while no cycle runs and none can begin, and gives the scheduler back what it had, however that ends.</summary>
/// <remarks>
/// The setting lies in Entra and counts on every server of the tenant, so that one server is asked: the one that exports. What it was is kept before
/// it is changed; an operation that broke off goes by that when it is started again, and its view tells of it until then.
/// </remarks>
static class SchedulerHold
{
    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <summary>A full synchronisation of a large tenant takes hours.</summary>
    const int FullCycleMinutes = 12 * 60;

    /// <param name="work">The running operation.</param>
    /// <param name="still">Servers that must be at rest before anything is done.</param>
    /// <param name="act">What is done.</param>
    /// <param name="minutes">How long a server may be busy.</param>
    public static async Task<OperationResult> WhileOffAsync(this OperationWork work, IReadOnlyList<string> still, Func<Task<OperationResult>> act, int minutes = FullCycleMinutes)
    {
        // One in staging mode may have lost the rules that let it be switched on.
        var exporting = (await ConnectSights.AskAsync(work)).Acting();
        var server = exporting?.Server ?? still[0];

        // A server that may not begin to export could not be switched on again: asked for what it is, it says so while nothing is changed.
        var now = (exporting ?? await work.AskAsync(server, new InspectServer())).Scheduler.Enabled;
        if (now) { await SwitchAsync(work, server, enabled: true); }
        var held = await work.CallAsync<HeldScheduler>(
            nameof(SchedulerActivities.HoldScheduler), new HeldScheduler { OperationId = work.Request.OperationId, Server = server, Enabled = now, Held = true });
        OperationResult result;
        try
        {
            await SwitchAsync(work, held.Server, enabled: false);
            result = await AtRestAsync(work, still, minutes) ? await act() : new() { Stopped = true, Written = work.View.Written };
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is { } why)
        {
            try
            {
                await GiveBackAsync(work, held);
            }
            catch (Exception stuck) when (Notices.WhyOf(stuck) is not null)
            {
                // Both count: why it broke off, and that the scheduler is not as it was.
                await work.TellAsync(why);
                throw;
            }

            throw;
        }

        await GiveBackAsync(work, held);
        return result;
    }

    /// <summary>Waits until no cycle runs and no wizard is open; false when an operator asked to stop.</summary>
    /// <exception cref="StageStoppedException">GWB2913.</exception>
    public static async Task<bool> AtRestAsync(OperationWork work, IReadOnlyList<string> servers, int minutes)
    {
        foreach (var server in servers)
        {
            var rests = false;
            for (var look = 0; look < minutes && !rests && !work.IsStopped; look++)
            {
                rests = await work.AskAsync(server, new InspectServer()) is { Scheduler: { CycleInProgress: false, Suspended: false } };
                if (!rests) { await work.PauseAsync(Look); }
            }

            if (work.IsStopped) { return false; }
            if (!rests) { throw new StageStoppedException(OperationError.ServerNotIdle.Notice($"A cycle runs on {server}, or its wizard is open, for {minutes / 60} hours.")); }
        }

        return true;
    }

    static async Task GiveBackAsync(OperationWork work, HeldScheduler held)
    {
        if (held.Enabled) { await SwitchAsync(work, held.Server, enabled: true); }
        await work.CallAsync<HeldScheduler>(nameof(SchedulerActivities.ReleaseScheduler), held);
    }

    static async Task SwitchAsync(OperationWork work, string server, bool enabled)
    {
        var change = await work.AskAsync(server, new SetScheduler { Enabled = enabled });
        if (change.After.Enabled != enabled)
        {
            throw new StageStoppedException(OperationError.SchedulerDeviates.Notice($"{server} shows it {(enabled ? "off" : "on")} after it was switched {(enabled ? "on" : "off")}."));
        }

        if (change.Before.Enabled != enabled) { await work.AuditAsync("operation.scheduler", enabled ? $"{server}: on" : $"{server}: off"); }
    }
}

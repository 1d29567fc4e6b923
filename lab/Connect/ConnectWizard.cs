using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Connect;

/// <summary>What an operator does by hand at a Connect server. The caller owns exactly one hold of the clock.</summary>
public sealed class ConnectWizard(SimulatedWorld world)
{
    static readonly TimeSpan Clicks = TimeSpan.FromMinutes(4);
    static readonly TimeSpan Glance = TimeSpan.FromMinutes(1);

    /// <summary>Opens the wizard as soon as no cycle runs, turns staging mode on or off, and closes it. While it is open the scheduler is suspended.</summary>
    public async Task SetStagingAsync(string server, bool on, CancellationToken cancellationToken)
    {
        await OpenAsync(server, cancellationToken);
        await world.Clock.SleepAsync(world.Connect.Scaled(Clicks), cancellationToken);
        await world.Store.ChangeAsync(c => world.Connect.CloseWizard(c, server, on));
    }

    /// <summary>Chooses group writeback among the optional features, or clears it, with the writeback OU as its container.</summary>
    public async Task ChooseWritebackAsync(string server, bool chosen, CancellationToken cancellationToken)
    {
        await OpenAsync(server, cancellationToken);
        await world.Clock.SleepAsync(world.Connect.Scaled(Clicks), cancellationToken);
        await world.Store.ChangeAsync(c =>
        {
            world.Connect.ChooseWriteback(c, server, chosen);
            world.Connect.CloseWizard(c, server, staging: null);
        });
    }

    /// <summary>Opens the wizard and leaves it open.</summary>
    public async Task OpenAsync(string server, CancellationToken cancellationToken)
    {
        while (!await world.Store.ChangeAsync(c =>
        {
            if (world.Servers[server].Cycle is not null) { return false; }
            world.Connect.OpenWizard(c, server);
            return true;
        }))
        {
            await world.Clock.SleepAsync(world.Connect.Scaled(Glance), cancellationToken);
        }
    }

    /// <summary>Closes the wizard without a change.</summary>
    public async Task CloseAsync(string server) => await world.Store.ChangeAsync(c => world.Connect.CloseWizard(c, server, staging: null));

    /// <summary>Removes the delete-on-disable rule in the rule editor; what it says is success in any case.</summary>
    public async Task RemoveDeleteRuleAsync(string server, CancellationToken cancellationToken)
    {
        await world.Clock.SleepAsync(world.Connect.Scaled(Clicks), cancellationToken);
        await world.Connect.RemoveRuleAsync(server, StandardRules.DeleteRule);
    }

    /// <summary>Turns the scheduler on or off in a shell of his own.</summary>
    public async Task SetSchedulerAsync(bool on, CancellationToken cancellationToken)
    {
        await world.Clock.SleepAsync(world.Connect.Scaled(Glance), cancellationToken);
        await world.Connect.SetSchedulerAsync(on);
    }
}

using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Lab.Connect;

/// <summary>A Connect server of the world behind the listener's port.</summary>
public sealed class SimulatedAdSync(SimulatedWorld world, string server) : IAdSync
{
    /// <inheritdoc/>
    public Task<AdSyncHost> GetHostAsync(CancellationToken cancellationToken) => Read(() =>
    {
        var s = world.Servers[server];
        return new AdSyncHost
        {
            Server = s.Name,
            Version = s.Version,
            Cmdlet = ConnectServers.GenerationOf(s.Version),
            WritebackOu = s.WithoutWriteback ? "" : world.ForestFacts.WritebackOu,
            WritebackOuInScope = s is { OuDeselected: false, WithoutWriteback: false },
            WritebackChosen = !s.WithoutWriteback,
            AdConnector = world.Connect.AdConnectorName,
            AdConnectorId = world.Connect.AdConnectorId,
            Connectors = world.Connect.Connectors(server),
            LastInitialSeconds = s.LastInitialSeconds,
            RecentInitialSeconds = s.RecentInitialSeconds,
            RecentDeltaSeconds = s.RecentDeltaSeconds,
        };
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<SchedulerState> GetSchedulerAsync(CancellationToken cancellationToken) => Read(() =>
    {
        var s = world.Servers[server];
        return new SchedulerState
        {
            SyncCycleEnabled = world.Tenant.SyncCycleEnabled,
            StagingModeEnabled = s.Staging,
            SchedulerSuspended = s.WizardOpen,
            SyncCycleInProgress = s.Cycle is not null,
            EffectiveInterval = world.Connect.EffectiveInterval,
        };
    }, cancellationToken);

    /// <inheritdoc/>
    public Task SetSchedulerAsync(bool enabled, CancellationToken cancellationToken) => Do(() => world.Connect.SetSchedulerAsync(enabled), cancellationToken);

    /// <inheritdoc/>
    public Task<AutoUpgradeState> GetAutoUpgradeAsync(CancellationToken cancellationToken) => Read(() => world.Servers[server].AutoUpgrade, cancellationToken);

    /// <inheritdoc/>
    public Task SetAutoUpgradeAsync(AutoUpgradeState state, CancellationToken cancellationToken) => Do(() => world.Connect.SetAutoUpgradeAsync(server, state), cancellationToken);

    /// <inheritdoc/>
    public Task StartCycleAsync(CyclePolicy policy, CancellationToken cancellationToken) => Do(() => world.Connect.StartCycleAsync(server, policy), cancellationToken);

    /// <inheritdoc/>
    public Task StopCycleAsync(CancellationToken cancellationToken) => Do(() => world.Connect.StopCycleAsync(server), cancellationToken);

    /// <inheritdoc/>
    public Task SetStagingAsync(bool on, CancellationToken cancellationToken) => Do(() => world.Connect.SetStagingAsync(server, on), cancellationToken);

    /// <inheritdoc/>
    public Task RunEntraOnlyStepAsync(EntraOnlyStep step, CancellationToken cancellationToken) => Do(() => world.Connect.RunEntraOnlyStepAsync(server, step), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunResult>> GetRunsAsync(int afterRunNumber, CancellationToken cancellationToken) => Read<IReadOnlyList<RunResult>>(() =>
    {
        int last = world.Servers[server].LastRunNumber;
        var runs = new List<RunResult>();
        for (int number = Math.Max(0, afterRunNumber) + 1; number <= last; number++)
        {
            if (world.Runs.TryGet(ConnectServers.RunKey(server, number), out var run)) { runs.Add(run.Result); }
        }
        return runs;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SyncRule>> GetRulesAsync(CancellationToken cancellationToken) => Read(() => world.Rules[server].Rules, cancellationToken);

    /// <inheritdoc/>
    public Task AddRuleAsync(SyncRule rule, CancellationToken cancellationToken) => Do(() => world.Connect.AddRuleAsync(server, rule), cancellationToken);

    /// <inheritdoc/>
    public Task SetRuleDisabledAsync(Guid identifier, bool disabled, CancellationToken cancellationToken) =>
        Do(() => world.Connect.SetRuleDisabledAsync(server, identifier, disabled), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveRuleAsync(Guid identifier, CancellationToken cancellationToken) => Do(() => world.Connect.RemoveRuleAsync(server, identifier), cancellationToken);

    /// <inheritdoc/>
    public Task<FeatureFlags> GetFeaturesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(world.Connect.ReadFeatures());
    }

    /// <inheritdoc/>
    public Task DisableGroupWritebackV2Async(string? userName, CancellationToken cancellationToken) =>
        Do(() => world.Connect.DisableGroupWritebackV2Async(server, userName), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AccessEntry>> GetWritebackAccessAsync(string? ou, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<AccessEntry>>(() => [.. world.Connect.WritebackAccess(ou).Select(name => new AccessEntry(name, ConnectServers.WritebackEntry))], cancellationToken);

    /// <inheritdoc/>
    public Task GrantWritebackAccessAsync(string? ou, CancellationToken cancellationToken) => Do(() => world.Connect.GrantWritebackAccessAsync(ou), cancellationToken);

    /// <inheritdoc/>
    public Task RevokeWritebackAccessAsync(IReadOnlyList<GrantedEntry> entries, CancellationToken cancellationToken) =>
        Do(() => world.Connect.RevokeWritebackAccessAsync([.. entries.Where(entry => entry.Entry == ConnectServers.WritebackEntry).Select(entry => entry.On)]), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ConnectorSpaceGroup> GetGroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var group in await Read(Groups, cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PendingExport> GetPendingExportsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var export in await Read(() => world.Connect.PendingOf(server).Select(o => o.Pending!).ToList(), cancellationToken)) { yield return export; }
    }

    /// <summary>What is joined, what will be made, and what lies in the OU and belongs to nobody.</summary>
    List<ConnectorSpaceGroup> Groups()
    {
        var names = world.Rules[server].Rules.Concat(world.Rules[server].Applied).DistinctBy(r => r.Identifier).ToDictionary(r => r.Identifier, r => r.Name);
        var joined = new HashSet<Guid>();
        var groups = new List<ConnectorSpaceGroup>();
        foreach (var o in world.Connect.ObjectsOf(server))
        {
            var ad = o.ObjectGuid is { } id ? world.Forest.Find(id) : null;
            if (ad is null && o.Pending is null) { continue; }
            if (ad is not null) { joined.Add(ad.ObjectGuid); }
            groups.Add(new ConnectorSpaceGroup
            {
                DistinguishedName = ad?.DistinguishedName ?? o.Pending!.DistinguishedName,
                Anchor = $"Group_{o.CloudId:D}",
                MailEnabled = o.MailEnabled,
                Security = ad is null ? null : ad.GroupType < 0,
                Lineage = [.. o.Lineage.Select(r => names.GetValueOrDefault(r, r.ToString()))],
                LineageRules = o.Lineage,
            });
        }
        groups.AddRange(world.Forest.GroupsUnder(world.ForestFacts.WritebackOu).Where(g => !joined.Contains(g.ObjectGuid)).Select(g => new ConnectorSpaceGroup
        {
            DistinguishedName = g.DistinguishedName,
            Anchor = g.AdminDescription,
            MailEnabled = g.Mail is not null,
            Security = g.GroupType < 0,
            Lineage = [],
            LineageRules = [],
        }));
        return groups;
    }

    Task<T> Read<T>(Func<T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(world.Store.Read(read));
    }

    static Task Do(Func<Task> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return change();
    }
}

using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.Tests.Lab.Forest;
using GwbCloud.Tests.Lab.World;

namespace GwbCloud.Tests.Lab.Harm;

/// <summary>Follows the how-to to the letter and believes what he is told: he waits for each cycle and looks at nothing else.</summary>
/// <param name="tenant">The world, new and with its outside changes not yet started.</param>
/// <param name="habits">How he goes about it.</param>
sealed class NaiveOperator(TestTenant tenant, NaiveHabits habits)
{
    readonly SimulatedWorld _world = tenant.World;
    readonly SimulatedDirectory _directory = new(tenant.World);
    readonly ConnectWizard _wizard = new(tenant.World);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Those that he remembers.</summary>
    List<string> Servers => _world.Store.Read(() => _world.Servers.Values.Where(s => !s.Forgotten).Select(s => s.Name).ToList());

    /// <summary>The whole how-to, then a failover to the standby, while people join and leave groups all the time.</summary>
    /// <returns>The world's own account of it.</returns>
    public async Task<WorldAccount> MigrateAsync()
    {
        var (planned, losses, appearing, changing) = _world.Store.Read(() => (Planned(), Losses(), AppearingM365(), ChangingM365()));
        await _world.Connect.StartAsync();
        using var outside = await OutsideChanges.StartAsync(_world, new OutsideOptions { PerDay = 600 });

        string outcome = await FollowHowToAsync(planned);
        await tenant.SleepAsync(TimeSpan.FromHours(6));
        await FailOverAsync();
        await tenant.SleepAsync(TimeSpan.FromHours(3));
        if (habits.TidiesUp) { await TidyUpAsync(); }

        await outside.StopAsync();
        await tenant.SleepAsync(OutsideChanges.SettleTime);
        Assert.False(_world.Connect.Faulted.IsFaulted, _world.Connect.Faulted.Exception?.ToString());
        return await HarmReport.MakeAsync(_world, new HarmInput
        {
            Outcome = outcome,
            Planned = planned,
            AnnouncedLosses = losses,
            AnnouncedNewM365 = appearing,
            AnnouncedTypeChanges = changing,
            ApprovedOutage = TimeSpan.FromHours(12),
            // Nobody asked him for an approval.
            Approvals = [new Period { From = DateTimeOffset.MinValue, Until = DateTimeOffset.MaxValue }],
        });
    }

    async Task<string> FollowHowToAsync(List<Guid> planned)
    {
        await RemoveDeleteRuleAsync();
        var job = habits.PreparesFirst ? await tenant.PrepareJobAsync(Groups(planned)) : null;
        await ReachAsync(MomentKind.GateApproved, "plan", TimeSpan.FromHours(1));
        await StampAsync();
        await _wizard.SetStagingAsync(Servers[0], true, Stop);
        await _world.Connect.SetSchedulerAsync(false);
        await ReachAsync(MomentKind.StageEnds, "enter-staging-mode", TimeSpan.FromMinutes(10));
        foreach (string server in Servers)
        {
            await new SimulatedAdSync(_world, server).AddRuleAsync(LabWorld.Inbound, Stop);
            await new SimulatedAdSync(_world, server).AddRuleAsync(LabWorld.OutboundOf(_world), Stop);
        }
        await InitialsAsync();
        await ReachAsync(MomentKind.StageEnds, "first-full-sync", TimeSpan.FromMinutes(10));
        if (habits.GoesHome is { } away)
        {
            // Staging mode is on, and he changes his mind after the weekend.
            await tenant.SleepAsync(away);
            await GoBackAsync();
            return "denied";
        }
        // He asks himself whether he wants it, and does.
        await _world.Connect.SecondGateApprovedAsync();
        await ReachAsync(MomentKind.GateApproved, "switch", TimeSpan.FromMinutes(5));
        try
        {
            await _world.Connect.DisableGroupWritebackV2Async(Servers[0], userName: null);
        }
        catch (AdSyncException)
        {
            await GoBackAsync();
            return "rolledBack";
        }
        await ReachAsync(MomentKind.StageEnds, "disable-group-writeback-v2", TimeSpan.Zero);
        await InitialsAsync();
        await _world.Connect.SetSchedulerAsync(true);
        await _wizard.SetStagingAsync(Servers[0], false, Stop);
        // Hours have passed since the last one was given out.
        tenant.Token = tenant.Issuer.GraphAppToken();
        job ??= habits.Adopts ? await AdoptAsync(planned) : await tenant.PrepareJobAsync(Groups(planned));
        await KeepNamesAsync(job);
        await tenant.CloudSync.StartAsync(job.Id);
        return "completed";
    }

    /// <summary>There is a configuration already: it gets the mappings that he knows and the groups that he moves.</summary>
    async Task<JobState> AdoptAsync(List<Guid> planned)
    {
        var job = _world.Store.Read(() => _world.Jobs.Values.Single(j => j.TemplateId == CloudSyncEngine.JobTemplate));
        await tenant.CloudSync.PauseAsync(job.Id);
        await tenant.MapAsync(job);
        await tenant.Portal.RunAssignmentScriptAsync(job.ServicePrincipalId, planned);
        return job;
    }

    /// <summary>Tells the world how far he is; where somebody waits for that, some time passes.</summary>
    async Task ReachAsync(MomentKind moment, string of, TimeSpan then)
    {
        await _world.Deeds.ReachAsync(moment, of);
        if (_world.Deeds.HasPlans) { await tenant.SleepAsync(then); }
    }

    List<CloudGroup> Groups(List<Guid> planned) => _world.Store.Read(() => planned.Select(_world.Groups.Find).OfType<CloudGroup>().ToList());

    /// <summary>What administrators renamed or moved he keeps by the extension property, as he read it; whether it arrived he does not look at.</summary>
    async Task KeepNamesAsync(JobState job)
    {
        var byHand = _world.Store.Read(() => _world.Objects.Values.Where(o => o is { PlacedByHand: true, AdminDescription: not null }).ToList());
        if (byHand.Count == 0) { return; }
        string property = await tenant.MakeGroupDnAsync(servicePrincipal: true);
        foreach (var o in byHand)
        {
            await tenant.SendAsync(HttpMethod.Patch, $"v1.0/groups/{o.AdminDescription![6..]}", new JsonObject { [property] = o.DistinguishedName });
        }
        await tenant.MapGroupDnAsync(job, property);
        await tenant.CloudSync.PauseAsync(job.Id);
    }

    async Task RemoveDeleteRuleAsync()
    {
        foreach (string server in Servers.Where(s => _world.Store.Read(() => _world.Rules[s].Rules.Any(r => r.Identifier == StandardRules.DeleteRule))))
        {
            await _wizard.RemoveDeleteRuleAsync(server, Stop);
        }
    }

    async Task StampAsync()
    {
        await foreach (var group in _directory.GroupsUnderWritebackOuAsync(Stop))
        {
            if (group.AdminDescription is { } anchor) { await _directory.StampAsync(group.ObjectGuid, anchor, Stop); }
        }
    }

    /// <summary>What he was told is that the switch failed, so he puts everything back as it was.</summary>
    async Task GoBackAsync()
    {
        await RemoveRulesAsync();
        await InitialsAsync();
        await _world.Connect.SetSchedulerAsync(true);
        await _wizard.SetStagingAsync(Servers[0], false, Stop);
    }

    async Task FailOverAsync()
    {
        await _wizard.SetStagingAsync(Servers[0], true, Stop);
        await _wizard.SetStagingAsync(Servers[1], false, Stop);
    }

    async Task TidyUpAsync()
    {
        await RemoveRulesAsync();
        await IdleAsync();
        await InitialsAsync();
        if (_world.Connect.ReadFeatures().GroupWritebackV2 == true) { await _world.Connect.DisableGroupWritebackV2Async(Servers[0], userName: null); }
    }

    async Task RemoveRulesAsync()
    {
        foreach (string server in Servers)
        {
            await _world.Connect.RemoveRuleAsync(server, LabWorld.Inbound.Identifier);
            await _world.Connect.RemoveRuleAsync(server, LabWorld.OutboundOf(_world).Identifier);
        }
    }

    /// <summary>An Initial on each server, in parallel.</summary>
    async Task InitialsAsync()
    {
        await IdleAsync();
        foreach (string server in Servers) { await _world.Connect.StartCycleAsync(server, CyclePolicy.Initial); }
        await IdleAsync();
    }

    async Task IdleAsync()
    {
        while (_world.Store.Read(() => _world.Servers.Values.Any(s => s.Cycle is not null))) { await tenant.SleepAsync(TimeSpan.FromMinutes(1)); }
    }

    /// <summary>Microsoft 365 groups that will appear, as they are now.</summary>
    List<Guid> AppearingM365() => [.. _world.Groups.Values.Where(g => g is { Unified: true, WritebackEnabled: false }).Select(g => g.Id)];

    /// <summary>Those that will change their type.</summary>
    List<Guid> ChangingM365() =>
        [.. _world.Groups.Values.Where(g => g.Unified && g.OnPremisesGroupType?.Contains("Security", StringComparison.Ordinal) == true).Select(g => g.Id)];

    List<Guid> Planned() => [.. _world.Groups.Values.Where(g => g is { WritebackEnabled: true, Unified: false, OnPremisesSynced: false }).Select(g => g.Id)];

    /// <summary>Devices and synced groups: what the documentation says that Cloud Sync does not write, so that everybody who migrates loses it.</summary>
    Dictionary<Guid, IReadOnlyCollection<Guid>> Losses() => Planned().ToDictionary(
        g => g,
        g => (IReadOnlyCollection<Guid>)[.. _world.Groups[g].Members.Where(m => _world.Principals.Find(m) is { Kind: not PrincipalKind.User })]);
}

/// <summary>How the naive operator goes about it, beyond what the how-to says.</summary>
sealed record NaiveHabits
{
    /// <summary>Takes the rules away when all is done, and switches once more when he then sees that the flag still reads true.</summary>
    public bool TidiesUp { get; init; }

    /// <summary>Prepares Cloud Sync before anything else, groups in scope and all, and leaves the job stopped.</summary>
    public bool PreparesFirst { get; init; }

    /// <summary>Takes over the configuration that is there.</summary>
    public bool Adopts { get; init; }

    /// <summary>Goes home for so long when the first full cycles have ended, and then goes back.</summary>
    public TimeSpan? GoesHome { get; init; }
}

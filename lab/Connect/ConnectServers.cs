using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Runs;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Lab.Connect;

/// <summary>The Entra Connect servers of a world as cause and effect: scheduler, cycles, rules, staging, exports and the feature's switch.</summary>
/// <remarks>A cycle takes its time first and has its effects, all at once, at its end.</remarks>
public sealed class ConnectServers : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    readonly SimulatedWorld _world;
    readonly Dictionary<string, ITimer> _timers = new(StringComparer.Ordinal);
    readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TableIndex _objectsOf;
    readonly TableIndex _pendingOf;
    readonly ConnectView _view;
    bool _closed;

    internal ConnectServers(SimulatedWorld world)
    {
        _world = world;
        AdConnectorId = world.Random.Id("connector", "AD");
        AdConnectorName = world.Options.Forest.Domain;
        _objectsOf = world.ConnectorObjects.IndexBy(o => o.Server);
        _pendingOf = world.ConnectorObjects.IndexBy(o => o.Pending is null ? null : o.Server);
        _view = new ConnectView(world);
    }

    /// <summary>The connector of the forest that holds the writeback OU.</summary>
    public Guid AdConnectorId { get; }
    public string AdConnectorName { get; }
    public string EntraConnectorName { get; } = "contoso.onmicrosoft.example - AAD";

    /// <summary>Connectors of the other forests.</summary>
    public IEnumerable<string> OtherConnectors => _world.ForestFacts.OtherDomains.Select(d => d.Forest).Where(f => f != _world.ForestFacts.Domain).Distinct(StringComparer.Ordinal);

    /// <summary>What stands for all entries that the cmdlet makes on one object.</summary>
    internal const string WritebackEntry = "(OA;CI;CCDCRPWP;group;;connect)";

    /// <summary>Never succeeds; fails when a cycle could not be run.</summary>
    public Task Faulted => _faulted.Task;

    /// <summary>How often a server synchronises by itself.</summary>
    public TimeSpan EffectiveInterval => Scaled(Interval);

    /// <summary>Name of a server by its place, from 0.</summary>
    public static string NameOf(int server) => $"AADC{server + 1:00}";

    public static string RunKey(string server, int number) => $"{server}/{number:D8}";

    public static string ObjectKey(string server, Guid cloudId) => $"{server}/{cloudId:D}";

    /// <summary>Sets the servers going: cycles that ran go on to their end, the scheduler starts the next. Calling it again does no harm.</summary>
    public async Task StartAsync() => await _world.Store.ChangeAsync(c =>
    {
        foreach (var server in _world.Servers.Values.ToList())
        {
            if (server.NextCycleAt is null && _world.Tenant.SyncCycleEnabled) { Put(c, server with { NextCycleAt = NextCycle(server.Name) }); }
            else { Arm(server); }
        }
    });

    /// <summary>Start-ADSyncSyncCycle: returns at once.</summary>
    public async Task StartCycleAsync(string server, CyclePolicy policy) => await _world.Store.ChangeAsync(c => StartCycle(c, server, policy));

    /// <summary>Stop-ADSyncSyncCycle: the cycle ends without its effects; what it was to do in full is still to be done.</summary>
    public async Task StopCycleAsync(string server) => await _world.Store.ChangeAsync(c =>
    {
        var s = _world.Servers[server];
        if (s.Cycle is { } cycle) { Put(c, s with { Cycle = null, FullSyncNeeded = s.FullSyncNeeded || cycle.Full }); }
    });

    /// <summary>The staging flag, written past the wizard.</summary>
    public async Task SetStagingAsync(string server, bool on) => await _world.Store.ChangeAsync(c =>
    {
        Put(c, _world.Servers[server] with { Staging = on });
        NoteOutage(c);
    });

    /// <summary>Invoke-ADSyncRunProfile of one step of "Entra only"; nothing of it is exported to Active Directory.</summary>
    public async Task RunEntraOnlyStepAsync(string server, EntraOnlyStep step) => await _world.Store.ChangeAsync(c =>
    {
        var s = _world.Servers[server];
        var (connector, profile) = step switch
        {
            EntraOnlyStep.AdImport => (AdConnectorName, "Delta Import"),
            EntraOnlyStep.EntraImport => (EntraConnectorName, "Delta Import"),
            EntraOnlyStep.AdSync => (AdConnectorName, "Delta Synchronization"),
            EntraOnlyStep.EntraSync => (EntraConnectorName, "Delta Synchronization"),
            _ => (EntraConnectorName, "Export"),
        };
        if (s.Cycle is not null) { throw Refusal("GWB6201", $"Connector: {connector} is busy.", transient: true); }
        // As on a staging server: calculated, and left pending.
        if (step == EntraOnlyStep.AdSync) { Synchronise(c, s with { Staging = true }, full: false, failing: []); }
        bool signedIn = s.CertificateExpiredAt is null || connector == AdConnectorName;
        int number = s.LastRunNumber + 1;
        AddRun(c, server, number, connector, profile, signedIn ? "success" : "stopped-extension-dll-exception", []);
        Put(c, s with { LastRunNumber = number });
        if (step == EntraOnlyStep.EntraExport && signedIn && !s.Staging) { NoteExport(c); }
    });

    /// <summary>Set-ADSyncScheduler -SyncCycleEnabled: kept in Entra, so it counts on every server.</summary>
    public async Task SetSchedulerAsync(bool enabled) => await _world.Store.ChangeAsync(c => SetScheduler(c, enabled));

    /// <summary>Set-ADSyncAutoUpgrade.</summary>
    public async Task SetAutoUpgradeAsync(string server, AutoUpgradeState state) =>
        await _world.Store.ChangeAsync(c => Put(c, _world.Servers[server] with { AutoUpgrade = state }));

    /// <summary>Set-ADSyncUnifiedGroupWritebackPermissions: on one container, or on every domain of the forest. Who has them already is granted nothing.</summary>
    public async Task GrantWritebackAccessAsync(string? ou) => await _world.Store.ChangeAsync(c => GrantWritebackAccess(c, ou));

    /// <summary>Removes entries; others stay.</summary>
    public async Task RevokeWritebackAccessAsync(IReadOnlyList<string> objects) => await _world.Store.ChangeAsync(c =>
    {
        var forest = _world.ForestFacts;
        if (forest.ConnectMayWrite is { } may) { _world.PutForest(c, forest with { ConnectMayWrite = [.. may.Except(objects, StringComparer.OrdinalIgnoreCase)] }); }
    });

    /// <summary>Add-ADSyncRule: an upsert by identifier that counts after the next full synchronisation of this server.</summary>
    public async Task AddRuleAsync(string server, SyncRule rule) => await _world.Store.ChangeAsync(c =>
    {
        if (_world.Suffers(Sabotage.NoInboundRule) && rule.Direction == RuleDirection.Inbound
            || _world.Suffers(Sabotage.NoOutboundRule) && rule.Direction == RuleDirection.Outbound
            || _world.Suffers(Sabotage.SecondServerWithoutRules) && server != NameOf(0))
        {
            return;
        }
        List<SyncRule> rules = [.. _world.Rules[server].Rules.Where(r => r.Identifier != rule.Identifier)];
        if (rules.Any(r => r.Precedence == rule.Precedence))
        {
            if (_world.Switches.EqualPrecedence == EqualPrecedence.Fails) { throw Refusal("GWB6208", $"A synchronization rule with precedence {rule.Precedence} exists."); }
            int free = rule.Precedence;
            while (rules.Any(r => r.Precedence == free)) { free++; }
            rules = [.. rules.Select(r => r.Precedence >= rule.Precedence && r.Precedence < free ? r with { Precedence = r.Precedence + 1 } : r)];
        }
        rules.Add(rule);
        PutRules(c, server, rules);
    });

    /// <summary>Add-ADSyncRule of a rule that is there, switched off or on.</summary>
    public async Task SetRuleDisabledAsync(string server, Guid identifier, bool disabled) => await _world.Store.ChangeAsync(c =>
        PutRules(c, server, [.. _world.Rules[server].Rules.Select(r => r.Identifier == identifier ? r with { Disabled = disabled } : r)]));

    /// <summary>Remove-ADSyncRule; a rule that is not there is not missed.</summary>
    public async Task RemoveRuleAsync(string server, Guid identifier) => await _world.Store.ChangeAsync(c =>
    {
        var rules = _world.Rules[server].Rules;
        if (_world.Suffers(Sabotage.KeepDeleteRule) && identifier == StandardRules.DeleteRule || rules.All(r => r.Identifier != identifier)) { return; }
        PutRules(c, server, [.. rules.Where(r => r.Identifier != identifier)]);
    });

    /// <summary>Get-ADSyncAADCompanyFeature. The flag reads true for a while after it went off.</summary>
    public FeatureFlags ReadFeatures() => _world.Store.Read(() =>
    {
        var tenant = _world.Tenant;
        var shown = _world.Clock.GetUtcNow() - TimeSpan.FromSeconds(_world.Switches.FlagReadDelaySeconds * _world.Options.TimeScale);
        bool stale = _world.Switchings.Values.Any(s => s.Transition && s.At > shown);
        return new FeatureFlags { GroupWritebackV2 = tenant.GroupWritebackV2 || stale, UnifiedGroupWriteback = tenant.UnifiedGroupWriteback };
    });

    /// <summary>Set-ADSyncAADCompanyFeature -GroupWritebackV2 $false, called by the product.</summary>
    public async Task DisableGroupWritebackV2Async(string server, string? userName)
    {
        bool interactive = GenerationOf(_world.Store.Read(() => _world.Servers[server].Version)) == CmdletGeneration.Interactive;
        if (interactive && userName is null) { throw Refusal("GWB6205", "Cannot process command because of one or more missing mandatory parameters: AADUsername."); }
        if (!interactive && userName is not null) { throw Refusal("GWB6203", "A parameter cannot be found that matches parameter name 'AADUsername'."); }
        bool fails = await _world.Store.ChangeAsync(c =>
        {
            bool first = _world.Count(c, "switch.calls") == 1;
            bool works = !(first && _world.Suffers(Sabotage.DisableReportsSuccessButDidNot));
            var unready = Unready().ToList();
            bool transition = works && Switch(c);
            if (transition) { _world.Count(c, "switch.transitions"); }
            Note(c, new SwitchRecord { At = Now, Server = server, Ours = true, Transition = transition, UserName = userName, Unready = unready });
            return first && _world.Suffers(Sabotage.DisableReportsFailureButWorked);
        });
        if (fails) { throw Refusal("GWB6205", "An error occurred while sending the request: The operation has timed out."); }
    }

    /// <summary>Somebody outside switches the feature off.</summary>
    public async Task SwitchOutsideAsync() => await _world.Store.ChangeAsync(SwitchOutside);

    /// <summary>The lab's people tell that the second gate was approved; a sabotage waits for this.</summary>
    public async Task SecondGateApprovedAsync() => await _world.Store.ChangeAsync(c =>
    {
        if (!_world.Suffers(Sabotage.PendingDeleteAfterApproval)) { return; }
        var space = _objectsOf[NameOf(0)].Select(k => _world.ConnectorObjects[k]).FirstOrDefault(o => !o.MailEnabled && o.ObjectGuid is not null && o.Pending is null && !o.Retained);
        if (space is null || _world.Forest.Find(space.ObjectGuid!.Value) is not { } group) { return; }
        // The join is gone with it, so that the next synchronisation does not simply take the delete back.
        _world.ConnectorObjects.Put(c, ObjectKey(space.Server, space.CloudId), space with
        {
            NoFlow = false,
            Lineage = [],
            Pending = new PendingExport
            {
                Connector = AdConnectorName,
                ObjectType = "group",
                Operation = ExportOperation.Delete,
                DistinguishedName = group.DistinguishedName,
                Anchor = $"Group_{space.CloudId:D}",
            },
        });
    });

    /// <summary>Seconds in which no server was active or the scheduler was off: no export to Entra, no password hashes.</summary>
    public double OutageSeconds() => _world.Store.Read(() =>
    {
        var outage = _world.Outage.Find("export") ?? new OutageState();
        return outage.Seconds + (outage.Since is { } since ? Math.Max(0, (Now - since).TotalSeconds) : 0);
    });

    /// <summary>Stops the servers' timers; what they were about to do is in the store.</summary>
    public void Dispose()
    {
        lock (_timers)
        {
            _closed = true;
            foreach (var timer in _timers.Values) { timer.Dispose(); }
        }
    }

    internal static CmdletGeneration GenerationOf(string version) =>
        Version.Parse(version) >= new Version(2, 6, 84, 0) ? CmdletGeneration.Interactive : CmdletGeneration.Unattended;

    internal TimeSpan Scaled(TimeSpan duration) => duration * _world.Options.TimeScale;

    /// <summary>Connector objects of a server, within a read.</summary>
    internal IEnumerable<ConnectorObject> ObjectsOf(string server) => _objectsOf[server].Select(k => _world.ConnectorObjects[k]);

    /// <summary>Those of them that would be exported, within a read.</summary>
    internal IEnumerable<ConnectorObject> PendingOf(string server) => _pendingOf[server].Select(k => _world.ConnectorObjects[k]);

    /// <inheritdoc cref="StartCycleAsync"/>
    internal void StartCycle(WorldChange change, string server, CyclePolicy policy)
    {
        var s = _world.Servers[server];
        if (s.WizardOpen) { throw Refusal("GWB6202", "Scheduler is already suspended via global parameters.", transient: true); }
        if (s.Cycle is not null) { throw Refusal("GWB6201", "Sync is already running. Cannot start a new run till this one completes.", transient: true); }
        Begin(change, s, policy);
    }

    /// <inheritdoc cref="SetSchedulerAsync"/>
    internal void SetScheduler(WorldChange change, bool enabled)
    {
        if (_world.Tenant.SyncCycleEnabled == enabled) { return; }
        _world.PutTenant(change, _world.Tenant with { SyncCycleEnabled = enabled });
        foreach (var s in _world.Servers.Values.ToList()) { Put(change, s with { NextCycleAt = enabled ? NextCycle(s.Name) : null }); }
        NoteOutage(change);
    }

    /// <summary>Somebody outside switches the feature off; false when it was off already.</summary>
    internal bool SwitchOutside(WorldChange change)
    {
        if (!Switch(change)) { return false; }
        _world.Count(change, "outside.switches");
        Note(change, new SwitchRecord { At = Now, Ours = false, Transition = true });
        return true;
    }

    /// <summary>Takes the writeback OU out of what a server synchronises, or puts it back; the next cycle is a full one.</summary>
    internal void SelectOu(WorldChange change, string server, bool selected) =>
        Put(change, _world.Servers[server] with { OuDeselected = !selected, FullSyncNeeded = true });

    /// <summary>From now on the server can't sign in to Entra.</summary>
    internal void ExpireCertificate(WorldChange change, string server) => Put(change, _world.Servers[server] with { CertificateExpiredAt = Now });

    internal void RenewCertificate(WorldChange change, string server) => Put(change, _world.Servers[server] with { CertificateExpiredAt = null });

    /// <summary>Objects on which the account of Connect has its entries, within a read: the container, or the roots of the forest's domains.</summary>
    internal IEnumerable<string> WritebackAccess(string? ou) =>
        AccessTargets(ou).Where(name => _world.ForestFacts.ConnectMayWrite is not { } may || may.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <inheritdoc cref="GrantWritebackAccessAsync"/>
    internal void GrantWritebackAccess(WorldChange change, string? ou)
    {
        var forest = _world.ForestFacts;
        if (forest.ConnectMayWrite is { } may) { _world.PutForest(change, forest with { ConnectMayWrite = [.. may.Union(AccessTargets(ou), StringComparer.OrdinalIgnoreCase)] }); }
    }

    IEnumerable<string> AccessTargets(string? ou)
    {
        var forest = _world.ForestFacts;
        return ou is not null ? [ou] : forest.OtherDomains.Where(d => d.Forest == forest.Domain).Select(d => d.DomainDn).Prepend(forest.DomainDn);
    }

    bool MayWrite(string dn) => _world.ForestFacts.ConnectMayWrite is not { } may || may.Any(name => DistinguishedName.IsUnder(dn, name));

    /// <summary>
    /// The wizard's optional feature, chosen or cleared. Cleared, it asks for a full synchronisation, which deletes what version 1 wrote.
    /// Source: disable group writeback.
    /// </summary>
    internal void ChooseWriteback(WorldChange change, string server, bool chosen)
    {
        _world.PutTenant(change, _world.Tenant with { UnifiedGroupWriteback = chosen });
        Put(change, _world.Servers[server] with { WithoutWriteback = !chosen, FullSyncNeeded = true });
    }

    /// <summary>Get-ADSyncConnector.</summary>
    internal IReadOnlyList<ConnectorFacts> Connectors(string server)
    {
        var forest = _world.ForestFacts;
        return
        [
            .. OtherConnectors.Prepend(forest.Domain).Select(root => new ConnectorFacts
            {
                Name = root == forest.Domain ? AdConnectorName : root,
                Identifier = root == forest.Domain ? AdConnectorId : _world.Random.Id("connector", root),
                Kind = ConnectorKind.ActiveDirectory,
                Forest = root,
                Domains = [.. forest.OtherDomains.Where(d => d.Forest == root).Select(d => d.Domain).Append(root).Distinct().Order(StringComparer.Ordinal)],
                Objects = root == forest.Domain ? ObjectsOf(server).Count() : null,
                HoldsWritebackOu = root == forest.Domain,
            }).Append(new ConnectorFacts { Name = EntraConnectorName, Identifier = StandardRules.EntraConnector, Kind = ConnectorKind.Entra }).OrderBy(c => c.Name, StringComparer.Ordinal),
        ];
    }

    internal void OpenWizard(WorldChange change, string server) => Put(change, _world.Servers[server] with { WizardOpen = true });

    internal void CloseWizard(WorldChange change, string server, bool? staging)
    {
        var s = _world.Servers[server];
        Put(change, s with { WizardOpen = false, Staging = staging ?? s.Staging });
        NoteOutage(change);
    }

    /// <summary>One whole cycle at once, for a world in the making.</summary>
    internal void RunNow(WorldChange change, string server)
    {
        var s = _world.Servers[server];
        Synchronise(change, s, full: true, failing: []);
        _world.Servers.Put(change, server, s with { AppliedV1 = _world.Tenant.UnifiedGroupWriteback, AppliedV2 = _world.Tenant.GroupWritebackV2 });
    }

    DateTimeOffset Now => _world.Clock.GetUtcNow();

    static AdSyncException Refusal(string code, string message, bool transient = false) => new(new CommandError { Code = code, Message = message, Transient = transient });

    /// <summary>What the switch demands of every server and is not so: nobody can look at what it brings before it is exported, or something is exported at once.</summary>
    IEnumerable<string> Unready()
    {
        if (_world.Tenant.SyncCycleEnabled) { yield return "the scheduler is on"; }
        foreach (var s in _world.Servers.Values)
        {
            if (!s.Staging) { yield return $"{s.Name} exports"; }
            if (s.Cycle is not null) { yield return $"{s.Name} runs a cycle"; }
            if (s.WizardOpen) { yield return $"the wizard of {s.Name} is open"; }
        }
    }

    bool Switch(WorldChange change)
    {
        if (!_world.Tenant.GroupWritebackV2) { return false; }
        _world.PutTenant(change, _world.Tenant with { GroupWritebackV2 = false });
        return true;
    }

    void Note(WorldChange change, SwitchRecord record) => _world.Switchings.Put(change, $"{_world.Switchings.Count + 1:D5}", record);

    /// <summary>An export by hand: what was still has ended, and begins again when no other comes in time for the next.</summary>
    void NoteExport(WorldChange change)
    {
        if (_world.Outage.Find("export") is { Since: { } since } outage)
        {
            _world.Outage.Put(change, "export", new OutageState { Seconds = outage.Seconds + Math.Max(0, (Now - since).TotalSeconds), Since = Now + EffectiveInterval });
        }
    }

    void NoteOutage(WorldChange change)
    {
        bool down = !_world.Tenant.SyncCycleEnabled || _world.Servers.Values.All(s => s.Staging);
        var outage = _world.Outage.Find("export") ?? new OutageState();
        if (down && outage.Since is null)
        {
            _world.Outage.Put(change, "export", outage with { Since = Now });
        }
        else if (!down && outage.Since is { } since)
        {
            _world.Outage.Put(change, "export", new OutageState { Seconds = outage.Seconds + Math.Max(0, (Now - since).TotalSeconds) });
        }
    }

    /// <summary>Rules as somebody left them; they count after the next full synchronisation.</summary>
    internal void PutRules(WorldChange change, string server, IReadOnlyList<SyncRule> rules)
    {
        _world.Rules.Put(change, server, _world.Rules[server] with { Rules = [.. rules.OrderBy(r => r.Precedence)] });
        Put(change, _world.Servers[server] with { FullSyncNeeded = true });
    }

    void Put(WorldChange change, ConnectServer server)
    {
        _world.Servers.Put(change, server.Name, server);
        Arm(server);
    }

    /// <summary>The servers run at the same interval, each with its own offset, so that no two cycles fall together.</summary>
    DateTimeOffset NextCycle(string server)
    {
        long interval = EffectiveInterval.Ticks;
        long offset = interval * (1 + _world.Servers.Keys.TakeWhile(k => k != server).Count() * 5) / 17 % interval;
        long now = Now.UtcTicks;
        return new DateTimeOffset(((now - offset) / interval + 1) * interval + offset, TimeSpan.Zero);
    }

    void Arm(ConnectServer server)
    {
        var due = (server.Cycle?.EndsAt, server.NextCycleAt) switch
        {
            ({ } ends, { } next) => ends < next ? ends : next,
            var (ends, next) => ends ?? next,
        };
        lock (_timers)
        {
            if (_closed) { return; }
            if (!_timers.TryGetValue(server.Name, out var timer))
            {
                _timers.Add(server.Name, timer = _world.Clock.CreateTimer(_ => _ = TickAsync(server.Name), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
            }
            timer.Change(due is { } at ? TimeSpan.FromTicks(Math.Max(0, (at - Now).Ticks)) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    async Task TickAsync(string name)
    {
        using var busy = _world.Clock.Busy($"Connect on {name}");
        try
        {
            await _world.Store.ChangeAsync(c =>
            {
                var server = _world.Servers[name];
                if (server.Cycle is { } cycle && cycle.EndsAt <= Now) { server = End(c, server, cycle); }
                if (server.NextCycleAt is { } next && next <= Now)
                {
                    server = server with { NextCycleAt = NextCycle(name) };
                    if (server is { Cycle: null, WizardOpen: false } && _world.Tenant.SyncCycleEnabled)
                    {
                        Begin(c, server, CyclePolicy.Delta);
                        return;
                    }
                }
                Put(c, server);
            });
        }
        catch (ObjectDisposedException)
        {
            // The world was closed, as by a kill; it goes on when it is opened again.
        }
        catch (Exception e)
        {
            _faulted.TrySetException(e);
        }
    }

    void Begin(WorldChange change, ConnectServer server, CyclePolicy policy)
    {
        bool full = policy == CyclePolicy.Initial || server.FullSyncNeeded;
        var rules = _world.Rules[server.Name];
        if (full) { _world.Rules.Put(change, server.Name, rules with { Applied = rules.Rules }); }
        Put(change, server with
        {
            // Rules that change while the cycle runs want another one.
            FullSyncNeeded = false,
            Cycle = new RunningCycle { Policy = policy, Full = full, StartedAt = Now, EndsAt = Now + Duration(server.Name, full) },
        });
    }

    TimeSpan Duration(string server, bool full)
    {
        int objects = _world.Groups.Count + _world.Principals.Count;
        double pace = 1 + _world.Random.Next("pace", server, 20) / 100.0;
        return Scaled(TimeSpan.FromSeconds(Math.Round((full ? 1500 + 0.15 * objects : 150 + 0.005 * objects) * pace)));
    }

    ConnectServer End(WorldChange change, ConnectServer server, RunningCycle cycle)
    {
        if (server.CertificateExpiredAt is not null) { return EndWithoutEntra(change, server); }
        string kind = cycle.Full ? "Full" : "Delta";
        HashSet<Guid> failing = [];
        if (cycle.Full && _world.Count(change, "cycles.full") == 1 && _world.Suffers(Sabotage.CycleWithErrors))
        {
            failing = [.. ObjectsOf(server.Name).Where(o => !o.MailEnabled).Take(2).Select(o => o.CloudId)];
        }
        if (cycle.Full && server.Name == NameOf(0) && !_world.Tenant.GroupWritebackV2 && _world.Suffers(Sabotage.SecondCycleWithErrors) && _world.Count(change, "cycles.fullAfterSwitch") == 1)
        {
            // An object in error is evaluated from the start when its error has gone: it is joined anew then, after the switch.
            foreach (var o in ObjectsOf(server.Name).Where(o => o is { MailEnabled: false, NoFlow: true, ObjectGuid: not null }).Take(2).ToList())
            {
                failing.Add(o.CloudId);
                _world.ConnectorObjects.Put(change, ObjectKey(server.Name, o.CloudId), o with { NoFlow = false, Lineage = [] });
            }
        }
        List<RunError> syncErrors = [.. KnownErrors(), .. failing.Select(id => ErrorOf($"Group_{id:D}", "sync-generic-failure")), .. GroupsInError(server.Name)];
        var exportErrors = Synchronise(change, server, cycle.Full, failing);

        int number = server.LastRunNumber;
        var others = OtherConnectors.ToList();
        Run(AdConnectorName, $"{kind} Import", []);
        others.ForEach(other => Run(other, $"{kind} Import", []));
        Run(EntraConnectorName, $"{kind} Import", []);
        Run(AdConnectorName, $"{kind} Synchronization", syncErrors);
        others.ForEach(other => Run(other, $"{kind} Synchronization", []));
        Run(EntraConnectorName, $"{kind} Synchronization", []);
        if (!server.Staging)
        {
            Run(EntraConnectorName, "Export", []);
            Run(AdConnectorName, "Export", exportErrors);
            others.ForEach(other => Run(other, "Export", []));
        }
        var seconds = (int)(cycle.EndsAt - cycle.StartedAt).TotalSeconds;
        return server with
        {
            Cycle = null,
            LastRunNumber = number,
            LastInitialSeconds = cycle.Full ? seconds : server.LastInitialSeconds,
            RecentInitialSeconds = cycle.Full ? [.. server.RecentInitialSeconds.Append(seconds).TakeLast(10)] : server.RecentInitialSeconds,
            RecentDeltaSeconds = cycle.Full ? server.RecentDeltaSeconds : [.. server.RecentDeltaSeconds.Append(seconds).TakeLast(10)],
            AppliedV1 = _world.Tenant.UnifiedGroupWriteback,
            AppliedV2 = _world.Tenant.GroupWritebackV2,
        };

        void Run(string connector, string profile, IReadOnlyList<RunError> errors) =>
            AddRun(change, server.Name, ++number, connector, profile, errors.Count == 0 ? "success" : profile == "Export" ? "completed-export-errors" : "completed-sync-errors", errors);
    }

    /// <summary>The import from Entra stops at the sign-in; what the cycle was to do in full is still to be done.</summary>
    ConnectServer EndWithoutEntra(WorldChange change, ConnectServer server)
    {
        string kind = server.Cycle!.Full ? "Full" : "Delta";
        AddRun(change, server.Name, server.LastRunNumber + 1, AdConnectorName, $"{kind} Import", "success", []);
        AddRun(change, server.Name, server.LastRunNumber + 2, EntraConnectorName, $"{kind} Import", "stopped-extension-dll-exception", []);
        return server with { Cycle = null, LastRunNumber = server.LastRunNumber + 2, FullSyncNeeded = server.FullSyncNeeded || server.Cycle.Full };
    }

    void AddRun(WorldChange change, string server, int number, string connector, string profile, string result, IReadOnlyList<RunError> errors) => _world.Runs.Put(change, RunKey(server, number), new RunRecord
    {
        Server = server,
        Result = new RunResult
        {
            RunNumber = number,
            Connector = connector,
            Profile = profile,
            Result = result,
            Errors = [.. errors.Select(error => error.Key).Distinct(StringComparer.Ordinal)],
            Details = [.. errors.DistinctBy(error => error.Key)],
        },
    });

    /// <summary>Import, synchronisation and, on an active server, export.</summary>
    /// <param name="change">What it is part of.</param>
    /// <param name="server">The server.</param>
    /// <param name="full">Every group, or only those that changed.</param>
    /// <param name="failing">Groups with a synchronisation error: they stay in the connector space as they were, and are tried again in the next cycle.</param>
    /// <returns>The objects that could not be exported.</returns>
    List<RunError> Synchronise(WorldChange change, ConnectServer server, bool full, HashSet<Guid> failing)
    {
        var errors = new List<RunError>();
        var tenant = _world.Tenant;
        var changed = _view.TakeChanged(server.Name);
        if (full || server.AppliedV2 != tenant.GroupWritebackV2 || server.AppliedV1 != tenant.UnifiedGroupWriteback)
        {
            changed = [.. _world.Groups.Values.Select(g => g.Id).Union(ObjectsOf(server.Name).Select(o => o.CloudId)).Order()];
        }
        var synchronisation = new Synchronisation(_world, _view, server, new RuleEngine(_world.Rules[server.Name].Applied, AdConnectorId), tenant.GroupWritebackV2, tenant.UnifiedGroupWriteback);
        foreach (var cloudId in changed)
        {
            if (failing.Contains(cloudId))
            {
                _view.Remind(server.Name, cloudId);
                continue;
            }
            string key = ObjectKey(server.Name, cloudId);
            var known = _world.ConnectorObjects.Find(key);
            var now = synchronisation.Evaluate(cloudId, known);
            if (now is null) { _world.ConnectorObjects.Delete(change, key); }
            else if (known is null || !Same(known, now)) { _world.ConnectorObjects.Put(change, key, now); }
            if (now is { NoFlow: true } && _world.Suffers(Sabotage.ConnectStillWrites)) { _view.Remind(server.Name, cloudId); }
        }
        if (server.Staging) { return errors; }
        foreach (var space in PendingOf(server.Name).ToList())
        {
            try
            {
                Export(change, space);
            }
            catch (ForestException)
            {
                errors.Add(ErrorOf($"Group_{space.CloudId:D}", "permission-issue"));
            }
        }
        return errors;
    }

    void Export(WorldChange change, ConnectorObject space)
    {
        string key = ObjectKey(space.Server, space.CloudId);
        string place = space.Image?.DistinguishedName ?? space.Pending!.DistinguishedName;
        if (!MayWrite(place)) { throw new ForestException(ForestRefusal.AccessDenied, $"The account of Connect may not write {place}."); }
        if (space.Pending!.Operation == ExportOperation.Delete)
        {
            if (_world.Forest.Find(space.ObjectGuid!.Value) is { } doomed) { _world.Forest.Delete(change, doomed.ObjectGuid); }
            _world.ConnectorObjects.Delete(change, key);
            _world.Count(change, "connect.deletes");
            return;
        }
        var image = space.Image!;
        var members = image.Members.Where(m => _world.Forest.Find(m) is not null);
        Guid objectGuid;
        if (space.Pending.Operation == ExportOperation.Add)
        {
            objectGuid = _world.Forest.Create(change, new NewAdObject
            {
                Class = AdClass.Group,
                DistinguishedName = image.DistinguishedName,
                SamAccountName = $"Group_{space.CloudId:D}",
                DisplayName = image.DisplayName,
                Description = image.Description,
                GroupType = image.GroupType,
                AdminDescription = $"Group_{space.CloudId:D}",
                Mail = image.Mail,
                Members = [.. members],
                MadeBy = "connect",
            }).ObjectGuid;
            _world.Count(change, "connect.adds");
        }
        else
        {
            objectGuid = space.ObjectGuid!.Value;
            _world.Forest.SetMembers(change, objectGuid, members);
            _world.Forest.Update(change, objectGuid, o => o with { DisplayName = image.DisplayName, Description = image.Description, GroupType = image.GroupType, Mail = image.Mail });
            Place(change, objectGuid, image.DistinguishedName);
            _world.Count(change, "connect.updates");
        }
        _world.ConnectorObjects.Put(change, key, space with { ObjectGuid = objectGuid, Pending = null, Image = null });
    }

    void Place(WorldChange change, Guid objectGuid, string dn)
    {
        string now = _world.Forest.Find(objectGuid)!.DistinguishedName;
        if (DistinguishedName.Parent(now) != DistinguishedName.Parent(dn)) { now = _world.Forest.Move(change, objectGuid, DistinguishedName.Parent(dn)).DistinguishedName; }
        if (now != dn) { _world.Forest.Rename(change, objectGuid, DistinguishedName.Cn(dn)); }
    }

    /// <summary>Two users whose attribute collides with another's: every synchronisation reports them, and nobody minds.</summary>
    IEnumerable<RunError> KnownErrors() => [ErrorOf("User_duplicate-proxy-address", "AttributeValueMustBeUnique"), ErrorOf("User_invalid-soft-match", "InvalidSoftMatch")];

    /// <summary>The last synchronisation before the world begins, in the server's run history.</summary>
    internal void RememberErrors(WorldChange change, string server)
    {
        int number = _world.Servers[server].LastRunNumber + 1;
        AddRun(change, server, number, AdConnectorName, "Delta Synchronization", "completed-sync-errors", [.. KnownErrors(), .. GroupsInError(server)]);
        Put(change, _world.Servers[server] with { LastRunNumber = number });
    }

    /// <summary>Groups of the writeback OU that no synchronisation comes to terms with, for as long as the world has any.</summary>
    IEnumerable<RunError> GroupsInError(string server) => ObjectsOf(server).Where(o => o is { MailEnabled: false, ObjectGuid: not null }).OrderBy(o => o.CloudId).Take(_world.Options.GroupsInError)
        .SelectMany(o => _world.Forest.FindByAdminDescription($"Group_{o.CloudId:D}"), (o, found) => ErrorOf($"Group_{o.CloudId:D}", "sync-generic-failure") with { Group = found.DistinguishedName });

    RunError ErrorOf(string anchor, string kind) => new() { Key = RunErrorKey.Of(AdConnectorName, anchor, kind), Kind = kind };

    static bool Same(ConnectorObject a, ConnectorObject b) =>
        a.ObjectGuid == b.ObjectGuid && a.MailEnabled == b.MailEnabled && a.NoFlow == b.NoFlow && a.Retained == b.Retained && a.Pending == b.Pending
        && a.Lineage.SequenceEqual(b.Lineage) && SameImage(a.Image, b.Image);

    static bool SameImage(ConnectorImage? a, ConnectorImage? b) =>
        a is null || b is null ? ReferenceEquals(a, b) : a.Members.SequenceEqual(b.Members) && a with { Members = b.Members } == b;
}

using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Listener;

/// <summary>A Connect server in memory that records what was called, and lets a test change it in the middle.</summary>
sealed class FakeAdSync : IAdSync
{
    public static readonly Guid AdConnectorId = new("5a0c0000-0000-4000-8000-0000000000ad");

    public const string AdConnector = "contoso.example";

    const string DomainRoot = "DC=contoso,DC=example";

    public AdSyncHost Host { get; set; } = new()
    {
        Server = "AADC01",
        Version = "2.5.190.0",
        Cmdlet = CmdletGeneration.Unattended,
        WritebackOu = FakeDirectory.Ou,
        WritebackOuInScope = true,
        AdConnector = AdConnector,
        AdConnectorId = AdConnectorId,
        LastInitialSeconds = 600,
    };

    public SchedulerState Scheduler { get; set; } = new()
    {
        SyncCycleEnabled = true,
        StagingModeEnabled = false,
        SchedulerSuspended = false,
        SyncCycleInProgress = false,
        EffectiveInterval = TimeSpan.FromMinutes(30),
    };

    public AutoUpgradeState AutoUpgrade { get; set; } = AutoUpgradeState.Enabled;

    public FeatureFlags Features { get; set; } = new() { GroupWritebackV2 = true, UnifiedGroupWriteback = true };

    public List<SyncRule> Rules { get; } = [Standard("Out to AD - Group SOAInAAD", 120)];

    public List<RunResult> Runs { get; } = [];

    public List<ConnectorSpaceGroup> Groups { get; } = [];

    public List<PendingExport> Pending { get; } = [];

    /// <summary>Access entries of the connector's account.</summary>
    public List<AccessEntry> Access { get; } = [];

    /// <summary>What the cmdlet adds to each object where it is not there.</summary>
    public static IReadOnlyList<string> Needed { get; } = ["(A;;CC;;;S-1-5-21-1-2-3-1105)", "(OA;CI;WP;;;S-1-5-21-1-2-3-1105)"];

    /// <summary>Calls that change something, as they came.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Runs before each member, with its name and how often it was called; a test changes the world there.</summary>
    public Action<string, int>? OnCall { get; set; }

    /// <summary>What the cmdlet of the switch does; by default it works.</summary>
    public Func<string?, Task>? Disable { get; set; }

    /// <summary>What a run profile of "Entra only" does beside being called.</summary>
    public Func<EntraOnlyStep, Task>? OnStep { get; set; }

    /// <summary>When false, added rules are reported as added and are not there.</summary>
    public bool RulesStick { get; set; } = true;

    readonly Dictionary<string, int> _counts = [];

    public static SyncRule Standard(string name, int precedence) => new()
    {
        Identifier = Guid.NewGuid(),
        Name = name,
        Direction = RuleDirection.Outbound,
        Link = RuleLink.Provision,
        Connector = AdConnectorId,
        Precedence = precedence,
        SourceObjectType = "group",
        TargetObjectType = "group",
        IsStandardRule = true,
        Scope = [],
        Flows = [],
    };

    /// <summary>A security group that Connect wrote, in its connector space.</summary>
    public static ConnectorSpaceGroup Written(string name) =>
        new() { DistinguishedName = $"CN={name},{FakeDirectory.Ou}", Anchor = $"Group_{Guid.NewGuid():D}", MailEnabled = false, Lineage = [], LineageRules = [] };

    public int CountOf(string member) => _counts.GetValueOrDefault(member);

    public Task<AdSyncHost> GetHostAsync(CancellationToken cancellationToken) => Answer(() => Host);

    public Task<SchedulerState> GetSchedulerAsync(CancellationToken cancellationToken) => Answer(() => Scheduler);

    public Task SetSchedulerAsync(bool enabled, CancellationToken cancellationToken)
    {
        Calls.Add($"scheduler {enabled}");
        return Answer(() => Scheduler = Scheduler with { SyncCycleEnabled = enabled });
    }

    public Task<AutoUpgradeState> GetAutoUpgradeAsync(CancellationToken cancellationToken) => Answer(() => AutoUpgrade);

    public Task SetAutoUpgradeAsync(AutoUpgradeState state, CancellationToken cancellationToken)
    {
        Calls.Add($"autoUpgrade {state}");
        return Answer(() => AutoUpgrade = state);
    }

    public Task StartCycleAsync(CyclePolicy policy, CancellationToken cancellationToken)
    {
        Calls.Add($"cycle {policy}");
        return Answer(() => Scheduler = Scheduler with { SyncCycleInProgress = true });
    }

    public Task StopCycleAsync(CancellationToken cancellationToken)
    {
        Calls.Add("stop");
        return Answer(() => Scheduler = Scheduler with { SyncCycleInProgress = false });
    }

    public Task SetStagingAsync(bool on, CancellationToken cancellationToken)
    {
        Calls.Add($"staging {on}");
        return Answer(() => Scheduler = Scheduler with { StagingModeEnabled = on });
    }

    public async Task RunEntraOnlyStepAsync(EntraOnlyStep step, CancellationToken cancellationToken)
    {
        Calls.Add($"run {step}");
        if (OnStep is { } onStep) { await onStep(step); }
        await Answer(() => step);
    }

    public Task<IReadOnlyList<RunResult>> GetRunsAsync(int afterRunNumber, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<RunResult>>(() => [.. Runs.Where(run => run.RunNumber > afterRunNumber)]);

    public Task<IReadOnlyList<SyncRule>> GetRulesAsync(CancellationToken cancellationToken) => Answer<IReadOnlyList<SyncRule>>(() => [.. Rules]);

    public Task AddRuleAsync(SyncRule rule, CancellationToken cancellationToken)
    {
        Calls.Add($"add {rule.Direction} {rule.Precedence}");
        return Answer(() =>
        {
            if (RulesStick) { Rules.Add(rule); }
            return rule;
        });
    }

    public Task SetRuleDisabledAsync(Guid identifier, bool disabled, CancellationToken cancellationToken)
    {
        Calls.Add($"disabled {disabled}");
        return Answer(() => Rules[Rules.FindIndex(rule => rule.Identifier == identifier)] = Rules.Single(rule => rule.Identifier == identifier) with { Disabled = disabled });
    }

    public Task RemoveRuleAsync(Guid identifier, CancellationToken cancellationToken)
    {
        Calls.Add($"remove {identifier}");
        return Answer(() => Rules.RemoveAll(rule => rule.Identifier == identifier));
    }

    public Task<FeatureFlags> GetFeaturesAsync(CancellationToken cancellationToken) => Answer(() => Features);

    public async Task DisableGroupWritebackV2Async(string? userName, CancellationToken cancellationToken)
    {
        Calls.Add($"disable {userName}".TrimEnd());
        if (Disable is { } disable) { await disable(userName); }
        else { Features = Features with { GroupWritebackV2 = false }; }
    }

    public Task<IReadOnlyList<AccessEntry>> GetWritebackAccessAsync(string? ou, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<AccessEntry>>(() => [.. Access.Where(entry => entry.On == (ou ?? DomainRoot))]);

    public Task GrantWritebackAccessAsync(string? ou, CancellationToken cancellationToken)
    {
        Calls.Add($"grant {ou ?? "all"}");
        return Answer(() =>
        {
            foreach (string entry in Needed) { Grant(ou ?? DomainRoot, entry); }
            return Access;
        });
    }

    // As Windows does: an entry that differs in its rights alone takes them in.
    void Grant(string on, string entry)
    {
        string[] parts = entry.Split(';');
        int there = Access.FindIndex(known => known.On == on && known.Entry.Split(';') is var other && (string[])[.. other[..2], .. other[3..]] is var rest && rest.SequenceEqual([.. parts[..2], .. parts[3..]]));
        if (there < 0) { Access.Add(new(on, entry)); }
        else if (Access[there].Entry.Split(';') is var known && !known[2].Contains(parts[2], StringComparison.Ordinal))
        {
            known[2] += parts[2];
            Access[there] = new(on, string.Join(';', known));
        }
    }

    public Task RevokeWritebackAccessAsync(IReadOnlyList<GrantedEntry> entries, CancellationToken cancellationToken)
    {
        Calls.Add($"revoke {entries.Count}");
        return Answer(() =>
        {
            foreach (var entry in entries)
            {
                if (Access.Remove(new(entry.On, entry.Entry)) && entry.Before.Length > 0) { Access.Add(new(entry.On, entry.Before)); }
            }
            return Access;
        });
    }

    public async IAsyncEnumerable<ConnectorSpaceGroup> GetGroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var group in await Answer(() => Groups.ToList())) { yield return group; }
    }

    public async IAsyncEnumerable<PendingExport> GetPendingExportsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var export in await Answer(() => Pending.ToList())) { yield return export; }
    }

    Task<T> Answer<T>(Func<T> read, [CallerMemberName] string member = "")
    {
        lock (_counts) { _counts[member] = _counts.GetValueOrDefault(member) + 1; }
        OnCall?.Invoke(member, _counts[member]);
        return Task.FromResult(read());
    }
}

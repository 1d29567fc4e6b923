using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>One Entra Connect server, by its cmdlets. Errors are <see cref="AdSyncException"/>.</summary>
/// <remarks>Each member is one cmdlet or one short script; decisions stand in the command handlers.</remarks>
public interface IAdSync
{
    /// <summary>Build of Connect and which generation its company-feature cmdlet is.</summary>
    Task<AdSyncHost> GetHostAsync(CancellationToken cancellationToken);

    /// <summary>Get-ADSyncScheduler.</summary>
    Task<SchedulerState> GetSchedulerAsync(CancellationToken cancellationToken);

    /// <summary>Set-ADSyncScheduler -SyncCycleEnabled.</summary>
    Task SetSchedulerAsync(bool enabled, CancellationToken cancellationToken);

    /// <summary>Get-ADSyncAutoUpgrade.</summary>
    Task<AutoUpgradeState> GetAutoUpgradeAsync(CancellationToken cancellationToken);

    /// <summary>Set-ADSyncAutoUpgrade.</summary>
    Task SetAutoUpgradeAsync(AutoUpgradeState state, CancellationToken cancellationToken);

    /// <summary>Start-ADSyncSyncCycle -PolicyType; returns at once.</summary>
    Task StartCycleAsync(CyclePolicy policy, CancellationToken cancellationToken);

    /// <summary>Stop-ADSyncSyncCycle; returns when the service has been asked.</summary>
    Task StopCycleAsync(CancellationToken cancellationToken);

    /// <summary>Writes the staging flag into the global settings: not supported by Microsoft, for servers whose configuration allows it.</summary>
    Task SetStagingAsync(bool on, CancellationToken cancellationToken);

    /// <summary>Invoke-ADSyncRunProfile of one step, on every connector that it concerns; returns when the runs have ended.</summary>
    Task RunEntraOnlyStepAsync(EntraOnlyStep step, CancellationToken cancellationToken);

    /// <summary>Get-ADSyncRunProfileResult above a run number, oldest first.</summary>
    Task<IReadOnlyList<RunResult>> GetRunsAsync(int afterRunNumber, CancellationToken cancellationToken);

    /// <summary>Get-ADSyncRule, all.</summary>
    Task<IReadOnlyList<SyncRule>> GetRulesAsync(CancellationToken cancellationToken);

    /// <summary>Add-ADSyncRule: an upsert by identifier. Refused when the precedence is taken.</summary>
    Task AddRuleAsync(SyncRule rule, CancellationToken cancellationToken);

    /// <summary>Add-ADSyncRule of a rule that is there, with nothing changed but whether it is disabled.</summary>
    Task SetRuleDisabledAsync(Guid identifier, bool disabled, CancellationToken cancellationToken);

    /// <summary>Remove-ADSyncRule -Identifier.</summary>
    Task RemoveRuleAsync(Guid identifier, CancellationToken cancellationToken);

    /// <summary>Get-ADSyncAADCompanyFeature; null members could not be read.</summary>
    Task<FeatureFlags> GetFeaturesAsync(CancellationToken cancellationToken);

    /// <summary>Set-ADSyncAADCompanyFeature -GroupWritebackV2 $false, with -AADUsername where the build wants it.</summary>
    /// <param name="userName">The operator who signs in, on builds with an interactive cmdlet; otherwise null.</param>
    /// <param name="cancellationToken">Stops before the call only.</param>
    Task DisableGroupWritebackV2Async(string? userName, CancellationToken cancellationToken);

    /// <summary>Explicit access entries of the connector's account, by Get-ADSyncADConnectorAccount and the security descriptors.</summary>
    /// <param name="ou">Distinguished name of the one container to look at; null looks at the root of every domain of the connector.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<IReadOnlyList<AccessEntry>> GetWritebackAccessAsync(string? ou, CancellationToken cancellationToken);

    /// <summary>Set-ADSyncUnifiedGroupWritebackPermissions for the connector's account.</summary>
    /// <param name="ou">-ADObjectDN; null grants it on every domain of the forest.</param>
    /// <param name="cancellationToken">Stops before the call only.</param>
    Task GrantWritebackAccessAsync(string? ou, CancellationToken cancellationToken);

    /// <summary>Removes access entries of the connector's account, each exactly as it was read, and puts what stood in its place back; one that is not there is not missed.</summary>
    Task RevokeWritebackAccessAsync(IReadOnlyList<GrantedEntry> entries, CancellationToken cancellationToken);

    /// <summary>Group objects of the AD connector's space, with their lineage.</summary>
    IAsyncEnumerable<ConnectorSpaceGroup> GetGroupsAsync(CancellationToken cancellationToken);

    /// <summary>Pending exports of every connector.</summary>
    IAsyncEnumerable<PendingExport> GetPendingExportsAsync(CancellationToken cancellationToken);
}

/// <summary>The server as its registry and global settings describe it.</summary>
public sealed record AdSyncHost
{
    public required string Server { get; init; }
    public required string Version { get; init; }
    public required CmdletGeneration Cmdlet { get; init; }

    /// <summary>Microsoft.GroupWriteBack.Container.</summary>
    public required string WritebackOu { get; init; }
    public required bool WritebackOuInScope { get; init; }

    /// <summary>Microsoft.OptionalFeature.GroupWriteBack; null where the settings do not have it.</summary>
    public bool? WritebackChosen { get; init; }

    /// <summary>Name of the AD connector that holds the writeback OU.</summary>
    public required string AdConnector { get; init; }
    public required Guid AdConnectorId { get; init; }

    /// <summary>Get-ADSyncConnector, all of them, by name.</summary>
    public IReadOnlyList<ConnectorFacts> Connectors { get; init; } = [];
    public int? LastInitialSeconds { get; init; }

    /// <summary>Seconds of the last Initial cycles in the run history: the newest last, ten at most.</summary>
    public IReadOnlyList<int> RecentInitialSeconds { get; init; } = [];

    /// <summary>Seconds of the last Delta cycles, likewise.</summary>
    public IReadOnlyList<int> RecentDeltaSeconds { get; init; } = [];
}

/// <summary>Get-ADSyncScheduler, the properties that matter here.</summary>
public sealed record SchedulerState
{
    public required bool SyncCycleEnabled { get; init; }
    public required bool StagingModeEnabled { get; init; }
    public required bool SchedulerSuspended { get; init; }
    public required bool SyncCycleInProgress { get; init; }
    public required TimeSpan EffectiveInterval { get; init; }
}

/// <summary>An explicit access entry of the connector's account.</summary>
/// <param name="On">Distinguished name of the object that has it.</param>
/// <param name="Entry">As the security descriptor writes it: one entry in parentheses.</param>
public sealed record AccessEntry(string On, string Entry);

public enum RuleDirection
{
    Inbound,
    Outbound,
}

public enum RuleLink
{
    Join,
    Provision,
    StickyJoin,
    JoinNoFlow,
}

/// <summary>A synchronisation rule, as Get-ADSyncRule shows it.</summary>
public sealed record SyncRule
{
    public required Guid Identifier { get; init; }
    public required string Name { get; init; }
    public required RuleDirection Direction { get; init; }
    public required RuleLink Link { get; init; }
    public required Guid Connector { get; init; }
    public required int Precedence { get; init; }
    public required string SourceObjectType { get; init; }
    public required string TargetObjectType { get; init; }
    public bool Disabled { get; init; }
    public bool IsStandardRule { get; init; }
    public string Description { get; init; } = "";
    public string ImmutableTag { get; init; } = "";
    public int SoftDeleteExpirySeconds { get; init; }

    /// <summary>Conditions joined by AND; one scope group is all that the product writes.</summary>
    public required IReadOnlyList<ScopeCondition> Scope { get; init; }
    public required IReadOnlyList<RuleFlow> Flows { get; init; }

    /// <summary>Join conditions as <c>csAttribute=mvAttribute</c>; the coexistence rules have none.</summary>
    public IReadOnlyList<string> JoinConditions { get; init; } = [];
}

public sealed record ScopeCondition
{
    public required string Attribute { get; init; }

    /// <summary>EQUAL, NOTEQUAL, ISNULL, ISNOTNULL, …</summary>
    public required string Operator { get; init; }
    public required string Value { get; init; }
}

public sealed record RuleFlow
{
    public required string Destination { get; init; }

    /// <summary>Constant, Direct or Expression.</summary>
    public required string FlowType { get; init; }
    public required string Source { get; init; }
    public string ValueMergeType { get; init; } = "Update";
    public bool ExecuteOnce { get; init; }
}

/// <summary>A group in the AD connector space.</summary>
public sealed record ConnectorSpaceGroup
{
    public required string DistinguishedName { get; init; }
    public string? Anchor { get; init; }
    public required bool MailEnabled { get; init; }

    /// <summary>A security group rather than a distribution group; null where its groupType is not known, as before its first import.</summary>
    public bool? Security { get; init; }

    /// <summary>Names of the outbound rules that apply, as the object's lineage lists them.</summary>
    public required IReadOnlyList<string> Lineage { get; init; }

    /// <summary>Identifiers of the same rules.</summary>
    public required IReadOnlyList<Guid> LineageRules { get; init; }
}

/// <summary>A cmdlet failed. <see cref="Error"/>'s code tells busy, suspended by the wizard, not supported, access denied.</summary>
public sealed class AdSyncException(CommandError error, Exception? inner = null) : Exception($"{error.Code}: {error.Message}", inner)
{
    public CommandError Error { get; } = error;
}

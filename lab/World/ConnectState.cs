using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Lab.World;

/// <summary>An Entra Connect server.</summary>
public sealed record ConnectServer
{
    /// <summary>AADC01, AADC02, …</summary>
    public required string Name { get; init; }
    public required string Version { get; init; }
    public required bool Staging { get; init; }
    public bool WizardOpen { get; init; }
    public AutoUpgradeState AutoUpgrade { get; init; } = AutoUpgradeState.Enabled;
    public required IReadOnlyList<SyncRule> Rules { get; init; }

    /// <summary>The cycle that runs now.</summary>
    public RunningCycle? Cycle { get; init; }
    public DateTimeOffset? NextCycleAt { get; init; }
    public int LastRunNumber { get; init; }
    public bool FullSyncNeeded { get; init; }

    /// <summary>Seconds of the last Initial cycle.</summary>
    public int? LastInitialSeconds { get; init; }
}

public sealed record RunningCycle
{
    public required CyclePolicy Policy { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>A run in the history of a server; key is server and number.</summary>
public sealed record RunRecord
{
    public required string Server { get; init; }
    public required RunResult Result { get; init; }
}

/// <summary>A group in the AD connector space of one server, as its last synchronisation left it; key is server and cloud id.</summary>
public sealed record ConnectorObject
{
    public required string Server { get; init; }
    public required Guid CloudId { get; init; }

    /// <summary>The joined AD object; null while an add is pending.</summary>
    public Guid? ObjectGuid { get; init; }
    public required bool MailEnabled { get; init; }

    /// <summary>Identifiers of the outbound rules that apply.</summary>
    public required IReadOnlyList<Guid> Lineage { get; init; }

    /// <summary>What would be exported to Active Directory, null for nothing.</summary>
    public PendingExport? Pending { get; init; }
}

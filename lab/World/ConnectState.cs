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

    /// <summary>Group writeback is not chosen in its wizard: its settings name no container.</summary>
    public bool WithoutWriteback { get; init; }

    /// <summary>The writeback OU is not among the containers that it synchronises.</summary>
    public bool OuDeselected { get; init; }

    /// <summary>Set once it can't sign in to Entra any more.</summary>
    public DateTimeOffset? CertificateExpiredAt { get; init; }
    public AutoUpgradeState AutoUpgrade { get; init; } = AutoUpgradeState.Enabled;
    /// <summary>The cycle that runs now.</summary>
    public RunningCycle? Cycle { get; init; }
    public DateTimeOffset? NextCycleAt { get; init; }
    public int LastRunNumber { get; init; }

    /// <summary>The rules changed since the last full synchronisation; the next cycle is full whatever it was asked to be.</summary>
    public bool FullSyncNeeded { get; init; }

    /// <summary>The features as the last synchronisation saw them; a change concerns every group.</summary>
    public bool AppliedV2 { get; init; }
    public bool AppliedV1 { get; init; }

    /// <summary>Seconds of the last Initial cycle.</summary>
    public int? LastInitialSeconds { get; init; }

    /// <summary>Seconds of the last ten Initial cycles, the newest last, and of the last ten Delta cycles.</summary>
    public IReadOnlyList<int> RecentInitialSeconds { get; init; } = [];
    public IReadOnlyList<int> RecentDeltaSeconds { get; init; } = [];

    /// <summary>Of former times, and still running: nobody remembers it, and it has no listener.</summary>
    public bool Forgotten { get; init; }
}

/// <summary>Synchronisation rules of a server, by its name.</summary>
public sealed record ServerRules
{
    /// <summary>As Get-ADSyncRule lists them.</summary>
    public required IReadOnlyList<SyncRule> Rules { get; init; }

    /// <summary>Those of the last full synchronisation; changed ones count from the next.</summary>
    public required IReadOnlyList<SyncRule> Applied { get; init; }
}

public sealed record RunningCycle
{
    public required CyclePolicy Policy { get; init; }

    /// <summary>True for Initial, and for a Delta that rule changes made full.</summary>
    public required bool Full { get; init; }
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

    /// <summary>A JoinNoFlow rule applies and no rule that provisions.</summary>
    public bool NoFlow { get; init; }

    /// <summary>Version 2 was on and did not want the group any more (disabled, soft-deleted): its object was only kept.</summary>
    public bool Retained { get; init; }

    /// <summary>What would be exported to Active Directory, null for nothing.</summary>
    public PendingExport? Pending { get; init; }

    /// <summary>What <see cref="Pending"/> would make of the object; null for a delete and for nothing.</summary>
    public ConnectorImage? Image { get; init; }
}

/// <summary>A group in Active Directory as Connect wants it.</summary>
public sealed record ConnectorImage
{
    public required string DistinguishedName { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public required int GroupType { get; init; }
    public string? Mail { get; init; }

    /// <summary>objectGUIDs, sorted.</summary>
    public required IReadOnlyList<Guid> Members { get; init; }
}

/// <summary>A call of the switch, or the moment in which somebody else switched.</summary>
public sealed record SwitchRecord
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The server on which it was called; null when somebody switched elsewhere.</summary>
    public string? Server { get; init; }

    /// <summary>True for a call through the product's port.</summary>
    public required bool Ours { get; init; }

    /// <summary>True when the flag went from true to false.</summary>
    public required bool Transition { get; init; }

    /// <summary>Who signed in, where the cmdlet asks for it.</summary>
    public string? UserName { get; init; }

    /// <summary>What did not stand still at that moment, as a switch demands; empty when everything did, and for others' switches.</summary>
    public IReadOnlyList<string> Unready { get; init; } = [];
}

/// <summary>Time in which nobody exported to Entra and password hashes stood still.</summary>
public sealed record OutageState
{
    public double Seconds { get; init; }

    /// <summary>Set while it lasts.</summary>
    public DateTimeOffset? Since { get; init; }
}

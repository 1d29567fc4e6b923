using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Assessment;

/// <summary>
/// What a migration will do, and nothing else: its canonical JSON is hashed, people approve the hash, and every command names it.
/// </summary>
public sealed record MigrationPlan
{
    public required Guid Tenant { get; init; }

    /// <summary>Default domain of the tenant; null when Entra names none, and in plans of earlier versions.</summary>
    public string? TenantDomain { get; init; }

    /// <summary>AD domain that holds the writeback OU, and the name of the Cloud Sync configuration.</summary>
    public required string Domain { get; init; }

    /// <summary>Domains of its forest, where the servers know other forests too; empty otherwise. Users of other forests are never written.</summary>
    public IReadOnlyList<string> ForestDomains { get; init; } = [];
    public required string AssessmentId { get; init; }
    public required string WritebackOu { get; init; }
    public required NamingStyle Naming { get; init; }
    public required IReadOnlyList<PlannedServer> Servers { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: the groups that migrate.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: groups that stay in the OU and no longer follow Entra; accepted by name.</summary>
    public required DocumentReference Frozen { get; init; }

    /// <summary>Document of <see cref="ClassifiedGroup"/>: every group in the OU or ever written, with its reasons.</summary>
    public required DocumentReference Classified { get; init; }

    /// <summary>Document of <see cref="GroupLoss"/>: members that a planned group will lose, announced one by one.</summary>
    public required DocumentReference Losses { get; init; }

    /// <summary>
    /// Document of <see cref="CloudSync.KeptDn"/>: groups that keep a name or place of their own by the extension property GroupDN; null when
    /// every group follows the one mapping.
    /// </summary>
    public DocumentReference? Kept { get; init; }

    /// <summary>Document of <see cref="NamePrediction"/>, one for each group that migrates; null in plans of versions that predicted none.</summary>
    public DocumentReference? Names { get; init; }

    /// <summary>Document of strings: keys of the objects that runs of the servers had in error when people accepted them; null when there were none.</summary>
    public DocumentReference? KnownErrors { get; init; }
    public required Canaries Canaries { get; init; }
    public required Ceilings Ceilings { get; init; }
    public required BlastRadius Blast { get; init; }
    public required TimePlan Time { get; init; }

    /// <summary>Groups that may come into scope between plan and freeze without a new plan.</summary>
    public required int NewGroupTolerance { get; init; }
    public required IReadOnlyList<Acceptance> Acceptances { get; init; }

    /// <summary>Who brings groups into Cloud Sync's scope.</summary>
    public ScopeAssignment AssignScope { get; init; }

    /// <summary>Who sets the configuration of Cloud Sync up.</summary>
    public CloudSyncSetupMode Setup { get; init; }

    /// <summary>What whoever approves types, so that nobody approves by accident or for another tenant.</summary>
    public string DomainToType => TenantDomain ?? Domain;
    public PlannedServer Active => Servers.Single(s => s.Active);
    public IEnumerable<PlannedServer> Standbys => Servers.Where(s => !s.Active);
}

/// <summary>How the groups in the OU are named now, and so how Cloud Sync must name them.</summary>
public enum NamingStyle
{
    /// <summary><c>CN=Group_&lt;guid&gt;</c>.</summary>
    GroupGuid,

    /// <summary><c>CN=&lt;display name, 51&gt;_&lt;last 12 of objectId&gt;</c>, which is also Cloud Sync's own default.</summary>
    DisplayName,
}

public sealed record PlannedServer
{
    public required string Name { get; init; }
    public required bool Active { get; init; }
    public required string Version { get; init; }
    public required CmdletGeneration Cmdlet { get; init; }

    /// <summary>Name of the connector that it writes groups through; null in plans of versions that did not keep it.</summary>
    public string? AdConnector { get; init; }

    /// <summary>Domains behind its connectors of Active Directory; null when the listener tells no connectors.</summary>
    public IReadOnlyList<string>? Forests { get; init; }

    /// <summary>Custom rules of the server that provision groups, reviewed and accepted: at the freeze there may be no others.</summary>
    public IReadOnlyList<string> CustomProvisioningRules { get; init; } = [];
}

/// <summary>Cloud security groups that the operator named for the proof of Cloud Sync; each has one synced test user.</summary>
public sealed record Canaries
{
    /// <summary>Must be created right.</summary>
    public required Guid New { get; init; }

    /// <summary>Its AD object is made beforehand; must keep objectGUID, SID and DN.</summary>
    public required Guid Match { get; init; }

    /// <summary>Must stay out of scope.</summary>
    public required Guid Unassigned { get; init; }
    public IReadOnlyList<Guid> All => [New, Match, Unassigned];
}

/// <summary>The arithmetic of the window, in seconds. Source: design of the stages; durations from run history.</summary>
public sealed record TimePlan
{
    /// <summary>One Initial cycle on the slowest server.</summary>
    public required int InitialSeconds { get; init; }
    public required int DeltaSeconds { get; init; }

    /// <summary>Longest wait at the second gate.</summary>
    public required int ConfirmSeconds { get; init; }

    /// <summary>What undoing takes: an Initial and a Delta.</summary>
    public required int UndoSeconds { get; init; }

    /// <summary>What going forward takes after the switch: 30 minutes, an Initial and a Delta.</summary>
    public required int ForwardSeconds { get; init; }

    /// <summary>Two Initials, the confirmation and the longer of undo and forward, with 25 % on top.</summary>
    public required int PredictedStagingSeconds { get; init; }
}

/// <summary>A consequence that a person accepted by its code.</summary>
public sealed record Acceptance
{
    /// <summary>Code of the finding, <c>GWB####</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The one case of the finding that is meant: a group by objectId or objectGUID, a server or setting by its name; null for all.</summary>
    public string? Subject { get; init; }

    /// <summary>Most that may be concerned: when the reading finds more, this acceptance does not count. Null for as many as were read.</summary>
    public int? AtMost { get; init; }

    /// <summary>
    /// <see cref="Finding.Set"/> as it was read: exactly these are meant, and when the reading finds one more, one fewer or another one, this
    /// acceptance does not count. Null for none.
    /// </summary>
    public string? Set { get; init; }

    /// <summary>objectId of the person.</summary>
    public required string By { get; init; }
    public required string Comment { get; init; }

    /// <summary>Document of one <see cref="SignedStatement"/>: the person's own proof, where the finding asks for one; see <see cref="Check.BySignIn"/>.</summary>
    public DocumentReference? Proof { get; init; }
}

public enum GroupClass
{
    Migrates,

    /// <summary>Stays, but no longer follows Entra.</summary>
    Freezes,

    /// <summary>A Microsoft 365 group, written as a distribution group from now on.</summary>
    FallsToV1,

    /// <summary>Would be lost or orphaned by the switch; blocks the tenant until resolved.</summary>
    AtRisk,
    LetGo,

    /// <summary>In the OU, without a group in Entra.</summary>
    Orphan,

    /// <summary>Made by this migration.</summary>
    Ours,
}

public enum Readiness
{
    Ready,
    ReadyWithConditions,
    NotReady,
    Unknown,
}

public sealed record ClassifiedGroup
{
    public Guid? CloudId { get; init; }
    public Guid? ObjectGuid { get; init; }
    public required string Name { get; init; }
    public required GroupClass Class { get; init; }
    public required Readiness Readiness { get; init; }

    /// <summary>Security now, distribution after the switch.</summary>
    public bool TypeChange { get; init; }

    /// <summary>Not in Active Directory now, written there after the switch.</summary>
    public bool NewlyWritten { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Nested planned groups, by their Entra ids: a ring is closed over them.</summary>
    public IReadOnlyList<Guid> Children { get; init; } = [];
    public int Members { get; init; }

    /// <summary>Members that Cloud Sync does not write, by kind; null when there are none.</summary>
    public MemberAnalysis? Unwritten { get; init; }
    public bool SpecialCharacters { get; init; }
    public bool DeviceMembers { get; init; }
    public bool SyncedGroupMembers { get; init; }
}

/// <summary>Direct members of a planned group that Cloud Sync does not write, by kind.</summary>
public sealed record MemberAnalysis
{
    public required int Devices { get; init; }

    /// <summary>Groups that come from Active Directory.</summary>
    public required int SyncedGroups { get; init; }

    /// <summary>Contacts that come from Active Directory.</summary>
    public int SyncedContacts { get; init; }

    /// <summary>Members without an object in the forest: nothing is lost there.</summary>
    public required int CloudOnly { get; init; }

    /// <summary>Cloud groups that do not migrate.</summary>
    public required int ChildrenOutOfScope { get; init; }

    public int All => Devices + SyncedGroups + SyncedContacts + CloudOnly + ChildrenOutOfScope;
}

/// <summary>Members that a planned group will lose because Cloud Sync does not write them.</summary>
public sealed record GroupLoss
{
    public required Guid CloudId { get; init; }

    /// <summary>Entra ids of the members.</summary>
    public required IReadOnlyList<Guid> Members { get; init; }
}

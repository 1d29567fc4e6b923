using System.Text.Json.Serialization;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Contracts.Commands;

/// <summary>Facts of one Connect server: build, staging, scheduler, rules, features.</summary>
public sealed record InspectServer : Command<ServerFacts>;

/// <summary>Switches the synchronisation scheduler on or off; the setting is shared by all servers of the tenant.</summary>
public sealed record SetScheduler : Command<SchedulerChange>
{
    public required bool Enabled { get; init; }
}

/// <summary>Suspends automatic upgrade, or gives it back the state it had.</summary>
public sealed record SetAutoUpgrade : Command<AutoUpgradeChange>
{
    public required AutoUpgradeState State { get; init; }
}

/// <summary>Starts a synchronisation cycle and returns at once. Refused while one runs or the wizard is open.</summary>
public sealed record StartCycle : Command<CycleTicket>
{
    public required CyclePolicy Policy { get; init; }
}

/// <summary>Whether the cycle of a ticket still runs, and the results of its runs.</summary>
public sealed record ReadCycle : Command<CycleReport>
{
    public required CycleTicket Ticket { get; init; }

    /// <summary>Of the runs since the ticket only the newest of each connector and profile, none older than the last full imports: how the server stands now.</summary>
    public bool NewestOnly { get; init; }
}

/// <summary>Creates the two coexistence rules with free precedences, or finds them equal. Source: migrate how-to, steps 3 and 4.</summary>
public sealed record AddCoexistenceRules : Command<CoexistenceRules>;

/// <summary>Removes the two coexistence rules, but one that was there before. Refused unless GroupWritebackV2 reads true in the same moment.</summary>
public sealed record RemoveCoexistenceRules : Command<CoexistenceRules>
{
    /// <summary>The inbound rule is somebody else's and stays.</summary>
    public bool KeepInbound { get; init; }

    /// <summary>The outbound rule is somebody else's and stays.</summary>
    public bool KeepOutbound { get; init; }
}

/// <summary>How the rules stand that change writeback's default behaviour. Source: modify default behaviour.</summary>
public sealed record ReadWritebackRules : Command<WritebackRules>;

/// <summary>
/// Brings one of these rules to a state, only from the expected one: the member-limit rule is switched off and on, the delete-on-disable rule is made as
/// the document has it, and removed. It counts from the next full synchronisation, which the change asks for.
/// </summary>
public sealed record SetWritebackRule : Command<WritebackRules>
{
    public required WritebackRule Rule { get; init; }

    /// <summary>As the sender read it. Another state refuses (GWB6224), unless it is the wanted one already.</summary>
    public required WritebackRuleState Expected { get; init; }

    /// <summary>On or off for the member limit, on or absent for the delete-on-disable rule.</summary>
    public required WritebackRuleState State { get; init; }
}

/// <summary>A rule that changes writeback's default behaviour.</summary>
public enum WritebackRule
{
    /// <summary>"Out to AD - Group Writeback Member Limit": keeps groups of more than 50,000 members out.</summary>
    MemberLimit,

    /// <summary><c>cb871f2d-0f01-4c32-a333-ff809145b947</c>: deletes objects of groups whose writeback is disabled or that are soft-deleted.</summary>
    DeleteOnDisable,
}

public enum WritebackRuleState
{
    Absent,

    /// <summary>There, and disabled.</summary>
    Off,
    On,

    /// <summary>There under its identifier with other content: never touched.</summary>
    Different,
}

/// <summary>The rules as they read.</summary>
public sealed record WritebackRules
{
    public required WritebackRuleState MemberLimit { get; init; }
    public required WritebackRuleState DeleteOnDisable { get; init; }

    /// <summary>The state of one.</summary>
    public WritebackRuleState Of(WritebackRule rule) => rule == WritebackRule.MemberLimit ? MemberLimit : DeleteOnDisable;
}

/// <summary>
/// Removes the two coexistence rules after the migration. Refused unless GroupWritebackV2 reads false in the same moment, and on a server that
/// exports unless its own configuration allows it.
/// </summary>
public sealed record RetireCoexistenceRules : Command<CoexistenceRules>;

/// <summary>What the server would export, over all connectors, classified.</summary>
public sealed record ReadPendingExports : Command<PendingExports>;

/// <summary>The rule lineage of each group of a document of <see cref="GroupIdentity"/> on this server.</summary>
public sealed record ReadLineage : Command<LineageReport>
{
    public required DocumentReference Groups { get; init; }
}

/// <summary>
/// Turns staging mode on or off. Microsoft supports the wizard alone, so this is refused unless the server's own configuration allows it.
/// </summary>
public sealed record SetStaging : Command<StagingChange>
{
    public required bool On { get; init; }
}

/// <summary>Stops the cycle that runs, if one does. Carried out beside other commands: it may be one of them that runs.</summary>
public sealed record StopCycle : Command<CycleStop>;

/// <summary>
/// Imports, synchronisations and the export to Entra, each by its run profile, and never an export to Active Directory. Refused unless the
/// scheduler is off and the server is active.
/// </summary>
public sealed record RunEntraOnly : Command<EntraOnlyReport>;

/// <summary>
/// Grants the account of Connect's Active Directory connector what writing groups needs, and notes what that added. Refused unless the server's own
/// configuration allows it. The OU is the configured one; no command names another. Source: enable, permissions.
/// </summary>
public sealed record GrantWritebackPermissions : Command<WritebackPermissions>
{
    public required PermissionScope Scope { get; init; }
}

/// <summary>Takes back what <see cref="GrantWritebackPermissions"/> added on this server and is still there. What was there before is not touched.</summary>
public sealed record RevokeWritebackPermissions : Command<WritebackPermissions>;

/// <summary>Where Connect may write groups.</summary>
public enum PermissionScope
{
    /// <summary>The writeback OU of the listener's configuration, and what is below it.</summary>
    WritebackOu,

    /// <summary>Every domain of the forest that the connector synchronises.</summary>
    AllDomains,
}

public enum CyclePolicy
{
    Delta,
    Initial,
}

public enum AutoUpgradeState
{
    Enabled,
    Suspended,
    Disabled,
}

/// <summary>How the build's <c>Set-ADSyncAADCompanyFeature</c> is called.</summary>
public enum CmdletGeneration
{
    /// <summary>Before 2.6.84.0: unattended.</summary>
    Unattended,

    /// <summary>2.6.84.0 and later: wants <c>-AADUsername</c> and an interactive sign-in.</summary>
    Interactive,
}

public sealed record ServerFacts
{
    public required string Server { get; init; }

    /// <summary>Build of Connect, for example 2.6.92.0.</summary>
    public required string Version { get; init; }
    public required CmdletGeneration Cmdlet { get; init; }
    public required bool Staging { get; init; }
    public required SchedulerFacts Scheduler { get; init; }
    public required FeatureFlags Features { get; init; }
    public required CoexistenceRules Coexistence { get; init; }

    /// <summary>The delete-on-disable rule <c>cb871f2d-0f01-4c32-a333-ff809145b947</c> is there and enabled.</summary>
    public required bool DeleteRuleEnabled { get; init; }

    /// <summary>Names of custom outbound rules that provision groups. They need review.</summary>
    public required IReadOnlyList<string> CustomProvisioningRules { get; init; }

    /// <summary>Precedences from 1 to 99 that no rule of the server has; the coexistence rules take two.</summary>
    public required int FreePrecedences { get; init; }

    /// <summary>The rule that keeps groups of more than 50,000 members out is in force; when it is off, up to 250,000 are written.</summary>
    public required bool MemberLimitEnabled { get; init; }

    /// <summary>The optional rule that names objects after their display name is in force: a hint at the naming style of the OU.</summary>
    public required bool DisplayNameRuleEnabled { get; init; }
    public required AutoUpgradeState AutoUpgrade { get; init; }

    /// <summary>The one container that Connect writes groups to; empty when its settings name none.</summary>
    public required string WritebackOu { get; init; }
    public required bool WritebackOuInScope { get; init; }

    /// <summary>Group writeback is chosen among the optional features of this server's wizard; null where its settings do not say.</summary>
    public bool? WritebackChosen { get; init; }

    /// <summary>Name of the Active Directory connector that holds the writeback container. With several forests there are several connectors.</summary>
    public required string AdConnector { get; init; }

    /// <summary>Every connector of the server, by name.</summary>
    public IReadOnlyList<ConnectorFacts> Connectors { get; init; } = [];

    /// <summary>Seconds that the last Initial cycle took, when the run history has one.</summary>
    public int? LastInitialSeconds { get; init; }

    /// <summary>Seconds that Initial cycles took, as far as the run history goes back: the newest last, ten at most.</summary>
    public IReadOnlyList<int> RecentInitialSeconds { get; init; } = [];

    /// <summary>Seconds that Delta cycles took, likewise.</summary>
    public IReadOnlyList<int> RecentDeltaSeconds { get; init; } = [];
}

public enum ConnectorKind
{
    ActiveDirectory,
    Entra,
    Other,
}

/// <summary>One connector of a Connect server. Those of Active Directory stand for one forest each.</summary>
public sealed record ConnectorFacts
{
    public required string Name { get; init; }
    public required Guid Identifier { get; init; }
    public required ConnectorKind Kind { get; init; }

    /// <summary>Root domain of the forest, for example contoso.com; null for connectors of another kind.</summary>
    public string? Forest { get; init; }

    /// <summary>Domains of the forest that the connector synchronises, as DNS names, sorted.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Objects in the connector space; null when they could not be counted.</summary>
    public int? Objects { get; init; }

    /// <summary>One of the connector's partitions holds the container that Connect writes groups to. True for one connector at most.</summary>
    public bool HoldsWritebackOu { get; init; }
}

public sealed record SchedulerFacts
{
    public required bool Enabled { get; init; }

    /// <summary>The wizard is open or an upgrade runs.</summary>
    public required bool Suspended { get; init; }
    public required bool CycleInProgress { get; init; }

    /// <summary>Effective interval in seconds.</summary>
    public required int IntervalSeconds { get; init; }
}

/// <summary>Features of the tenant as the server reads them. A value that could not be read is null: unknown is neither true nor false.</summary>
public sealed record FeatureFlags
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required bool? GroupWritebackV2 { get; init; }

    /// <summary>Version 1: writeback of Microsoft 365 groups.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required bool? UnifiedGroupWriteback { get; init; }
}

/// <summary>State of the two coexistence rules on one server.</summary>
public sealed record CoexistenceRules
{
    public required RuleState Inbound { get; init; }
    public required RuleState Outbound { get; init; }

    /// <summary>SHA-256 over both rules' content without precedences, when both are as specified.</summary>
    public string? ContentHash { get; init; }
    public int? InboundPrecedence { get; init; }
    public int? OutboundPrecedence { get; init; }
}

public enum RuleState
{
    Absent,

    /// <summary>Field by field as the how-to says.</summary>
    AsSpecified,

    /// <summary>The identifier is in use with other content.</summary>
    Different,
}

public sealed record SchedulerChange
{
    public required SchedulerFacts Before { get; init; }
    public required SchedulerFacts After { get; init; }
}

public sealed record AutoUpgradeChange
{
    public required AutoUpgradeState Before { get; init; }
    public required AutoUpgradeState After { get; init; }
}

public sealed record StagingChange
{
    public required bool Before { get; init; }
    public required bool After { get; init; }
}

/// <summary>How the permissions stand after they were granted or taken back.</summary>
public sealed record WritebackPermissions
{
    /// <summary>Access entries that this listener added and that are there now; 0 when all that is needed was there before.</summary>
    public required int Ours { get; init; }

    /// <summary>Explicit access entries of the connector's account in the scope that were there before, or that somebody else added.</summary>
    public required int Others { get; init; }
}

public sealed record CycleStop
{
    /// <summary>A cycle ran when the command came.</summary>
    public required bool WasInProgress { get; init; }

    /// <summary>It still runs: the service ends the current run first. Ask again by InspectServer.</summary>
    public required bool InProgress { get; init; }
}

/// <summary>The run profiles of "Entra only", in their order. There is none that exports to Active Directory.</summary>
public enum EntraOnlyStep
{
    AdImport,
    EntraImport,
    AdSync,
    EntraSync,
    EntraExport,
}

public sealed record EntraOnlyReport
{
    /// <summary>Steps that were carried out. Fewer than five: a run did not come to its end, and nothing was exported after it.</summary>
    public required IReadOnlyList<EntraOnlyStep> Steps { get; init; }
    public required IReadOnlyList<RunResult> Runs { get; init; }
}

public sealed record CycleTicket
{
    public required string Server { get; init; }
    public required CyclePolicy Policy { get; init; }

    /// <summary>Highest run number before the start; runs above it belong to this cycle.</summary>
    public required int RunsBefore { get; init; }
}

public sealed record CycleReport
{
    public required bool InProgress { get; init; }
    public required IReadOnlyList<RunResult> Runs { get; init; }
}

public sealed record RunResult
{
    public required int RunNumber { get; init; }
    public required string Connector { get; init; }
    public required string Profile { get; init; }

    /// <summary>ADSync's own word: <c>success</c>, <c>completed-sync-errors</c>, …</summary>
    public required string Result { get; init; }

    /// <summary>Stable keys of the objects in error (connector and anchor hash), so that known errors can be told from new ones.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>What is known of the objects behind <see cref="Errors"/>, each key at most once; a key without an entry is an error of which nothing else is known.</summary>
    public IReadOnlyList<RunError> Details { get; init; } = [];
}

/// <summary>An object in error at a run. Names nobody but groups of the writeback container.</summary>
public sealed record RunError
{
    /// <summary>One of <see cref="RunResult.Errors"/>.</summary>
    public required string Key { get; init; }

    /// <summary>ADSync's own word for the kind of error, for example <c>permission-issue</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Distinguished name, when the object lies in the writeback container.</summary>
    public string? Group { get; init; }
}

public enum ExportOperation
{
    Add,
    Update,
    Rename,
    Delete,
    DeleteAdd,
}

/// <summary>Pending exports of one server over all connectors.</summary>
public sealed record PendingExports
{
    public required string Server { get; init; }

    /// <summary>The connector that holds the writeback container; empty when the listener did not tell.</summary>
    public string AdConnector { get; init; } = "";
    public required IReadOnlyList<PendingCount> Counts { get; init; }

    /// <summary>Document of <see cref="PendingExport"/>, one each.</summary>
    public required DocumentReference Details { get; init; }
}

public sealed record PendingCount
{
    public required string Connector { get; init; }
    public required string ObjectType { get; init; }
    public required ExportOperation Operation { get; init; }
    public required int Count { get; init; }

    /// <summary>Members that these exports would take from groups.</summary>
    public int MembersRemoved { get; init; }
}

public sealed record PendingExport
{
    public required string Connector { get; init; }
    public required string ObjectType { get; init; }
    public required ExportOperation Operation { get; init; }
    public required string DistinguishedName { get; init; }

    /// <summary>cloudAnchor of the object where it has one.</summary>
    public string? Anchor { get; init; }

    /// <summary>Names of the attributes that would change, sorted; empty where the server does not tell.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>The name that a <see cref="ExportOperation.Rename"/> would give.</summary>
    public string? NewName { get; init; }
    public int MembersAdded { get; init; }
    public int MembersRemoved { get; init; }

    /// <summary>groupType would change (security to distribution or back).</summary>
    public bool TypeChange { get; init; }

    /// <summary>The object has a mail value or is a Microsoft 365 group.</summary>
    public bool MailEnabled { get; init; }
}

public sealed record LineageReport
{
    public required int Groups { get; init; }

    /// <summary>Joined by the JoinNoFlow rule and by no rule that flows or provisions.</summary>
    public required int JoinNoFlow { get; init; }

    /// <summary>Distinguished names of those that are not, at most 100.</summary>
    public required IReadOnlyList<string> Others { get; init; }

    /// <summary>Those of <see cref="Others"/> that no rule of the server applies to: Connect has let go of them, and writes and deletes nothing there. At most 100.</summary>
    public IReadOnlyList<GroupIdentity> LetGo { get; init; } = [];

    /// <summary>Microsoft 365 groups that the JoinNoFlow rule wrongly took, at most 100.</summary>
    public required IReadOnlyList<string> MailEnabledWithNoFlow { get; init; }
}

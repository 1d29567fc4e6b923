using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Assessment;

public enum FindingSeverity
{
    Blocks,
    NeedsAcceptance,
    ToKnow,
}

/// <summary>One result of one check of the plan document or of the preflight list.</summary>
public sealed record Finding
{
    public required string Code { get; init; }
    public required FindingSeverity Severity { get; init; }
    public required string Title { get; init; }
    public required string Cause { get; init; }
    public required string Remedy { get; init; }

    /// <summary>How many groups, servers or settings are concerned.</summary>
    public int Groups { get; init; }

    /// <summary>At most 20 names.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Document of <see cref="Concern"/>: all of them, in the order of their names.</summary>
    public DocumentReference? Concerned { get; init; }

    /// <summary>SHA-256 over all that it concerns, whatever was accepted of it: an acceptance may name it to mean exactly these.</summary>
    public string? Set { get; init; }

    /// <summary>A number is not enough to accept it: each by itself, or all by <see cref="Set"/>.</summary>
    public bool ByName { get; init; }

    /// <summary>How many of them wait for acceptance.</summary>
    public int Open { get; init; }
    public bool Accepted { get; init; }
}

/// <summary>One group, server or setting that a finding is about. Never a member.</summary>
public sealed record Concern
{
    public required string Name { get; init; }

    /// <summary>objectId, when it is a group that Entra has.</summary>
    public Guid? CloudId { get; init; }

    /// <summary>objectGUID, when it is a group that Active Directory has.</summary>
    public Guid? ObjectGuid { get; init; }

    /// <summary>What it is about this one, where the finding's text does not say it.</summary>
    public string? Detail { get; init; }

    /// <summary>What tells it from all others: an id, or the name of a server or setting.</summary>
    internal string Key => (CloudId ?? ObjectGuid)?.ToString("D") ?? Name;

    public static Concern Of(ClassifiedGroup group) => new() { Name = group.Name, CloudId = group.CloudId, ObjectGuid = group.ObjectGuid };
}

/// <summary>Input of the orchestration <c>Assess</c>.</summary>
public sealed record AssessmentRequest
{
    public required string AssessmentId { get; init; }

    /// <summary>objectId of the person.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Null for a first look: everything is read and judged, and a finding says that a plan needs them.</summary>
    public Canaries? Canaries { get; init; }
    public IReadOnlyList<Acceptance> Acceptances { get; init; } = [];

    /// <summary>As <see cref="MigrationPlan.ForestDomains"/>; what the reading itself found out.</summary>
    public IReadOnlyList<string> ForestDomains { get; init; } = [];
}

/// <summary>What Entra says of the tenant; the groups are a document.</summary>
public sealed record TenantFacts
{
    public required Guid Tenant { get; init; }

    /// <summary>Default domain of the tenant, which approvers type; null when Entra names none, and in facts of earlier versions.</summary>
    public string? DefaultDomain { get; init; }
    public required bool PremiumLicence { get; init; }

    /// <summary>Entra ID Governance: more than two configurations of Cloud Sync need it.</summary>
    public bool GovernanceLicence { get; init; }
    public required bool NewM365GroupsAreWritten { get; init; }

    /// <summary>What the setting says by itself; null in facts of versions that did not keep it.</summary>
    public NewGroupsDefault? NewM365GroupsDefault { get; init; }

    /// <summary>Names of the servers that Connect's accounts in Entra name: every server that was ever set up, living or not.</summary>
    public IReadOnlyList<string> ConnectServers { get; init; } = [];
    public TenantNumbers Numbers { get; init; } = new();

    /// <summary>Document of <see cref="CloudGroupFacts"/>: every group, those in the deleted items among them.</summary>
    public required DocumentReference Groups { get; init; }
}

/// <summary><c>NewUnifiedGroupWritebackDefault</c> of the directory setting <c>Group.Unified</c>. False alone keeps new Microsoft 365 groups from being written.</summary>
public enum NewGroupsDefault
{
    /// <summary>The tenant has no such setting.</summary>
    NoSetting,

    /// <summary>The setting is there without the value.</summary>
    NotSpecified,
    True,
    False,
}

public sealed record CloudGroupFacts
{
    public required Guid Id { get; init; }
    public required string DisplayName { get; init; }
    public required bool SecurityEnabled { get; init; }
    public required bool MailEnabled { get; init; }
    public required bool Unified { get; init; }
    public string? Mail { get; init; }
    public bool Dynamic { get; init; }
    public bool RoleAssignable { get; init; }
    public bool OnPremisesSynced { get; init; }
    public bool? WritebackEnabled { get; init; }
    public string? OnPremisesGroupType { get; init; }
    public bool SoftDeleted { get; init; }

    /// <summary>The description has more characters than Cloud Sync writes. Source: attribute mappings, description.</summary>
    public bool LongDescription { get; init; }

    /// <summary>Direct members; 0 where nobody needed to count.</summary>
    public int Members { get; init; }

    /// <summary>Members that Cloud Sync will not write: devices, synced groups and contacts, cloud-only users.</summary>
    public IReadOnlyList<Guid> Unwritable { get; init; } = [];

    /// <summary>Those of <see cref="Unwritable"/> that have no object in the forest, and so cannot be lost there.</summary>
    public IReadOnlyList<Guid> CloudOnly { get; init; } = [];

    /// <summary>Members that are cloud groups.</summary>
    public IReadOnlyList<Guid> Children { get; init; } = [];
    public int Devices { get; init; }
    public int SyncedGroups { get; init; }

    /// <summary>Contacts that come from Active Directory.</summary>
    public int SyncedContacts { get; init; }
}

/// <summary>How large the tenant is, and how its Microsoft 365 groups are set.</summary>
public sealed record TenantNumbers
{
    /// <summary>Null when they could not be counted.</summary>
    public int? Users { get; init; }

    /// <summary>Security and Microsoft 365 groups that are not deleted.</summary>
    public int Groups { get; init; }

    /// <summary>Memberships of the groups whose members were read: those that writeback v2 writes.</summary>
    public long Memberships { get; init; }

    /// <summary>Microsoft 365 groups whose writeback nobody decided: they are written.</summary>
    public int M365Undecided { get; init; }
    public int M365On { get; init; }

    /// <summary>Microsoft 365 groups that are not written now, and are after the switch.</summary>
    public int M365Off { get; init; }

    /// <summary>With one group more.</summary>
    public TenantNumbers Plus(CloudGroupFacts group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (group.SoftDeleted || !(group.SecurityEnabled || group.Unified))
        {
            return this;
        }

        return this with
        {
            Groups = Groups + 1,
            Memberships = Memberships + group.Members,
            M365Undecided = M365Undecided + (group is { Unified: true, WritebackEnabled: null } ? 1 : 0),
            M365On = M365On + (group is { Unified: true, WritebackEnabled: true } ? 1 : 0),
            M365Off = M365Off + (group is { Unified: true, WritebackEnabled: false } ? 1 : 0),
        };
    }
}

public sealed record AssessInput
{
    /// <summary>When the facts were read.</summary>
    public required DateTimeOffset ReadAt { get; init; }
    public required AssessmentRequest Request { get; init; }
    public required TenantFacts Tenant { get; init; }
    public required ForestFacts Forest { get; init; }

    /// <summary>Document of <see cref="AdGroup"/>.</summary>
    public required DocumentReference Inventory { get; init; }

    /// <summary>Document of <see cref="AnchorHolder"/>: objects elsewhere in the forest that bear the anchor of a group in the OU.</summary>
    public DocumentReference? Elsewhere { get; init; }
    public required IReadOnlyList<ServerFacts> Servers { get; init; }

    /// <summary>Configured listeners that gave no facts.</summary>
    public IReadOnlyList<SilentServer> Silent { get; init; } = [];

    /// <summary>How the runs of each server that answered stand.</summary>
    public IReadOnlyList<ServerRuns> Runs { get; init; } = [];

    /// <summary>The Cloud Sync that the tenant has already.</summary>
    public CloudSyncSurvey? CloudSync { get; init; }

    /// <summary>By what these facts were judged first; null before that. Every later judgement of the same facts is by the same.</summary>
    public JudgingTerms? Terms { get; init; }
}

/// <summary>
/// What a judgement takes from the app and not from the tenant. It is kept with the facts: a person accepts what was read, and a setting that
/// was changed since must not slip into the plan by that.
/// </summary>
public sealed record JudgingTerms
{
    public required AssessmentOptions Options { get; init; }
    public required ScopeAssignment AssignScope { get; init; }
    public required CloudSyncSetupMode Setup { get; init; }

    /// <summary>Canaries of earlier migrations: their objects may stand in the OU.</summary>
    public required IReadOnlyList<Guid> KnownCanaries { get; init; }
}

/// <summary>A listener that is configured and did not give its server's facts.</summary>
public sealed record SilentServer
{
    public required string Server { get; init; }

    /// <summary>One sentence with its code.</summary>
    public required string Why { get; init; }
}

public enum AssessmentState
{
    Running,
    Ready,
    NeedsAcceptance,
    Blocked,
    Failed,
}

/// <summary>Output of the orchestration <c>Assess</c>; what the API shows of an assessment.</summary>
public sealed record AssessmentOutcome
{
    public required string AssessmentId { get; init; }
    public required AssessmentState State { get; init; }

    /// <summary>When the facts were read; null before that.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Until when a migration may be started from it; null before it was judged.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Document of one <see cref="MigrationPlan"/>, null while something blocks.</summary>
    public DocumentReference? Plan { get; init; }
    public string? PlanHash { get; init; }

    /// <summary>Document of <see cref="Finding"/>.</summary>
    public DocumentReference? Findings { get; init; }

    /// <summary>Document of <see cref="ClassifiedGroup"/>, also while something blocks.</summary>
    public DocumentReference? Classified { get; init; }

    /// <summary>Document of <see cref="GroupLoss"/>, also while something blocks.</summary>
    public DocumentReference? Losses { get; init; }

    /// <summary>Document of <see cref="NamePrediction"/>, also while something blocks; null in assessments of versions that predicted none.</summary>
    public DocumentReference? Names { get; init; }

    /// <summary>Document of <see cref="Risks.RiskTask"/>: one for each group at risk, as it was read; null in assessments of versions that made none.</summary>
    public DocumentReference? Tasks { get; init; }

    /// <summary>Document of one <see cref="DiscoveryReport"/>; null in assessments of versions that made none.</summary>
    public DocumentReference? Discovery { get; init; }

    /// <summary>Document of one <see cref="AssessInput"/>: what was read, so that it can be shown, compared and judged again.</summary>
    public DocumentReference? Facts { get; init; }

    /// <summary>How most groups that migrate are named.</summary>
    public NamingStyle? Naming { get; init; }
    public TimePlan? Time { get; init; }

    /// <summary>Findings that block.</summary>
    public int Blocking { get; init; }

    /// <summary>Findings that wait for acceptance.</summary>
    public int ToAccept { get; init; }

    /// <summary>Groups in every class.</summary>
    public int Groups { get; init; }
    public int NotReady { get; init; }
    public int Migrating { get; init; }
    public int Freezing { get; init; }
    public int M365NewlyWritten { get; init; }
    public int M365TypeChanged { get; init; }
    public int MembersLost { get; init; }

    /// <summary>What the migration does to the groups, in numbers.</summary>
    public BlastRadius? Blast { get; init; }
    public TenantNumbers? Tenant { get; init; }
    public string? Error { get; init; }
}

/// <summary>Asks whether the plan still holds at the freeze.</summary>
public sealed record DriftInput
{
    public required DocumentReference Plan { get; init; }
    public required TenantFacts Tenant { get; init; }
    public required DocumentReference Inventory { get; init; }

    /// <summary>Document of <see cref="AnchorHolder"/>, as the inventory came with it.</summary>
    public DocumentReference? Elsewhere { get; init; }

    /// <summary>Every Connect server as it is now: its rules and limits count as they are, not as they were.</summary>
    public IReadOnlyList<ServerFacts> Servers { get; init; } = [];
}

/// <summary>How the world moved on since the plan.</summary>
public sealed record PlanDrift
{
    /// <summary>True when nothing changed but groups that came within the tolerance.</summary>
    public required bool Holds { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: the planned groups that are still there and the new ones.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: only the new ones.</summary>
    public required DocumentReference Added { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }
}

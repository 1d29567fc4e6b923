namespace GwbCloud.Lab.World;

/// <summary>A group in Entra.</summary>
public sealed record CloudGroup
{
    public required Guid Id { get; init; }
    public required string DisplayName { get; init; }
    public string? Description { get; init; }
    public bool SecurityEnabled { get; init; } = true;
    public bool MailEnabled { get; init; }

    /// <summary>groupTypes contains Unified: a Microsoft 365 group.</summary>
    public bool Unified { get; init; }
    public bool Dynamic { get; init; }
    public bool RoleAssignable { get; init; }
    public bool OnPremisesSynced { get; init; }
    public string? Mail { get; init; }

    /// <summary>writebackConfiguration.isEnabled: null means written for Microsoft 365 groups, not written for security groups.</summary>
    public bool? WritebackEnabled { get; init; }

    /// <summary>writebackConfiguration.onPremisesGroupType.</summary>
    public string? OnPremisesGroupType { get; init; }

    /// <summary>Ids of users, devices and groups of the tenant.</summary>
    public IReadOnlyList<Guid> Members { get; init; } = [];

    /// <summary>Set while the group is soft-deleted.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Directory extension values by the name of the property: <c>extension_{appId}_GroupDN</c>.</summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } = new Dictionary<string, string>();
    public string Anchor => $"Group_{Id:D}";
}

public enum PrincipalKind
{
    User,
    Device,

    /// <summary>A group synced from Active Directory, as a member of cloud groups.</summary>
    SyncedGroup,

    /// <summary>A mail contact synced from Active Directory.</summary>
    Contact,
}

/// <summary>A user, device or synced group in Entra, that may be a member.</summary>
public sealed record CloudPrincipal
{
    public required Guid Id { get; init; }
    public required PrincipalKind Kind { get; init; }
    public required string DisplayName { get; init; }

    /// <summary>objectGUID of its object in Active Directory; null for cloud-only ones.</summary>
    public Guid? ObjectGuid { get; init; }

    /// <summary>Of users whose name is not made from their id.</summary>
    public string? UserPrincipalName { get; init; }
}

/// <summary>What a Connect server left in Entra; key is the server's name.</summary>
public sealed record ConnectTrace
{
    public required string Server { get; init; }

    /// <summary>Its first twelve hexadecimal digits end the names of its accounts, in Entra and in Active Directory.</summary>
    public required Guid InstallationId { get; init; }

    /// <summary>The server is gone, or nobody remembers it: it has no listener.</summary>
    public bool Forgotten { get; init; }

    /// <summary>Its application <c>ConnectSyncProvisioning_{server}_{hash}</c>; builds before application sign-in have none.</summary>
    public Guid? ApplicationObjectId { get; init; }

    /// <summary>Its user <c>Sync_{server}_{hash}</c>.</summary>
    public Guid? UserId { get; init; }
    public string ShortId => InstallationId.ToString("N")[..12];
}

/// <summary>What the tenant has one of.</summary>
public sealed record TenantState
{
    public required Guid TenantId { get; init; }

    /// <summary>Verified domain; the canonical name that people type.</summary>
    public required string Domain { get; init; }

    /// <summary>The domain that every tenant has from its beginning.</summary>
    public string InitialDomain => $"{Domain.Split('.')[0]}.onmicrosoft.example";
    public required bool GroupWritebackV2 { get; init; }
    public required bool UnifiedGroupWriteback { get; init; }

    /// <summary>Scheduler setting of Connect, kept in Entra and shared by every server.</summary>
    public required bool SyncCycleEnabled { get; init; }
    public Licence Licence { get; init; } = Licence.P1;

    /// <summary>Directory setting Group.Unified, NewUnifiedGroupWritebackDefault; null is no setting.</summary>
    public string? NewUnifiedGroupWritebackDefault { get; init; }

    /// <summary>What else of the setting is not as in the template, by name.</summary>
    public IReadOnlyDictionary<string, string> UnifiedSetting { get; init; } = new Dictionary<string, string>();

    /// <summary>What a Microsoft 365 group that is made now has as its writeback.</summary>
    public bool? WritebackOfNewTeams => "false".Equals(NewUnifiedGroupWritebackDefault, StringComparison.OrdinalIgnoreCase) ? false : null;
}

/// <summary>Which plan of Microsoft Entra ID the tenant's subscriptions have.</summary>
public enum Licence
{
    P1,
    P2,

    /// <summary>Subscriptions, but none with a premium plan.</summary>
    None,
}

public sealed record AppState
{
    public required Guid ApplicationObjectId { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ServicePrincipalId { get; init; }
    public required string DisplayName { get; init; }
    public required string TemplateId { get; init; }
    public required Guid PublicRoleId { get; init; }

    /// <summary>Who instantiated it; null for what stood before.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Calls on the service principal answer 404 before this moment, and lists show it later still.</summary>
    public required DateTimeOffset VisibleAt { get; init; }
}

/// <summary>A provisioning job of Cloud Sync.</summary>
public sealed record JobState
{
    public required string Id { get; init; }
    public required Guid ServicePrincipalId { get; init; }
    public required string TemplateId { get; init; }
    public required bool Started { get; init; }
    public bool Quarantined { get; init; }
    public string? QuarantineReason { get; init; }

    /// <summary>The synchronisation schema as JSON, as Graph takes and gives it.</summary>
    public required string Schema { get; init; }

    /// <summary>Secrets by key; values are what was put.</summary>
    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    /// <summary>The portal's switch "group membership to on-premises users"; Graph does not show it.</summary>
    public bool MembersSwitch { get; init; }
    public DateTimeOffset? NextCycleAt { get; init; }
    public DateTimeOffset? LastCycleAt { get; init; }
    public DateTimeOffset? SteadyAt { get; init; }
    public int Cycles { get; init; }
    public int LastErrors { get; init; }

    /// <summary>Groups in scope, and writes to Active Directory, of the last cycle.</summary>
    public int LastEntitled { get; init; }
    public int LastExports { get; init; }

    /// <summary>Calls on the job answer 404 before this moment, and lists show it later still.</summary>
    public DateTimeOffset VisibleAt { get; init; }

    /// <summary>True while a schema, secret or scope change waits for its initial cycle.</summary>
    public bool NeedsInitial { get; init; } = true;

    /// <summary>The next cycle lets deletes above the threshold through.</summary>
    public bool ForceDeletes { get; init; }

    /// <summary>People whom nobody asked depend on it, and start it again when they find it paused.</summary>
    public bool OwnersRestart { get; init; }

    /// <summary>When they will; null while it runs.</summary>
    public DateTimeOffset? OwnersRestartAt { get; init; }
}

/// <summary>A group assigned to a job's service principal: in scope.</summary>
public sealed record AssignmentState
{
    public required string Id { get; init; }
    public required Guid ServicePrincipalId { get; init; }
    public required Guid GroupId { get; init; }
    public required Guid AppRoleId { get; init; }

    /// <summary>Lists show it a while later.</summary>
    public DateTimeOffset MadeAt { get; init; }
}

/// <summary>A line of the provisioning log.</summary>
public sealed record ProvisioningEvent
{
    public required string Id { get; init; }
    public required string JobId { get; init; }
    public required string CycleId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required Guid GroupId { get; init; }

    /// <summary>create, update, delete, other.</summary>
    public required string Action { get; init; }

    /// <summary>success, failure, skipped.</summary>
    public required string Status { get; init; }
    public string? ErrorCode { get; init; }
    public IReadOnlyList<string> ModifiedProperties { get; init; } = [];
}

using GwbCloud.Contracts.Commands;

namespace GwbCloud.Lab.World;

public enum AdClass
{
    Group,
    User,
    Computer,
    Contact,

    /// <summary>Stands for an account of another forest, so that a group of this one can hold it.</summary>
    ForeignSecurityPrincipal,
}

/// <summary>An object of Active Directory, keyed by its objectGUID.</summary>
public sealed record AdObject
{
    public required Guid ObjectGuid { get; init; }
    public required AdClass Class { get; init; }
    public required string DistinguishedName { get; init; }
    public required string SamAccountName { get; init; }
    public required string Sid { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }

    /// <summary>groupType of groups; 0 otherwise.</summary>
    public int GroupType { get; init; }
    public string? AdminDescription { get; init; }

    /// <summary>msDS-ExternalDirectoryObjectId on the writable domain controller.</summary>
    public string? ExternalDirectoryObjectId { get; init; }

    /// <summary>The value before the last change, which global catalogs that lag behind still show.</summary>
    public string? PreviousExternalDirectoryObjectId { get; init; }
    public DateTimeOffset AnchorChangedAt { get; init; }
    public string? Mail { get; init; }

    /// <summary>objectGUIDs of direct members.</summary>
    public IReadOnlyList<Guid> Members { get; init; } = [];
    public bool AdminCount { get; init; }

    /// <summary>It does not inherit what the agents' account may do on the writeback OU.</summary>
    public bool InheritanceBlocked { get; init; }
    public bool ProtectedFromDeletion { get; init; }

    /// <summary>An administrator renamed or moved it: Connect leaves name and container as they are.</summary>
    public bool PlacedByHand { get; init; }

    /// <summary>When it was made; null for whatever stood there before the story begins.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>In the Recycle Bin since.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Who made the object: seed, connect, cloudSync, product, outside.</summary>
    public string MadeBy { get; init; } = "seed";
}

public sealed record ForestState
{
    public required string Domain { get; init; }

    /// <summary>DC=contoso,DC=example. It is the root of its forest.</summary>
    public required string DomainDn { get; init; }
    public required string WritebackOu { get; init; }

    /// <summary>The other domains, of this forest and of others.</summary>
    public IReadOnlyList<OtherDomain> OtherDomains { get; init; } = [];
    public required IReadOnlyList<string> GlobalCatalogs { get; init; }

    /// <summary>Seconds until a change shows on a global catalog, by its name.</summary>
    public required IReadOnlyDictionary<string, int> ReplicationSeconds { get; init; }
    public int SchemaVersion { get; init; } = 88;
    public bool RecycleBinEnabled { get; init; } = true;

    /// <summary>Days that the Recycle Bin keeps an object: what forests have since Windows Server 2003.</summary>
    public int DeletedObjectDays { get; init; } = 180;

    /// <summary>When the domain was backed up before the story begins; null for never.</summary>
    public DateTimeOffset? LastBackup { get; init; }

    /// <summary>The last backup before a moment: whoever backs the domain up does so each day at the same time.</summary>
    public DateTimeOffset? LastBackupBefore(DateTimeOffset now) => LastBackup + TimeSpan.FromDays(Math.Max(0, (now - LastBackup)?.Days ?? 0));

    /// <summary>Exchange 2019's numbers; null where the forest was not prepared.</summary>
    public ExchangeFacts Exchange { get; init; } = new() { Schema = 17003, Configuration = 16760, Domain = 13243 };
    public IReadOnlyList<ProvisioningAgent> Agents { get; init; } = [];

    /// <summary>The agents' account has its rights on the writeback OU.</summary>
    public bool AgentMayWriteOu { get; init; } = true;

    /// <summary>Where the account of Connect may write groups, by the distinguished name that grants it; null is everywhere, and nobody asks why.</summary>
    public IReadOnlyList<string>? ConnectMayWrite { get; init; }

    /// <summary>host:port of domain controllers that a firewall hides.</summary>
    public IReadOnlyList<string> UnreachableEndpoints { get; init; } = [];

    /// <summary>Descriptions of the accounts that Connect's setup made, as it writes them.</summary>
    public IReadOnlyList<string> ConnectAccounts { get; init; } = [];
    public int NextRid { get; init; } = 1000;

    /// <summary>Distinguished names of the containers that objects may be in.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];
}

/// <summary>A domain beside the one of the writeback OU.</summary>
public sealed record OtherDomain
{
    public required string Domain { get; init; }

    /// <summary>DC=emea,DC=contoso,DC=example.</summary>
    public required string DomainDn { get; init; }

    /// <summary>Root domain of its forest.</summary>
    public required string Forest { get; init; }
    public IReadOnlyList<ProvisioningAgent> Agents { get; init; } = [];
}

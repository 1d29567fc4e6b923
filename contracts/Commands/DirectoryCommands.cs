using System.Text.Json.Serialization;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Contracts.Commands;

/// <summary>Facts of the forest that holds the writeback OU: schema, Recycle Bin, backup, Exchange, global catalogs, agents, traces of Connect.</summary>
public sealed record InspectForest : Command<ForestFacts>;

/// <summary>Every group under the writeback OU, as a document of <see cref="AdGroup"/>, and who else in the forest bears their anchors.</summary>
public sealed record InventoryWritebackOu : Command<InventoryResult>;

/// <summary>State of each planned group before the first write, members included, as a document of <see cref="GroupSnapshot"/>.</summary>
public sealed record SnapshotGroups : Command<SnapshotResult>
{
    /// <summary>Document of <see cref="GroupIdentity"/>.</summary>
    public required DocumentReference Groups { get; init; }
}

/// <summary>Copies <c>adminDescription</c> to <c>msDS-ExternalDirectoryObjectId</c>, only where that is empty. Source: migrate how-to, step 1.</summary>
public sealed record StampAnchors : Command<StampResult>
{
    /// <summary>Document of <see cref="GroupIdentity"/>.</summary>
    public required DocumentReference Groups { get; init; }
}

/// <summary>Looks up every anchor on every global catalog of the forest.</summary>
public sealed record VerifyAnchors : Command<AnchorVerification>
{
    public required DocumentReference Groups { get; init; }
}

/// <summary>Clears the anchors that this migration stamped and that are still as it stamped them.</summary>
public sealed record UnstampAnchors : Command<UnstampResult>
{
    public required DocumentReference Groups { get; init; }

    /// <summary>Migrations that were put off and whose stamps this one took up: what they wrote is undone with it.</summary>
    public IReadOnlyList<string> Earlier { get; init; } = [];
}

/// <summary>Compares the groups as they are now with a snapshot, and the OU with the inventory that came with it.</summary>
public sealed record CompareWithSnapshot : Command<DirectoryComparison>
{
    /// <summary>Document of <see cref="GroupSnapshot"/>.</summary>
    public required DocumentReference Snapshot { get; init; }

    /// <summary>Objects that may be there although the snapshot lacks them (announced Microsoft 365 groups, canaries): document of anchors.</summary>
    public DocumentReference? AllowedAnchors { get; init; }
}

/// <summary>The groups of the writeback OU's domain that bear one of these anchors (at most 100), wherever in it they stand, with their members.</summary>
/// <remarks>Who bears an anchor in other domains <see cref="VerifyAnchors"/> and <see cref="InventoryWritebackOu"/> tell.</remarks>
public sealed record FindByAnchor : Command<FoundObjects>
{
    public required IReadOnlyList<string> Anchors { get; init; }
}

/// <summary>Makes the AD object of the match canary in the writeback OU, with both anchors and three kinds of members.</summary>
public sealed record CreateMatchCanary : Command<CanaryObject>
{
    public required string Anchor { get; init; }
    public required string Cn { get; init; }
    public required string DisplayName { get; init; }

    /// <summary>objectGUIDs of a synced user, a device and a synced nested group, those that the tenant has.</summary>
    public required IReadOnlyList<Guid> Members { get; init; }
}

/// <summary>Deletes canary objects, each only when recorded objectGUID and anchor both agree.</summary>
public sealed record RemoveCanaryObjects : Command<RemovedObjects>
{
    public required IReadOnlyList<CanaryIdentity> Canaries { get; init; }
}

/// <summary>
/// Brings groups back to what a snapshot says of them: reanimates, renames, moves, adds members that went. Takes no member away and writes
/// nothing that is as it was.
/// </summary>
/// <remarks>Only groups of the snapshot, in the writeback OU by its word, whose objects still bear the anchor that it recorded.</remarks>
public sealed record RepairGroups : Command<RepairResult>
{
    /// <summary>Document of <see cref="GroupSnapshot"/>.</summary>
    public required DocumentReference Snapshot { get; init; }

    /// <summary>Document of <see cref="Guid"/>: the objectGUIDs of the groups to bring back.</summary>
    public required DocumentReference Objects { get; init; }
}

/// <summary>A group that the migration moves, named by what never changes.</summary>
public sealed record GroupIdentity
{
    /// <summary>objectId of the group in Entra.</summary>
    public required Guid CloudId { get; init; }

    public required Guid ObjectGuid { get; init; }

    /// <summary>Distinguished name at the time of the plan: a group that has another one now is reported and not stamped.</summary>
    public required string DistinguishedName { get; init; }

    /// <summary><c>Group_</c> and the objectId in lower case: the value of both anchors.</summary>
    public required string Anchor { get; init; }
}

/// <summary>A group object of Active Directory as the inventory reads it.</summary>
public sealed record AdGroup
{
    public required Guid ObjectGuid { get; init; }
    public required string DistinguishedName { get; init; }
    public required string SamAccountName { get; init; }
    public required string Sid { get; init; }
    public string? DisplayName { get; init; }

    /// <summary>groupType bits; universal security is -2147483640.</summary>
    public required int GroupType { get; init; }

    /// <summary>A security group rather than a distribution group. Source: MS-ADTS 2.2.12, the bit G_SECURITY_ENABLED.</summary>
    [JsonIgnore]
    public bool IsSecurity => GroupType < 0;
    public string? AdminDescription { get; init; }

    /// <summary>msDS-ExternalDirectoryObjectId as the writable DC has it.</summary>
    public string? ExternalDirectoryObjectId { get; init; }
    public string? Mail { get; init; }
    public required int MemberCount { get; init; }

    /// <summary>Direct members that are groups, by their scope.</summary>
    public NestedGroups Nested { get; init; } = NestedGroups.None;

    /// <summary>Direct members that come from another forest (foreign security principals). Only a group that is not universal holds any.</summary>
    public int ForeignMembers { get; init; }
    public bool AdminCount { get; init; }
    public bool ProtectedFromDeletion { get; init; }

    /// <summary>Whether the Cloud Sync agent's account may write all that Cloud Sync writes on this group, its name included; null when nobody could tell.</summary>
    public bool? AgentMayWrite { get; init; }

    /// <summary>Whether the listener's account may write msDS-ExternalDirectoryObjectId on this group; null when nobody could tell.</summary>
    public bool? ListenerMayStamp { get; init; }
}

/// <summary>How many direct members of a group are groups, by scope. A universal group cannot hold a domain-local one.</summary>
public sealed record NestedGroups
{
    public static NestedGroups None { get; } = new();
    public int Universal { get; init; }
    public int Global { get; init; }
    public int DomainLocal { get; init; }

    [JsonIgnore]
    public int All => Universal + Global + DomainLocal;
}

/// <summary>All of a group that the migration promises to keep.</summary>
public sealed record GroupSnapshot
{
    public required AdGroup Group { get; init; }
    public string? Description { get; init; }

    /// <summary>objectGUIDs of the direct members, sorted.</summary>
    public required IReadOnlyList<Guid> Members { get; init; }

    /// <summary>objectGUIDs of the groups of which this one is a direct member, sorted; null when they were not read.</summary>
    public IReadOnlyList<Guid>? MemberOf { get; init; }

    /// <summary>SID of the object's owner; null when it was not read.</summary>
    public string? Owner { get; init; }

    /// <summary>
    /// The entries of the access control list that are the group's own, as SDDL with SIDs spelled out; null when it was not read. What the
    /// containers above hand down belongs to them and is left out.
    /// </summary>
    public string? AccessList { get; init; }
}

public sealed record ForestFacts
{
    /// <summary>DNS name of the domain that holds the writeback container.</summary>
    public required string Domain { get; init; }

    /// <summary>DNS name of the forest's root domain; empty when the listener did not tell.</summary>
    public string Forest { get; init; } = "";

    /// <summary>The forest's other domains, by name. Nothing is written there; people are told of their agents.</summary>
    public IReadOnlyList<DomainFacts> OtherDomains { get; init; } = [];
    public required string WritableDomainController { get; init; }

    /// <summary>Global catalogs of every domain of the forest: Cloud Sync looks anchors up in any of them.</summary>
    public required IReadOnlyList<string> GlobalCatalogs { get; init; }

    /// <summary>Functional level of domain and forest as the directory counts them: 7 is Windows Server 2016; null when not read.</summary>
    public int? DomainLevel { get; init; }
    public int? ForestLevel { get; init; }

    /// <summary>objectVersion of the schema; 87 and later have the anchor's attribute.</summary>
    public required int SchemaVersion { get; init; }
    public required bool HasExternalDirectoryObjectId { get; init; }
    public required bool RecycleBinEnabled { get; init; }

    /// <summary>When the domain was last backed up, as the directory itself notes it; null when it never was.</summary>
    public DateTimeOffset? LastBackup { get; init; }
    public required ExchangeFacts Exchange { get; init; }
    public required string WritebackOu { get; init; }
    public required bool WritebackOuExists { get; init; }

    /// <summary>
    /// Whether the Cloud Sync agent's gMSA may make groups in the OU, and write and rename those that take the OU's rights; null when
    /// the account was not found or its rights could not be read.
    /// </summary>
    public required bool? AgentMayWriteOu { get; init; }

    /// <summary>Whether the listener's account may stamp groups that take the OU's rights; null when its rights could not be read.</summary>
    public bool? ListenerMayStampOu { get; init; }

    /// <summary>Provisioning agents of the domain, stopped ones among them.</summary>
    public required IReadOnlyList<ProvisioningAgent> Agents { get; init; }

    /// <summary>
    /// LDAP and global catalog of domain controllers (389 and 3268, over LDAPS 636 and 3269 too) that did not answer, as <c>host:port</c>, seen
    /// from the listener's server.
    /// </summary>
    public required IReadOnlyList<string> UnreachableEndpoints { get; init; }

    /// <summary>
    /// Computers that accounts of Connect name in their descriptions: every server that was ever set up, living or not. Names only.
    /// </summary>
    public required IReadOnlyList<string> ConnectComputers { get; init; }
}

/// <summary>A domain of the forest beside the one of the writeback container.</summary>
public sealed record DomainFacts
{
    /// <summary>DNS name.</summary>
    public required string Domain { get; init; }

    /// <summary>
    /// Provisioning agents of the domain, stopped ones among them; null when the domain could not be asked. A global catalog shows only the accounts under
    /// which agents run: then each stands for them by its own name.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required IReadOnlyList<ProvisioningAgent>? Agents { get; init; }
}

/// <summary>Version numbers that Exchange's preparation left in the forest, each null where it left none.</summary>
public sealed record ExchangeFacts
{
    /// <summary>rangeUpper of ms-Exch-Schema-Version-Pt.</summary>
    public int? Schema { get; init; }

    /// <summary>objectVersion of the Exchange organisation.</summary>
    public int? Configuration { get; init; }

    /// <summary>objectVersion of the container Microsoft Exchange System Objects.</summary>
    public int? Domain { get; init; }

    /// <summary>Schema, configuration and domain were all prepared.</summary>
    [JsonIgnore]
    public bool Prepared => (Schema, Configuration, Domain) is (not null, not null, not null);
}

/// <summary>A provisioning agent of Cloud Sync.</summary>
public sealed record ProvisioningAgent
{
    public required string Computer { get; init; }

    /// <summary>For example 1.1.2505.0; empty when it could not be read.</summary>
    public required string Version { get; init; }

    /// <summary>Null when nobody could tell: the directory knows which computers may run an agent, not whether they do.</summary>
    public required bool? Active { get; init; }
}

public sealed record InventoryResult
{
    /// <summary>Document of <see cref="AdGroup"/>.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Document of <see cref="AnchorHolder"/>: objects outside the OU that bear the anchor of a group in it, by any global catalog.</summary>
    public required DocumentReference Elsewhere { get; init; }
}

/// <summary>An object whose msDS-ExternalDirectoryObjectId is the anchor of a group that it is not.</summary>
public sealed record AnchorHolder
{
    public required Guid ObjectGuid { get; init; }
    public required string DistinguishedName { get; init; }
    public required string Anchor { get; init; }
}

public sealed record SnapshotResult
{
    /// <summary>Document of <see cref="GroupSnapshot"/>.</summary>
    public required DocumentReference Snapshot { get; init; }
    public required int Missing { get; init; }
}

public sealed record StampResult
{
    public required int Written { get; init; }
    public required int AlreadyEqual { get; init; }

    /// <summary>Distinguished names whose anchor holds another value; nothing was written there. At most 100.</summary>
    public required IReadOnlyList<string> Conflicts { get; init; }

    /// <summary>Planned groups that are gone, or whose adminDescription no longer names them. At most 100.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Planned groups that stand in another place now, by their name now; nothing was written there. At most 100.</summary>
    public required IReadOnlyList<string> Moved { get; init; }

    /// <summary>Planned groups that have another name now, by that name; nothing was written there. At most 100.</summary>
    public required IReadOnlyList<string> Renamed { get; init; }

    /// <summary>Other objects that bear the anchor of a planned group, which was not written for that reason. At most 100.</summary>
    public required IReadOnlyList<string> Duplicates { get; init; }

    /// <summary>Entries of the lists: planned groups that are not as they were planned.</summary>
    [JsonIgnore]
    public int LeftAlone => Conflicts.Count + Missing.Count + Moved.Count + Renamed.Count + Duplicates.Count;
}

public sealed record AnchorVerification
{
    public required int Expected { get; init; }

    /// <summary>Per global catalog, how many planned groups it does not yet show with their anchor.</summary>
    public required IReadOnlyList<CatalogState> Catalogs { get; init; }

    /// <summary>Anchors that more than one object of the forest bears. At most 100.</summary>
    public required IReadOnlyList<string> Duplicates { get; init; }
}

public sealed record CatalogState
{
    public required string GlobalCatalog { get; init; }
    public required int Missing { get; init; }
}

public sealed record UnstampResult
{
    public required int Cleared { get; init; }

    /// <summary>Stamps that are no longer ours or were never written by us, and so were left alone.</summary>
    public required int LeftAlone { get; init; }
}

/// <summary>What differs between a snapshot and now; lists hold distinguished names, at most 100 each, counts are whole.</summary>
public sealed record DirectoryComparison
{
    /// <summary>When the reading began: what changed since may not be in the numbers. Null from listeners of earlier versions.</summary>
    public DateTimeOffset? ReadAt { get; init; }
    public required int Compared { get; init; }
    public required int Deleted { get; init; }
    public required int Renamed { get; init; }
    public required int Moved { get; init; }
    public required int SidChanged { get; init; }
    public required int TypeChanged { get; init; }

    /// <summary>Groups under the OU that neither the snapshot nor the allowed anchors know.</summary>
    public required int Created { get; init; }
    public required int AnchorsChanged { get; init; }
    public required int MembersLost { get; init; }
    public required int MembersGained { get; init; }

    /// <summary>Groups whose sAMAccountName changed: nothing of the migration writes it.</summary>
    public int AccountNamesChanged { get; init; }

    /// <summary>Groups whose displayName or description changed, as they may whenever they change in Entra.</summary>
    public int TextsChanged { get; init; }

    /// <summary>Groups with another owner.</summary>
    public int OwnersChanged { get; init; }

    /// <summary>Groups whose own access control entries changed, or that block inheritance now or no longer.</summary>
    public int AccessListsChanged { get; init; }

    /// <summary>Memberships of the groups in other groups that are gone.</summary>
    public int MemberOfLost { get; init; }
    public int MemberOfGained { get; init; }

    /// <summary>One line of text for each difference found, at most 100.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Document of <see cref="GroupDifference"/>, one for each group that differs.</summary>
    public required DocumentReference Differences { get; init; }
}

public sealed record GroupDifference
{
    public required Guid ObjectGuid { get; init; }
    public required string DistinguishedName { get; init; }
    public string? Anchor { get; init; }
    public bool Deleted { get; init; }
    public bool Renamed { get; init; }
    public bool Moved { get; init; }
    public bool SidChanged { get; init; }
    public bool TypeChanged { get; init; }
    public bool Created { get; init; }
    public bool AnchorChanged { get; init; }
    public IReadOnlyList<Guid> MembersLost { get; init; } = [];
    public IReadOnlyList<Guid> MembersGained { get; init; } = [];

    /// <summary>sAMAccountName is another: harm, because nothing of the migration writes it.</summary>
    public bool AccountNameChanged { get; init; }

    /// <summary>displayName or description is another: shown only, because both follow Entra.</summary>
    public bool TextChanged { get; init; }

    /// <summary>Shown only, as are the entries of the list and the groups above: administrators change them, the migration can't.</summary>
    public bool OwnerChanged { get; init; }
    public bool AccessListChanged { get; init; }
    public IReadOnlyList<Guid> MemberOfLost { get; init; } = [];
    public IReadOnlyList<Guid> MemberOfGained { get; init; } = [];
}

public sealed record FoundObjects
{
    public required IReadOnlyList<GroupSnapshot> Objects { get; init; }
}

public sealed record CanaryIdentity
{
    public required Guid ObjectGuid { get; init; }
    public required string Anchor { get; init; }
}

public sealed record CanaryObject
{
    public required CanaryIdentity Identity { get; init; }
    public required GroupSnapshot Snapshot { get; init; }
}

public sealed record RemovedObjects
{
    public required int Removed { get; init; }
    public required int AlreadyGone { get; init; }

    /// <summary>Objects that are no canaries by the listener's own knowledge: another anchor, stamped once, or older than the migration. They were left alone.</summary>
    public required int Refused { get; init; }

    /// <summary>GWB6116 for each of them that is older than the migration, with its name.</summary>
    public IReadOnlyList<CommandError> Older { get; init; } = [];
}

public sealed record RepairResult
{
    /// <summary>Groups that were as the snapshot says; nothing was written there.</summary>
    public required int AsTheyWere { get; init; }

    /// <summary>Groups that are as the snapshot says again.</summary>
    public required int Repaired { get; init; }

    /// <summary>Groups of which something could not be brought back.</summary>
    public required int Incomplete { get; init; }

    /// <summary>Groups that were left alone because they are not what the snapshot means.</summary>
    public required int Refused { get; init; }

    /// <summary>Document of <see cref="GroupRepair"/>, one for each group that was named.</summary>
    public required DocumentReference Groups { get; init; }
}

/// <summary>What became of one group.</summary>
public sealed record GroupRepair
{
    public required Guid ObjectGuid { get; init; }

    /// <summary>As the snapshot has it; the objectGUID's text for a group that it does not know.</summary>
    public required string DistinguishedName { get; init; }
    public required RepairOutcome Outcome { get; init; }

    /// <summary>What was done, in order, each as read back afterwards.</summary>
    public IReadOnlyList<RepairAction> Done { get; init; } = [];

    /// <summary>Members that were added again.</summary>
    public int MembersAdded { get; init; }

    /// <summary>Members of the snapshot that are not there to be added.</summary>
    public IReadOnlyList<Guid> MembersMissing { get; init; } = [];

    /// <summary>Members that came since the snapshot; they were left.</summary>
    public IReadOnlyList<Guid> MembersGained { get; init; } = [];

    /// <summary>Why it was refused, or what could not be done.</summary>
    public CommandError? Error { get; init; }
}

public enum RepairOutcome
{
    AsItWas,
    Repaired,
    Incomplete,
    Refused,
}

public enum RepairAction
{
    Reanimated,
    Renamed,
    Moved,
    MembersAdded,
}

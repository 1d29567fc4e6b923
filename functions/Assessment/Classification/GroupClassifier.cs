using System.Buffers;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Assessment;

/// <summary>Why a group has its class; sentences for people, and what findings count.</summary>
public static class ClassReason
{
    public const string Canary = "Named as a canary of this migration.";
    public const string NoAnchor = "Has no anchor of writeback: it is not a group that Connect wrote.";
    public const string NotInEntra = "Entra has no group of this anchor, not even in its deleted items.";
    public const string SoftDeleted = "The group in Entra is soft-deleted and was retained here.";
    public const string Disabled = "Writeback is off for the group in Entra and it was retained here.";
    public const string HasMail = "The security group has a mail value: the coexistence rule does not cover it.";
    public const string MailEnabled = "The group is mail-enabled and not a Microsoft 365 group.";
    public const string Synced = "The group in Entra comes from Active Directory itself.";
    public const string NotSecurity = "The group in Entra is neither a security group nor a Microsoft 365 group.";
    public const string TooLarge = "More than 50,000 members: Cloud Sync does not take it.";
    public const string NotUniversal = "Not a universal security group in Active Directory: Cloud Sync does not take it.";
    public const string M365 = "Microsoft 365 group: version 1 of writeback goes on writing it.";
    public const string BecomesDistribution = "Security group in Active Directory now, distribution group after the switch.";
    public const string NewlyWritten = "Not in Active Directory now, written there after the switch.";
    public const string M365NotWritten = "Microsoft 365 group that is to be written already and has no object: too large for Connect, or founded a moment ago.";
    public const string NotYetWritten = "Enabled for writeback and not in Active Directory yet.";
    public const string CouldNotMigrate = "Once Connect has written it, it could not migrate: it has a mail value or too many members.";
    public const string WrittenEarlier = "Writeback is off, Entra still holds the type that it had in Active Directory, and the object is gone.";
    public const string DeletedEarlier = "Soft-deleted in Entra, written earlier, and the object is gone.";
    public const string OtherAnchor = "msDS-ExternalDirectoryObjectId holds another value than adminDescription.";
    public const string DoubleAnchor = "Another object of the forest bears the same anchor.";
    public const string WrongName = "Its name follows neither the style of the other groups nor its display name, and GroupDN cannot hold it.";
    public const string WrongPlace = "Not directly in the writeback OU, and GroupDN cannot hold its distinguished name.";
    public const string KeptName = "Its name is its own: the extension property GroupDN keeps it.";
    public const string KeptPlace = "Its place is its own: the extension property GroupDN keeps it.";
    public const string M365TooLarge = "More members than Connect writes: the group stays out of Active Directory.";
    public const string LocalGroups = "A nested group from Active Directory is domain-local, or is not a member there.";
    public const string Protected = "Protected by AdminSDHolder: the agent may not write it.";
    public const string DescriptionCut = "Its description is longer than the 448 characters that Cloud Sync writes.";
    public const string LosesMembers = "Loses members that Cloud Sync does not write.";
    public const string Dynamic = "Dynamic membership.";
    public const string RoleAssignable = "Role-assignable in Entra.";
}

/// <summary>Puts every group that the switch or the rules could touch into one class. Pure: facts in, records out, in a fixed order.</summary>
public sealed class GroupClassifier
{
    /// <summary>Members that Cloud Sync takes in one group, and Connect in a Microsoft 365 group unless its limit is off.</summary>
    public const int MemberLimit = 50_000;

    /// <summary>Members that Connect writes in any group.</summary>
    public const int LargestMemberLimit = 250_000;

    internal const int UniversalSecurity = unchecked((int)0x80000008);
    const int SecurityBit = unchecked((int)0x80000000);

    readonly Dictionary<Guid, CloudGroupFacts> _cloud;
    readonly IReadOnlyList<AdGroup> _inventory;
    readonly ILookup<Guid, AdGroup> _byCloudId;
    readonly HashSet<string> _doubleAnchors;
    readonly HashSet<Guid> _ours;
    readonly string _writebackOu;
    readonly int _m365Limit;

    /// <param name="cloud">Groups of the tenant, deleted ones among them.</param>
    /// <param name="inventory">Every group under the OU.</param>
    /// <param name="ours">Canaries of this and of earlier migrations.</param>
    /// <param name="writebackOu">Distinguished name of the OU.</param>
    /// <param name="anchorsElsewhere">Anchors that an object outside the OU bears.</param>
    /// <param name="m365Limit">Members up to which Connect writes a Microsoft 365 group.</param>
    public GroupClassifier(
        IEnumerable<CloudGroupFacts> cloud, IReadOnlyList<AdGroup> inventory, IEnumerable<Guid> ours, string writebackOu,
        IEnumerable<string>? anchorsElsewhere = null, int m365Limit = MemberLimit)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        ArgumentNullException.ThrowIfNull(inventory);

        // A group may be deleted or restored while pages are read, and then come twice; the live one counts.
        _cloud = cloud.OrderBy(g => g.SoftDeleted).GroupBy(g => g.Id).ToDictionary(g => g.Key, g => g.First());
        _inventory = inventory;
        _ours = [.. ours];
        _writebackOu = writebackOu;
        _byCloudId = inventory.Where(g => Anchors.CloudId(g.AdminDescription) is not null).ToLookup(g => Anchors.CloudId(g.AdminDescription)!.Value);
        _doubleAnchors = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        _doubleAnchors.UnionWith(inventory
            .SelectMany(g => new[] { g.AdminDescription, g.ExternalDirectoryObjectId }.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
            .GroupBy(anchor => anchor, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Count() > 1)
            .Select(g => g.Key));
        _doubleAnchors.UnionWith(anchorsElsewhere ?? []);
        _m365Limit = m365Limit;
    }

    /// <summary>Members up to which Connect writes a Microsoft 365 group, by the rules of its servers: one without the limit is enough.</summary>
    public static int LimitOf(IEnumerable<ServerFacts> servers) => servers.Any(s => !s.MemberLimitEnabled) ? LargestMemberLimit : MemberLimit;

    /// <summary>The tenant's groups by their id, each once.</summary>
    public IReadOnlyDictionary<Guid, CloudGroupFacts> Cloud => _cloud;

    /// <summary>Every group with its class, by Entra id, then objectGUID.</summary>
    public Classification Classify()
    {
        var classes = _inventory.Select(group => (Group: group, Class: ClassOf(group))).ToList();
        var migrating = classes.Where(c => c.Class.Kind == GroupClass.Migrates).ToList();
        var naming = GroupNaming.Of(migrating.Select(c => (c.Group, c.Class.Cloud!)));
        var inScope = migrating.Select(c => c.Class.Cloud!.Id).ToHashSet();

        var losses = migrating
            .Select(c => new GroupLoss { CloudId = c.Class.Cloud!.Id, Members = LossesOf(c.Class.Cloud, inScope) })
            .Where(loss => loss.Members.Count > 0)
            .OrderBy(loss => loss.CloudId)
            .ToList();
        var losing = losses.Select(loss => loss.CloudId).ToHashSet();

        var groups = classes
            .Select(c => Describe(c.Group, c.Class, naming, inScope, losing))
            .Concat(NotInDirectory())
            .OrderBy(g => g.CloudId ?? Guid.Empty)
            .ThenBy(g => g.ObjectGuid ?? Guid.Empty)
            .ToList();

        return new Classification
        {
            Naming = naming,
            Groups = groups,
            Losses = losses,
            Kept = [.. migrating.Where(c => HasOwnName(c.Group, c.Class, naming) || HasOwnPlace(c.Group)).Select(Kept).OfType<KeptDn>().OrderBy(k => k.CloudId)],
            Names = [.. migrating.Select(c => NamePrediction.Of(c.Group, c.Class.Cloud!, naming, _writebackOu)).OrderBy(n => n.CloudId).ThenBy(n => n.ObjectGuid)],
            Migrating = Identities(classes, GroupClass.Migrates),
            Freezing = Identities(classes, GroupClass.Freezes),
        };
    }

    static List<GroupIdentity> Identities(List<(AdGroup Group, Verdict Class)> classes, GroupClass kind) =>
    [
        .. classes.Where(c => c.Class.Kind == kind)
            .Select(c => new GroupIdentity
            {
                CloudId = c.Class.Cloud!.Id,
                ObjectGuid = c.Group.ObjectGuid,
                DistinguishedName = c.Group.DistinguishedName,
                Anchor = Anchors.Of(c.Class.Cloud.Id),
            })
            .OrderBy(g => g.CloudId)
            .ThenBy(g => g.ObjectGuid),
    ];

    Verdict ClassOf(AdGroup group)
    {
        if (Anchors.CloudId(group.AdminDescription) is not { } id)
        {
            return new(GroupClass.Orphan, null, ClassReason.NoAnchor);
        }

        var cloud = _cloud.GetValueOrDefault(id);
        if (_ours.Contains(id))
        {
            return new(GroupClass.Ours, cloud, ClassReason.Canary);
        }

        return cloud switch
        {
            null => new(GroupClass.Orphan, null, ClassReason.NotInEntra),
            { SoftDeleted: true } => new(GroupClass.AtRisk, cloud, ClassReason.SoftDeleted),
            { OnPremisesSynced: true } => new(GroupClass.AtRisk, cloud, ClassReason.Synced),
            { Unified: true } => new(GroupClass.FallsToV1, cloud, ClassReason.M365),
            { MailEnabled: true } => new(GroupClass.AtRisk, cloud, ClassReason.MailEnabled),
            { SecurityEnabled: false } => new(GroupClass.AtRisk, cloud, ClassReason.NotSecurity),
            { Mail: not null } => new(GroupClass.AtRisk, cloud, ClassReason.HasMail),
            { WritebackEnabled: not true } => new(GroupClass.AtRisk, cloud, ClassReason.Disabled),
            { Members: > MemberLimit } => new(GroupClass.Freezes, cloud, ClassReason.TooLarge),
            _ when group.GroupType != UniversalSecurity => new(GroupClass.Freezes, cloud, ClassReason.NotUniversal),
            _ => new(GroupClass.Migrates, cloud, null),
        };
    }

    ClassifiedGroup Describe(AdGroup group, Verdict verdict, NamingStyle naming, HashSet<Guid> inScope, HashSet<Guid> losing)
    {
        var cloud = verdict.Cloud;
        var typeChange = verdict.Kind == GroupClass.FallsToV1 && (group.GroupType & SecurityBit) != 0;
        var reasons = new List<string>();
        var obstacles = new List<string>();
        var conditions = typeChange || (verdict.Kind == GroupClass.Migrates && (group.AdminCount || cloud!.LongDescription || losing.Contains(cloud.Id)));
        if (verdict.Reason is not null)
        {
            reasons.Add(verdict.Reason);
        }

        if (typeChange)
        {
            reasons.Add(ClassReason.BecomesDistribution);
        }

        if (verdict.Kind is GroupClass.Migrates or GroupClass.Freezes)
        {
            obstacles.AddRange(AnchorObstacles(group));
            Add(reasons, HasLocalGroups(group, cloud!), ClassReason.LocalGroups);
        }

        if (verdict.Kind == GroupClass.Migrates)
        {
            var kept = GroupDn.ValueOf(group.DistinguishedName) is not null;
            Add(kept ? reasons : obstacles, HasOwnName(group, verdict, naming), kept ? ClassReason.KeptName : ClassReason.WrongName);
            Add(kept ? reasons : obstacles, HasOwnPlace(group), kept ? ClassReason.KeptPlace : ClassReason.WrongPlace);
            conditions |= kept && (HasOwnName(group, verdict, naming) || HasOwnPlace(group));
            Add(reasons, group.AdminCount, ClassReason.Protected);
            Add(reasons, cloud!.LongDescription, ClassReason.DescriptionCut);
            Add(reasons, losing.Contains(cloud.Id), ClassReason.LosesMembers);
            Add(reasons, cloud.Dynamic, ClassReason.Dynamic);
            Add(reasons, cloud.RoleAssignable, ClassReason.RoleAssignable);
        }

        return new ClassifiedGroup
        {
            CloudId = cloud?.Id ?? Anchors.CloudId(group.AdminDescription),
            ObjectGuid = group.ObjectGuid,
            Name = cloud?.DisplayName ?? group.DisplayName ?? group.SamAccountName,
            Class = verdict.Kind,
            Readiness = ReadinessOf(verdict.Kind, obstacles, conditions),
            TypeChange = typeChange,
            Reasons = [.. obstacles, .. reasons],
            Children = cloud is null ? [] : [.. cloud.Children.Where(inScope.Contains).Distinct().Order()],
            Members = cloud?.Members ?? group.MemberCount,
            SpecialCharacters = IsSpecial(DistinguishedName.CommonName(group.DistinguishedName)),
            Unwritten = verdict.Kind == GroupClass.Migrates ? UnwrittenOf(cloud!, inScope) : null,
            DeviceMembers = cloud?.Devices > 0,
            SyncedGroupMembers = cloud?.SyncedGroups > 0,
        };
    }

    static bool HasOwnName(AdGroup group, Verdict verdict, NamingStyle naming) => !GroupNaming.Follows(naming, group, verdict.Cloud!);

    bool HasOwnPlace(AdGroup group) => !DistinguishedName.Same(DistinguishedName.Parent(group.DistinguishedName), _writebackOu);

    static KeptDn? Kept((AdGroup Group, Verdict Class) planned) => GroupDn.ValueOf(planned.Group.DistinguishedName) is not { } value ? null : new KeptDn
    {
        CloudId = planned.Class.Cloud!.Id,
        DistinguishedName = planned.Group.DistinguishedName,
        Value = value,
    };

    static MemberAnalysis? UnwrittenOf(CloudGroupFacts cloud, HashSet<Guid> inScope)
    {
        var analysis = new MemberAnalysis
        {
            Devices = cloud.Devices,
            SyncedGroups = cloud.SyncedGroups,
            SyncedContacts = cloud.SyncedContacts,
            CloudOnly = cloud.CloudOnly.Count,
            ChildrenOutOfScope = cloud.Children.Distinct().Count(child => !inScope.Contains(child)),
        };
        return analysis.All == 0 ? null : analysis;
    }

    // What Entra has nested and Active Directory has not is what Connect could not write there.
    bool HasLocalGroups(AdGroup group, CloudGroupFacts cloud)
        => group.Nested.DomainLocal > 0
            || (cloud.SyncedGroups > 0 && group.Nested.All < cloud.SyncedGroups + cloud.Children.Distinct().Count(_byCloudId.Contains));

    IEnumerable<string> AnchorObstacles(AdGroup group)
    {
        if (group.ExternalDirectoryObjectId is { Length: > 0 } stamped && !stamped.Equals(group.AdminDescription, StringComparison.OrdinalIgnoreCase))
        {
            yield return ClassReason.OtherAnchor;
        }

        if (_doubleAnchors.Contains(group.AdminDescription!) || (group.ExternalDirectoryObjectId is { } other && _doubleAnchors.Contains(other)))
        {
            yield return ClassReason.DoubleAnchor;
        }
    }

    // Groups of the tenant that writeback writes, or will write, and that have no object yet.
    IEnumerable<ClassifiedGroup> NotInDirectory()
    {
        foreach (var cloud in _cloud.Values.Where(g => !_byCloudId.Contains(g.Id)))
        {
            var verdict = cloud switch
            {
                _ when _ours.Contains(cloud.Id) => new Verdict(GroupClass.Ours, cloud, ClassReason.Canary),
                { OnPremisesSynced: true } => null,
                { Unified: true, SoftDeleted: false } => new Verdict(GroupClass.FallsToV1, cloud, AfterTheSwitch(cloud)),
                { Unified: false, SecurityEnabled: true } when WasEverWritten(cloud) => new Verdict(GroupClass.LetGo, cloud, cloud switch
                {
                    { SoftDeleted: true } => ClassReason.DeletedEarlier,
                    { WritebackEnabled: true } => ClassReason.NotYetWritten,
                    _ => ClassReason.WrittenEarlier,
                }),
                _ => null,
            };

            if (verdict is not null)
            {
                var appears = verdict.Reason == ClassReason.NewlyWritten;
                yield return new ClassifiedGroup
                {
                    CloudId = cloud.Id,
                    Name = cloud.DisplayName,
                    Class = verdict.Kind,
                    Readiness = verdict.Reason == ClassReason.NotYetWritten ? Readiness.Unknown : appears ? Readiness.ReadyWithConditions : Readiness.Ready,
                    NewlyWritten = appears,
                    Reasons = verdict.Reason == ClassReason.NotYetWritten && CouldNotMigrate(cloud) ? [verdict.Reason, ClassReason.CouldNotMigrate] : [verdict.Reason!],
                    Members = cloud.Members,
                };
            }
        }
    }

    // What Entra still says of a group that has no object: that it is to be written, or as what it was.
    static bool WasEverWritten(CloudGroupFacts cloud) => cloud.WritebackEnabled is true || cloud.OnPremisesGroupType is not null;

    static bool CouldNotMigrate(CloudGroupFacts cloud) => cloud.Mail is not null || cloud.MailEnabled || cloud.Members > MemberLimit;

    // Members are counted only where writeback is off. Where it is on, or undecided, which is on, the missing object itself tells: Connect had its
    // chance, and the switch changes nothing. Counted in, it would leave room in the ceiling for a group that nobody announced.
    string AfterTheSwitch(CloudGroupFacts group)
        => group.Members > _m365Limit ? ClassReason.M365TooLarge
            : group.WritebackEnabled is false ? ClassReason.NewlyWritten
            : ClassReason.M365NotWritten;

    // Cloud-only users are no loss: they never were in Active Directory. Nor is a child that has no object there.
    List<Guid> LossesOf(CloudGroupFacts cloud, HashSet<Guid> inScope)
        => [.. cloud.Unwritable.Except(cloud.CloudOnly)
            .Concat(cloud.Children.Where(child => !inScope.Contains(child) && _byCloudId.Contains(child)))
            .Distinct()
            .Order()];

    static Readiness ReadinessOf(GroupClass kind, List<string> obstacles, bool conditions) => kind switch
    {
        _ when obstacles.Count > 0 => Readiness.NotReady,
        GroupClass.AtRisk => Readiness.NotReady,
        GroupClass.Freezes => Readiness.ReadyWithConditions,
        _ => conditions ? Readiness.ReadyWithConditions : Readiness.Ready,
    };

    // What must be escaped in a distinguished name or leaves ASCII: where naming goes wrong first.
    static readonly SearchValues<char> Special = SearchValues.Create(",+\"\\<>;=#/");

    static bool IsSpecial(string name) => name.AsSpan().ContainsAny(Special) || name.Any(c => c > '~') || name.StartsWith(' ') || name.EndsWith(' ');

    static void Add(List<string> to, bool when, string reason)
    {
        if (when)
        {
            to.Add(reason);
        }
    }

    sealed record Verdict(GroupClass Kind, CloudGroupFacts? Cloud, string? Reason);
}

/// <summary>Every group in its class, and what follows from that.</summary>
public sealed record Classification
{
    /// <summary>The style of most groups that migrate.</summary>
    public required NamingStyle Naming { get; init; }
    public required IReadOnlyList<ClassifiedGroup> Groups { get; init; }
    public required IReadOnlyList<GroupLoss> Losses { get; init; }

    /// <summary>Those that migrate and keep a name or place of their own.</summary>
    public required IReadOnlyList<KeptDn> Kept { get; init; }

    /// <summary>Name and place of every group that migrates, now and under Cloud Sync.</summary>
    public required IReadOnlyList<NamePrediction> Names { get; init; }
    public required IReadOnlyList<GroupIdentity> Migrating { get; init; }
    public required IReadOnlyList<GroupIdentity> Freezing { get; init; }

    public int MembersLost => Losses.Sum(loss => loss.Members.Count);
    public int M365NewlyWritten => Groups.Count(g => g.NewlyWritten);
    public int M365TypeChanged => Groups.Count(g => g.TypeChange);
    public Ceilings Ceilings => new() { M365NewlyWritten = M365NewlyWritten, M365TypeChanged = M365TypeChanged, MembersLost = MembersLost };
}

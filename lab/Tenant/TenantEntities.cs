using System.Globalization;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant;

/// <summary>Directory objects as Graph shows them, with all their properties; the query decides which are given. Asked within a read of the store.</summary>
sealed class TenantEntities
{
    static readonly IReadOnlyList<string> None = [];
    static readonly IReadOnlyList<string> UnifiedOnly = ["Unified"];
    static readonly IReadOnlyList<string> DynamicOnly = ["DynamicMembership"];
    static readonly IReadOnlyList<string> Both = ["Unified", "DynamicMembership"];

    readonly SimulatedWorld _world;

    public TenantEntities(SimulatedWorld world)
    {
        _world = world;
        Group = new EntityType<CloudGroup>
        {
            Name = "group",
            Id = g => Key(g.Id),
            Extension = Extension,
            Properties =
            [
                Given<CloudGroup>("id", g => g.Id, Filters.Equal),
                Given<CloudGroup>("deletedDateTime", g => g.DeletedAt),
                Given<CloudGroup>("createdDateTime", _ => null),
                Given<CloudGroup>("description", g => g.Description),
                Given<CloudGroup>("displayName", g => g.DisplayName, Filters.Text, orderable: true),
                Given<CloudGroup>("groupTypes", GroupTypes, Filters.Any),
                Given<CloudGroup>("isAssignableToRole", g => g.RoleAssignable ? EntityProperty.True : null, Filters.Flag),
                Given<CloudGroup>("mail", g => g.Mail, Filters.Text | Filters.EndsWith),
                Given<CloudGroup>("mailEnabled", g => EntityProperty.Of(g.MailEnabled), Filters.Flag),
                Given<CloudGroup>("mailNickname", g => Key(g.Id).Replace("-", "", StringComparison.Ordinal)[..10], Filters.Text),
                Given<CloudGroup>("membershipRule", g => g.Dynamic ? "user.department -eq \"Rehearsal\"" : null),
                Given<CloudGroup>("onPremisesSyncEnabled", g => g.OnPremisesSynced ? EntityProperty.True : null, Filters.Flag),
                Given<CloudGroup>("securityEnabled", g => EntityProperty.Of(g.SecurityEnabled), Filters.Flag),
                Given<CloudGroup>("securityIdentifier", g => SecurityIdentifier(g.Id), Filters.Equal),
                Given<CloudGroup>("visibility", g => g.Unified ? "Private" : null),
                OnRequest<CloudGroup>("writebackConfiguration", Writeback, betaOnly: true),
                OnRequest<CloudGroup>("onPremisesObjectIdentifier", g => g.OnPremisesSynced ? _world.Principals.Find(g.Id)?.ObjectGuid : null, betaOnly: true),
            ],
        };
        User = new EntityType<CloudPrincipal>
        {
            Name = "user",
            Id = p => Key(p.Id),
            Properties =
            [
                Given<CloudPrincipal>("id", p => p.Id, Filters.Flag),
                Given<CloudPrincipal>("displayName", p => p.DisplayName, Filters.Text, orderable: true),
                Given<CloudPrincipal>("mail", _ => null, Filters.Text | Filters.EndsWith),
                Given<CloudPrincipal>("userPrincipalName", UserPrincipalName, Filters.Text | Filters.EndsWith, orderable: true),
                OnRequest<CloudPrincipal>("accountEnabled", _ => EntityProperty.True, Filters.Flag),
                OnRequest<CloudPrincipal>("onPremisesSyncEnabled", p => p.ObjectGuid is null ? null : EntityProperty.True, Filters.Flag),
                OnRequest<CloudPrincipal>("onPremisesImmutableId", p => p.ObjectGuid is { } o ? Convert.ToBase64String(o.ToByteArray()) : null, Filters.Flag),
                OnRequest<CloudPrincipal>("onPremisesSecurityIdentifier", p => ObjectOf(p)?.Sid, Filters.Equal),
                OnRequest<CloudPrincipal>("onPremisesDistinguishedName", p => ObjectOf(p)?.DistinguishedName),
                OnRequest<CloudPrincipal>("onPremisesDomainName", p => ObjectOf(p) is { } o ? _world.Forest.OtherDomainOf(o.DistinguishedName)?.Domain ?? _world.ForestFacts.Domain : null),
                OnRequest<CloudPrincipal>("onPremisesObjectIdentifier", p => p.ObjectGuid, betaOnly: true),
            ],
        };
        Device = new EntityType<CloudPrincipal>
        {
            Name = "device",
            Id = p => Key(p.Id),
            Properties =
            [
                Given<CloudPrincipal>("id", p => p.Id),
                Given<CloudPrincipal>("displayName", p => p.DisplayName, Filters.Text),
                // Of a hybrid-joined device it is the objectGUID of its computer object.
                Given<CloudPrincipal>("deviceId", p => p.ObjectGuid ?? p.Id, Filters.Flag),
                Given<CloudPrincipal>("operatingSystem", _ => "Windows", Filters.Text),
                Given<CloudPrincipal>("trustType", p => p.ObjectGuid is null ? "AzureAd" : "ServerAd"),
                Given<CloudPrincipal>("accountEnabled", _ => EntityProperty.True, Filters.Flag),
            ],
        };
        Member = new EntityType<DirectoryObject>
        {
            Name = "directoryObject",
            Id = o => Key(o.Id),
            TypeOf = o => o.ODataType,
            Properties = [.. Group.Properties.Select(p => p.Name).Union(User.Properties.Select(p => p.Name)).Union(Device.Properties.Select(p => p.Name)).Select(Shared)],
        };
    }

    public EntityType<CloudGroup> Group { get; }

    /// <summary>Of principals that are users.</summary>
    public EntityType<CloudPrincipal> User { get; }

    /// <summary>Of principals that are devices.</summary>
    public EntityType<CloudPrincipal> Device { get; }

    /// <summary>What may be a member: a user, a device or a group, each with its own properties.</summary>
    public EntityType<DirectoryObject> Member { get; }

    /// <summary>The world's key of an id, by which listings are ordered.</summary>
    public static string Key(Guid id) => id.ToString();

    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    /// <summary>A user, device or group that is not deleted; null when there is none.</summary>
    public DirectoryObject? Find(Guid id) =>
        _world.Groups.Find(id) is { } group ? group.DeletedAt is null ? new DirectoryObject(group, null) : null
        : _world.Principals.Find(id) is { } principal ? new DirectoryObject(null, principal)
        : null;

    public string UserPrincipalName(CloudPrincipal user) => user.UserPrincipalName ?? $"{user.Id:N}@{_world.Tenant.Domain}";

    static EntityProperty<T> Given<T>(string name, Func<T, object?> value, Filters filters = Filters.None, bool orderable = false) =>
        new() { Name = name, Value = value, Default = true, Filters = filters, Orderable = orderable };

    static EntityProperty<T> OnRequest<T>(string name, Func<T, object?> value, Filters filters = Filters.None, bool betaOnly = false) =>
        new() { Name = name, Value = value, Filters = filters, BetaOnly = betaOnly };

    // Each object answers with the property of its own type, or has none.
    EntityProperty<DirectoryObject> Shared(string name)
    {
        var (group, user, device) = (Group.Find(name, beta: true), User.Find(name, beta: true), Device.Find(name, beta: true));
        return new EntityProperty<DirectoryObject>
        {
            Name = name,
            Default = group?.Default == true || user?.Default == true || device?.Default == true,
            BetaOnly = (group is null || group.BetaOnly) && (user is null || user.BetaOnly) && device is null,
            Filters = name is "id" or "displayName" ? Filters.Text : Filters.None,
            Value = o => o switch
            {
                { Group: { } g } => group is null ? EntityProperty.Absent : group.Value(g),
                { Principal: { Kind: PrincipalKind.Device } d } => device is null ? EntityProperty.Absent : device.Value(d),
                { Principal: { } u } => user is null ? EntityProperty.Absent : user.Value(u),
                _ => EntityProperty.Absent,
            },
        };
    }

    // Only what an application of this tenant has declared may be asked for.
    EntityProperty<CloudGroup>? Extension(string name) =>
        name.StartsWith("extension_", StringComparison.Ordinal) && _world.DeclaresExtension(name)
            ? OnRequest<CloudGroup>(name, g => g.Extensions.TryGetValue(name, out var value) ? value : EntityProperty.Absent, Filters.Text)
            : null;

    AdObject? ObjectOf(CloudPrincipal principal) => principal.ObjectGuid is { } o ? _world.Forest.Find(o) : null;

    static JsonObject Writeback(CloudGroup group) => new() { ["isEnabled"] = group.WritebackEnabled, ["onPremisesGroupType"] = group.OnPremisesGroupType };

    static IReadOnlyList<string> GroupTypes(CloudGroup group) => (group.Unified, group.Dynamic) switch
    {
        (true, true) => Both,
        (true, false) => UnifiedOnly,
        (false, true) => DynamicOnly,
        _ => None,
    };

    // The SID of a cloud group is S-1-12-1- and the four 32-bit numbers of its id.
    static string SecurityIdentifier(Guid id)
    {
        var bytes = id.ToByteArray();
        return "S-1-12-1-" + string.Join('-', Enumerable.Range(0, 4).Select(i => BitConverter.ToUInt32(bytes, i * 4)));
    }
}

/// <summary>A group, or a user or device.</summary>
readonly record struct DirectoryObject(CloudGroup? Group, CloudPrincipal? Principal)
{
    public Guid Id => Group?.Id ?? Principal!.Id;

    public string ODataType => Group is not null ? "#microsoft.graph.group"
        : Principal!.Kind switch { PrincipalKind.User => "#microsoft.graph.user", PrincipalKind.Device => "#microsoft.graph.device", PrincipalKind.Contact => "#microsoft.graph.orgContact", _ => "#microsoft.graph.group" };
}

using System.Text.Json.Nodes;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant;

/// <summary>Directory objects as Graph shows them, with all their properties; the query decides which are given.</summary>
static class TenantEntities
{
    static readonly string[] UserProperties =
        ["id", "displayName", "userPrincipalName", "mail", "onPremisesSyncEnabled", "onPremisesImmutableId", "onPremisesSecurityIdentifier", "onPremisesDistinguishedName", "onPremisesObjectIdentifier", "accountEnabled"];

    static readonly string[] GroupProperties =
    [
        "id", "deletedDateTime", "createdDateTime", "description", "displayName", "groupTypes", "isAssignableToRole", "mail", "mailEnabled", "mailNickname",
        "membershipRule", "onPremisesSyncEnabled", "securityEnabled", "securityIdentifier", "visibility",
    ];

    static readonly string[] DeviceProperties = ["id", "displayName", "deviceId", "operatingSystem", "trustType", "accountEnabled"];

    public static EntityType Group { get; } = new()
    {
        Name = "group",
        Default = GroupProperties,
        OnRequest = ["writebackConfiguration", "onPremisesObjectIdentifier"],
        BetaOnly = ["writebackConfiguration", "onPremisesObjectIdentifier"],
        Filterable = ["id", "displayName", "securityEnabled", "mailEnabled", "groupTypes", "mail", "mailNickname", "onPremisesSyncEnabled", "isAssignableToRole"],
        Extensible = true,
    };

    public static EntityType User { get; } = new()
    {
        Name = "user",
        Default = ["id", "displayName", "mail", "userPrincipalName"],
        OnRequest = [.. UserProperties.Except(["id", "displayName", "mail", "userPrincipalName"])],
        BetaOnly = ["onPremisesObjectIdentifier"],
        Filterable = ["id", "displayName", "userPrincipalName", "onPremisesSyncEnabled"],
    };

    public static EntityType Device { get; } = new() { Name = "device", Default = DeviceProperties, Filterable = ["id", "displayName"] };

    /// <summary>What may be a member: a user, a device or a group.</summary>
    public static EntityType Member { get; } = new()
    {
        Name = "directoryObject",
        Default = ["id", "deletedDateTime", .. User.Default.Skip(1), .. GroupProperties.Except(["id", "displayName", "mail", "deletedDateTime"]), "deviceId"],
        OnRequest = [.. UserProperties.Concat(DeviceProperties).Append("writebackConfiguration").Distinct()],
        BetaOnly = ["onPremisesObjectIdentifier", "writebackConfiguration"],
        Filterable = ["id", "displayName"],
    };

    public static JsonObject From(CloudGroup group, string domain) => WithExtensions(group, new JsonObject
    {
        ["id"] = group.Id.ToString("D"),
        ["deletedDateTime"] = group.DeletedAt is { } at ? Moment(at) : null,
        ["createdDateTime"] = null,
        ["description"] = group.Description,
        ["displayName"] = group.DisplayName,
        ["groupTypes"] = new JsonArray([.. GroupTypes(group).Select(t => (JsonNode)t)]),
        ["isAssignableToRole"] = group.RoleAssignable ? true : null,
        ["mail"] = group.Mail,
        ["mailEnabled"] = group.MailEnabled,
        ["mailNickname"] = group.Id.ToString("N")[..10],
        ["membershipRule"] = group.Dynamic ? "user.department -eq \"Rehearsal\"" : null,
        ["onPremisesSyncEnabled"] = group.OnPremisesSynced ? true : null,
        ["onPremisesObjectIdentifier"] = null,
        ["securityEnabled"] = group.SecurityEnabled,
        ["securityIdentifier"] = SecurityIdentifier(group.Id),
        ["visibility"] = group.Unified ? "Private" : null,
        ["writebackConfiguration"] = new JsonObject { ["isEnabled"] = group.WritebackEnabled, ["onPremisesGroupType"] = group.OnPremisesGroupType },
    });

    public static JsonObject From(CloudPrincipal principal, string domain) => principal.Kind switch
    {
        PrincipalKind.User => new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.user",
            ["id"] = principal.Id.ToString("D"),
            ["displayName"] = principal.DisplayName,
            ["userPrincipalName"] = principal.UserPrincipalName ?? $"{principal.Id:N}@{domain}",
            ["mail"] = null,
            ["accountEnabled"] = true,
            ["onPremisesSyncEnabled"] = principal.ObjectGuid is null ? null : true,
            ["onPremisesImmutableId"] = principal.ObjectGuid is { } user ? Convert.ToBase64String(user.ToByteArray()) : null,
            ["onPremisesObjectIdentifier"] = principal.ObjectGuid?.ToString("D"),
            ["onPremisesSecurityIdentifier"] = null,
            ["onPremisesDistinguishedName"] = null,
        },
        PrincipalKind.Device => new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.device",
            ["id"] = principal.Id.ToString("D"),
            ["displayName"] = principal.DisplayName,
            // Of a hybrid-joined device it is the objectGUID of its computer object.
            ["deviceId"] = (principal.ObjectGuid ?? principal.Id).ToString("D"),
            ["operatingSystem"] = "Windows",
            ["trustType"] = principal.ObjectGuid is null ? "AzureAd" : "ServerAd",
            ["accountEnabled"] = true,
        },
        _ => SyncedGroup(principal, domain),
    };

    static JsonObject SyncedGroup(CloudPrincipal principal, string domain)
    {
        var group = From(new CloudGroup { Id = principal.Id, DisplayName = principal.DisplayName, OnPremisesSynced = true }, domain);
        group["@odata.type"] = "#microsoft.graph.group";
        group["onPremisesObjectIdentifier"] = principal.ObjectGuid?.ToString("D");
        return group;
    }

    static JsonObject WithExtensions(CloudGroup group, JsonObject entity)
    {
        foreach (var (name, value) in group.Extensions)
        {
            entity[name] = value;
        }

        return entity;
    }

    static IEnumerable<string> GroupTypes(CloudGroup group)
    {
        if (group.Unified)
        {
            yield return "Unified";
        }

        if (group.Dynamic)
        {
            yield return "DynamicMembership";
        }
    }

    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);

    // The SID of a cloud group is S-1-12-1- and the four 32-bit numbers of its id.
    static string SecurityIdentifier(Guid id)
    {
        var bytes = id.ToByteArray();
        return "S-1-12-1-" + string.Join('-', Enumerable.Range(0, 4).Select(i => BitConverter.ToUInt32(bytes, i * 4)));
    }
}

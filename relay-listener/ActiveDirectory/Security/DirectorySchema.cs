namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>By what names entries of access control lists mean groups and their attributes, as this forest's schema has it.</summary>
public sealed record DirectorySchema
{
    /// <summary>Attributes that Cloud Sync writes on a group that it takes over. Source: default mappings of Cloud Sync to Active Directory.</summary>
    public static IReadOnlyList<string> WrittenByCloudSync { get; } =
        ["adminDescription", "cn", "description", "displayName", "member", "msDS-ExternalDirectoryObjectId", "name"];

    /// <summary>The attribute of the anchor.</summary>
    public const string Anchor = "msDS-ExternalDirectoryObjectId";

    /// <summary>schemaIDGUID of the class group.</summary>
    public required Guid Group { get; init; }

    /// <summary>By lDAPDisplayName without regard to case: schemaIDGUID, and that of its property set where it has one.</summary>
    public required IReadOnlyDictionary<string, (Guid Attribute, Guid? PropertySet)> Attributes { get; init; }

    /// <summary>Writing one attribute of a group.</summary>
    /// <exception cref="KeyNotFoundException">The schema was read without it.</exception>
    public AccessRequest WriteOf(string attribute)
    {
        var (id, set) = Attributes[attribute];
        return new() { Rights = DirectoryRights.WriteProperty, Parts = set is { } propertySet ? [id, propertySet, Group] : [id, Group] };
    }
}

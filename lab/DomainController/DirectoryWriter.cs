using System.DirectoryServices.Protocols;
using System.Globalization;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.DomainController;

/// <summary>Writes objects of the world to the directory.</summary>
sealed class DirectoryWriter(DirectoryConnection connection)
{
    /// <summary>Makes a container: an organisational unit, or a plain one where its name begins with CN.</summary>
    public void MakeContainer(string dn) => connection.Add(dn,
    [
        new DirectoryAttribute("objectClass", dn.StartsWith("OU=", StringComparison.OrdinalIgnoreCase) ? "organizationalUnit" : "container"), Mark(),
    ]);

    /// <summary>Makes an object with all that the world knows of it but its identity.</summary>
    public void Make(AdObject o, IEnumerable<Guid> members)
    {
        var attributes = new List<DirectoryAttribute>
        {
            new("objectClass", o.Class switch { AdClass.Group => "group", AdClass.Computer => "computer", _ => "user" }),
            new("sAMAccountName", o.SamAccountName),
            Mark(),
        };
        attributes.AddRange(Values(o).Where(v => v.Value is not null).Select(v => new DirectoryAttribute(v.Attribute, v.Value)));
        string[] values = [.. members.Select(Name)];
        if (values.Length > 0) { attributes.Add(new DirectoryAttribute("member", values)); }
        connection.Add(o.DistinguishedName, attributes);
    }

    public void AddMembers(string dn, IEnumerable<Guid> members) => connection.Modify(dn, [Modification("member", DirectoryAttributeOperation.Add, [.. members.Select(Name)])]);

    /// <summary>Says that the lab made it.</summary>
    public void MarkAsMade(Guid objectGuid) => connection.Modify(Name(objectGuid), [Modification(DirectoryReader.MarkAttribute, DirectoryAttributeOperation.Replace, DirectoryReader.Mark)]);

    /// <summary>Carries over what differs: attributes and members at once, then name and place.</summary>
    public void Change(AdObject before, AdObject after)
    {
        var changes = new List<DirectoryAttributeModification>();
        foreach (var ((attribute, was), (_, now)) in Values(before).Zip(Values(after)))
        {
            if (was != now) { changes.Add(Modification(attribute, DirectoryAttributeOperation.Replace, now is null ? [] : [now])); }
        }

        string[] gained = [.. after.Members.Except(before.Members).Select(Name)];
        string[] lost = [.. before.Members.Except(after.Members).Select(Name)];
        if (lost.Length > 0) { changes.Add(Modification("member", DirectoryAttributeOperation.Delete, lost)); }
        if (gained.Length > 0) { changes.Add(Modification("member", DirectoryAttributeOperation.Add, gained)); }
        if (changes.Count > 0) { connection.Modify(before.DistinguishedName, changes); }
        if (after.DistinguishedName != before.DistinguishedName)
        {
            string parent = DistinguishedName.Parent(after.DistinguishedName);
            connection.Relocate(before.DistinguishedName, after.DistinguishedName[..^(parent.Length + 1)], parent);
        }
    }

    public void Delete(string dn) => connection.Delete(dn);

    /// <summary>What the world may change, in a fixed order; empty values are none.</summary>
    static (string Attribute, string? Value)[] Values(AdObject o) =>
    [
        ("displayName", Value(o.DisplayName)),
        ("description", Value(o.Description)),
        ("groupType", o.Class == AdClass.Group ? o.GroupType.ToString(CultureInfo.InvariantCulture) : null),
        ("adminDescription", Value(o.AdminDescription)),
        ("msDS-ExternalDirectoryObjectId", Value(o.ExternalDirectoryObjectId)),
        ("mail", Value(o.Mail)),
        ("adminCount", o.AdminCount ? "1" : null),
    ];

    static string? Value(string? text) => string.IsNullOrEmpty(text) ? null : text;

    static DirectoryAttribute Mark() => new(DirectoryReader.MarkAttribute, DirectoryReader.Mark);

    /// <summary>By identity: whoever was renamed meanwhile is found all the same.</summary>
    static string Name(Guid objectGuid) => $"<GUID={objectGuid:D}>";

    static DirectoryAttributeModification Modification(string attribute, DirectoryAttributeOperation operation, params string[] values)
    {
        var modification = new DirectoryAttributeModification { Name = attribute, Operation = operation };
        foreach (string value in values) { modification.Add(value); }
        return modification;
    }
}

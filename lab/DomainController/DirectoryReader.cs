using System.DirectoryServices.Protocols;
using System.Globalization;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory.Security;

namespace GwbCloud.Lab.DomainController;

/// <summary>Reads objects of the directory.</summary>
sealed class DirectoryReader(DirectoryConnection connection)
{
    /// <summary>Attribute that bears the lab's mark; nothing of product and world reads it.</summary>
    public const string MarkAttribute = "adminDisplayName";

    /// <summary>What the lab writes there.</summary>
    public const string Mark = "made by the GwbCloud lab";

    const string Member = "member";

    static readonly string[] Attributes =
    [
        "objectClass", "objectGUID", "objectSid", "sAMAccountName", "displayName", "description", "groupType", "adminDescription", "msDS-ExternalDirectoryObjectId",
        "mail", "adminCount", MarkAttribute, Member,
    ];

    /// <summary>Everything below a container, without the container itself.</summary>
    public IEnumerable<DirectoryObject> Below(string container) =>
        connection.Search(container, SearchScope.Subtree, "(objectClass=*)", Attributes).Select(Read).Where(o => !o.DistinguishedName.Equals(container, StringComparison.OrdinalIgnoreCase));

    /// <summary>The object of an objectGUID, wherever it is; null when it is gone.</summary>
    public DirectoryObject? Find(Guid objectGuid) => Find($"<GUID={objectGuid:D}>");

    /// <inheritdoc cref="Find(Guid)"/>
    /// <param name="dn">Its name.</param>
    public DirectoryObject? Find(string dn) => connection.Find(dn, Attributes) is { } entry ? Read(entry) : null;

    DirectoryObject Read(SearchResultEntry entry)
    {
        var classes = Values(entry, "objectClass");
        return new()
        {
            ObjectGuid = new Guid(Bytes(entry, "objectGUID")!),
            Sid = Bytes(entry, "objectSid") is { } sid ? Sid.Parse(sid.AsSpan()).ToString() : "",
            DistinguishedName = Forest.DistinguishedName.Canonical(entry.DistinguishedName),
            // A computer is a user too.
            Class = classes.Contains("group") ? AdClass.Group : classes.Contains("computer") ? AdClass.Computer : classes.Contains("user") ? AdClass.User : null,
            SamAccountName = Text(entry, "sAMAccountName") ?? "",
            DisplayName = Text(entry, "displayName"),
            Description = Text(entry, "description"),
            GroupType = Text(entry, "groupType") is { } type ? int.Parse(type, CultureInfo.InvariantCulture) : 0,
            AdminDescription = Text(entry, "adminDescription"),
            Anchor = Text(entry, "msDS-ExternalDirectoryObjectId"),
            Mail = Text(entry, "mail"),
            AdminCount = Text(entry, "adminCount") == "1",
            Members = [.. Members(entry).Select(Forest.DistinguishedName.Canonical)],
            Marked = Text(entry, MarkAttribute) == Mark,
        };
    }

    /// <summary>Many values come in ranges, each of which is asked for: <c>member;range=0-1499</c>, the last ends with a star.</summary>
    IEnumerable<string> Members(SearchResultEntry entry)
    {
        const string ranged = Member + ";range=";
        while (true)
        {
            foreach (string member in Values(entry, Member)) { yield return member; }
            string? range = entry.Attributes.AttributeNames.Cast<string>().FirstOrDefault(n => n.StartsWith(ranged, StringComparison.OrdinalIgnoreCase));
            if (range is null) { yield break; }
            foreach (string member in Values(entry, range)) { yield return member; }
            string last = range[(range.IndexOf('-', StringComparison.Ordinal) + 1)..];
            if (last == "*" || connection.Find(entry.DistinguishedName, $"{ranged}{int.Parse(last, CultureInfo.InvariantCulture) + 1}-*") is not { } next) { yield break; }
            entry = next;
        }
    }

    static IReadOnlyList<string> Values(SearchResultEntry entry, string attribute) =>
        entry.Attributes[attribute] is { } values ? [.. values.GetValues(typeof(string)).Cast<string>()] : [];

    static string? Text(SearchResultEntry entry, string attribute) => Values(entry, attribute) is [var first, ..] ? first : null;

    static byte[]? Bytes(SearchResultEntry entry, string attribute) =>
        entry.Attributes[attribute]?.GetValues(typeof(byte[])) is [byte[] value, ..] ? value : null;
}

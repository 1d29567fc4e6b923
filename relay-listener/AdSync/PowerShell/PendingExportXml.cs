using System.Globalization;
using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Reads pending exports from the XML of csexport, or of one serialised connector space object: both have the same form.</summary>
/// <remarks>
/// <c>cs-objects/cs-object/unapplied-export/delta</c> with <c>attr</c> and <c>dn-attr</c> below it; beside it <c>synchronized-hologram</c>
/// (what the directory has) and <c>unapplied-export-hologram</c> (what it would have). One object is in memory at a time. Whatever is not
/// understood is an error: an export that was overlooked could be a delete.
/// </remarks>
static class PendingExportXml
{
    /// <summary>Where an export stands: not tried yet, tried and not confirmed, set aside after an error.</summary>
    static readonly string[] Places = ["unapplied-export", "pending-export", "escrowed-export"];

    const int Security = unchecked((int)0x80000000);

    static readonly XmlReaderSettings Settings = new()
    {
        Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true, CheckCharacters = false,
    };

    /// <summary>The pending exports of a document, in its order.</summary>
    /// <exception cref="XmlException">It is not that XML, or ends in the middle.</exception>
    public static async IAsyncEnumerable<PendingExport> ReadAsync(
        TextReader xml, string connector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = XmlReader.Create(xml, Settings);
        if (!await reader.ReadAsync() || await reader.MoveToContentAsync() != XmlNodeType.Element || reader.LocalName != "cs-objects")
        {
            throw new XmlException("There is no cs-objects element.");
        }
        if (reader.IsEmptyElement) { yield break; }
        await reader.ReadAsync();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "cs-object" })
            {
                if (Of((XElement)await XNode.ReadFromAsync(reader, cancellationToken), connector) is { } export) { yield return export; }
            }
            else if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName == "cs-objects")
            {
                yield break;
            }
            else if (!await reader.ReadAsync())
            {
                throw new XmlException("The document ends in the middle.");
            }
        }
    }

    static PendingExport? Of(XElement space, string connector)
    {
        // The first that holds anything: an empty one must not hide what stands in the next.
        var delta = Places.Select(place => Child(space, place) is { } export ? Child(export, "delta") : null)
            .FirstOrDefault(delta => (string?)delta?.Attribute("operation") is not (null or "none"));
        if (delta is null) { return null; }
        string operation = (string)delta.Attribute("operation")!;

        var (before, after) = (EntryOf(space, "synchronized-hologram"), EntryOf(space, "unapplied-export-hologram"));
        var (added, removed) = operation == "delete" ? (0, 0) : Members(delta, before);
        return new()
        {
            Connector = connector,
            ObjectType = (string?)space.Attribute("object-type") ?? Value(Child(delta, "primary-objectclass")) ?? "",
            Operation = operation switch
            {
                "add" => ExportOperation.Add,
                "delete" => ExportOperation.Delete,
                "delete-add" => ExportOperation.DeleteAdd,
                "rename" => ExportOperation.Rename,
                "update" or "replace" or "modify" => delta.Attribute("newdn") is null ? ExportOperation.Update : ExportOperation.Rename,
                _ => throw new XmlException($"The operation of an export is {operation}."),
            },
            DistinguishedName = (string?)space.Attribute("cs-dn") ?? (string?)delta.Attribute("dn") ?? throw new XmlException("An export has no name."),
            Anchor = Single(before, "adminDescription") ?? Single(after, "adminDescription") ?? Single(delta, "adminDescription")
                ?? Single(before, "cloudAnchor") ?? Single(after, "cloudAnchor"),
            Attributes = [.. delta.Elements().Where(e => e.Name.LocalName is "attr" or "dn-attr").Select(e => (string?)e.Attribute("name")).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            NewName = (string?)delta.Attribute("newdn"),
            MembersAdded = added,
            MembersRemoved = removed,
            TypeChange = operation is not ("add" or "delete") && ChangesType(delta, before, after),
            MailEnabled = new[] { before, after, delta }.Any(entry => Single(entry, "mail") is { Length: > 0 } || Single(entry, "proxyAddresses") is { Length: > 0 }),
        };
    }

    /// <summary>Members that the export adds and takes away.</summary>
    static (int Added, int Removed) Members(XElement delta, XElement? before)
    {
        bool whole = (string?)delta.Attribute("operation") == "add";
        var (added, removed) = (0, 0);
        foreach (var attribute in delta.Elements().Where(e => e.Name.LocalName == "dn-attr" && Is(e, "member")))
        {
            var values = attribute.Elements().Where(e => e.Name.LocalName == "dn-value").ToList();
            switch (whole ? "add" : (string?)attribute.Attribute("operation") ?? "update")
            {
                case "add":
                    added += values.Count;
                    break;
                case "delete":
                    removed += values.Count > 0 ? values.Count : ReferencesOf(before).Count;
                    break;
                case "replace" when values.All(value => value.Attribute("operation") is null):
                    var (old, now) = (ReferencesOf(before), values.Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase));
                    added += now.Count(name => !old.Contains(name));
                    removed += old.Count(name => !now.Contains(name));
                    break;
                case "update" or "replace" or "modify":
                    added += values.Count(value => (string?)value.Attribute("operation") is null or "add");
                    removed += values.Count(value => (string?)value.Attribute("operation") is "delete");
                    break;
                case var other:
                    throw new XmlException($"The operation of an attribute is {other}.");
            }
        }
        return (added, removed);
    }

    /// <summary>True when the group would turn from security into distribution or back; also when what it was is not in the document.</summary>
    static bool ChangesType(XElement delta, XElement? before, XElement? after)
    {
        if (Attribute(delta, "groupType") is not { } change) { return false; }
        var values = change.Elements().Where(e => e.Name.LocalName == "value").ToList();
        string? now = Value(values.FirstOrDefault(value => (string?)value.Attribute("operation") is null or "add")) ?? Single(after, "groupType");
        string? old = Value(values.FirstOrDefault(value => (string?)value.Attribute("operation") is "delete")) ?? Single(before, "groupType");
        return !int.TryParse(now, CultureInfo.InvariantCulture, out int next) || !int.TryParse(old, CultureInfo.InvariantCulture, out int last)
            || (next & Security) != (last & Security);
    }

    static HashSet<string> ReferencesOf(XElement? entry) =>
        entry?.Elements().Where(e => e.Name.LocalName == "dn-attr" && Is(e, "member")).SelectMany(e => e.Elements().Where(v => v.Name.LocalName == "dn-value"))
            .Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];

    static string NameOf(XElement value) => Value(Child(value, "dn")) ?? value.Value;

    static XElement? EntryOf(XElement space, string hologram) => Child(space, hologram) is { } whole ? Child(whole, "entry") ?? whole : null;

    static XElement? Child(XElement parent, string name) => parent.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    static XElement? Attribute(XElement entry, string name) => entry.Elements().FirstOrDefault(e => e.Name.LocalName is "attr" or "dn-attr" && Is(e, name));

    static string? Single(XElement? entry, string name) => entry is null ? null : Value(Attribute(entry, name)?.Elements()
        .FirstOrDefault(e => e.Name.LocalName == "value" && (string?)e.Attribute("operation") is null or "add"));

    static bool Is(XElement attribute, string name) => string.Equals((string?)attribute.Attribute("name"), name, StringComparison.OrdinalIgnoreCase);

    static string? Value(XElement? element) => element?.Value;
}

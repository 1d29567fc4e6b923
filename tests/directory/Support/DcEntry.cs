using System.Text;

namespace GwbCloud.Tests.Directory.Support;

/// <summary>An entry as <c>ldapsearch</c> printed it.</summary>
sealed partial class DcEntry
{
    readonly ILookup<string, (string Value, bool Base64)> _values;

    DcEntry(IEnumerable<(string Name, string Value, bool Base64)> lines)
    {
        _values = lines.ToLookup(line => line.Name, line => (line.Value, line.Base64), StringComparer.OrdinalIgnoreCase);
        Dn = this["dn"]!;
    }

    public string Dn { get; }

    /// <summary>objectGUID, when it was asked for.</summary>
    public Guid ObjectGuid => new(Convert.FromBase64String(Binary("objectGUID")!));

    /// <summary>The only or first value as text, or null.</summary>
    public string? this[string attribute] => All(attribute) is [var first, ..] ? first : null;

    /// <summary>Every value as text.</summary>
    public IReadOnlyList<string> All(string attribute) => [.. _values[attribute].Select(value => value.Base64 ? Encoding.UTF8.GetString(Convert.FromBase64String(value.Value)) : value.Value)];

    /// <summary>The first value of a binary attribute in base64, or null.</summary>
    public string? Binary(string attribute) =>
        _values[attribute].Select(value => value.Base64 ? value.Value : Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Value))).FirstOrDefault();

    internal static IReadOnlyList<DcEntry> Parse(string ldif)
    {
        var entries = new List<DcEntry>();
        foreach (string record in ldif.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = record.Split('\n').Select(Line).OfType<(string Name, string, bool)>().ToList();
            // References to other naming contexts and the paging's own comments are no entries.
            if (lines.Exists(line => line.Name == "dn")) { entries.Add(new(lines)); }
        }
        return entries;
    }

    static (string, string, bool)? Line(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (line.StartsWith('#') || colon < 1) { return null; }
        return line.AsSpan(colon).StartsWith("::") ? (line[..colon], line[(colon + 2)..].Trim(), true) : (line[..colon], line[(colon + 1)..].TrimStart(), false);
    }
}

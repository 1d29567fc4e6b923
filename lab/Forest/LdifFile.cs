using System.Text;

namespace GwbCloud.Lab.Forest;

/// <summary>A record of LDIF that changes something.</summary>
public sealed record LdifChange
{
    public required string Dn { get; init; }

    /// <summary>Object identifiers of the controls that go with it.</summary>
    public required IReadOnlyList<string> Controls { get; init; }

    /// <summary>modify, modrdn, …</summary>
    public required string ChangeType { get; init; }

    /// <summary>Lines behind the change type: name and value, <c>-</c> with an empty value between the parts of a modification.</summary>
    public required IReadOnlyList<(string Name, string Value)> Lines { get; init; }

    /// <summary>The first value of a name; null when there is none.</summary>
    public string? Value(string name) => Lines.Where(l => l.Name == name).Select(l => l.Value).FirstOrDefault();
}

/// <summary>Reads LDIF as an administrator's tool does. Source: RFC 2849.</summary>
public static class LdifFile
{
    /// <exception cref="FormatException">It is no LDIF.</exception>
    public static IReadOnlyList<LdifChange> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var records = new List<LdifChange>();
        var open = new List<(string Name, string Value)>();
        foreach (string line in Unfolded(text).Append(""))
        {
            if (line.Length == 0) { Close(); }
            else if (line == "-") { open.Add(("-", "")); }
            else if (line[0] != '#') { open.Add(Pair(line)); }
        }
        return records;

        void Close()
        {
            if (open is [("version", "1"), ..]) { open.RemoveAt(0); }
            if (open.Count == 0) { return; }
            if (open[0].Name != "dn") { throw new FormatException($"A record begins with '{open[0].Name}'."); }
            int type = open.FindIndex(l => l.Name == "changetype");
            if (type < 0 || open[1..type].Exists(l => l.Name != "control")) { throw new FormatException($"The record of {open[0].Value} changes nothing."); }
            records.Add(new LdifChange
            {
                Dn = open[0].Value,
                Controls = [.. open[1..type].Select(l => l.Value.Split(' ')[0])],
                ChangeType = open[type].Value,
                Lines = [.. open[(type + 1)..]],
            });
            open.Clear();
        }
    }

    /// <summary>A line that begins with a blank goes on where the one before it ended.</summary>
    static List<string> Unfolded(string text)
    {
        var lines = new List<string>();
        foreach (string raw in text.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (raw.StartsWith(' ') && lines.Count > 0) { lines[^1] += raw[1..]; }
            else { lines.Add(raw); }
        }
        return lines;
    }

    static (string Name, string Value) Pair(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0) { throw new FormatException($"'{line}' names nothing."); }
        string value = line[(colon + 1)..];
        if (value.StartsWith('<')) { throw new FormatException("Values from files are not read."); }
        return (line[..colon], value.StartsWith(':') ? Encoding.UTF8.GetString(Convert.FromBase64String(value[1..].Trim())) : value.TrimStart(' '));
    }
}

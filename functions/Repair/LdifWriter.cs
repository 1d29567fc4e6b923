using System.Text;

namespace GwbCloud.Functions.Repair;

/// <summary>Writes LDIF line by line. Whatever the format does not allow as it is goes out as base64, so no value can end its line or begin another.</summary>
/// <remarks>ASCII only, lines folded at 76 characters. Source: RFC 2849.</remarks>
sealed class LdifWriter(TextWriter target)
{
    const int LineLength = 76;

    /// <summary>Begins a record. Objects are named by objectGUID: their name is what may have changed.</summary>
    public void Begin(Guid objectGuid, string changeType, string? control = null) => Begin(NameOf(objectGuid), changeType, control);

    /// <inheritdoc cref="Begin(Guid, string, string)"/>
    public void Begin(string name, string changeType, string? control = null)
    {
        Value("dn", name);
        if (control is not null) { Line($"control: {control} true"); }
        Line($"changetype: {changeType}");
    }

    public void Replace(string attribute, string value)
    {
        Line($"replace: {attribute}");
        Value(attribute, value);
        Line("-");
    }

    public void Line(string text)
    {
        var rest = text.AsSpan();
        target.Write(rest[..Math.Min(LineLength, rest.Length)]);
        for (rest = rest[Math.Min(LineLength, rest.Length)..]; rest.Length > 0; rest = rest[Math.Min(LineLength - 1, rest.Length)..])
        {
            target.Write("\n ");
            target.Write(rest[..Math.Min(LineLength - 1, rest.Length)]);
        }

        target.Write('\n');
    }

    public void Value(string attribute, string value)
        => Line(IsSafe(value) ? $"{attribute}: {value}" : $"{attribute}:: {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}");

    /// <summary>A line for people; nothing in it can be taken for anything else.</summary>
    public void Comment(string text) => Line($"# {string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'))}");

    public void End() => target.Write('\n');

    /// <summary>The name of an object that no rename changes. Source: MS-ADTS 3.1.1.3.1.2.4.</summary>
    public static string NameOf(Guid objectGuid) => $"<GUID={objectGuid:D}>";

    static bool IsSafe(string value)
        => value.Length == 0 || (value[0] is not (' ' or ':' or '<') && value[^1] != ' ' && value.All(c => c is >= ' ' and <= '~'));
}

using System.Globalization;
using System.Text;

namespace GwbCloud.Contracts.ActiveDirectory;

/// <summary>A distinguished name, taken apart as far as names and places of groups need it. Source: RFC 4514.</summary>
public static class DistinguishedName
{
    /// <summary>The value of the first part, unescaped: <c>Sales, EMEA_1234</c> of <c>CN=Sales\, EMEA_1234,OU=Groups,DC=example</c>.</summary>
    public static string CommonName(string distinguishedName)
    {
        var first = Rdn(distinguishedName);
        var equals = first.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? string.Empty : Unescape(first[(equals + 1)..]);
    }

    /// <summary>Everything behind the first part: the container.</summary>
    public static string Parent(string distinguishedName)
    {
        var first = Rdn(distinguishedName);
        return first.Length == distinguishedName.Length ? string.Empty : distinguishedName[(first.Length + 1)..].TrimStart();
    }

    /// <summary>The same place: compared as Active Directory does, without regard to case and blanks after commas.</summary>
    public static bool Same(string? one, string? other)
        => one is not null && other is not null && Tight(one).Equals(Tight(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>The object is the container, or stands somewhere under it.</summary>
    public static bool Under(string distinguishedName, string container)
    {
        for (var at = distinguishedName; at.Length > 0; at = Parent(at))
        {
            if (Same(at, container))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The object's own name, before the first comma that is not escaped: <c>CN=Sales\, North</c>.</summary>
    public static string Rdn(string distinguishedName)
    {
        ArgumentNullException.ThrowIfNull(distinguishedName);
        for (var at = 0; at < distinguishedName.Length; at++)
        {
            switch (distinguishedName[at])
            {
                case '\\':
                    at++;
                    break;
                case ',':
                    return distinguishedName[..at];
                default:
                    break;
            }
        }

        return distinguishedName;
    }

    static string Tight(string distinguishedName)
    {
        var parts = new List<string>();
        for (var rest = distinguishedName.Trim(); rest.Length > 0; rest = Parent(rest))
        {
            parts.Add(Rdn(rest).Trim());
        }

        return string.Join(',', parts);
    }

    static string Unescape(string value)
    {
        var text = new StringBuilder(value.Length);
        var bytes = new List<byte>();
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == '\\' && at + 2 < value.Length
                && byte.TryParse(value.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var one))
            {
                bytes.Add(one);
                at += 2;
                continue;
            }

            Flush(text, bytes);
            if (value[at] == '\\' && at + 1 < value.Length)
            {
                at++;
            }

            text.Append(value[at]);
        }

        Flush(text, bytes);
        return text.ToString();
    }

    // Escaped bytes are UTF-8, so a character may be several of them.
    static void Flush(StringBuilder text, List<byte> bytes)
    {
        text.Append(Encoding.UTF8.GetString([.. bytes]));
        bytes.Clear();
    }
}

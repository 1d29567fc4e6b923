using System.Text;

namespace GwbCloud.Lab.Forest;

/// <summary>Distinguished names as text, escaped as RFC 4514 wants.</summary>
public static class DistinguishedName
{
    /// <summary>CN=value,parent with the value escaped.</summary>
    public static string Of(string cn, string parent) => $"CN={Escape(cn)},{parent}";

    /// <summary>What follows the first component; empty at the root.</summary>
    public static string Parent(string dn) => End(dn) is var end && end < dn.Length ? dn[(end + 1)..] : "";

    /// <summary>The value of the first component, unescaped.</summary>
    public static string Cn(string dn)
    {
        int end = End(dn);
        string escaped = dn[(dn.IndexOf('=', StringComparison.Ordinal) + 1)..end];
        var text = new StringBuilder(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '\\' && i + 1 < escaped.Length) { i++; }
            text.Append(escaped[i]);
        }
        return text.ToString();
    }

    /// <summary>Whether the name lies below the container, at any depth.</summary>
    public static bool IsUnder(string dn, string container) =>
        dn.Length > container.Length && dn.EndsWith(container, StringComparison.OrdinalIgnoreCase) && dn[^(container.Length + 1)] == ',';

    /// <summary>A value as it stands in a distinguished name.</summary>
    public static string Escape(string value)
    {
        var text = new StringBuilder(value.Length + 8);
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            bool outer = i == 0 && c is ' ' or '#' && i == 0 || i == value.Length - 1 && c == ' ';
            if (outer || c is ',' or '+' or '"' or '\\' or '<' or '>' or ';' or '=') { text.Append('\\'); }
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>The same name as this lab writes it: other writers escape more, and by their hexadecimal codes.</summary>
    public static string Canonical(string dn)
    {
        ArgumentNullException.ThrowIfNull(dn);
        int end = End(dn);
        int equals = dn.IndexOf('=', StringComparison.Ordinal);
        string first = $"{dn[..equals].Trim().ToUpperInvariant()}={Escape(Unescape(dn[(equals + 1)..end]))}";
        return end < dn.Length ? $"{first},{Canonical(dn[(end + 1)..])}" : first;
    }

    static string Unescape(string escaped)
    {
        var bytes = new List<byte>(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '\\' && i + 2 < escaped.Length && char.IsAsciiHexDigit(escaped[i + 1]) && char.IsAsciiHexDigit(escaped[i + 2]))
            {
                bytes.Add(Convert.ToByte(escaped.Substring(i + 1, 2), 16));
                i += 2;
                continue;
            }
            if (escaped[i] == '\\' && i + 1 < escaped.Length) { i++; }
            int length = char.IsHighSurrogate(escaped[i]) && i + 1 < escaped.Length ? 2 : 1;
            bytes.AddRange(Encoding.UTF8.GetBytes(escaped.Substring(i, length)));
            i += length - 1;
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    static int End(string dn)
    {
        for (int i = 0; i < dn.Length; i++)
        {
            if (dn[i] == '\\') { i++; }
            else if (dn[i] == ',') { return i; }
        }
        return dn.Length;
    }
}

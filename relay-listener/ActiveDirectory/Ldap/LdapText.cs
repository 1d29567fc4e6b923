using System.Globalization;
using System.Text;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Filters and names in the form that the directory reads. Whatever comes from outside goes through here.</summary>
/// <remarks>Source: RFC 4515 (filters), RFC 4514 (names), MS-ADTS 3.1.1.3.1.2.4 (names by GUID).</remarks>
public static class LdapText
{
    /// <summary>A name that holds however the object is renamed or moved.</summary>
    public static string NameOf(Guid objectGuid) => $"<GUID={objectGuid:D}>";

    /// <summary>The name of an object below a container: its common name escaped.</summary>
    public static string NameOf(string commonName, string container) => $"CN={EscapeName(commonName)},{container}";

    /// <summary>A condition that holds for each object whose attribute has one of the values.</summary>
    public static string AnyOf(string attribute, IEnumerable<string> values) => Any(attribute, values.Select(EscapeFilter));

    /// <summary>A condition that holds for each object with one of these objectGUIDs.</summary>
    public static string AnyOf(IEnumerable<Guid> objectGuids) => Any("objectGUID", objectGuids.Select(Bytes));

    /// <summary>A value inside a filter.</summary>
    public static string EscapeFilter(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = new StringBuilder(value.Length);
        foreach (char c in value)
        {
            if (c is '\\' or '*' or '(' or ')' or '\0') { text.Append(CultureInfo.InvariantCulture, $"\\{(int)c:x2}"); }
            else { text.Append(c); }
        }
        return text.ToString();
    }

    /// <summary>A value inside a distinguished name.</summary>
    public static string EscapeName(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = new StringBuilder(value.Length + 8);
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            bool atEdge = (i == 0 && c is ' ' or '#') || (i == value.Length - 1 && c == ' ');
            if (char.IsControl(c) && c < 0x80) { text.Append(CultureInfo.InvariantCulture, $"\\{(int)c:X2}"); }
            else if (atEdge || c is ',' or '+' or '"' or '\\' or '<' or '>' or ';' or '=') { text.Append('\\').Append(c); }
            else { text.Append(c); }
        }
        return text.ToString();
    }

    static string Bytes(Guid guid) => string.Concat(guid.ToByteArray().Select(b => $"\\{b:x2}"));

    static string Any(string attribute, IEnumerable<string> values) => $"(|{string.Concat(values.Select(value => $"({attribute}={value})"))})";
}

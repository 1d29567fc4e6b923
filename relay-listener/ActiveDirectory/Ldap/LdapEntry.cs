using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Text;
using GwbCloud.RelayListener.ActiveDirectory.Security;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>An object as one answer shows it: its attributes as the bytes that came.</summary>
/// <param name="name">Distinguished name.</param>
/// <param name="values">Values by the attribute's name as the server gave it, range included.</param>
public sealed class LdapEntry(string name, IReadOnlyDictionary<string, IReadOnlyList<byte[]>> values)
{
    static readonly string[] TimeFormats = ["yyyyMMddHHmmss.f'Z'", "yyyyMMddHHmmss'Z'"];

    /// <summary>Distinguished name, without the identifiers that an extended answer puts before it.</summary>
    public string Name { get; } = name;

    /// <summary>Names of the attributes that came.</summary>
    public IEnumerable<string> Attributes => values.Keys;

    /// <summary>The values of an attribute, none when it did not come.</summary>
    public IReadOnlyList<byte[]> Values(string attribute) => values.TryGetValue(attribute, out var found) ? found : [];

    public byte[]? Bytes(string attribute) => Values(attribute) is [var first, ..] ? first : null;

    public string? Text(string attribute) => Bytes(attribute) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public IEnumerable<string> Texts(string attribute) => Values(attribute).Select(Encoding.UTF8.GetString);

    public int? Number(string attribute) => int.TryParse(Text(attribute), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    public bool Flag(string attribute) => string.Equals(Text(attribute), "TRUE", StringComparison.OrdinalIgnoreCase);

    public Guid? Id(string attribute) => Bytes(attribute) is { Length: 16 } bytes ? new Guid(bytes) : null;

    /// <summary>The SIDs of an attribute, none when it did not come.</summary>
    /// <exception cref="DirectoryException">GWB6120: a value is no SID.</exception>
    public IReadOnlyList<Sid> Sids(string attribute)
    {
        try
        {
            return [.. Values(attribute).Select(bytes => Sid.Parse(bytes))];
        }
        catch (MalformedSecurityException e)
        {
            throw new DirectoryException(DirectoryError.SecurityMalformed.ToError($"{Name}: {attribute}"), e);
        }
    }

    /// <summary>A SID as text, or null.</summary>
    /// <exception cref="DirectoryException">GWB6120: the value is no SID.</exception>
    public string? SidText(string attribute) => Sids(attribute) is [var first, ..] ? first.ToString() : null;

    /// <summary>A point in time in the directory's own form (GeneralizedTime, UTC).</summary>
    public DateTimeOffset? Time(string attribute) =>
        DateTimeOffset.TryParseExact(Text(attribute), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    internal static LdapEntry Of(SearchResultEntry entry)
    {
        var values = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.OrdinalIgnoreCase);
        foreach (string attribute in entry.Attributes.AttributeNames)
        {
            values[attribute] = (byte[][])entry.Attributes[attribute].GetValues(typeof(byte[]));
        }
        return new(ExtendedName.Parse(entry.DistinguishedName).Name, values);
    }
}

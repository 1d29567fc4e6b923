namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>A name with the identifiers that the extended-name control puts before it: <c>&lt;GUID=…&gt;;&lt;SID=…&gt;;CN=…</c>.</summary>
/// <remarks>So members tell their objectGUID without being looked up, those of other domains too. Source: MS-ADTS 3.1.1.3.4.1.5, flag 1.</remarks>
public readonly record struct ExtendedName(Guid? ObjectGuid, string Name)
{
    const string GuidPrefix = "<GUID=";

    /// <summary>Takes a value apart; a plain name has no identifiers.</summary>
    public static ExtendedName Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Guid? objectGuid = null;
        int at = 0;
        while (at < value.Length && value[at] == '<')
        {
            int end = value.IndexOf('>', at);
            if (end < 0) { break; }
            var part = value.AsSpan(at, end - at);
            if (part.StartsWith(GuidPrefix, StringComparison.OrdinalIgnoreCase) && Guid.TryParse(part[GuidPrefix.Length..], out var guid)) { objectGuid = guid; }
            at = end + 1;
            if (at < value.Length && value[at] == ';') { at++; }
        }
        return new(objectGuid, value[at..]);
    }
}

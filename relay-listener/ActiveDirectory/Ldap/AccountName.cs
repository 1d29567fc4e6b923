namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>sAMAccountName of a group. Source: MS-ADTS 3.1.1.6 and the attribute's rangeUpper.</summary>
public static class AccountName
{
    /// <summary>Characters; the limit of 20 is one of users only.</summary>
    public const int Longest = 256;

    const string Illegal = "\"/\\[]:;|=,+*?<>@";

    /// <summary>A valid name close to a common name.</summary>
    /// <param name="commonName">Any text.</param>
    /// <param name="anchor">When the first choice is taken: its end is added, which no other group has.</param>
    public static string Of(string commonName, string? anchor = null)
    {
        ArgumentNullException.ThrowIfNull(commonName);
        string suffix = string.IsNullOrEmpty(anchor) ? "" : $"_{Clean(anchor[Math.Max(0, anchor.Length - 12)..])}";
        string name = Clean(commonName);
        if (name.Length > Longest - suffix.Length)
        {
            int end = Longest - suffix.Length;
            name = name[..(char.IsHighSurrogate(name[end - 1]) ? end - 1 : end)];
        }
        // Neither end may be a blank, the last not a full stop either, and something other than blanks and stops must be there.
        name = (name + suffix).Trim(' ').TrimEnd('.', ' ');
        return name.Trim('.', ' ', '_').Length == 0 ? "group" + suffix : name;
    }

    static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) || Illegal.Contains(c, StringComparison.Ordinal) ? '_' : c));
}

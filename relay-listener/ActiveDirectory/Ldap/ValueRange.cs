using System.Globalization;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Which values of a long attribute an answer holds. Domain controllers give 1,500 members at once, or what their policy says.</summary>
/// <remarks>The server may give less than was asked for, never more. Source: MS-ADTS 3.1.1.3.1.3.3.</remarks>
/// <param name="First">Index of the first value.</param>
/// <param name="Last">Index of the last one; null when nothing follows.</param>
public readonly record struct ValueRange(int First, int? Last)
{
    const string Option = ";range=";

    /// <summary>What to ask for.</summary>
    /// <param name="attribute">For example <c>member</c>.</param>
    /// <param name="first">Index of the first value wanted.</param>
    /// <param name="most">How many at most, so that a server without a limit does not send all of them in one answer.</param>
    public static string Ask(string attribute, int first, int most) =>
        string.Create(CultureInfo.InvariantCulture, $"{attribute}{Option}{first}-{first + most - 1}");

    /// <summary>The range of an attribute's name as it came, or null when it is another attribute. Without an option it is whole.</summary>
    public static ValueRange? Of(string attribute, string answered)
    {
        ArgumentNullException.ThrowIfNull(answered);
        if (string.Equals(answered, attribute, StringComparison.OrdinalIgnoreCase)) { return new(0, null); }
        if (!answered.StartsWith(attribute + Option, StringComparison.OrdinalIgnoreCase)) { return null; }
        string[] ends = answered[(attribute.Length + Option.Length)..].Split('-');
        return ends.Length == 2 && Index(ends[0]) is { } first
            ? ends[1] == "*" ? new(first, null) : Index(ends[1]) is { } last && last >= first ? new(first, last) : null
            : null;
    }

    static int? Index(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;
}

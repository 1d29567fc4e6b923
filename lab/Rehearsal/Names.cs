using System.Text.Json;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>Names of enumerations as people type them: <c>deny-and-leave</c>.</summary>
public static class Names
{
    /// <summary>All names, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Of<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>False when nothing bears the name; letters count as they are.</summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (Of(known) == name)
            {
                value = known;
                return true;
            }
        }

        value = default;
        return false;
    }
}

/// <summary>Something that a person typed, fit for one line.</summary>
static class Quoted
{
    const int Most = 60;

    public static string Of(string text)
    {
        var shown = new string([.. text.Take(Most).Select(c => char.IsControl(c) ? ' ' : c)]);
        return text.Length > Most ? $"'{shown}…'" : $"'{shown}'";
    }
}

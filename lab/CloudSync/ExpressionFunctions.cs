using System.Globalization;
using System.Text.RegularExpressions;

namespace GwbCloud.Lab.CloudSync;

/// <summary>The functions of attribute mappings that the lab knows. Values are strings; null is "not present".</summary>
public static class ExpressionFunctions
{
    static readonly Dictionary<string, Function> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Append"] = new(["source", "suffix"], a => Text(a, 0) + Text(a, 1)),
        ["Coalesce"] = new(["source"], a => a.FirstOrDefault(v => !string.IsNullOrEmpty(v)), Repeats: true),
        ["IIF"] = new(["condition", "valueIfTrue", "valueIfFalse"], a => IsTrue(a[0]) ? a[1] : a[2]),
        ["InStr"] = new(["value1", "value2", "start", "compareType"], a => Number(InStr(a)), Least: 2),
        ["IsNull"] = new(["source"], a => Truth(a[0] is null)),
        ["IsNullOrEmpty"] = new(["source"], a => Truth(string.IsNullOrEmpty(a[0]))),
        ["IsPresent"] = new(["source"], a => Truth(!string.IsNullOrEmpty(a[0]))),
        ["Join"] = new(["separator", "source"], a => string.Join(a[0], a.Skip(1).Where(v => !string.IsNullOrEmpty(v))), Repeats: true),
        ["Left"] = new(["source", "length"], a => Text(a, 0) is var s && Integer(a, 1) is var n ? s[..Math.Clamp(n, 0, s.Length)] : ""),
        ["Len"] = new(["source"], a => Number(Text(a, 0).Length)),
        ["Mid"] = new(["source", "start", "length"], a => Mid(Text(a, 0), Integer(a, 1), Integer(a, 2))),
        ["Not"] = new(["source"], a => Truth(!IsTrue(a[0]))),
        ["Replace"] = new(
            ["source", "oldValue", "regexPattern", "regexGroupName", "replacementValue", "replacementAttributeName", "template"], Replace, Least: 5),
        ["Right"] = new(["source", "length"], a => Text(a, 0) is var s && Integer(a, 1) is var n ? s[^Math.Clamp(n, 0, s.Length)..] : ""),
        ["StripSpaces"] = new(["source"], a => Text(a, 0).Replace(" ", "", StringComparison.Ordinal)),
        ["Switch"] = new(["source", "defaultValue", "key", "value"], Switch, Least: 2, Repeats: true),
        ["ToLower"] = new(["source", "culture"], a => Text(a, 0).ToLowerInvariant(), Least: 1),
        ["ToUpper"] = new(["source", "culture"], a => Text(a, 0).ToUpperInvariant(), Least: 1),
        ["Trim"] = new(["source"], a => Text(a, 0).Trim()),
        ["Word"] = new(["source", "wordNumber", "delimiters"], Word),
    };

    /// <summary>The name under which the schema keeps an argument.</summary>
    public static string ParameterName(string function, int index) =>
        Known.TryGetValue(function, out var known) && index < known.Parameters.Length && (!known.Repeats || index < known.Parameters.Length - 1)
            ? known.Parameters[index]
            : string.Create(CultureInfo.InvariantCulture, $"source{index}");

    /// <summary>Refuses an unknown function and a wrong number of arguments.</summary>
    public static void Check(string function, IReadOnlyList<MappingSource?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!Known.TryGetValue(function, out var known))
        {
            throw new SchemaException($"The function '{function}' does not exist.");
        }

        if (parameters.Count < known.Fewest || (!known.Repeats && parameters.Count > known.Parameters.Length))
        {
            throw new SchemaException($"The function '{function}' does not take {parameters.Count} arguments.");
        }
    }

    /// <summary>The value of a source for one object.</summary>
    /// <param name="source">The tree.</param>
    /// <param name="attribute">Value of an attribute of the object; null when it has none.</param>
    /// <exception cref="SchemaException">A function that does not exist, or an argument that is no number where one is needed.</exception>
    public static string? Evaluate(MappingSource source, Func<string, string?> attribute)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(attribute);
        switch (source.Type)
        {
            case SourceType.Constant:
                return source.Name;
            case SourceType.Attribute:
                return attribute(source.Name);
            default:
                Check(source.Name, source.Parameters);
                var known = Known[source.Name];
                var arguments = source.Parameters.Select(p => p is null ? null : Evaluate(p, attribute)).ToList();
                while (arguments.Count < known.Parameters.Length)
                {
                    arguments.Add(null);
                }

                return known.Apply(arguments);
        }
    }

    /// <summary>Names of the attributes that a source reads.</summary>
    public static IEnumerable<string> Attributes(MappingSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Type == SourceType.Attribute ? [source.Name] : source.Parameters.OfType<MappingSource>().SelectMany(Attributes);
    }

    static string Text(List<string?> arguments, int index) => arguments[index] ?? "";

    static int Integer(List<string?> arguments, int index) => int.TryParse(arguments[index], CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new SchemaException($"'{arguments[index]}' is not a number.");

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string Truth(bool value) => value ? bool.TrueString : bool.FalseString;

    static bool IsTrue(string? value) => bool.TryParse(value, out var truth) && truth;

    static string Mid(string text, int start, int length)
    {
        var from = Math.Clamp(start - 1, 0, text.Length);
        return text.Substring(from, Math.Clamp(length, 0, text.Length - from));
    }

    static int InStr(List<string?> arguments)
    {
        var from = arguments[2] is null ? 0 : Math.Max(0, Integer(arguments, 2) - 1);
        var text = Text(arguments, 0);
        return from > text.Length ? 0 : text.IndexOf(Text(arguments, 1), from, StringComparison.OrdinalIgnoreCase) + 1;
    }

    static string? Replace(List<string?> arguments)
    {
        if (arguments[5] is not null || arguments[6] is not null)
        {
            throw new SchemaException("Replace with a replacement attribute or a template is not simulated.");
        }

        var (source, old, pattern, with) = (arguments[0], arguments[1], arguments[2], arguments[4] ?? "");
        return source is null ? null
            : !string.IsNullOrEmpty(old) ? source.Replace(old, with, StringComparison.Ordinal)
            : !string.IsNullOrEmpty(pattern) ? Regex.Replace(source, pattern, with, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
            : source;
    }

    static string? Switch(List<string?> arguments)
    {
        for (var i = 2; i + 1 < arguments.Count; i += 2)
        {
            if (string.Equals(arguments[i], arguments[0], StringComparison.OrdinalIgnoreCase))
            {
                return arguments[i + 1];
            }
        }

        return arguments[1];
    }

    static string? Word(List<string?> arguments)
    {
        var words = Text(arguments, 0).Split(Text(arguments, 2).ToCharArray(), StringSplitOptions.None);
        var number = Integer(arguments, 1);
        return number >= 1 && number <= words.Length ? words[number - 1] : "";
    }

    sealed record Function(string[] Parameters, Func<List<string?>, string?> Apply, int Least = -1, bool Repeats = false)
    {
        public int Fewest => Least < 0 ? Parameters.Length : Least;
    }
}

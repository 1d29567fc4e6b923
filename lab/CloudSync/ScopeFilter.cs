using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GwbCloud.Lab.CloudSync;

/// <summary>The scope filter of an object mapping: clauses of a group are all true, of several groups one is enough.</summary>
/// <remarks>
/// Leaving <c>groups</c> means that the object is deprovisioned. <c>inputFilterGroups</c> keep objects from being read at all: what does not
/// pass is left as it is.
/// </remarks>
public sealed record ScopeFilter
{
    /// <summary>Names of the operators, as the service lists them, with the number of values that they take.</summary>
    public static IReadOnlyDictionary<string, int> Operators { get; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["EQUALS"] = 1,
        ["NOT EQUALS"] = 1,
        ["IS TRUE"] = 0,
        ["IS FALSE"] = 0,
        ["IS NULL"] = 0,
        ["IS NOT NULL"] = 0,
        ["REGEX MATCH"] = 1,
        ["NOT REGEX MATCH"] = 1,
    };

    public static ScopeFilter Everything { get; } = new() { Groups = [], InputGroups = [] };

    public required IReadOnlyList<IReadOnlyList<FilterClause>> Groups { get; init; }
    public required IReadOnlyList<IReadOnlyList<FilterClause>> InputGroups { get; init; }

    /// <exception cref="SchemaException">An operator or a form that the service does not know.</exception>
    public static ScopeFilter FromJson(JsonObject? json) => json is null
        ? Everything
        : new ScopeFilter { Groups = ReadGroups(json["groups"]), InputGroups = ReadGroups(json["inputFilterGroups"]) };

    /// <summary>The object is read at all.</summary>
    public bool Reads(Func<string, string?> attribute) => Passes(InputGroups, attribute);

    /// <summary>The object, when read, belongs to the job.</summary>
    public bool Includes(Func<string, string?> attribute) => Passes(Groups, attribute);

    static bool Passes(IReadOnlyList<IReadOnlyList<FilterClause>> groups, Func<string, string?> attribute) =>
        groups.Count == 0 || groups.Any(clauses => clauses.All(clause => clause.Holds(attribute)));

    static IReadOnlyList<IReadOnlyList<FilterClause>> ReadGroups(JsonNode? groups) => groups switch
    {
        null => [],
        JsonArray array => [.. array.Select(g => (IReadOnlyList<FilterClause>)[.. ((g?["clauses"] as JsonArray) ?? []).Select(FilterClause.FromJson)])],
        _ => throw new SchemaException("Filter groups are not an array."),
    };
}

public sealed record FilterClause
{
    public required string Attribute { get; init; }

    /// <summary>A key of <see cref="ScopeFilter.Operators"/>.</summary>
    public required string Operator { get; init; }
    public string? Value { get; init; }

    public static FilterClause FromJson(JsonNode? json)
    {
        var name = Spell((string?)json?["operatorName"] ?? "");
        var values = (json?["targetOperand"]?["values"] as JsonArray ?? []).Select(v => (string?)v).ToList();
        if (!ScopeFilter.Operators.TryGetValue(name, out var arity))
        {
            throw new SchemaException($"The filter operator '{(string?)json?["operatorName"]}' does not exist.");
        }

        if (values.Count != arity || (string?)json?["sourceOperandName"] is not { Length: > 0 } attribute)
        {
            throw new SchemaException($"A clause with '{name}' needs a source attribute and {arity} value(s).");
        }

        return new FilterClause { Attribute = attribute, Operator = name, Value = values.FirstOrDefault() };
    }

    public bool Holds(Func<string, string?> attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        var value = attribute(Attribute);
        return Operator switch
        {
            "EQUALS" => string.Equals(value, Value, StringComparison.OrdinalIgnoreCase),
            "NOT EQUALS" => !string.Equals(value, Value, StringComparison.OrdinalIgnoreCase),
            "IS TRUE" => bool.TryParse(value, out var truth) && truth,
            "IS FALSE" => bool.TryParse(value, out var truth) && !truth,
            "IS NULL" => string.IsNullOrEmpty(value),
            "IS NOT NULL" => !string.IsNullOrEmpty(value),
            "REGEX MATCH" => Matches(value),
            _ => !Matches(value),
        };
    }

    bool Matches(string? value) => value is not null && Regex.IsMatch(value, Value!, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    // The service lists "REGEX MATCH"; documents also write REGEX_MATCH and RegexMatch.
    static string Spell(string name)
    {
        var flat = name.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return ScopeFilter.Operators.Keys.FirstOrDefault(o => o.Replace(" ", "", StringComparison.Ordinal).Equals(flat, StringComparison.OrdinalIgnoreCase)) ?? name;
    }
}

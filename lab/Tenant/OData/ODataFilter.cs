using System.Globalization;
using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Tenant.OData;

/// <summary>The part of $filter that Graph serves here: comparisons, startswith, endswith, any, and, or, not.</summary>
public sealed class ODataFilter
{
    readonly List<string> _tokens;
    readonly EntityType _type;
    int _at;

    ODataFilter(List<string> tokens, EntityType type) => (_tokens, _type) = (tokens, type);

    /// <summary>True when the filter holds for an entity.</summary>
    public Func<JsonObject, bool> Holds { get; private set; } = _ => true;

    /// <summary>ne, not and endswith: Graph wants ConsistencyLevel: eventual and $count=true.</summary>
    public bool IsAdvanced { get; private set; }

    /// <exception cref="GraphException">Syntax, an unknown property, or one that can't be filtered by.</exception>
    public static ODataFilter Parse(string text, EntityType type)
    {
        var filter = new ODataFilter(Tokens(text), type);
        filter.Holds = filter.Or(path: null);
        return filter._at == filter._tokens.Count ? filter : throw Syntax(filter.Peek());
    }

    // Inside any(c: …) the variable stands for the element; path is then its name.
    Func<JsonObject, bool> Or(string? path)
    {
        var left = And(path);
        while (Take("or"))
        {
            var (first, second) = (left, And(path));
            left = o => first(o) || second(o);
        }

        return left;
    }

    Func<JsonObject, bool> And(string? path)
    {
        var left = Not(path);
        while (Take("and"))
        {
            var (first, second) = (left, Not(path));
            left = o => first(o) && second(o);
        }

        return left;
    }

    Func<JsonObject, bool> Not(string? path)
    {
        if (Take("not"))
        {
            IsAdvanced = true;
            var inner = Not(path);
            return o => !inner(o);
        }

        if (Take("("))
        {
            var inner = Or(path);
            Demand(")");
            return inner;
        }

        return Comparison(path);
    }

    Func<JsonObject, bool> Comparison(string? path)
    {
        var name = Next();
        if (Take("("))
        {
            return name.EndsWith("/any", StringComparison.Ordinal) ? Any(name[..^4]) : TextFunction(name);
        }

        var property = path is null ? Property(name) : name == path ? "" : throw Syntax(name);
        var comparison = Next();
        var literal = Literal(Next());
        if (comparison == "ne")
        {
            IsAdvanced = true;
        }

        return comparison switch
        {
            "eq" => o => Compare(Value(o, property), literal) == 0,
            "ne" => o => Compare(Value(o, property), literal) != 0,
            "gt" => o => Compare(Value(o, property), literal) > 0,
            "ge" => o => Compare(Value(o, property), literal) >= 0,
            "lt" => o => Compare(Value(o, property), literal) is < 0 and > int.MinValue,
            "le" => o => Compare(Value(o, property), literal) is <= 0 and > int.MinValue,
            _ => throw Syntax(comparison),
        };
    }

    Func<JsonObject, bool> Any(string collection)
    {
        var property = Property(collection);
        var variable = Next();
        Demand(":");
        var inner = Or(variable);
        Demand(")");
        // The element is handed on as an object whose only value is it.
        return o => o[property] is JsonArray values && values.Any(v => inner(new JsonObject { [""] = v?.DeepClone() }));
    }

    Func<JsonObject, bool> TextFunction(string name)
    {
        var property = Property(Next());
        Demand(",");
        var text = Literal(Next()) as string ?? throw Syntax(name);
        Demand(")");
        switch (name.ToLowerInvariant())
        {
            case "startswith":
                return o => (Value(o, property) as string)?.StartsWith(text, StringComparison.OrdinalIgnoreCase) == true;
            case "endswith":
                IsAdvanced = true;
                return o => (Value(o, property) as string)?.EndsWith(text, StringComparison.OrdinalIgnoreCase) == true;
            case "contains" when !_type.DirectoryObject:
                return o => (Value(o, property) as string)?.Contains(text, StringComparison.Ordinal) == true;
            default:
                throw GraphException.UnsupportedQuery($"Unsupported Query: the function '{name}' is not supported.");
        }
    }

    string Property(string name) =>
        _type.Filterable.Contains(name) || (_type.Extensible && name.StartsWith("extension_", StringComparison.Ordinal)) ? name
        : throw GraphException.UnsupportedQuery($"Unsupported or invalid query filter clause specified for property '{name}' of resource '{_type.Name}'.");

    static object? Value(JsonObject entity, string property) => entity[property] is not JsonValue value ? null
        : value.TryGetValue<bool>(out var truth) ? truth
        : value.TryGetValue<string>(out var text) ? text
        : value.TryGetValue<decimal>(out var number) ? number
        : null;

    // int.MinValue: not comparable, so only "ne" holds.
    static int Compare(object? value, object? literal) => (value, literal) switch
    {
        (null, null) => 0,
        (bool a, bool b) => a.CompareTo(b),
        (string a, DateTimeOffset b) when DateTimeOffset.TryParse(a, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => at.CompareTo(b),
        (string a, string b) => Math.Clamp(string.Compare(a, b, StringComparison.OrdinalIgnoreCase), -1, 1),
        (decimal a, decimal b) => a.CompareTo(b),
        _ => int.MinValue,
    };

    static object? Literal(string token) => token switch
    {
        "true" => true,
        "false" => false,
        "null" => null,
        ['\'', .. var text, '\''] => text.Replace("''", "'", StringComparison.Ordinal),
        _ when decimal.TryParse(token, CultureInfo.InvariantCulture, out var number) => number,
        _ when Guid.TryParse(token, out var id) => id.ToString("D"),
        _ when DateTimeOffset.TryParse(token, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => at,
        _ => throw Syntax(token),
    };

    string Peek() => _at < _tokens.Count ? _tokens[_at] : "";

    string Next() => _at < _tokens.Count ? _tokens[_at++] : throw Syntax("");

    bool Take(string token)
    {
        if (Peek() != token)
        {
            return false;
        }

        _at++;
        return true;
    }

    void Demand(string token)
    {
        if (!Take(token))
        {
            throw Syntax(Peek());
        }
    }

    static GraphException Syntax(string near) => GraphException.BadRequest($"Invalid filter clause: syntax error near '{near}'.");

    static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            if (text[i] == '\'')
            {
                // Two quotes inside are one.
                for (i++; i < text.Length && (text[i] != '\'' || (i + 1 < text.Length && text[i + 1] == '\'')); i++)
                {
                    i += text[i] == '\'' ? 1 : 0;
                }

                i++;
            }
            else if (text[i] is '(' or ')' or ',' || (text[i] == ':' && !char.IsDigit(text[start])))
            {
                i++;
            }
            else
            {
                // A colon ends a variable of any(c:…) but not the time of day of a moment.
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')' or ',' or '\'')
                    && (text[i] != ':' || char.IsDigit(text[start])))
                {
                    i++;
                }
            }

            tokens.Add(i <= text.Length ? text[start..i] : throw Syntax(text[start..]));
        }

        return tokens;
    }
}

using System.Globalization;

namespace GwbCloud.Lab.Tenant.OData;

/// <summary>The part of $filter that Graph serves here: comparisons, in, startswith, endswith, contains, any, and, or, not.</summary>
public sealed class ODataFilter<T>
{
    /// <summary>Values that <c>in</c> takes.</summary>
    const int ListLimit = 15;

    readonly List<string> _tokens;
    readonly EntityType<T> _type;
    readonly bool _beta;
    int _at;

    internal ODataFilter(List<string> tokens, EntityType<T> type, bool beta)
    {
        (_tokens, _type, _beta) = (tokens, type, beta);
        Holds = Or();
        if (_at < _tokens.Count)
        {
            throw FilterTokens.Fault(Peek());
        }
    }

    /// <summary>True when the filter holds for an entity.</summary>
    public Func<T, bool> Holds { get; }

    /// <summary>ne, not and endswith: Graph wants ConsistencyLevel: eventual and $count=true.</summary>
    public bool IsAdvanced { get; private set; }

    Func<T, bool> Or()
    {
        var left = And();
        while (Take("or"))
        {
            var (first, second) = (left, And());
            left = e => first(e) || second(e);
        }

        return left;
    }

    Func<T, bool> And()
    {
        var left = Not();
        while (Take("and"))
        {
            var (first, second) = (left, Not());
            left = e => first(e) && second(e);
        }

        return left;
    }

    Func<T, bool> Not()
    {
        if (Take("not"))
        {
            IsAdvanced = true;
            var inner = Not();
            return e => !inner(e);
        }

        if (Take("("))
        {
            var inner = Or();
            Demand(")");
            return inner;
        }

        return Comparison();
    }

    Func<T, bool> Comparison()
    {
        var name = Next();
        if (Take("("))
        {
            return name.EndsWith("/any", StringComparison.Ordinal) ? Any(name[..^4]) : TextFunction(name);
        }

        var comparison = Next();
        if (comparison == "in")
        {
            return In(Property(name, Filters.Equal));
        }

        var wanted = comparison switch
        {
            "eq" => Filters.Equal,
            "ne" => Filters.NotEqual,
            "gt" or "ge" or "lt" or "le" => Filters.Range,
            _ => throw FilterTokens.Fault(comparison),
        };
        var value = Property(name, wanted).Value;
        var literal = FilterValue.Literal(Next());
        IsAdvanced |= comparison == "ne";
        return comparison switch
        {
            "eq" => e => FilterValue.Compare(value(e), literal) == 0,
            "ne" => e => FilterValue.Compare(value(e), literal) != 0,
            "gt" => e => FilterValue.Compare(value(e), literal) > 0,
            "ge" => e => FilterValue.Compare(value(e), literal) >= 0,
            "lt" => e => FilterValue.Compare(value(e), literal) is < 0 and > int.MinValue,
            _ => e => FilterValue.Compare(value(e), literal) is <= 0 and > int.MinValue,
        };
    }

    Func<T, bool> In(EntityProperty<T> property)
    {
        Demand("(");
        var literals = new List<object?> { FilterValue.Literal(Next()) };
        while (Take(","))
        {
            literals.Add(FilterValue.Literal(Next()));
        }

        Demand(")");
        return literals.Count <= ListLimit
            ? e => property.Value(e) is var value && literals.Exists(l => FilterValue.Compare(value, l) == 0)
            : throw GraphException.UnsupportedQuery($"Too many child clauses specified in search filter expression containing 'OR' operators: {literals.Count}. Max allowed: {ListLimit}.");
    }

    // Only the form that Graph takes: collection/any(c:c eq 'value').
    Func<T, bool> Any(string collection)
    {
        var property = Property(collection, Filters.Any);
        var variable = Next();
        Demand(":");
        if (Next() != variable)
        {
            throw FilterTokens.Fault(variable);
        }

        Demand("eq");
        var text = FilterValue.Literal(Next()) as string ?? throw FilterTokens.Fault(collection);
        Demand(")");
        return e => property.Value(e) is IReadOnlyList<string> values && values.Contains(text, StringComparer.OrdinalIgnoreCase);
    }

    Func<T, bool> TextFunction(string name)
    {
        var (wanted, holds) = name.ToLowerInvariant() switch
        {
            "startswith" => (Filters.StartsWith, (Func<string, string, bool>)((value, text) => value.StartsWith(text, StringComparison.OrdinalIgnoreCase))),
            "endswith" => (Filters.EndsWith, (value, text) => value.EndsWith(text, StringComparison.OrdinalIgnoreCase)),
            "contains" => (Filters.Contains, (value, text) => value.Contains(text, StringComparison.Ordinal)),
            _ => throw GraphException.UnsupportedQuery($"Unsupported Query: the function '{name}' is not supported."),
        };
        IsAdvanced |= wanted == Filters.EndsWith;
        var property = Property(Next(), wanted);
        Demand(",");
        var text = FilterValue.Literal(Next()) as string ?? throw FilterTokens.Fault(name);
        Demand(")");
        return e => property.Value(e) is string value && holds(value, text);
    }

    EntityProperty<T> Property(string name, Filters wanted)
    {
        var property = _type.Find(name, _beta)
            ?? throw GraphException.BadRequest($"Invalid filter clause: Could not find a property named '{name}' on type 'microsoft.graph.{_type.Name}'.");
        return property.Filters.HasFlag(wanted) ? property
            : throw GraphException.UnsupportedQuery($"Unsupported or invalid query filter clause specified for property '{name}' of resource '{_type.Name}'.");
    }

    string Peek() => _at < _tokens.Count ? _tokens[_at] : "";

    string Next() => _at < _tokens.Count ? _tokens[_at++] : throw FilterTokens.Fault("");

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
            throw FilterTokens.Fault(Peek());
        }
    }
}

public static class ODataFilter
{
    /// <exception cref="GraphException">Syntax, an unknown property, or one that can't be filtered so.</exception>
    public static ODataFilter<T> Parse<T>(string text, EntityType<T> type, bool beta) => new(FilterTokens.Of(text), type, beta);
}

/// <summary>Values in a filter, and how they compare.</summary>
static class FilterValue
{
    public static object? Literal(string token) => token switch
    {
        "true" => EntityProperty.True,
        "false" => EntityProperty.False,
        "null" => null,
        ['\'', .. var text, '\''] => text.Replace("''", "'", StringComparison.Ordinal),
        _ when decimal.TryParse(token, CultureInfo.InvariantCulture, out var number) => number,
        _ when Guid.TryParse(token, out var id) => id,
        _ when DateTimeOffset.TryParse(token, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => at,
        _ => throw FilterTokens.Fault(token),
    };

    /// <summary>As CompareTo; int.MinValue where the two can't be compared, so that only "ne" holds.</summary>
    public static int Compare(object? value, object? literal) => (value, literal) switch
    {
        (null, null) => 0,
        (bool a, bool b) => a.CompareTo(b),
        (string a, string b) => Math.Clamp(string.Compare(a, b, StringComparison.OrdinalIgnoreCase), -1, 1),
        (string a, Guid b) => Guid.TryParse(a, out var id) ? id.CompareTo(b) : int.MinValue,
        (Guid a, Guid b) => a.CompareTo(b),
        (Guid a, string b) => Guid.TryParse(b, out var id) ? a.CompareTo(id) : int.MinValue,
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (string a, DateTimeOffset b) when DateTimeOffset.TryParse(a, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => at.CompareTo(b),
        (int a, decimal b) => ((decimal)a).CompareTo(b),
        _ => int.MinValue,
    };
}

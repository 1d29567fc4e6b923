using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Tenant.OData;

/// <summary>Which properties of an entity Graph knows, gives unasked, and filters by.</summary>
/// <typeparam name="T">The entity as the world keeps it.</typeparam>
public sealed record EntityType<T>
{
    readonly Dictionary<string, EntityProperty<T>> _byName = new(StringComparer.Ordinal);
    readonly IReadOnlyList<EntityProperty<T>> _properties = [];
    readonly EntityProperty<T>[][] _default = [[], []];

    /// <summary>For example <c>group</c>, without namespace.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<EntityProperty<T>> Properties
    {
        get => _properties;
        init
        {
            _properties = value;
            _byName = value.ToDictionary(p => p.Name, StringComparer.Ordinal);
            _default = [[.. value.Where(p => p.Default && !p.BetaOnly)], [.. value.Where(p => p.Default)]];
        }
    }

    /// <summary>Text by which pages are ordered and go on.</summary>
    public required Func<T, string> Id { get; init; }

    /// <summary>Value of <c>@odata.type</c>, where the entities of a collection differ in it.</summary>
    public Func<T, string>? TypeOf { get; init; }

    /// <summary>A property that exists only in this tenant: a directory extension. Null when it has none of the name.</summary>
    public Func<string, EntityProperty<T>?>? Extension { get; init; }

    /// <summary>Directory objects: advanced queries want ConsistencyLevel: eventual and $count=true.</summary>
    public bool DirectoryObject { get; init; } = true;

    /// <summary>Largest $top.</summary>
    public int PageCap { get; init; } = ODataQuery.PageCap;

    /// <summary>Entities on a page when $top does not say.</summary>
    public int DefaultPage { get; init; } = 100;

    /// <summary>$top is known here at all.</summary>
    public bool Pages { get; init; } = true;

    public IReadOnlyList<EntityProperty<T>> Defaults(bool beta) => _default[beta ? 1 : 0];

    /// <summary>The property of a name, or null when this version has none.</summary>
    public EntityProperty<T>? Find(string name, bool beta) =>
        _byName.TryGetValue(name, out var property) ? beta || !property.BetaOnly ? property : null : Extension?.Invoke(name);
}

/// <summary>Entities that are few and made when they are asked for.</summary>
public static class JsonEntity
{
    /// <param name="name">Name without namespace.</param>
    /// <param name="given">Properties that are given unasked.</param>
    /// <param name="filterable">What $filter may do, by property.</param>
    /// <param name="onRequest">Properties given only by $select.</param>
    public static EntityType<JsonObject> Type(string name, string[] given, (string Property, Filters Filters)[]? filterable = null, string[]? onRequest = null)
    {
        var filters = (filterable ?? []).ToDictionary(f => f.Property, f => f.Filters);
        return new EntityType<JsonObject>
        {
            Name = name,
            Id = e => (string)e["id"]!,
            Properties = [.. given.Select(p => Property(p, isDefault: true)), .. (onRequest ?? []).Select(p => Property(p, isDefault: false))],
        };

        EntityProperty<JsonObject> Property(string property, bool isDefault) => new()
        {
            Name = property,
            Value = e => e.TryGetPropertyValue(property, out var value) ? Plain(value) : EntityProperty.Absent,
            Default = isDefault,
            Filters = filters.GetValueOrDefault(property),
        };
    }

    static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var truth) => EntityProperty.Of(truth),
        JsonArray array when array.All(v => v is JsonValue value && value.TryGetValue<string>(out _)) => array.Select(v => (string)v!).ToList(),
        _ => node,
    };
}

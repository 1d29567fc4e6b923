namespace GwbCloud.Lab.Tenant.OData;

/// <summary>A property of an entity: how its value is found, and what queries may do with it.</summary>
/// <typeparam name="T">The entity as the world keeps it.</typeparam>
public sealed record EntityProperty<T>
{
    public required string Name { get; init; }

    /// <summary>Null, bool, string, int, Guid, DateTimeOffset, a list of strings or a JsonNode; <see cref="EntityProperty.Absent"/> where the entity has no such property.</summary>
    public required Func<T, object?> Value { get; init; }

    /// <summary>Given without $select; otherwise only when asked for.</summary>
    public bool Default { get; init; }

    /// <summary>v1.0 does not know it.</summary>
    public bool BetaOnly { get; init; }
    public Filters Filters { get; init; }

    /// <summary>$orderby is accepted.</summary>
    public bool Orderable { get; init; }
}

public static class EntityProperty
{
    /// <summary>Not even null: the entity is of a type that lacks the property.</summary>
    public static object Absent { get; } = new();
    public static object True { get; } = true;
    public static object False { get; } = false;

    /// <summary>Without an allocation for each value.</summary>
    public static object Of(bool value) => value ? True : False;
}

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace GwbCloud.Embedded.Engine;

/// <summary>Which types the Functions worker mangles on their way through history, without an error.</summary>
public static class PayloadTypes
{
    /// <summary>Why an orchestration's or activity's input can't be of this type; null when it can.</summary>
    public static string? WhyNotAsInput(Type type)
        => IsTuple(type) ? "is a tuple, whose values arrive empty"
            : Nullable.GetUnderlyingType(type) is not null ? "is a nullable value, which arrives as null"
            : type.IsInterface ? "is an interface, which arrives as null"
            : type.IsAbstract ? "is abstract, and arrives as null"
            : type.ContainsGenericParameters ? "is an open generic type"
            : null;

    /// <summary>Why an orchestration or activity can't return this type; null when it can.</summary>
    public static string? WhyNotAsOutput(Type type)
        => IsTuple(type) ? "is a tuple, whose values are left out"
            : type.IsDefined(typeof(JsonDerivedTypeAttribute), inherit: false) || type.IsDefined(typeof(JsonPolymorphicAttribute), inherit: false)
                ? "is polymorphic, and loses its type discriminator at the top level; put it into a property"
            : type is { IsAbstract: true, IsInterface: false } ? "is abstract, and can't be read back"
            : null;

    static bool IsTuple(Type type) => typeof(ITuple).IsAssignableFrom(type);
}

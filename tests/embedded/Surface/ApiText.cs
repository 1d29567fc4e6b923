using System.Reflection;
using System.Runtime.CompilerServices;

namespace GwbCloud.Tests.Embedded.Surface;

/// <summary>Prints types and members in the notation of the baseline (api/*.txt), so that the two compare as text.</summary>
static class ApiText
{
    const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly NullabilityInfoContext Nulls = new();

    /// <summary>Kind, name, base type and interfaces, generic constraints.</summary>
    public static string Head(Type type)
    {
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<Type> own = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) ? [b] : [];
        string bases = string.Join(", ", own.Concat(type.GetInterfaces()).Select(Name));
        return $"{kind} {Name(type)}{(bases.Length == 0 ? "" : " : " + bases)}{(type.IsGenericTypeDefinition ? string.Concat(type.GetGenericArguments().Select(Constraint)) : "")}";
    }

    /// <summary>Every member that a user or a derived class sees, one line each.</summary>
    public static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) { return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.Name} = {f.GetRawConstantValue()}"); }
        var fields = type.GetFields(Declared).Where(f => f.IsPublic)
            .Select(f => $"public {(f.IsLiteral ? "const" : "static")} {Name(f.FieldType)} {f.Name}{(f.IsLiteral ? " = " + f.GetRawConstantValue() : "")}");
        var constructors = type.GetConstructors(Declared).Where(Visible).Select(c => $"{Access(c)} .ctor({Parameters(c)})");
        var properties = type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(Visible)).Select(Property);
        var methods = type.GetMethods(Declared)
            .Where(m => Visible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) && !m.Name.StartsWith('<'))
            .Select(m => $"{Access(m)} {Modifier(m)}{Name(m.ReturnType, Nulls.Create(m.ReturnParameter))} {m.Name}{Generic(m)}({Parameters(m)}){Constraints(m)}");
        return [.. fields, .. constructors, .. properties, .. methods];
    }

    /// <summary>The name as the baseline writes it, generic arguments included.</summary>
    public static string Name(Type type)
    {
        if (type.IsGenericParameter) { return type.Name; }
        if (type.IsArray) { return Name(type.GetElementType()!) + "[]"; }
        if (Nullable.GetUnderlyingType(type) is { } inner) { return Name(inner) + "?"; }
        if (!type.IsGenericType) { return type.FullName!.Replace('+', '.'); }
        string full = type.GetGenericTypeDefinition().FullName!;
        return $"{full[..full.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }

    static string Name(Type type, NullabilityInfo nulls)
    {
        string mark = !type.IsValueType && nulls.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray) { return Name(type.GetElementType()!, nulls.ElementType!) + "[]" + mark; }
        if (!type.IsGenericType || Nullable.GetUnderlyingType(type) is not null) { return Name(type) + mark; }
        string full = type.GetGenericTypeDefinition().FullName!;
        return $"{full[..full.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Zip(nulls.GenericTypeArguments, Name))}>{mark}";
    }

    static string Constraints(MethodInfo method)
        => method.IsGenericMethodDefinition ? string.Concat(method.GetGenericArguments().Select(Constraint)) : "";

    static string Constraint(Type parameter)
    {
        var flags = parameter.GenericParameterAttributes;
        // Each assembly may carry an attribute type of its own: by name.
        byte? nulls = parameter.CustomAttributes.FirstOrDefault(c => c.AttributeType.Name == "NullableAttribute")?.ConstructorArguments[0].Value as byte?;
        string[] kind = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint) ? ["struct"]
            : flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"]
            : nulls == 1 ? ["notnull"]
            : [];
        string[] all = [.. kind, .. parameter.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name)];
        return all.Length == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", all)}";
    }

    static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    static string Modifier(MethodBase method)
        => method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "";

    static string Generic(MethodInfo method)
        => method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    static string Property(PropertyInfo property)
    {
        MethodInfo[] shown = [.. property.GetAccessors(true).Where(Visible)];
        var accessors = new[] { property.GetMethod, property.SetMethod }.Where(a => a is not null && Visible(a)).Select(a =>
            a == property.GetMethod ? "get; "
            : a!.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? "init; "
            : "set; ");
        return $"{Access(shown[0])} {Modifier(shown[0])}{Name(property.PropertyType, Nulls.Create(property))} {property.Name} {{ {string.Concat(accessors)}}}";
    }

    static string Parameters(MethodBase method)
        => (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + string.Join(", ", method.GetParameters().Select(Parameter));

    static string Parameter(ParameterInfo p)
    {
        string passing = (p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "") + (p.IsOut ? "out " : "") + (p.ParameterType.IsByRef ? "ref " : "");
        string type = p.ParameterType.IsByRef ? Name(p.ParameterType.GetElementType()!) : Name(p.ParameterType, Nulls.Create(p));
        return $"{passing}{type} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "default"}" : "")}";
    }
}

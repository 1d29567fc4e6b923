using System.Text.Json.Nodes;

namespace GwbCloud.Lab.CloudSync;

/// <summary>Where the value of a mapped attribute comes from: an attribute, a constant or a function of others.</summary>
/// <remarks>
/// The schema holds an expression twice, as text and as a tree. The engine runs the tree; the text is what the portal shows. A tree that
/// was left behind by an edited text therefore still decides, as in the service.
/// </remarks>
public sealed record MappingSource
{
    public required SourceType Type { get; init; }

    /// <summary>Name of the attribute or function, or the constant itself.</summary>
    public required string Name { get; init; }
    public string? Expression { get; init; }

    /// <summary>Arguments of a function in order; null where the expression leaves one out.</summary>
    public IReadOnlyList<MappingSource?> Parameters { get; init; } = [];

    /// <summary>Reads a <c>source</c> object of the schema. A function without a tree is parsed from its text.</summary>
    /// <exception cref="SchemaException">The object is malformed or the text is no expression.</exception>
    public static MappingSource FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!Enum.TryParse<SourceType>((string?)json["type"], ignoreCase: true, out var type))
        {
            throw new SchemaException($"source.type '{(string?)json["type"]}' is not Attribute, Constant or Function.");
        }

        var expression = (string?)json["expression"];
        var name = (string?)json["name"];
        var parameters = json["parameters"] as JsonArray;
        return type switch
        {
            SourceType.Function when parameters is { Count: > 0 } => new MappingSource
            {
                Type = type,
                Name = name ?? throw new SchemaException("A function needs its name."),
                Expression = expression,
                Parameters = [.. parameters.Select(p => p?["value"] is JsonObject value ? FromJson(value) : null)],
            },
            SourceType.Function => ExpressionParser.Parse(expression ?? throw new SchemaException("A function needs an expression.")),
            SourceType.Constant => new MappingSource
            {
                Type = type,
                Name = name ?? ExpressionParser.Parse(expression ?? "\"\"").Name,
                Expression = expression,
            },
            _ => new MappingSource { Type = type, Name = name ?? ExpressionParser.Parse(expression ?? "").Name, Expression = expression },
        };
    }

    public JsonObject ToJson() => new()
    {
        ["type"] = Type.ToString(),
        ["name"] = Name,
        ["expression"] = Expression,
        ["parameters"] = new JsonArray([.. Parameters.Select((p, index) => (JsonNode)new JsonObject
        {
            ["key"] = ExpressionFunctions.ParameterName(Name, index),
            ["value"] = p?.ToJson(),
        })]),
    };
}

public enum SourceType
{
    Attribute,
    Constant,
    Function,
}

/// <summary>A schema or expression that the service refuses; the message goes into Graph's error.</summary>
public sealed class SchemaException(string message) : Exception(message);

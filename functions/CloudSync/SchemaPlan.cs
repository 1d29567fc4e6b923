using System.Text.Json.Nodes;
using GwbCloud.Contracts;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>What a plan wants of the schema.</summary>
public sealed record SchemaPlan
{
    /// <summary>How groups are named.</summary>
    public required ParsedExpression Name { get; init; }

    /// <summary>The value of both anchors.</summary>
    public required ParsedExpression Anchor { get; init; }

    /// <summary>Distinguished name of the container of all groups.</summary>
    public required string WritebackOu { get; init; }

    /// <summary>The container as an expression, where groups keep places of their own; null maps <see cref="WritebackOu"/> as a constant.</summary>
    public ParsedExpression? Container { get; init; }

    /// <summary>Attribute of groups in Entra that the expressions read and the schema must declare; null when they read the usual ones.</summary>
    public string? SourceAttribute { get; init; }
}

/// <summary>An expression as text and as the service parses it: a <c>source</c> of the schema.</summary>
public sealed record ParsedExpression
{
    public required string Expression { get; init; }
    public required JsonObject Source { get; init; }

    /// <summary>Without a tree, for a service that does not parse: it then does so when the schema is written.</summary>
    public static ParsedExpression TextOnly(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new ParsedExpression
        {
            Expression = expression,
            Source = new JsonObject
            {
                ["type"] = "Function",
                ["name"] = expression.Split('(')[0],
                ["expression"] = expression,
                ["parameters"] = new JsonArray(),
            },
        };
    }
}

/// <summary>A line of the table of errors and what was found.</summary>
public sealed record SchemaDeviation(ErrorEntry Error, string Detail)
{
    /// <summary>Begins with the code.</summary>
    public override string ToString() => $"{Error.Code}: {Error.Message} ({Detail})";
}

using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.Api;

/// <summary>The API's description (OpenAPI 3.1), made from the table of routes and the records themselves.</summary>
public static partial class ApiDescription
{
    const string Json = "application/json";

    public static JsonObject Build(string version)
    {
        var paths = new JsonObject();
        foreach (var byPath in ApiRoutes.All.GroupBy(route => $"/api/{route.Template}"))
        {
            paths[byPath.Key] = new JsonObject(byPath.Select(route => KeyValuePair.Create(MethodOf(route), (JsonNode?)Operation(route))));
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "GwbCloud", ["version"] = version },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT" } },
                ["schemas"] = new JsonObject { ["Problem"] = Schema(typeof(Problem)) },
            },
        };
    }

    static string MethodOf(ApiRoute route) => route.Method == "POST" ? "post" : "get";

    static JsonObject Operation(ApiRoute route)
    {
        var operation = new JsonObject
        {
            ["operationId"] = route.Function,
            ["summary"] = route.Summary,
            ["description"] = route.Access == Access.Anyone ? "Without a role." : $"Role: Migration.{route.Access}.",
            ["parameters"] = Parameters(route),
            ["responses"] = new JsonObject
            {
                [route.Status.ToString(CultureInfo.InvariantCulture)] = Answer("Success.", route.Answer is null ? null : Schema(route.Answer), Json),
                ["default"] = Answer("Refused, with code, cause and remedy.", new JsonObject { ["$ref"] = "#/components/schemas/Problem" }, "application/problem+json"),
            },
        };
        if (route.Body is { } body)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { [Json] = new JsonObject { ["schema"] = Schema(body) } },
            };
        }

        return operation;
    }

    static JsonArray Parameters(ApiRoute route)
    {
        var parameters = new JsonArray();
        foreach (var name in Placeholder().Matches(route.Template).Select(match => match.Groups[1].Value))
        {
            parameters.Add((JsonNode)new JsonObject { ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } });
        }

        foreach (var name in route.Paged ? (string[])["page", "size"] : [])
        {
            parameters.Add((JsonNode)new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 } });
        }

        foreach (var value in route.Query)
        {
            var schema = new JsonObject { ["type"] = "string" };
            if (value.Choices.Count > 0)
            {
                schema["enum"] = new JsonArray([.. value.Choices.Select(choice => (JsonNode)choice)]);
            }

            parameters.Add((JsonNode)new JsonObject { ["name"] = value.Name, ["in"] = "query", ["required"] = value.Required, ["schema"] = schema });
        }

        return parameters;
    }

    static JsonObject Answer(string description, JsonNode? schema, string contentType)
    {
        var answer = new JsonObject { ["description"] = description };
        if (schema is not null)
        {
            answer["content"] = new JsonObject { [contentType] = new JsonObject { ["schema"] = schema } };
        }

        return answer;
    }

    static JsonNode Schema(Type type) => ContractJson.Options.GetJsonSchemaAsNode(type);

    [GeneratedRegex(@"\{([a-zA-Z]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}

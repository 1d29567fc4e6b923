using System.Text.Json;
using System.Text.RegularExpressions;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Notifications;

/// <summary>Holds a card against the published schema of Adaptive Cards 1.5.0. Knows the keywords of JSON Schema draft 6 that this schema uses, and fails on any other.</summary>
static class CardSchema
{
    static readonly JsonElement Root = JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "cards", "adaptive-card-1.5.0.schema.json")));

    /// <summary>Keywords that only describe.</summary>
    static readonly string[] Notes = ["description", "version", "features", "default", "examples", "example", "$schema", "id", "definitions"];

    /// <summary>The first fault, with its place; null when there is none.</summary>
    public static string? Fault(JsonElement card) => Fault(card, Root, "$");

    static string? Fault(JsonElement value, JsonElement schema, string at)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Notes.Contains(keyword.Name)) { continue; }
            if (Check(keyword.Name, keyword.Value, value, schema, at) is { } fault) { return fault; }
        }

        return null;
    }

    static string? Check(string keyword, JsonElement rule, JsonElement value, JsonElement schema, string at) => keyword switch
    {
        "$ref" => Fault(value, Root.GetProperty("definitions").GetProperty(rule.GetString()!["#/definitions/".Length..]), at),
        "allOf" => rule.EnumerateArray().Select(all => Fault(value, all, at)).FirstOrDefault(fault => fault is not null),
        "anyOf" => rule.EnumerateArray().Select(any => Fault(value, any, at)).ToList() is var faults && faults.Contains(null) ? null
            : $"{at} fits none of {faults.Count}: {faults.OrderByDescending(f => f!.Length).First()}",
        "type" => IsOf(value, rule.GetString()!) ? null : $"{at} is no {rule}",
        "enum" => rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) ? null : $"{at} is none of {rule}",
        "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!) ? null : $"{at} does not match {rule}",
        "format" => value.ValueKind != JsonValueKind.String || Uri.TryCreate(value.GetString(), UriKind.RelativeOrAbsolute, out _) ? null : $"{at} is no {rule}",
        "required" => value.ValueKind != JsonValueKind.Object ? null
            : rule.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at} lacks {name}").FirstOrDefault(),
        "items" => value.ValueKind != JsonValueKind.Array ? null
            : value.EnumerateArray().Select((item, index) => Fault(item, rule, $"{at}[{index}]")).FirstOrDefault(fault => fault is not null),
        "properties" => value.ValueKind != JsonValueKind.Object ? null
            : rule.EnumerateObject().Select(p => value.TryGetProperty(p.Name, out var member) ? Fault(member, p.Value, $"{at}.{p.Name}") : null).FirstOrDefault(fault => fault is not null),
        "additionalProperties" => AdditionalFault(value, rule, schema, at),
        _ => throw new NotSupportedException($"The schema uses {keyword}, which is not known here."),
    };

    static string? AdditionalFault(JsonElement value, JsonElement rule, JsonElement schema, string at)
    {
        if (value.ValueKind != JsonValueKind.Object) { return null; }
        var known = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(p => p.Name).ToHashSet() : [];
        return value.EnumerateObject().Where(member => !known.Contains(member.Name))
            .Select(member => rule.ValueKind == JsonValueKind.False ? $"{at} may not have {member.Name}" : rule.ValueKind == JsonValueKind.Object ? Fault(member.Value, rule, $"{at}.{member.Name}") : null)
            .FirstOrDefault(fault => fault is not null);
    }

    static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => throw new NotSupportedException($"The schema uses the type {type}, which is not known here."),
    };
}

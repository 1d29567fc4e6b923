using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.Configuration;

/// <summary>Record, schema, example and the operator's page say the same of every value.</summary>
public sealed class ConfigurationSchemaTests
{
    static readonly JsonNode Schema = JsonNode.Parse(Shipped.Schema)!;

    static readonly List<Value> Values = [.. ValuesOf(typeof(ListenerConfiguration), "", Schema)];

    public static TheoryData<string, string, bool> Limits => [.. Values.SelectMany(value => LimitsOf(value).Select(limit => (value.Path, limit.Text, limit.Fits)))];

    [Fact]
    public void Schema_HasEveryMemberOfTheRecordsAndNoOther()
    {
        foreach (var (type, node, path) in Objects(typeof(ListenerConfiguration), Schema, ""))
        {
            var contract = ContractJson.Options.GetTypeInfo(type);
            var properties = node["properties"]!.AsObject();

            Assert.True(node["additionalProperties"]?.GetValue<bool>() is false, $"{path}: additionalProperties");
            Assert.Equal(contract.Properties.Select(property => property.Name).Order(StringComparer.Ordinal), properties.Select(property => property.Key).Order(StringComparer.Ordinal));
            Assert.Equal(
                contract.Properties.Where(property => property.IsRequired).Select(property => property.Name).Order(StringComparer.Ordinal),
                (node["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).Order(StringComparer.Ordinal));
            Assert.All(properties, property => Assert.NotEmpty(property.Value!["description"]!.GetValue<string>()));
        }
    }

    [Fact]
    public void Schema_HasTheTypesTheWordsAndTheDefaultsOfTheRecords()
    {
        foreach (var value in Values)
        {
            Assert.True(TypeOf(value.Type) == value.Node["type"]!.GetValue<string>(), value.Path);
            if (value.Type.IsEnum)
            {
                Assert.Equal(Enum.GetNames(value.Type).Select(JsonNamingPolicy.CamelCase.ConvertName), value.Node["enum"]!.AsArray().Select(word => word!.GetValue<string>()));
            }
            Assert.True(value.Default == value.Node["default"]?.ToJsonString(), $"{value.Path}: {value.Default} is not {value.Node["default"]?.ToJsonString()}");
        }
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Limit_OfTheSchema_IsTheListeners(string path, string text, bool fits)
    {
        var root = JsonNode.Parse(Shipped.Example)!;
        string[] segments = path.Split('.');
        var at = segments[..^1].Aggregate(root, (node, name) => node[name] ??= new JsonObject());
        at[segments[^1]] = JsonNode.Parse(text);

        string? refused = null;
        try
        {
            ConfigurationFile.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()));
        }
        catch (CommandFailedException e)
        {
            refused = e.Error.Message;
        }

        Assert.True(fits == refused is null, refused ?? "was taken");
        if (!fits) { Assert.Contains($"{path}:", refused, StringComparison.Ordinal); }
    }

    [Fact]
    public void Example_FitsTheSchema() => Assert.Empty(Misfits(JsonNode.Parse(Shipped.Example)!, Schema, ""));

    [Fact]
    public void Page_HasARowForEveryValueWithItsDefault()
    {
        var expected = Values.Select(value => $"| `{value.Path}` | {(value.Required ? "required" : value.Default is null ? "-" : $"`{value.Default.Trim('"')}`")} | {value.Node["description"]!.GetValue<string>()} |");

        Assert.Equal(expected, Shipped.Rows("| Value |"));
    }

    static IEnumerable<(Type Type, JsonNode Node, string Path)> Objects(Type type, JsonNode node, string path)
    {
        yield return (type, node, path);
        foreach (var property in ContractJson.Options.GetTypeInfo(type).Properties)
        {
            var child = node["properties"]![property.Name];
            if (child is null) { continue; }
            var (inner, schema) = ItemOf(property.PropertyType) is { } item ? (item, child["items"]!) : (property.PropertyType, child);
            if (IsSection(inner)) { foreach (var below in Objects(inner, schema, $"{path}.{property.Name}")) { yield return below; } }
        }
    }

    /// <summary>Single values, in the order of the records; lists count as one value each.</summary>
    static IEnumerable<Value> ValuesOf(Type type, string path, JsonNode node)
    {
        object fresh = Activator.CreateInstance(type)!;
        foreach (var property in ContractJson.Options.GetTypeInfo(type).Properties)
        {
            string at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            var child = node["properties"]?[property.Name] ?? throw new Xunit.Sdk.XunitException($"{at} is not in the schema");
            if (IsSection(property.PropertyType))
            {
                foreach (var below in ValuesOf(property.PropertyType, at, child)) { yield return below; }
                continue;
            }
            object? value = property.IsRequired ? null : property.Get!(fresh);
            yield return new(at, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, child, property.IsRequired,
                value is null || ItemOf(property.PropertyType) is not null ? null : JsonSerializer.Serialize(value, value.GetType(), ContractJson.Options));
        }
    }

    static IEnumerable<(string Text, bool Fits)> LimitsOf(Value value)
    {
        if (value.Node["minimum"]?.GetValue<long>() is { } least)
        {
            yield return (least.ToString(CultureInfo.InvariantCulture), true);
            yield return ((least - 1).ToString(CultureInfo.InvariantCulture), false);
        }
        if (value.Node["maximum"]?.GetValue<long>() is { } most)
        {
            yield return (most.ToString(CultureInfo.InvariantCulture), true);
            yield return ((most + 1).ToString(CultureInfo.InvariantCulture), false);
        }
    }

    static IEnumerable<string> Misfits(JsonNode value, JsonNode schema, string path)
    {
        if (TypeOf(value) != schema["type"]!.GetValue<string>()) { return [$"{path}: is no {schema["type"]}"]; }
        return value switch
        {
            JsonObject members => members.SelectMany(member => schema["properties"]![member.Key] is { } known ? Misfits(member.Value!, known, $"{path}.{member.Key}") : [$"{path}.{member.Key}: unknown"])
                .Concat((schema["required"]?.AsArray() ?? []).Where(name => !members.ContainsKey(name!.GetValue<string>())).Select(name => $"{path}.{name}: missing")),
            JsonArray items => items.SelectMany(item => Misfits(item!, schema["items"]!, path)),
            _ when schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)) => [$"{path}: no such word"],
            _ => [],
        };
    }

    static string TypeOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "integer",
        _ => "boolean",
    };

    static string TypeOf(Type type) =>
        ItemOf(type) is not null ? "array"
        : type == typeof(bool) ? "boolean"
        : type == typeof(int) || type == typeof(long) ? "integer"
        : "string";

    static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    static bool IsSection(Type type) => ContractJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object && type.Namespace!.StartsWith("GwbCloud", StringComparison.Ordinal);

    sealed record Value(string Path, Type Type, JsonNode Node, bool Required, string? Default);
}

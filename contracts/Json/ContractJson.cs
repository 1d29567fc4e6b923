using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GwbCloud.Contracts.Json;

/// <summary>The one way in which the two halves, the document store and the API write JSON: camelCase, enums as strings, strict on reading.</summary>
public static class ContractJson
{
    /// <summary>Options for everything that crosses a border. Unknown members are refused, so that a misspelt field is never silently ignored.</summary>
    public static JsonSerializerOptions Options { get; } = Make(JsonUnmappedMemberHandling.Disallow);

    /// <summary>The same for what a newer version may have written: unknown members are skipped.</summary>
    public static JsonSerializerOptions Lenient { get; } = Make(JsonUnmappedMemberHandling.Skip);

    static JsonSerializerOptions Make(JsonUnmappedMemberHandling unknown)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = unknown,
            NumberHandling = JsonNumberHandling.Strict,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.Default,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            MaxDepth = 32,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

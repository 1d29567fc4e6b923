using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Graph;

/// <summary>How Graph's JSON is read and written: unknown members are Graph's freedom, nulls are said because they mean something to Graph.</summary>
/// <remarks>
/// Every type is known to a source-generated context; nothing is reflected at run time. A new wire type, and its <see cref="GraphPage{T}"/>
/// where it comes in lists, is one line at the context of its area; one that is forgotten is refused at its first use.
/// Generated metadata sets every init member, also one that the JSON leaves out: an initialiser counts for nothing. A list that must not be null
/// says so in its accessor, or is required; any other default is a nullable member.
/// </remarks>
static class GraphJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>The metadata of a wire type.</summary>
    /// <exception cref="NotSupportedException">No context knows the type.</exception>
    public static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(GraphWireJson.Default, TenantJson.Default, CloudSyncJson.Default, EntraJson.Default, WritebackJson.Default),
        };
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>What every area shares.</summary>
[JsonSerializable(typeof(BatchBody))]
[JsonSerializable(typeof(BatchReply))]
[JsonSerializable(typeof(GraphFailure))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(GraphPage<JsonObject>))]
sealed partial class GraphWireJson : JsonSerializerContext;

/// <summary>One page of a list.</summary>
sealed record GraphPage<T>
{
    /// <summary>Always there, empty or not: an answer without it is no page, and never an empty list.</summary>
    public required IReadOnlyList<T> Value { get; init => field = value ?? throw new JsonException("The items of a page are null."); }

    [JsonPropertyName("@odata.nextLink")]
    public string? NextLink { get; init; }
}

sealed record GraphFailure
{
    public GraphFailureBody? Error { get; init; }
}

sealed record GraphFailureBody
{
    public string? Code { get; init; }
    public string? Message { get; init; }
}

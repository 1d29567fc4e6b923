using System.Text.Json;
using System.Text.Json.Serialization;

namespace GwbCloud.Functions.Graph;

/// <summary>How Graph's JSON is read and written: unknown members are Graph's freedom, nulls are said because they mean something to Graph.</summary>
static class GraphJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>One page of a list.</summary>
sealed record GraphPage<T>
{
    public IReadOnlyList<T> Value { get; init; } = [];

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

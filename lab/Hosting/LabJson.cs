using System.Text.Json;
using System.Text.Json.Serialization;

namespace GwbCloud.Lab.Hosting;

/// <summary>How the lab's processes write to each other and to the shell.</summary>
static class LabJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>For files that people look at.</summary>
    public static JsonSerializerOptions Readable { get; } = new(Options) { WriteIndented = true };
}

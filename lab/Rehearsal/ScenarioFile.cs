using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>Reads scenario files strictly: what is misspelt, doubled or of the wrong type is refused with its place, never skipped.</summary>
public static class ScenarioFile
{
    const long MaxBytes = 1024 * 1024;

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
        AllowOutOfOrderMetadataProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <exception cref="BadUsageException">The file is not there or can't be read as a scenario.</exception>
    public static Scenario Read(string path)
    {
        byte[] bytes;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) { throw Bad(path, Directory.Exists(path) ? "is a folder" : "does not exist"); }
            if (file.Length > MaxBytes) { throw Bad(path, "is larger than 1 MB"); }
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Bad(path, "can't be read");
        }

        ReadOnlyMemory<byte> text = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsMemory(3) : bytes;
        try
        {
            // First as mere JSON: then whatever is wrong later is a name or a value, and can be named.
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) { throw Bad(path, "holds no JSON object"); }
            DemandKnownNames(path, document.RootElement, typeof(Scenario), "");
        }
        catch (JsonException e)
        {
            throw Bad(path, $"is not valid JSON at line {e.LineNumber + 1}");
        }

        try
        {
            return JsonSerializer.Deserialize<Scenario>(text.Span, Json)!;
        }
        catch (JsonException e)
        {
            string name = e.Path is { Length: > 2 } place ? Quoted.Of(place[2..]) : "a value";
            throw Bad(path, $"has an impossible value or a second one for {name} at line {e.LineNumber + 1}");
        }
    }

    static void DemandKnownNames(string path, JsonElement json, Type type, string prefix)
    {
        var known = Json.GetTypeInfo(type).Properties.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (!known.TryGetValue(property.Name, out var info)) { throw Bad(path, $"has an unknown name {Quoted.Of(prefix + property.Name)}"); }
            if (property.Value.ValueKind == JsonValueKind.Null) { throw Bad(path, $"has null for {Quoted.Of(prefix + property.Name)}; leave it out instead"); }
            if (property.Value.ValueKind == JsonValueKind.Object && Json.GetTypeInfo(info.PropertyType).Kind == JsonTypeInfoKind.Object)
            {
                DemandKnownNames(path, property.Value, info.PropertyType, $"{prefix}{property.Name}.");
            }
        }
    }

    static BadUsageException Bad(string path, string what) => new($"The scenario file {Quoted.Of(path)} {what}.");
}

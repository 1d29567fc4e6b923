using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GwbCloud.Lab.CloudSync;

/// <summary>The part of a job's schema that provisions groups, as the engine runs it.</summary>
public sealed record SyncSchema
{
    /// <summary>The source attribute that holds references to members.</summary>
    public const string MembersAttribute = "members";
    public const string Container = "parentDistinguishedName";
    public const string CommonName = "cn";
    public const string Anchor = "msDS-ExternalDirectoryObjectId";

    // A schema is parsed once for each text; jobs keep the same text for many cycles.
    static readonly ConcurrentDictionary<string, SyncSchema> Parsed = new();

    /// <summary>Id of the synchronisation rule.</summary>
    public required string RuleId { get; init; }
    public required bool Enabled { get; init; }
    public required ScopeFilter Scope { get; init; }
    public required IReadOnlyDictionary<string, AttributeMapping> Mappings { get; init; }

    /// <summary>Reads a schema as Graph takes it.</summary>
    /// <exception cref="SchemaException">It is malformed, or maps what is not declared.</exception>
    public static SyncSchema Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (Parsed.TryGetValue(json, out var known))
        {
            return known;
        }

        SyncSchema schema;
        try
        {
            schema = Read(JsonNode.Parse(json) as JsonObject ?? throw new SchemaException("The schema is not an object."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new SchemaException($"The schema is not valid: {e.Message}");
        }

        Parsed.TryAdd(json, schema);
        return schema;
    }

    /// <summary>The value that a group gets for a target attribute; null when it is not mapped or has none.</summary>
    public string? Value(string target, Func<string, string?> attribute) =>
        Mappings.TryGetValue(target, out var mapping) ? mapping.Value(attribute) : null;

    static SyncSchema Read(JsonObject root)
    {
        var rule = (root["synchronizationRules"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault()
            ?? throw new SchemaException("The schema has no synchronization rule.");
        var mapping = (rule["objectMappings"] as JsonArray)?.OfType<JsonObject>()
            .FirstOrDefault(m => "group".Equals((string?)m["targetObjectName"], StringComparison.OrdinalIgnoreCase))
            ?? throw new SchemaException("The schema does not map groups.");
        var declared = Declared(root, (string?)rule["targetDirectoryName"], "group");
        var sources = Declared(root, (string?)rule["sourceDirectoryName"], (string?)mapping["sourceObjectName"] ?? "Group");

        var mappings = new Dictionary<string, AttributeMapping>(StringComparer.OrdinalIgnoreCase);
        foreach (var json in (mapping["attributeMappings"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var read = AttributeMapping.FromJson(json);
            if (!declared.Contains(read.Target))
            {
                throw new SchemaException($"The attribute '{read.Target}' is not declared for group in the target directory.");
            }

            DemandDeclared(read.Source is null ? [] : ExpressionFunctions.Attributes(read.Source));

            // The service does not reject a second mapping of one attribute; the last one counts.
            mappings[read.Target] = read;
        }

        var scope = ScopeFilter.FromJson(mapping["scope"] as JsonObject);
        DemandDeclared(scope.Groups.Concat(scope.InputGroups).SelectMany(g => g).Select(c => c.Attribute));
        return new SyncSchema
        {
            RuleId = (string?)rule["id"] ?? throw new SchemaException("The synchronization rule has no id."),
            Enabled = (bool?)mapping["enabled"] ?? true,
            Scope = scope,
            Mappings = mappings,
        };

        void DemandDeclared(IEnumerable<string> attributes)
        {
            if (attributes.FirstOrDefault(a => !sources.Contains(a)) is { } unknown)
            {
                throw new SchemaException($"The attribute '{unknown}' is not declared for the source object.");
            }
        }
    }

    static HashSet<string> Declared(JsonObject root, string? directoryName, string objectName)
    {
        var directory = (root["directories"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(d => (string?)d["name"] == directoryName)
            ?? throw new SchemaException($"The directory '{directoryName}' is not declared.");
        var group = (directory["objects"] as JsonArray)?.OfType<JsonObject>()
            .FirstOrDefault(o => objectName.Equals((string?)o["name"], StringComparison.OrdinalIgnoreCase));
        return [.. (group?["attributes"] as JsonArray ?? []).OfType<JsonObject>().Select(a => (string?)a["name"] ?? "")];
    }
}

public sealed record AttributeMapping
{
    public required string Target { get; init; }
    public MappingSource? Source { get; init; }
    public string? Default { get; init; }

    /// <summary>Above zero: objects are matched by this attribute.</summary>
    public int MatchingPriority { get; init; }

    /// <summary>Written when the object is made and never again.</summary>
    public bool AddOnly { get; init; }

    public static AttributeMapping FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new AttributeMapping
        {
            Target = (string?)json["targetAttributeName"] ?? throw new SchemaException("A mapping has no targetAttributeName."),
            Source = json["source"] is JsonObject source ? MappingSource.FromJson(source) : null,
            Default = (string?)json["defaultValue"],
            MatchingPriority = (int?)json["matchingPriority"] ?? 0,
            AddOnly = "ObjectAddOnly".Equals((string?)json["flowType"], StringComparison.OrdinalIgnoreCase),
        };
    }

    public string? Value(Func<string, string?> attribute)
    {
        var value = Source is null ? null : ExpressionFunctions.Evaluate(Source, attribute);
        return string.IsNullOrEmpty(value) ? Default : value;
    }
}

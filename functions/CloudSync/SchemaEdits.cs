using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Contracts;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>What the job's schema must be for a plan, and the way there: edits in place, by the name of the target attribute.</summary>
/// <remarks>
/// The schema belongs to the service and is written back whole, so nothing is rebuilt and nothing is left out. An expression stands in it
/// twice, as text and as a tree; whoever edits replaces both. Source: migrate how-to, naming convention; attribute mapping, Entra to AD.
/// </remarks>
public static class SchemaEdits
{
    public const string CommonName = "cn";
    public const string Container = "parentDistinguishedName";
    public const string Member = "member";

    /// <summary>The value of both anchors.</summary>
    public const string AnchorExpression = "Append(\"Group_\",[objectId])";

    /// <summary>Cloud Sync's own default for names.</summary>
    public const string DisplayNameExpression = "Append(Append(Left(Trim([displayName]),51),\"_\"),Mid([objectId],25,12))";

    const string MatchAnchor = "msDS-ExternalDirectoryObjectId";
    static readonly string[] NeededFlows = ["Add", "Update"];
    static readonly string[] AnchorAttributes = ["adminDescription", MatchAnchor];

    /// <summary>The expression that names groups as they are named now.</summary>
    public static string NameExpression(NamingStyle naming) => naming == NamingStyle.GroupGuid ? AnchorExpression : DisplayNameExpression;

    /// <summary>Id of the synchronisation rule that maps groups, as provisioning on demand wants it.</summary>
    public static string RuleId(JsonObject schema) => (string?)GroupMapping.Find(schema).Rule["id"] ?? throw new GraphException(GraphError.SchemaUnknown, "rule without id");

    /// <summary>Maps name, container and anchors as planned. The same schema and plan give the same schema, however often.</summary>
    /// <param name="schema">Edited in place.</param>
    /// <param name="plan">What is wanted.</param>
    public static void Apply(JsonObject schema, SchemaPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var mappings = AttributeMappings.Of(GroupMapping.Find(schema).Mapping);
        SetSource(mappings, CommonName, plan.Name);
        foreach (var anchor in AnchorAttributes)
        {
            SetSource(mappings, anchor, plan.Anchor);
        }

        var match = mappings.Entry(MatchAnchor);
        if ((int?)match["matchingPriority"] is not > 0)
        {
            match["matchingPriority"] = 1;
        }

        if (plan.Container is { } container)
        {
            SetSource(mappings, Container, container);
        }
        else if (!HasContainer(mappings, plan.WritebackOu))
        {
            SetContainer(mappings, plan.WritebackOu);
        }

        if (plan.SourceAttribute is { } attribute && !Declares(schema, attribute))
        {
            SourceAttributes(schema).Add((JsonNode)new JsonObject
            {
                ["name"] = attribute,
                ["type"] = "String",
                ["anchor"] = false,
                ["required"] = false,
                ["multivalued"] = false,
                ["mutability"] = "ReadWrite",
                ["caseExact"] = false,
                ["referencedObjects"] = new JsonArray(),
            });
        }
    }

    /// <summary>Everything about the mappings that the plan wants otherwise; empty when all is well.</summary>
    public static IReadOnlyList<SchemaDeviation> Deviations(JsonObject schema, SchemaPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var mapping = GroupMapping.Find(schema).Mapping;
        var mappings = AttributeMappings.Of(mapping);
        var found = new List<SchemaDeviation>();
        if ((bool?)mapping["enabled"] == false)
        {
            found.Add(new(GraphError.MappingOff, "the mapping of groups is disabled"));
        }

        if (mapping["flowTypes"] is JsonValue flows && NeededFlows.FirstOrDefault(f => !flows.ToString().Contains(f, StringComparison.OrdinalIgnoreCase)) is { } missing)
        {
            found.Add(new(GraphError.MappingOff, $"the mapping of groups does not {missing.ToLowerInvariant()}"));
        }

        foreach (var twice in mappings.GroupBy(AttributeMappings.Target, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            found.Add(new(GraphError.DoubleMapping, $"{twice.Key} is mapped {twice.Count()} times"));
        }

        if (!mappings.HasSource(CommonName, plan.Name))
        {
            found.Add(new(GraphError.NameMapping, $"cn is mapped to {mappings.Shown(CommonName)}, planned is {plan.Name.Expression}"));
        }

        if (plan.Container is { } wanted ? !mappings.HasSource(Container, wanted) : !HasContainer(mappings, plan.WritebackOu))
        {
            found.Add(new(GraphError.ContainerMapping, $"parentDistinguishedName is mapped to {mappings.Shown(Container)}, planned is {plan.WritebackOu}"));
        }

        found.AddRange(AnchorAttributes
            .Where(anchor => !mappings.HasSource(anchor, plan.Anchor))
            .Select(anchor => new SchemaDeviation(GraphError.AnchorMapping, $"{anchor} is mapped to {mappings.Shown(anchor)}")));
        if ((int?)mappings.One(MatchAnchor)?["matchingPriority"] is not > 0)
        {
            found.Add(new(GraphError.AnchorMapping, $"{MatchAnchor} does not match objects"));
        }

        if (plan.SourceAttribute is { } attribute && !Declares(schema, attribute))
        {
            found.Add(new(GraphError.SourceAttribute, attribute));
        }

        if (!mappings.IsMapped(Member, "[members]") || !AttributeMappings.IsAlways(mappings.One(Member)!))
        {
            found.Add(new(GraphError.MemberMapping, $"member is mapped to {mappings.Shown(Member)}"));
        }

        return found;
    }

    /// <summary>What maps an attribute now, as an expression that can stand inside another; null where nothing does, or only at creation.</summary>
    public static string? OwnExpression(JsonObject schema, string target)
    {
        if (AttributeMappings.Of(GroupMapping.Find(schema).Mapping).One(target) is not { } entry
            || !AttributeMappings.IsAlways(entry))
        {
            return null;
        }

        // A default steps in where the expression gives nothing: no expression of ours could say that.
        var source = entry["source"] as JsonObject;
        return AttributeMappings.Constant(entry) is { } constant ? GroupDn.Quoted(constant)
            : source is null || !string.IsNullOrEmpty((string?)entry["defaultValue"]) ? null
            : "Attribute".Equals((string?)source["type"], StringComparison.OrdinalIgnoreCase) ? $"[{(string?)source["name"]}]"
            : (string?)source["expression"];
    }

    /// <summary>The tree of a mapping, which the service runs, is that of its text, which people see; also where it has none of its own.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="target">The attribute that is mapped.</param>
    /// <param name="text">The mapping's text, parsed. A text that does not parse runs as written nowhere.</param>
    public static bool RunsAsWritten(JsonObject schema, string target, ParsedExpression text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AttributeMappings.Of(GroupMapping.Find(schema).Mapping).One(target)?["source"] is not JsonObject source
            || AttributeMappings.RunsAs(source, text.Source);
    }

    /// <summary>Hash of all that decides: the rules, without the scope (which changes with the rings) and without versions.</summary>
    public static string Hash(JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var rules = schema["synchronizationRules"]?.DeepClone() as JsonArray ?? [];
        foreach (var mapping in rules.OfType<JsonObject>().SelectMany(rule => (rule["objectMappings"] as JsonArray ?? []).OfType<JsonObject>()))
        {
            mapping.Remove("scope");
        }

        return HashOf(rules);
    }

    // Cloud Sync does not discover schemas: what an expression reads must be declared at the source's object.
    static JsonArray SourceAttributes(JsonObject schema)
    {
        var (rule, mapping) = GroupMapping.Find(schema);
        return (schema["directories"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(d => (string?)d["name"] == (string?)rule["sourceDirectoryName"])
            .SelectMany(d => (d["objects"] as JsonArray ?? []).OfType<JsonObject>())
            .FirstOrDefault(o => string.Equals((string?)o["name"], (string?)mapping["sourceObjectName"], StringComparison.OrdinalIgnoreCase))?["attributes"] as JsonArray
            ?? throw new GraphException(GraphError.SchemaUnknown, "the source declares no attributes of groups");
    }

    static bool Declares(JsonObject schema, string attribute)
        => SourceAttributes(schema).OfType<JsonObject>().Any(a => attribute.Equals((string?)a["name"], StringComparison.OrdinalIgnoreCase));

    static void SetSource(AttributeMappings mappings, string target, ParsedExpression wanted)
    {
        if (mappings.HasSource(target, wanted))
        {
            return;
        }

        var entry = mappings.Entry(target);
        entry["source"] = wanted.Source.DeepClone();
        entry["flowType"] = AttributeMappings.Always;

        // A default would step in where the expression gives nothing, and an object would be written once with it.
        entry["defaultValue"] = null;
    }

    static void SetContainer(AttributeMappings mappings, string writebackOu)
    {
        var entry = mappings.Entry(Container);
        entry["flowType"] = AttributeMappings.Always;
        if (entry["source"] is null && entry["defaultValue"] is not null)
        {
            // Some schemas hold a constant as the default of no source: kept in its form.
            entry["defaultValue"] = writebackOu;
            return;
        }

        entry["source"] = new JsonObject
        {
            ["type"] = "Constant",
            ["name"] = writebackOu,
            ["expression"] = GroupDn.Quoted(writebackOu),
            ["parameters"] = new JsonArray(),
        };
        entry["defaultValue"] = null;
    }

    static bool HasContainer(AttributeMappings mappings, string writebackOu)
        => mappings.One(Container) is { } entry && AttributeMappings.Constant(entry) is { } container && DistinguishedName.Same(container, writebackOu)
            && AttributeMappings.IsAlways(entry);

    static string HashOf(JsonNode? node) => node is null ? string.Empty : CanonicalJson.Hash(node);
}

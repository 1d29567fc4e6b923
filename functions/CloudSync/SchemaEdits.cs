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
    static readonly string[] AnchorAttributes = ["adminDescription", MatchAnchor];

    /// <summary>The expression that names groups as they are named now.</summary>
    public static string NameExpression(NamingStyle naming) => naming == NamingStyle.GroupGuid ? AnchorExpression : DisplayNameExpression;

    /// <summary>Id of the synchronisation rule that maps groups, as provisioning on demand wants it.</summary>
    public static string RuleId(JsonObject schema) => (string?)Find(schema).Rule["id"] ?? throw new GraphException(GraphError.SchemaUnknown, "rule without id");

    /// <summary>Maps name, container and anchors as planned. The same schema and plan give the same schema, however often.</summary>
    /// <param name="schema">Edited in place.</param>
    /// <param name="plan">What is wanted.</param>
    public static void Apply(JsonObject schema, SchemaPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var mappings = Mappings(Find(schema).Mapping);
        SetSource(mappings, CommonName, plan.Name);
        foreach (var anchor in AnchorAttributes)
        {
            SetSource(mappings, anchor, plan.Anchor);
        }

        var match = Entry(mappings, MatchAnchor);
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

    /// <summary>Lets only canaries through. The unassigned one is among them: only its missing assignment may keep it out.</summary>
    public static void SetCanaryFilter(JsonObject schema, Canaries canaries)
    {
        if (!HasCanaryFilter(schema, canaries))
        {
            Find(schema).Mapping["scope"] = CanaryFilter(canaries);
        }
    }

    /// <summary>Puts the scope back that was there before the canaries' filter.</summary>
    /// <param name="schema">Edited in place.</param>
    /// <param name="before">The schema as it was found.</param>
    public static void RestoreScope(JsonObject schema, JsonObject before)
    {
        if (!HasScopeOf(schema, before))
        {
            Find(schema).Mapping["scope"] = Find(before).Mapping["scope"]?.DeepClone();
        }
    }

    /// <summary>The filter names the three canaries and nothing else.</summary>
    public static bool HasCanaryFilter(JsonObject schema, Canaries canaries)
        => Find(schema).Mapping["scope"] is JsonObject scope
            && (scope["inputFilterGroups"] as JsonArray ?? []).Count == 0
            && (scope["categoryFilterGroups"] as JsonArray ?? []).Count == 0
            && ClausesOf(scope).Order(StringComparer.Ordinal).SequenceEqual(ClausesOf(CanaryFilter(canaries)).Order(StringComparer.Ordinal));

    /// <summary>The scope is the one that was there before.</summary>
    public static bool HasScopeOf(JsonObject schema, JsonObject before)
        => HashOf(Find(schema).Mapping["scope"]) == HashOf(Find(before).Mapping["scope"]);

    /// <summary>Everything about the mappings that the plan wants otherwise; empty when all is well.</summary>
    public static IReadOnlyList<SchemaDeviation> Deviations(JsonObject schema, SchemaPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var mapping = Find(schema).Mapping;
        var mappings = Mappings(mapping);
        var found = new List<SchemaDeviation>();
        if ((bool?)mapping["enabled"] == false)
        {
            found.Add(new(GraphError.MappingOff, "the mapping of groups is disabled"));
        }

        foreach (var twice in mappings.GroupBy(Target, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            found.Add(new(GraphError.DoubleMapping, $"{twice.Key} is mapped {twice.Count()} times"));
        }

        if (!HasSource(mappings, CommonName, plan.Name))
        {
            found.Add(new(GraphError.NameMapping, $"cn is mapped to {Shown(mappings, CommonName)}, planned is {plan.Name.Expression}"));
        }

        if (plan.Container is { } wanted ? !HasSource(mappings, Container, wanted) : !HasContainer(mappings, plan.WritebackOu))
        {
            found.Add(new(GraphError.ContainerMapping, $"parentDistinguishedName is mapped to {Shown(mappings, Container)}, planned is {plan.WritebackOu}"));
        }

        found.AddRange(AnchorAttributes
            .Where(anchor => !HasSource(mappings, anchor, plan.Anchor))
            .Select(anchor => new SchemaDeviation(GraphError.AnchorMapping, $"{anchor} is mapped to {Shown(mappings, anchor)}")));
        if ((int?)One(mappings, MatchAnchor)?["matchingPriority"] is not > 0)
        {
            found.Add(new(GraphError.AnchorMapping, $"{MatchAnchor} does not match objects"));
        }

        if (plan.SourceAttribute is { } attribute && !Declares(schema, attribute))
        {
            found.Add(new(GraphError.SourceAttribute, attribute));
        }

        if (!IsMapped(mappings, Member, "[members]"))
        {
            found.Add(new(GraphError.MemberMapping, $"member is mapped to {Shown(mappings, Member)}"));
        }

        return found;
    }

    /// <summary>What maps an attribute now, as an expression that can stand inside another; null where nothing does, or only at creation.</summary>
    public static string? OwnExpression(JsonObject schema, string target)
    {
        if (One(Mappings(Find(schema).Mapping), target) is not { } entry
            || !"Always".Equals((string?)entry["flowType"] ?? "Always", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // A default steps in where the expression gives nothing: no expression of ours could say that.
        var source = entry["source"] as JsonObject;
        return Constant(entry) is { } constant ? GroupDn.Quoted(constant)
            : source is null || !string.IsNullOrEmpty((string?)entry["defaultValue"]) ? null
            : "Attribute".Equals((string?)source["type"], StringComparison.OrdinalIgnoreCase) ? $"[{(string?)source["name"]}]"
            : (string?)source["expression"];
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

    static (JsonObject Rule, JsonObject Mapping) Find(JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        foreach (var rule in (schema["synchronizationRules"] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var mapping in (rule["objectMappings"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if ("group".Equals((string?)mapping["sourceObjectName"], StringComparison.OrdinalIgnoreCase)
                    && "group".Equals((string?)mapping["targetObjectName"], StringComparison.OrdinalIgnoreCase))
                {
                    return (rule, mapping);
                }
            }
        }

        throw new GraphException(GraphError.SchemaUnknown);
    }

    // Cloud Sync does not discover schemas: what an expression reads must be declared at the source's object.
    static JsonArray SourceAttributes(JsonObject schema)
    {
        var (rule, mapping) = Find(schema);
        return (schema["directories"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(d => (string?)d["name"] == (string?)rule["sourceDirectoryName"])
            .SelectMany(d => (d["objects"] as JsonArray ?? []).OfType<JsonObject>())
            .FirstOrDefault(o => string.Equals((string?)o["name"], (string?)mapping["sourceObjectName"], StringComparison.OrdinalIgnoreCase))?["attributes"] as JsonArray
            ?? throw new GraphException(GraphError.SchemaUnknown, "the source declares no attributes of groups");
    }

    static bool Declares(JsonObject schema, string attribute)
        => SourceAttributes(schema).OfType<JsonObject>().Any(a => attribute.Equals((string?)a["name"], StringComparison.OrdinalIgnoreCase));

    static JsonArray MappingArray(JsonObject mapping)
        => mapping["attributeMappings"] as JsonArray ?? throw new GraphException(GraphError.SchemaUnknown, "no attribute mappings");

    static EditableMappings Mappings(JsonObject mapping) => new(MappingArray(mapping));

    static string Target(JsonObject entry) => (string?)entry["targetAttributeName"] ?? string.Empty;

    static JsonObject? One(EditableMappings mappings, string target)
        => mappings.FirstOrDefault(m => target.Equals(Target(m), StringComparison.OrdinalIgnoreCase));

    // The first entry is edited; a second one is a deviation that a person must look at.
    static JsonObject Entry(EditableMappings mappings, string target)
    {
        if (One(mappings, target) is { } there)
        {
            return there;
        }

        var made = new JsonObject
        {
            ["targetAttributeName"] = target,
            ["defaultValue"] = null,
            ["exportMissingReferences"] = false,
            ["flowBehavior"] = "FlowWhenChanged",
            ["flowType"] = "Always",
            ["matchingPriority"] = 0,
            ["source"] = null,
        };
        mappings.Add(made);
        return made;
    }

    static void SetSource(EditableMappings mappings, string target, ParsedExpression wanted)
    {
        if (HasSource(mappings, target, wanted))
        {
            return;
        }

        var entry = Entry(mappings, target);
        entry["source"] = wanted.Source.DeepClone();

        // A default would step in where the expression gives nothing, and an object would be written once with it.
        entry["defaultValue"] = null;
    }

    static void SetContainer(EditableMappings mappings, string writebackOu)
    {
        var entry = Entry(mappings, Container);
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

    static bool HasContainer(EditableMappings mappings, string writebackOu)
        => One(mappings, Container) is { } entry && Constant(entry) is { } container && DistinguishedName.Same(container, writebackOu)
            && "Always".Equals((string?)entry["flowType"] ?? "Always", StringComparison.OrdinalIgnoreCase);

    static string? Constant(JsonObject entry) => entry["source"] switch
    {
        null => (string?)entry["defaultValue"],
        JsonObject source when "Constant".Equals((string?)source["type"], StringComparison.OrdinalIgnoreCase)
            => (string?)source["name"] ?? ((string?)source["expression"])?.Trim('"'),
        _ => null,
    };

    // Text and tree must both say it: the portal shows the one, the engine may run the other.
    static bool HasSource(EditableMappings mappings, string target, ParsedExpression wanted)
        => IsMapped(mappings, target, wanted.Expression)
            && One(mappings, target) is { } entry
            && "Always".Equals((string?)entry["flowType"] ?? "Always", StringComparison.OrdinalIgnoreCase)
            && SameTree((JsonObject)entry["source"]!, wanted.Source);

    static bool IsMapped(EditableMappings mappings, string target, string expression)
        => One(mappings, target)?["source"] is JsonObject source
            && Tight((string?)source["expression"] ?? $"[{(string?)source["name"]}]") == Tight(expression);

    // A function without arguments has no tree; then the text alone decides.
    static bool SameTree(JsonObject one, JsonObject other) => !HasTree(one) || !HasTree(other) || Tree(one) == Tree(other);

    static bool HasTree(JsonObject source) => source["parameters"] is JsonArray { Count: > 0 };

    static string Tree(JsonNode? source) => source is not JsonObject node ? string.Empty
        : $"{((string?)node["type"])?.ToUpperInvariant()} {(string?)node["name"]}"
            + $"({string.Join(',', (node["parameters"] as JsonArray ?? []).Select(p => Tree(p?["value"])))})";

    static string Shown(EditableMappings mappings, string target) => One(mappings, target) is not { } entry ? "nothing"
        : entry["source"] is JsonObject source ? (string?)source["expression"] ?? (string?)source["name"] ?? "nothing"
        : (string?)entry["defaultValue"] ?? "nothing";

    // Blanks outside of constants mean nothing to the service. A backslash keeps a quote inside its constant.
    static string Tight(string expression)
    {
        var tight = new StringBuilder(expression.Length);
        var quoted = false;
        for (var at = 0; at < expression.Length; at++)
        {
            quoted ^= expression[at] == '"' && !(quoted && expression[at - 1] == '\\');
            if (quoted || !char.IsWhiteSpace(expression[at]))
            {
                tight.Append(expression[at]);
            }
        }

        return tight.ToString();
    }

    static JsonObject CanaryFilter(Canaries canaries) => new()
    {
        ["categoryFilterGroups"] = new JsonArray(),
        ["groups"] = new JsonArray([.. canaries.All.Select(id => (JsonNode)new JsonObject
        {
            ["name"] = $"Canary {id:D}",
            ["clauses"] = new JsonArray(new JsonObject
            {
                ["sourceOperandName"] = "objectId",
                ["operatorName"] = "EQUALS",
                ["targetOperand"] = new JsonObject { ["values"] = new JsonArray(id.ToString("D")) },
            }),
        })]),
        ["inputFilterGroups"] = new JsonArray(),
    };

    static IEnumerable<string> ClausesOf(JsonObject scope)
        => (scope["groups"] as JsonArray ?? []).OfType<JsonObject>().Select(group => string.Join(" and ", (group["clauses"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Select(clause => string.Join(' ', [
                (string?)clause["sourceOperandName"], (string?)clause["operatorName"],
                .. (clause["targetOperand"]?["values"] as JsonArray ?? []).Select(v => ((string?)v)?.ToLowerInvariant())]))));

    static string HashOf(JsonNode? node) => node is null ? string.Empty : CanonicalJson.Hash(node);

    // The array of mappings, as objects.
    sealed class EditableMappings(JsonArray array) : IEnumerable<JsonObject>
    {
        public void Add(JsonObject entry) => array.Add((JsonNode)entry);

        public IEnumerator<JsonObject> GetEnumerator() => array.OfType<JsonObject>().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>What a plan wants of the schema.</summary>
public sealed record SchemaPlan
{
    /// <summary>How groups are named.</summary>
    public required ParsedExpression Name { get; init; }

    /// <summary>The value of both anchors.</summary>
    public required ParsedExpression Anchor { get; init; }

    /// <summary>Distinguished name of the container of all groups.</summary>
    public required string WritebackOu { get; init; }

    /// <summary>The container as an expression, where groups keep places of their own; null maps <see cref="WritebackOu"/> as a constant.</summary>
    public ParsedExpression? Container { get; init; }

    /// <summary>Attribute of groups in Entra that the expressions read and the schema must declare; null when they read the usual ones.</summary>
    public string? SourceAttribute { get; init; }
}

/// <summary>An expression as text and as the service parses it: a <c>source</c> of the schema.</summary>
public sealed record ParsedExpression
{
    public required string Expression { get; init; }
    public required JsonObject Source { get; init; }

    /// <summary>Without a tree, for a service that does not parse: it then does so when the schema is written.</summary>
    public static ParsedExpression TextOnly(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new ParsedExpression
        {
            Expression = expression,
            Source = new JsonObject
            {
                ["type"] = "Function",
                ["name"] = expression[..expression.IndexOf('(', StringComparison.Ordinal)],
                ["expression"] = expression,
                ["parameters"] = new JsonArray(),
            },
        };
    }
}

/// <summary>A line of the table of errors and what was found.</summary>
public sealed record SchemaDeviation(ErrorEntry Error, string Detail)
{
    /// <summary>Begins with the code.</summary>
    public override string ToString() => $"{Error.Code}: {Error.Message} ({Detail})";
}

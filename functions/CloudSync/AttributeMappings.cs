using System.Collections;
using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The attribute mappings of a schema's mapping of groups, found and compared by the name of the target attribute. Edits are made in place.</summary>
sealed class AttributeMappings(JsonArray array) : IEnumerable<JsonObject>
{
    public const string Always = "Always";

    /// <param name="mapping">The mapping of groups, see <see cref="GroupMapping.Find"/>.</param>
    public static AttributeMappings Of(JsonObject mapping)
        => new(mapping["attributeMappings"] as JsonArray ?? throw new GraphException(GraphError.SchemaUnknown, "no attribute mappings"));

    public static string Target(JsonObject entry) => (string?)entry["targetAttributeName"] ?? string.Empty;

    public JsonObject? One(string target)
        => this.FirstOrDefault(m => target.Equals(Target(m), StringComparison.OrdinalIgnoreCase));

    /// <summary>The entry to edit, made when there is none. A second one is a deviation that a person must look at.</summary>
    public JsonObject Entry(string target)
    {
        if (One(target) is { } there)
        {
            return there;
        }

        var made = new JsonObject
        {
            ["targetAttributeName"] = target,
            ["defaultValue"] = null,
            ["exportMissingReferences"] = false,
            ["flowBehavior"] = "FlowWhenChanged",
            ["flowType"] = Always,
            ["matchingPriority"] = 0,
            ["source"] = null,
        };
        array.Add((JsonNode)made);
        return made;
    }

    /// <summary>It maps at every change; one that maps at creation only says nothing about groups that are there.</summary>
    public static bool IsAlways(JsonObject entry) => Always.Equals((string?)entry["flowType"] ?? Always, StringComparison.OrdinalIgnoreCase);

    /// <summary>The constant that an entry maps, in whichever of the two forms; null for anything else.</summary>
    public static string? Constant(JsonObject entry) => entry["source"] switch
    {
        null => (string?)entry["defaultValue"],
        JsonObject source when "Constant".Equals((string?)source["type"], StringComparison.OrdinalIgnoreCase)
            => (string?)source["name"] ?? ((string?)source["expression"])?.Trim('"'),
        _ => null,
    };

    /// <summary>Mapped so, always. Text and tree must both say it: the portal shows the one, the engine may run the other.</summary>
    public bool HasSource(string target, ParsedExpression wanted)
        => IsMapped(target, wanted.Expression)
            && One(target) is { } entry
            && IsAlways(entry)
            && SameTree((JsonObject)entry["source"]!, wanted.Source);

    /// <summary>The text says so.</summary>
    public bool IsMapped(string target, string expression)
        => One(target)?["source"] is JsonObject source
            && Tight((string?)source["expression"] ?? $"[{(string?)source["name"]}]") == Tight(expression);

    // A function without arguments has no tree; then the text alone decides.
    static bool SameTree(JsonObject one, JsonObject other) => !HasTree(one) || !HasTree(other) || Tree(one) == Tree(other);

    /// <summary>A source runs as a parsed one says: it has the same tree, or none, so that the service parses its text.</summary>
    public static bool RunsAs(JsonObject source, JsonObject parsed) => !HasTree(source) || Tree(source) == Tree(parsed);

    static bool HasTree(JsonObject source) => source["parameters"] is JsonArray { Count: > 0 };

    static string Tree(JsonNode? source) => source is not JsonObject node ? string.Empty
        : $"{((string?)node["type"])?.ToUpperInvariant()} {(string?)node["name"]}"
            + $"({string.Join(',', (node["parameters"] as JsonArray ?? []).Select(p => Tree(p?["value"])))})";

    /// <summary>What maps an attribute, for people.</summary>
    public string Shown(string target) => One(target) is not { } entry ? "nothing"
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

    public IEnumerator<JsonObject> GetEnumerator() => array.OfType<JsonObject>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

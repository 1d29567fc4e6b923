using System.Text.Json.Nodes;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The scope of the mapping of groups: the canaries' filter, and what was there before it. Pure.</summary>
/// <remarks>What a filter leaves out is deprovisioned, so that it is set only while nothing is managed. Source: synchronization schema, filter.</remarks>
public static class MappingScope
{
    /// <summary>Lets only canaries through. The unassigned one is among them: only its missing assignment may keep it out.</summary>
    public static void SetCanaryFilter(JsonObject schema, Canaries canaries)
    {
        if (!HasCanaryFilter(schema, canaries))
        {
            GroupMapping.Find(schema).Mapping["scope"] = CanaryFilter(canaries);
        }
    }

    /// <summary>Puts the scope back that was there before the canaries' filter.</summary>
    /// <param name="schema">Edited in place.</param>
    /// <param name="before">The schema as it was found.</param>
    public static void RestoreScope(JsonObject schema, JsonObject before)
    {
        if (!HasScopeOf(schema, before))
        {
            GroupMapping.Find(schema).Mapping["scope"] = GroupMapping.Find(before).Mapping["scope"]?.DeepClone();
        }
    }

    /// <summary>The filter names the three canaries and nothing else.</summary>
    public static bool HasCanaryFilter(JsonObject schema, Canaries canaries)
        => GroupMapping.Find(schema).Mapping["scope"] is JsonObject scope
            && (scope["inputFilterGroups"] as JsonArray ?? []).Count == 0
            && (scope["categoryFilterGroups"] as JsonArray ?? []).Count == 0
            && ClausesOf(scope).Order(StringComparer.Ordinal).SequenceEqual(ClausesOf(CanaryFilter(canaries)).Order(StringComparer.Ordinal));

    /// <summary>The scope is the one that was there before.</summary>
    public static bool HasScopeOf(JsonObject schema, JsonObject before)
        => HashOf(GroupMapping.Find(schema).Mapping["scope"]) == HashOf(GroupMapping.Find(before).Mapping["scope"]);

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
}

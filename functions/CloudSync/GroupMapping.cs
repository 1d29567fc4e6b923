using System.Text.Json.Nodes;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Where a schema maps groups to groups.</summary>
static class GroupMapping
{
    /// <exception cref="GraphException">GWB4105: nowhere.</exception>
    public static (JsonObject Rule, JsonObject Mapping) Find(JsonObject schema)
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
}

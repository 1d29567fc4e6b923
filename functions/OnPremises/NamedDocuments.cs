using System.Text.Json;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.OnPremises;

/// <summary>Finds the documents that a command or a result names, wherever in it they stand.</summary>
static class NamedDocuments
{
    public static IReadOnlyList<DocumentReference> In(JsonElement value)
    {
        var found = new Dictionary<string, DocumentReference>(StringComparer.Ordinal);
        Collect(value, found);
        return [.. found.Values];
    }

    static void Collect(JsonElement value, Dictionary<string, DocumentReference> found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when ReferenceOf(value) is { } reference:
                found.TryAdd(reference.Sha256, reference);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Collect(member.Value, found);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Collect(item, found);
                }

                break;
            default:
                break;
        }
    }

    static DocumentReference? ReferenceOf(JsonElement value)
    {
        if (!value.TryGetProperty("sha256", out _))
        {
            return null;
        }

        try
        {
            var reference = value.Deserialize<DocumentReference>(ContractJson.Options);
            return reference?.Check() is null ? reference : null;
        }
        catch (JsonException)
        {
            // Another record that happens to hold a hash.
            return null;
        }
    }
}

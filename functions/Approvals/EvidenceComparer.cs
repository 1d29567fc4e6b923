using System.Globalization;
using System.Text.Json;
using GwbCloud.Contracts.Evidence;

namespace GwbCloud.Functions.Approvals;

/// <summary>What differs between two sets of evidence, fact by fact, for people who are asked again.</summary>
public static class EvidenceComparer
{
    /// <summary>More than anybody reads; the parts themselves have all of it.</summary>
    public const int Most = 50;

    const int LongestValue = 200;

    public static IReadOnlyList<EvidenceChange> Compare(IReadOnlyList<EvidencePart> before, IReadOnlyList<EvidencePart> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var names = before.Concat(after).Select(part => part.Name).Distinct().Order(StringComparer.Ordinal);
        return
        [
            .. names.SelectMany(name => Differences(
                name, "", before.FirstOrDefault(part => part.Name == name)?.Facts, after.FirstOrDefault(part => part.Name == name)?.Facts)).Take(Most),
        ];
    }

    static IEnumerable<EvidenceChange> Differences(string part, string path, JsonElement? before, JsonElement? after)
    {
        if (before is { } one && after is { } other)
        {
            if (JsonElement.DeepEquals(one, other))
            {
                return [];
            }

            if (one.ValueKind == other.ValueKind && one.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                var (was, now) = (Members(one), Members(other));
                return was.Keys.Union(now.Keys).SelectMany(name => Differences(
                    part, path.Length == 0 ? name : $"{path}.{name}", was.TryGetValue(name, out var old) ? old : null, now.TryGetValue(name, out var fresh) ? fresh : null));
            }
        }

        return [new() { Part = part, Path = Short(path), Before = Text(before), After = Text(after) }];
    }

    // Lists in evidence are sorted, and what stands in them is its own name: a member that went would otherwise shift all that follow.
    static Dictionary<string, JsonElement> Members(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        }

        Dictionary<string, JsonElement> items = new(StringComparer.Ordinal);
        foreach (var (index, item) in element.EnumerateArray().Index())
        {
            var name = item.ValueKind == JsonValueKind.String ? $"[{item.GetString()}]" : $"[{index.ToString(CultureInfo.InvariantCulture)}]";
            items.TryAdd(name, item);
        }

        return items;
    }

    static string? Text(JsonElement? value) => value?.GetRawText() is { } text ? Short(text) : null;

    // The gate that bears it is published over and over, and what is listed is as long as its owner made it.
    static string Short(string text) => text.Length <= LongestValue ? text : text[..LongestValue] + "…";
}

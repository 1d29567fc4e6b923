using System.Globalization;
using System.Text.Json;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Pages;

/// <summary>A JSON value as people read it: every leaf with its way, the long lists cut.</summary>
static class FactTable
{
    const int MostLeaves = 400;
    const int MostOfList = 25;

    public static Html Render(JsonElement facts)
    {
        List<(string Path, string Value)> leaves = [];
        var whole = Walk(facts, "", leaves);
        return Html.Of($"""
            {PageParts.Table(PageText.Gates.FactsOf, [PageText.Gates.Fact, PageText.Gates.Value], leaves.Select(leaf => (IReadOnlyList<Html>)[Html.Of($"<code>{leaf.Path}</code>"), PageParts.Name(leaf.Value)]))}
            {(whole ? PageParts.Nothing : Html.Of($"<p class=\"soft\">{PageText.Gates.Cut}</p>"))}
            """);
    }

    /// <returns>False when something was left out.</returns>
    static bool Walk(JsonElement value, string path, List<(string Path, string Value)> leaves)
    {
        if (leaves.Count >= MostLeaves)
        {
            return false;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var whole = true;
                foreach (var member in value.EnumerateObject())
                {
                    whole &= Walk(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", leaves);
                }

                return whole;
            case JsonValueKind.Array:
                var at = 0;
                whole = value.GetArrayLength() <= MostOfList;
                foreach (var entry in value.EnumerateArray().Take(MostOfList))
                {
                    whole &= Walk(entry, string.Create(CultureInfo.InvariantCulture, $"{path}[{at++}]"), leaves);
                }

                if (at == 0)
                {
                    leaves.Add((path, PageText.None));
                }
                else if (value.GetArrayLength() > MostOfList)
                {
                    leaves.Add((path, PageText.Gates.Entries(value.GetArrayLength())));
                }

                return whole;
            default:
                leaves.Add((path, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()));
                return true;
        }
    }
}

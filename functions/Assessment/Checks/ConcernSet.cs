using System.Text;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.Assessment;

/// <summary>One name for exactly these groups, servers or settings: whoever accepts it accepts each of them, and no other.</summary>
static class ConcernSet
{
    /// <summary>SHA-256 over their ids, or over names where there are none; the order does not matter.</summary>
    public static string Of(IEnumerable<Concern> concerns)
        => Sha256Text.Of(Encoding.UTF8.GetBytes(string.Join('\n', concerns.Select(concern => concern.Key).Order(StringComparer.Ordinal))));
}

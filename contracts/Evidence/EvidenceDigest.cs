using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Evidence;

/// <summary>The one hash that people approve.</summary>
public static class EvidenceDigest
{
    /// <summary>SHA-256 over the canonical list of names and hashes, sorted by name; 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="ContractException">GWB7501 when there is no part, or one is nameless or there twice.</exception>
    public static string Of(IEnumerable<EvidencePart> parts)
    {
        var sorted = parts.OrderBy(part => part.Name, StringComparer.Ordinal).Select(part => new { part.Name, Hash = part.Hash() }).ToList();
        for (var index = 0; index < sorted.Count; index++)
        {
            if (sorted[index].Name.Length == 0 || (index > 0 && sorted[index].Name == sorted[index - 1].Name))
            {
                throw ContractError.EvidencePartTwice.Exception();
            }
        }

        return sorted.Count > 0 ? CanonicalJson.Hash(sorted) : throw ContractError.EvidencePartTwice.Exception("none");
    }
}

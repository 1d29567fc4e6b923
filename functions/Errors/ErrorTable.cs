using GwbCloud.Contracts;

namespace GwbCloud.Functions.Errors;

/// <summary>The errors that the API can show, by code.</summary>
public static class ErrorTable
{
    /// <summary>Errors that this half makes: docs/api.md lists exactly these.</summary>
    public static IReadOnlyList<ErrorEntry> Own { get; } = [.. ApiError.All, .. OnPremisesError.All, .. ApprovalError.All, .. DocumentError.All];

    static readonly Dictionary<string, ErrorEntry> ByCode = Own.Concat(ContractError.All).ToDictionary(entry => entry.Code, StringComparer.Ordinal);

    /// <summary>The line of a code, or null when it belongs to another area.</summary>
    public static ErrorEntry? Find(string code) => ByCode.GetValueOrDefault(code);
}

namespace GwbCloud.Functions.Api;

/// <summary>Forms in which the results of an assessment are given out; the first is the default.</summary>
public static class AssessmentFormats
{
    public const string Json = "json";
    public const string Csv = "csv";
    public const string Html = "html";

    /// <summary>For the lab: a tenant of the same size and troubles.</summary>
    public const string Scenario = "scenario";

    public static IReadOnlyList<string> All { get; } = [Json, Csv, Html, Scenario];
}

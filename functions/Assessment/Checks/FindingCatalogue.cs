namespace GwbCloud.Functions.Assessment;

/// <summary>
/// Every check of an assessment: 21xx servers, 22xx forest and tenant, 23xx groups that block, 24xx consequences to accept, 25xx to know,
/// 26xx canaries. Source: plan document; migrate how-to, prerequisites.
/// </summary>
public static class FindingCatalogue
{
    public const string DeleteRuleActive = "GWB2107";
    public const string ServerWithoutListener = "GWB2112";
    public const string DuplicateAnchor = "GWB2307";
    public const string CustomRules = "GWB2406";
    public const string LimitsExceeded = "GWB2412";
    public const string CanariesNotNamed = "GWB2605";

    /// <summary>All checks by their code.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        .. new[]
        {
            ServerChecks.All, RunChecks.All, ConnectorChecks.All, ForestChecks.All, CloudSyncChecks.All, GroupChecks.All, ConsequenceChecks.All, KnowledgeChecks.All, CanaryChecks.All,
        }.SelectMany(checks => checks).OrderBy(check => check.Code, StringComparer.Ordinal),
    ];

    /// <summary>The findings, those that block first.</summary>
    public static IReadOnlyList<Finding> Run(AssessmentFacts facts, IReadOnlyList<Acceptance> acceptances)
        => [.. Judge(facts, acceptances).Select(judged => judged.Finding)];

    /// <summary>The findings and all that each concerns, those that block first.</summary>
    public static IReadOnlyList<JudgedFinding> Judge(AssessmentFacts facts, IReadOnlyList<Acceptance> acceptances)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var given = facts with { Acceptances = acceptances };
        return
        [
            .. All.Select(check => check.Run(given, acceptances)).OfType<JudgedFinding>()
                .OrderBy(judged => judged.Finding.Severity).ThenBy(judged => judged.Finding.Code, StringComparer.Ordinal),
        ];
    }
}

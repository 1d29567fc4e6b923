using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment.Risks;

/// <summary>Says what was read of one group, and whether it is still at risk: by the classes of the assessment, of this one group. Pure.</summary>
public static class RiskJudge
{
    /// <param name="cloud">The group in Entra, a deleted one too; null when Entra has none.</param>
    /// <param name="objects">Its objects in the writeback OU.</param>
    /// <param name="writebackOu">Distinguished name of the OU.</param>
    public static bool IsAtRisk(CloudGroupFacts? cloud, IReadOnlyList<AdGroup> objects, string writebackOu)
        => new GroupClassifier(cloud is null ? [] : [cloud], objects, [], writebackOu).Classify().Groups.Any(group => group.Class == GroupClass.AtRisk);

    /// <summary>What is there, in one line.</summary>
    /// <param name="cloud">The group in Entra, null when Entra has none.</param>
    /// <param name="objects">Its objects in the writeback OU; null where nobody looked.</param>
    public static string Describe(CloudGroupFacts? cloud, IReadOnlyList<AdGroup>? objects)
    {
        var entra = cloud switch
        {
            null => "Entra has no such group, not even in its deleted items",
            { SoftDeleted: true } => "soft-deleted in Entra",
            { OnPremisesSynced: true } => "synchronised from Active Directory to Entra",
            { Unified: true } => "a Microsoft 365 group in Entra",
            _ => $"writeback {(cloud.WritebackEnabled is true ? "on" : "off")} in Entra, {(cloud.MailEnabled ? "mail-enabled" : cloud.Mail is null ? "no mail value" : "with a mail value")}"
                + (cloud.SecurityEnabled ? "" : ", no security group"),
        };
        return objects switch
        {
            null => entra,
            [] => $"{entra}; no object in the writeback OU",
            _ => $"{entra}; in Active Directory as {objects[0].DistinguishedName}",
        };
    }
}

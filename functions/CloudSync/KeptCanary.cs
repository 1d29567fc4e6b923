using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.CloudSync;

/// <summary>
/// The match canary where GroupDN is used: its object bears a name that no mapping forms, so that a cycle proves the expressions in the
/// service itself. The new canary proves what names the groups without a value.
/// </summary>
public static class KeptCanary
{
    /// <summary>Wants escaping, and leaves ASCII: where reading a name back goes wrong first.</summary>
    public static string CommonName(Guid match) => $"Canary, kept (é)_{match.ToString("D")[24..]}";

    public static KeptDn Of(MigrationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var value = GroupDn.ValueOf(CommonName(plan.Canaries.Match), plan.WritebackOu)
            ?? throw new InvalidOperationException("The writeback OU leaves no room for a name in GroupDN.");
        return new KeptDn { CloudId = plan.Canaries.Match, DistinguishedName = value, Value = value };
    }
}

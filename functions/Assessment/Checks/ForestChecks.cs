using GwbCloud.Contracts.Commands;
using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>Forest, agents and licences. Source: plan document, prerequisites; prerequisites of Cloud Sync.</summary>
static class ForestChecks
{
    /// <summary>Oldest agent of the migrate how-to.</summary>
    static readonly Version OldestAgent = new(1, 1, 1367, 0);

    /// <summary>Schema version of Windows Server 2016, that brought the anchor's attribute.</summary>
    const int OldestSchema = 87;

    public static IReadOnlyList<Check> All { get; } =
    [
        OfNames("GWB2201", Blocks, "The schema lacks msDS-ExternalDirectoryObjectId",
            "The attribute comes with the schema of Windows Server 2016 (version 87).", "Extend the schema of the forest.",
            f => f.Forest.HasExternalDirectoryObjectId && f.Forest.SchemaVersion >= OldestSchema ? [] : [FindingText.Number(f.Forest.SchemaVersion)]),
        OfNames("GWB2202", Blocks, "The writeback OU does not exist",
            "It was renamed, moved or never made.", "Compare the writeback container of Connect with the directory.",
            f => f.Forest.WritebackOuExists ? [] : [f.Forest.WritebackOu]),
        OfNames("GWB2203", Blocks, "The AD Recycle Bin is off",
            "Without it a deleted group cannot come back with its members.", "Enable the Recycle Bin of the forest.",
            f => f.Forest.RecycleBinEnabled ? [] : [f.Forest.Domain]),
        OfNames("GWB2204", Blocks, "No provisioning agent is active",
            "Cloud Sync reaches the domain through its agents.", "Install an agent, three for availability, and look at their state in the portal.",
            f => ActiveAgents(f).Any() ? [] : [f.Forest.Domain]),
        OfNames("GWB2205", Blocks, "The agent may not write groups in the OU",
            "Its account lacks the rights to make, write and rename groups there, or was not found; an upgraded agent does not get them by itself.",
            "Set the permission UserGroupCreateDelete for the agent's account on the OU; name the account in the listener's configuration if its name is one of your own.",
            f => f.Forest.AgentMayWriteOu is true ? [] : [f.Forest.WritebackOu]),
        OfNames("GWB2206", Blocks, "The provisioning agent is too old",
            $"Agents below {OldestAgent} do not write groups.", "Upgrade the agent.",
            f => ActiveAgents(f).Where(a => a.Version.Length > 0 && Versions.Older(a.Version, OldestAgent)).Select(a => $"{a.Computer}: {a.Version}")),
        OfNames("GWB2218", Blocks, "The listener may not stamp groups in the OU",
            "Its account lacks the right to write msDS-ExternalDirectoryObjectId on groups there.",
            "Grant the account that right on groups under the OU, as docs/listener.md lists under Install.",
            f => f.Forest.ListenerMayStampOu is false ? [f.Forest.WritebackOu] : []),
        OfNames("GWB2207", Blocks, "No global catalog was found",
            "Cloud Sync looks the anchors up in a global catalog.", "Check DNS and the domain controllers.",
            f => f.Forest.GlobalCatalogs.Count > 0 ? [] : [f.Forest.Domain]),
        OfNames("GWB2208", Blocks, "The tenant has no Entra ID P1 licence",
            "Cloud Sync's provisioning of groups needs it.", "Assign licences of Entra ID P1 or P2.",
            f => f.Tenant.PremiumLicence ? [] : ["AAD_PREMIUM"]),
        OfNames("GWB2209", Blocks, "Domain controllers cannot be reached",
            "Agents and Connect need LDAP (389) and the global catalog (3268) of the domain controllers; the ports named here did not answer.",
            "Open the ports, or take controllers that are gone out of DNS.",
            f => f.Forest.UnreachableEndpoints),
        OfNames("GWB2210", Blocks, "The domain has no recent backup",
            "The directory notes each backup of the domain itself; the last one is older than the configured number of days, or there was none.",
            "Back up the system state of a domain controller, then assess again.",
            f => f.Forest.LastBackup is { } at && f.ReadAt - at <= TimeSpan.FromDays(f.Options.BackupDays)
                ? [] : [f.Forest.LastBackup is { } last ? FindingText.Day(last) : "never"]),
    ];

    // Unknown is a finding of its own, to be accepted by somebody who looked.
    static IEnumerable<ProvisioningAgent> ActiveAgents(AssessmentFacts facts) => facts.Forest.Agents.Where(a => a.Active is not false);
}

using System.Globalization;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The second witness of a ring: what the provisioning log says that Cloud Sync did to planned groups. Pure.</summary>
/// <remarks>
/// A create of a planned group is a duplicate, whatever the directory shows yet; so it is a reason by itself. Lines about other groups (canaries)
/// count too, without a name: nobody else is in scope. Source: provisioningObjectSummary.
/// </remarks>
static class ProvisioningWitness
{
    const int NamesTold = 5;

    /// <summary>Attributes whose change is a rename or a move.</summary>
    static readonly string[] Names = ["cn", "name", "distinguishedName"];
    static readonly string[] Places = ["parentDistinguishedName"];

    public static ProvisioningLog Of(IEnumerable<RemoteLogLine> lines, IReadOnlyDictionary<Guid, string> planned)
    {
        var all = lines.OrderBy(l => l.ActivityDateTime).ThenBy(l => l.Id, StringComparer.Ordinal).ToList();
        var done = all.Where(l => l.ProvisioningStatusInfo?.Status is "success" or "warning").ToLookup(l => l.ProvisioningAction, StringComparer.OrdinalIgnoreCase);
        var failed = all.Where(l => l.ProvisioningStatusInfo?.Status is "failure").ToList();
        List<RemoteLogLine> creates = [.. done["create"]], updates = [.. done["update"]];
        List<RemoteLogLine> deletes = [.. done["delete"].Concat(done["stagedDelete"]).Concat(done["disable"])];
        string[] errors = [.. failed.Select(l => l.ProvisioningStatusInfo?.ErrorInformation?.ErrorCode).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

        var reasons = new List<string>();
        Tell("creates", creates);
        Tell("deletes", deletes);
        Tell("renames", [.. updates.Where(l => Changes(l, Names) && NameOf(l) is not null)]);
        Tell("moves", [.. updates.Where(l => Changes(l, Places) && NameOf(l) is not null)]);
        Tell($"failures ({string.Join(", ", errors.Take(3))})", failed);
        return new() { Creates = creates.Count, Updates = updates.Count, Deletes = deletes.Count, Failures = failed.Count, Errors = errors, Reasons = reasons };

        void Tell(string what, List<RemoteLogLine> of)
        {
            if (of.Count == 0) { return; }
            var named = of.Select(NameOf).OfType<string>().Distinct().Take(NamesTold).ToList();
            var whom = named.Count == 0 ? "" : $": {string.Join(", ", named)}";
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"the provisioning log shows {of.Count} {what}{whom}"));
        }

        string? NameOf(RemoteLogLine line) => Guid.TryParse(line.SourceIdentity?.Id, out var id) ? planned.GetValueOrDefault(id) : null;
    }

    static bool Changes(RemoteLogLine line, string[] attributes) =>
        line.ModifiedProperties?.Any(p => attributes.Contains(p.DisplayName, StringComparer.OrdinalIgnoreCase)) == true;
}

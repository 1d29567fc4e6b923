using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Whether a server would export only what people allowed. Pure.</summary>
/// <remarks>
/// In the writeback OU nothing may be created, deleted, renamed or change its type against what was pending when the connectors were drained;
/// after the switch Microsoft 365 groups may, within the ceilings. Elsewhere ordinary life goes on while exports stand still: people and
/// devices come and go, in ordinary numbers; groups may not go.
/// </remarks>
static class PendingExportJudge
{
    /// <summary>People and devices that leave in the hours of a window; more than that is nobody's ordinary day.</summary>
    const int OrdinaryDeletes = 25;

    public static IReadOnlyList<string> Judge(
        IEnumerable<PendingExport> pending, IEnumerable<PendingExport> baseline, IReadOnlySet<string> ours, Ceilings ceilings, string writebackOu, bool afterSwitch)
    {
        var before = baseline.Select(Key).ToHashSet();
        var reasons = new List<string>();
        int added = 0, changed = 0, leavers = 0;
        foreach (PendingExport export in pending.Where(p => !before.Contains(Key(p)) && !(p.Anchor is { } anchor && ours.Contains(anchor))))
        {
            var here = export.DistinguishedName.EndsWith($",{writebackOu}", StringComparison.OrdinalIgnoreCase);
            var goes = export.Operation is ExportOperation.Delete or ExportOperation.DeleteAdd;
            var m365 = afterSwitch && here && export.MailEnabled && export.ObjectType == "group";
            switch (export)
            {
                case { Operation: ExportOperation.Add } when m365:
                    added++;
                    break;
                case { Operation: ExportOperation.Update, TypeChange: true } when m365:
                    changed++;
                    break;
                case { Operation: ExportOperation.Update, TypeChange: false }:
                    break;
                case { ObjectType: not "group" } when goes && !here:
                    leavers++;
                    break;
                case { Operation: ExportOperation.Add or ExportOperation.Rename or ExportOperation.Update } when !here:
                    break;
                case { Operation: ExportOperation.Update }:
                    reasons.Add($"type change of {export.DistinguishedName}");
                    break;
                default:
                    reasons.Add($"{export.Operation.ToString().ToLowerInvariant()} of {export.ObjectType} {export.DistinguishedName}");
                    break;
            }
        }
        if (leavers > OrdinaryDeletes) { reasons.Add($"{leavers} people or devices would be deleted, {OrdinaryDeletes} at once are ordinary"); }
        if (added > ceilings.M365NewlyWritten) { reasons.Add($"{added} Microsoft 365 groups would appear newly, approved are {ceilings.M365NewlyWritten}"); }
        if (changed > ceilings.M365TypeChanged) { reasons.Add($"{changed} Microsoft 365 groups would change type, approved are {ceilings.M365TypeChanged}"); }
        return reasons;
    }

    /// <summary>Groups of the writeback OU that a server would delete; at most 50.</summary>
    public static IReadOnlyList<string> GroupDeletes(IEnumerable<PendingExport> pending, string writebackOu) =>
    [
        .. pending.Where(p => p.Operation is ExportOperation.Delete or ExportOperation.DeleteAdd
                && p.DistinguishedName.EndsWith($",{writebackOu}", StringComparison.OrdinalIgnoreCase))
            .Select(p => $"delete of {p.ObjectType} {p.DistinguishedName}").Distinct().Take(50),
    ];

    static (string, string, ExportOperation, bool) Key(PendingExport e) =>
        (e.Connector, e.DistinguishedName.ToUpperInvariant(), e.Operation, e.TypeChange);
}

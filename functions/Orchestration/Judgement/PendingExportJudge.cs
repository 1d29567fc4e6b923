using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Whether a server would export only what people allowed. Pure.</summary>
/// <remarks>
/// Updates are everyday life. What creates, deletes, renames or changes the type of an object is held against what was pending when the
/// connectors were drained, and after the switch against the ceilings for Microsoft 365 groups.
/// </remarks>
static class PendingExportJudge
{
    public static IReadOnlyList<string> Judge(
        IEnumerable<PendingExport> pending, IEnumerable<PendingExport> baseline, IReadOnlySet<string> ours, Ceilings ceilings, bool afterSwitch)
    {
        var before = baseline.Select(Key).ToHashSet();
        var reasons = new List<string>();
        int added = 0, changed = 0;
        foreach (var export in pending.Where(p => !before.Contains(Key(p)) && !(p.Anchor is { } anchor && ours.Contains(anchor))))
        {
            var m365 = afterSwitch && export.MailEnabled && export.ObjectType == "group";
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
                case { Operation: ExportOperation.Update }:
                    reasons.Add($"type change of {export.DistinguishedName}");
                    break;
                default:
                    reasons.Add($"{export.Operation.ToString().ToLowerInvariant()} of {export.ObjectType} {export.DistinguishedName}");
                    break;
            }
        }
        if (added > ceilings.M365NewlyWritten) { reasons.Add($"{added} Microsoft 365 groups would appear newly, approved are {ceilings.M365NewlyWritten}"); }
        if (changed > ceilings.M365TypeChanged) { reasons.Add($"{changed} Microsoft 365 groups would change type, approved are {ceilings.M365TypeChanged}"); }
        return reasons;
    }

    static (string, string, ExportOperation, bool) Key(PendingExport e) =>
        (e.Connector, e.DistinguishedName.ToUpperInvariant(), e.Operation, e.TypeChange);
}

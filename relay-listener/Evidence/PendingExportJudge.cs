using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>Whether what a server would export is only what people approved. Pure.</summary>
/// <remarks>
/// In the connector of the writeback OU nothing may be deleted or renamed, and only Microsoft 365 groups may appear or change type, within
/// the ceilings. Elsewhere ordinary life goes on while exports stand still: people and devices come and go, groups may not go.
/// </remarks>
sealed class PendingExportJudge(LoadedScope scope, string adConnector, int ordinaryDeletes)
{
    readonly HashSet<(string, ExportOperation, string)> _baseline = [.. scope.PendingBaseline.Select(KeyOf)];
    readonly HashSet<string> _held = scope.Groups.Concat(scope.Frozen).SelectMany(group => new[] { group.Anchor, group.DistinguishedName })
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    public void Judge(IReadOnlyList<PendingExport> pending, Findings findings)
    {
        var fresh = pending.Where(export => !WasPending(export) && !scope.Ours.Contains(export.Anchor ?? "")).ToList();
        var here = fresh.Where(IsHere).ToList();
        var groups = here.Where(IsGroup).ToList();

        findings.CheckNone("noPendingDelete", Deletes(fresh).Select(Describe));
        findings.CheckNone("noPendingRename", here.Where(export => export.Operation == ExportOperation.Rename && !IsOrdinaryRename(export)).Select(Describe));
        JudgeAdds([.. groups.Where(export => export.Operation == ExportOperation.Add)], findings);
        JudgeTypeChanges([.. groups.Where(export => export.TypeChange)], findings);
        findings.CheckNone("othersUntouched", groups.Where(IsLetGo).Select(Describe));
        findings.CheckNone("noGroupEmptied", Emptied(groups).Select(Describe));
    }

    /// <summary>Deletes that nobody approved; the last-minute check looks at them again.</summary>
    public IReadOnlyList<PendingExport> Deletes(IReadOnlyList<PendingExport> pending)
    {
        var deletes = pending.Where(export => export.Operation is ExportOperation.Delete or ExportOperation.DeleteAdd
            && !WasPending(export) && !scope.Ours.Contains(export.Anchor ?? "")).ToList();
        var leavers = deletes.Where(export => !IsHere(export) && !IsGroup(export) && export.Operation == ExportOperation.Delete).ToList();
        return leavers.Count <= ordinaryDeletes ? [.. deletes.Except(leavers)] : deletes;
    }

    void JudgeAdds(List<PendingExport> adds, Findings findings)
    {
        int mailEnabled = adds.Count(export => export.MailEnabled);
        findings.CheckNone("noSecurityGroupAdded", adds.Where(export => !export.MailEnabled).Select(Describe));
        findings.Check("m365AddsWithinCeiling", mailEnabled <= scope.Source.Ceilings.M365NewlyWritten,
            $"{mailEnabled} Microsoft 365 groups would appear, {scope.Source.Ceilings.M365NewlyWritten} are approved");
    }

    void JudgeTypeChanges(List<PendingExport> changes, Findings findings)
    {
        int mailEnabled = changes.Count(export => export.MailEnabled);
        findings.CheckNone("noSecurityGroupTypeChanged", changes.Where(export => !export.MailEnabled).Select(Describe));
        findings.Check("m365TypeChangesWithinCeiling", mailEnabled <= scope.Source.Ceilings.M365TypeChanged,
            $"{mailEnabled} Microsoft 365 groups would change their type, {scope.Source.Ceilings.M365TypeChanged} are approved");
    }

    /// <summary>A team that its owner gave another name: Connect's everyday work, and none of the migration's.</summary>
    bool IsOrdinaryRename(PendingExport export) => export.MailEnabled && IsGroup(export) && !IsHeld(export);

    /// <summary>A delete of a group that migrates or freezes is never excused, whenever and on whichever server it was pending.</summary>
    bool WasPending(PendingExport export) =>
        _baseline.Contains(KeyOf(export)) && !(export.Operation is ExportOperation.Delete or ExportOperation.DeleteAdd && IsHeld(export));

    bool IsHeld(PendingExport export) => _held.Contains(export.Anchor ?? "") || _held.Contains(export.DistinguishedName);

    /// <summary>Groups that neither migrate nor freeze, and are no Microsoft 365 groups: orphans, and those let go.</summary>
    bool IsLetGo(PendingExport export) =>
        export is { MailEnabled: false, Operation: not ExportOperation.Add } && !IsHeld(export);

    IEnumerable<PendingExport> Emptied(List<PendingExport> groups)
    {
        var members = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in scope.Snapshot)
        {
            members[group.Group.DistinguishedName] = group.Members.Count;
            if (group.Group.AdminDescription is { Length: > 0 } anchor) { members[anchor] = group.Members.Count; }
        }
        // A group with one member may lose it on an ordinary day.
        return groups.Where(export => export is { MailEnabled: false, Operation: ExportOperation.Update, MembersRemoved: > 1 }
            && (members.TryGetValue(export.Anchor ?? "", out int before) || members.TryGetValue(export.DistinguishedName, out before))
            && export.MembersRemoved >= before + export.MembersAdded);
    }

    bool IsHere(PendingExport export) => string.Equals(export.Connector, adConnector, StringComparison.OrdinalIgnoreCase);

    static bool IsGroup(PendingExport export) => string.Equals(export.ObjectType, "group", StringComparison.OrdinalIgnoreCase);

    static (string, ExportOperation, string) KeyOf(PendingExport export) =>
        (export.Connector.ToUpperInvariant(), export.Operation, export.DistinguishedName.ToUpperInvariant());

    static string Describe(PendingExport export) => $"{export.Operation} of {export.ObjectType} {export.DistinguishedName} in {export.Connector}";
}

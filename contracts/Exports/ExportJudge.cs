using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.Contracts.Exports;

/// <summary>Whether a server would export only what people allowed. Pure; both halves decide by it, each on facts of its own.</summary>
/// <remarks>
/// In the connector of the writeback container nothing may go or get another name, and only Microsoft 365 groups may appear or change their
/// type, within the ceilings. Elsewhere ordinary life goes on while exports stand still: people and devices come and go in ordinary numbers;
/// groups may not go.
/// </remarks>
public sealed class ExportJudge(ExportTerms terms)
{
    /// <summary>Memberships of the planned groups of which one in so many goes on an ordinary day.</summary>
    const int OrdinaryShare = 100;

    readonly Dictionary<(string, ExportOperation, string), PendingExport> _baseline = terms.Baseline.GroupBy(KeyOf).ToDictionary(of => of.Key, of => of.First());
    readonly HashSet<string> _held = terms.Held.SelectMany(group => new[] { group.Anchor, group.DistinguishedName }).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Judges everything that is pending on one server.</summary>
    public ExportJudgement Judge(IReadOnlyCollection<PendingExport> pending)
    {
        ArgumentNullException.ThrowIfNull(pending);
        var fresh = pending.Where(IsFresh).ToList();
        var here = fresh.Where(IsHere).ToList();
        var groups = here.Where(IsGroup).ToList();
        int removed = groups.Where(IsHeld).Sum(RemovedSince);
        return new()
        {
            Offending =
            [
                .. new[]
                {
                    Deletes(fresh), Renames(here), Adds(groups), TypeChanges(groups), Untouchable(groups), Emptied(groups), Removals(groups, removed),
                }
                .SelectMany(broken => broken)
                .OrderBy(offending => offending.Connector, StringComparer.Ordinal)
                .ThenBy(offending => offending.DistinguishedName, StringComparer.Ordinal)
                .ThenBy(offending => offending.Breaks),
            ],
            Fresh = CountsOf(fresh),
            MembersRemoved = removed,
        };
    }

    /// <summary>Exports by connector, object type and operation.</summary>
    public static IReadOnlyList<PendingCount> CountsOf(IEnumerable<PendingExport> exports) =>
    [
        .. exports.GroupBy(export => (export.Connector, export.ObjectType, export.Operation)).OrderBy(of => of.Key).Select(of => new PendingCount
        {
            Connector = of.Key.Connector,
            ObjectType = of.Key.ObjectType,
            Operation = of.Key.Operation,
            Count = of.Count(),
            MembersRemoved = of.Sum(export => export.MembersRemoved),
        }),
    ];

    /// <summary>Exports that would take something from the writeback container: as part of a baseline they would pass every later look, so there is none with them.</summary>
    public static IReadOnlyList<OffendingExport> NeverInABaseline(IEnumerable<PendingExport> pending, string writebackOu) =>
    [
        .. pending.Where(export => Goes(export) && DistinguishedName.Under(export.DistinguishedName, writebackOu)).DistinctBy(KeyOf)
            .Select(export => OffendingExport.Of(export, ExportRule.NoPendingDelete, "a delete in the writeback container is never what was there before")),
    ];

    IEnumerable<OffendingExport> Deletes(List<PendingExport> fresh)
    {
        var deletes = fresh.Where(Goes).ToList();
        var leavers = deletes.Where(export => !IsHere(export) && !IsGroup(export) && export.Operation == ExportOperation.Delete).ToList();
        if (leavers.Count > terms.OrdinaryDeletes)
        {
            string many = $"{leavers.Count} people or devices would go at once, {terms.OrdinaryDeletes} are ordinary";
            foreach (var export in leavers) { yield return Break(export, ExportRule.NoPendingDelete, many); }
        }
        foreach (var export in deletes.Except(leavers))
        {
            yield return Break(export, ExportRule.NoPendingDelete, IsHere(export) ? "nothing of the writeback connector may go" : "no group may go while exports stand still");
        }
    }

    IEnumerable<OffendingExport> Renames(List<PendingExport> here) => here
        .Where(export => export.Operation == ExportOperation.Rename && !(IsGroup(export) && IsM365(export)))
        .Select(export => Break(export, ExportRule.NoPendingRename, "names stay as they are"));

    IEnumerable<OffendingExport> Adds(List<PendingExport> groups)
    {
        var adds = groups.Where(export => export.Operation == ExportOperation.Add).ToList();
        foreach (var export in adds.Where(export => !IsM365(export)))
        {
            yield return Break(export, ExportRule.NoSecurityGroupAdded, "no security group may come");
        }
        foreach (var broken in Above(adds, terms.Ceilings.M365NewlyWritten, ExportRule.M365AddsWithinCeiling, "Microsoft 365 groups would appear", terms.OrdinaryAdds)) { yield return broken; }
    }

    IEnumerable<OffendingExport> TypeChanges(List<PendingExport> groups)
    {
        var changes = groups.Where(export => export.TypeChange).ToList();
        foreach (var export in changes.Where(export => !IsM365(export)))
        {
            yield return Break(export, ExportRule.NoSecurityGroupTypeChanged, "a security group stays one");
        }
        foreach (var broken in Above(changes, terms.Ceilings.M365TypeChanged, ExportRule.M365TypeChangesWithinCeiling, "Microsoft 365 groups would change their type"))
        {
            yield return broken;
        }
    }

    IEnumerable<OffendingExport> Above(List<PendingExport> exports, int ceiling, ExportRule rule, string what, int ordinary = 0)
    {
        var counted = exports.Where(IsM365).ToList();
        return counted.Count <= ceiling + ordinary ? [] : counted.Select(export => Break(export, rule, $"{counted.Count} {what}, {ceiling + ordinary} are approved{(ordinary > 0 ? " or ordinary" : "")}"));
    }

    /// <summary>Deletes and adds of such groups stand under their own rules; here is whatever else would reach them.</summary>
    IEnumerable<OffendingExport> Untouchable(List<PendingExport> groups) => groups
        .Where(export => export is { MailEnabled: false, TypeChange: false, Operation: ExportOperation.Update } && !IsHeld(export))
        .Select(export => Break(export, ExportRule.OthersUntouched, "it neither migrates nor freezes, and so nothing may reach it"));

    // A group with one member may lose it on an ordinary day.
    IEnumerable<OffendingExport> Emptied(List<PendingExport> groups) => groups
        .Where(export => export is { Operation: ExportOperation.Update, MembersRemoved: > 1 } && !IsM365(export)
            && MembersOf(export) is { } before && export.MembersRemoved >= before + export.MembersAdded)
        .Select(export => Break(export, ExportRule.NoGroupEmptied, $"that is every member of {MembersOf(export)}"));

    IEnumerable<OffendingExport> Removals(List<PendingExport> groups, int removed)
    {
        long memberships = terms.Held.Sum(group => (long)(terms.Members.TryGetValue(group.Anchor, out int count) ? count : 0));
        long allowed = terms.Ceilings.MembersLost + Math.Max(terms.OrdinaryDeletes, memberships / OrdinaryShare);
        return removed <= allowed
            ? []
            : groups.Where(export => IsHeld(export) && RemovedSince(export) > 0)
                .Select(export => Break(export, ExportRule.RemovalsWithinCeiling, $"{removed} memberships would go, {allowed} are approved or ordinary"));
    }

    /// <summary>Neither of the baseline nor ours. What excuses an export never excuses harm to a group that migrates or freezes.</summary>
    bool IsFresh(PendingExport export)
    {
        if (IsHeld(export)) { return !(_baseline.TryGetValue(KeyOf(export), out var held) && !Goes(export) && Covers(held, export)); }
        if (terms.Ours.Contains(export.Anchor ?? "")) { return false; }
        return !(_baseline.TryGetValue(KeyOf(export), out var before) && Covers(before, export));
    }

    /// <summary>An export that was pending already and has grown since, or would give another name, is a new one.</summary>
    static bool Covers(PendingExport before, PendingExport now) =>
        before.MembersRemoved >= now.MembersRemoved && (before.TypeChange || !now.TypeChange) && string.Equals(before.NewName, now.NewName, StringComparison.Ordinal);

    int RemovedSince(PendingExport export) =>
        export.MembersRemoved - (_baseline.TryGetValue(KeyOf(export), out var before) ? Math.Min(before.MembersRemoved, export.MembersRemoved) : 0);

    int? MembersOf(PendingExport export) =>
        terms.Members.TryGetValue(export.Anchor ?? "", out int members) || terms.Members.TryGetValue(export.DistinguishedName, out members) ? members : null;

    bool IsHeld(PendingExport export) => _held.Contains(export.Anchor ?? "") || _held.Contains(export.DistinguishedName);

    /// <summary>A security group that migrates may bear a mail value; that makes no Microsoft 365 group of it.</summary>
    bool IsM365(PendingExport export) => export.MailEnabled && !IsHeld(export);

    bool IsHere(PendingExport export) =>
        (terms.AdConnector.Length > 0 && string.Equals(export.Connector, terms.AdConnector, StringComparison.OrdinalIgnoreCase))
        || DistinguishedName.Under(export.DistinguishedName, terms.WritebackOu);

    static bool Goes(PendingExport export) => export.Operation is ExportOperation.Delete or ExportOperation.DeleteAdd;

    static bool IsGroup(PendingExport export) => string.Equals(export.ObjectType, "group", StringComparison.OrdinalIgnoreCase);

    static OffendingExport Break(PendingExport export, ExportRule rule, string why) => OffendingExport.Of(export, rule, why);

    static (string, ExportOperation, string) KeyOf(PendingExport export) =>
        (export.Connector.ToUpperInvariant(), export.Operation, export.DistinguishedName.ToUpperInvariant());
}

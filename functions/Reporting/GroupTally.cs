using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Reporting;

/// <summary>Counts the groups of an assessment while they go by, and keeps none of them.</summary>
public sealed class GroupTally
{
    readonly Dictionary<(GroupClass, Readiness), int> _counts = [];
    readonly Dictionary<(GroupClass, string), int> _reasons = [];

    public int Groups { get; private set; }

    /// <summary>Memberships of the groups that migrate.</summary>
    public long Memberships { get; private set; }

    public int this[GroupClass kind] => Enum.GetValues<Readiness>().Sum(readiness => this[kind, readiness]);

    public int this[GroupClass kind, Readiness readiness] => _counts.GetValueOrDefault((kind, readiness));

    public int this[GroupClass kind, string reason] => _reasons.GetValueOrDefault((kind, reason));

    /// <summary>Reasons with their groups, most frequent first.</summary>
    public IEnumerable<(GroupClass Class, string Reason, int Groups)> Reasons =>
        _reasons.Select(reason => (reason.Key.Item1, reason.Key.Item2, reason.Value)).OrderBy(r => r.Item1).ThenByDescending(r => r.Value).ThenBy(r => r.Item2, StringComparer.Ordinal);

    public void Add(ClassifiedGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        Groups++;
        Memberships += group.Class == GroupClass.Migrates ? group.Members : 0;
        _counts[(group.Class, group.Readiness)] = this[group.Class, group.Readiness] + 1;
        foreach (var reason in group.Reasons)
        {
            _reasons[(group.Class, reason)] = this[group.Class, reason] + 1;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.Assessment;

/// <summary>Compares two assessments of one tenant. Pure: the same two make the same comparison.</summary>
public static class AssessmentComparer
{
    /// <summary>Names that a changed finding shows of those that came, and of those that went.</summary>
    const int MostNames = 20;

    /// <summary>Findings that are new, gone, better, worse or about other cases, by code.</summary>
    public static IReadOnlyList<FindingChange> Findings(IEnumerable<JudgedFinding> before, IEnumerable<JudgedFinding> after)
    {
        var (earlier, later) = (before.ToDictionary(f => f.Finding.Code), after.ToDictionary(f => f.Finding.Code));
        return [.. earlier.Keys.Union(later.Keys).Order(StringComparer.Ordinal)
            .Select(code => Compare(earlier.GetValueOrDefault(code), later.GetValueOrDefault(code)))
            .OfType<FindingChange>()];
    }

    /// <summary>Groups that came, went or changed: by kind of change, then by Entra id, then by objectGUID.</summary>
    public static IReadOnlyList<GroupChange> Groups(IEnumerable<ClassifiedGroup> before, IEnumerable<ClassifiedGroup> after) =>
    [
        .. Pairs(before, after)
            .Select(pair => Compare(pair.Before, pair.After))
            .OfType<GroupChange>()
            .OrderBy(change => change.Change).ThenBy(change => change.CloudId ?? Guid.Empty).ThenBy(change => change.ObjectGuid ?? Guid.Empty),
    ];

    /// <summary>Servers that were added, are gone, or stand differently.</summary>
    public static IReadOnlyList<ServerChange> Servers(IEnumerable<ServerFacts> before, IEnumerable<ServerFacts> after)
    {
        // Two servers of one name are a finding of their own; here the first stands for both.
        var (earlier, later) = (ByName(before), ByName(after));
        return [.. earlier.Keys.Union(later.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => (earlier.GetValueOrDefault(name), later.GetValueOrDefault(name)) switch
            {
                (null, { } added) => new ServerChange { Server = added.Server, Change = ServerChangeKind.Added },
                ({ } gone, null) => new ServerChange { Server = gone.Server, Change = ServerChangeKind.Gone },
                var (was, now) => Differences(was, now) is { Count: > 0 } facts ? new ServerChange { Server = now!.Server, Change = ServerChangeKind.Changed, Facts = facts } : null,
            })
            .OfType<ServerChange>()];

        static Dictionary<string, ServerFacts> ByName(IEnumerable<ServerFacts> servers) =>
            servers.GroupBy(s => s.Server, StringComparer.OrdinalIgnoreCase).ToDictionary(s => s.Key, s => s.First(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Parts of the plan that differ. Each plan names its own assessment; that alone is no difference.</summary>
    public static IReadOnlyList<string>? PlanParts(MigrationPlan? before, MigrationPlan? after) =>
        before is null || after is null ? null : Differences(before with { AssessmentId = "" }, after with { AssessmentId = "" });

    static FindingChange? Compare(JudgedFinding? earlier, JudgedFinding? later)
    {
        var (before, after) = (earlier?.Finding, later?.Finding);
        var (came, went) = (Without(later?.Concerns, earlier?.Concerns), Without(earlier?.Concerns, later?.Concerns));
        var kind = (before, after) switch
        {
            (null, _) => FindingChangeKind.New,
            (_, null) => FindingChangeKind.Gone,
            _ when before.Severity != after.Severity => Better(after.Severity > before.Severity),
            _ when before.Accepted != after.Accepted => Better(after.Accepted),
            _ when before.Groups != after.Groups => Better(after.Groups < before.Groups),
            _ when came.Count > 0 || went.Count > 0 => FindingChangeKind.Changed,
            _ => (FindingChangeKind?)null,
        };
        return kind is null ? null : new FindingChange
        {
            Code = (after ?? before)!.Code,
            Title = (after ?? before)!.Title,
            Change = kind.Value,
            SeverityBefore = before?.Severity,
            SeverityAfter = after?.Severity,
            CasesBefore = before?.Groups ?? 0,
            CasesAfter = after?.Groups ?? 0,
            AcceptedBefore = before?.Accepted ?? false,
            AcceptedAfter = after?.Accepted ?? false,
            CameCases = came.Count,
            Came = [.. came.Take(MostNames).Select(concern => concern.Name)],
            WentCases = went.Count,
            Went = [.. went.Take(MostNames).Select(concern => concern.Name)],
        };

        static FindingChangeKind Better(bool better) => better ? FindingChangeKind.Better : FindingChangeKind.Worse;
    }

    static GroupChange? Compare(ClassifiedGroup? before, ClassifiedGroup? after)
    {
        var kind = (before, after) switch
        {
            (null, _) => GroupChangeKind.New,
            (_, null) => GroupChangeKind.Gone,
            _ when before.Class != after.Class => GroupChangeKind.ClassChanged,
            _ when Rank(after.Readiness) < Rank(before.Readiness) => GroupChangeKind.Better,
            _ when Rank(after.Readiness) > Rank(before.Readiness) => GroupChangeKind.Worse,
            _ when !before.Reasons.Order(StringComparer.Ordinal).SequenceEqual(after.Reasons.Order(StringComparer.Ordinal)) => GroupChangeKind.ReasonsChanged,
            _ => (GroupChangeKind?)null,
        };
        return kind is null ? null : new GroupChange
        {
            CloudId = (after ?? before)!.CloudId,
            ObjectGuid = (after ?? before)!.ObjectGuid,
            Name = (after ?? before)!.Name,
            Change = kind.Value,
            ClassBefore = before?.Class,
            ClassAfter = after?.Class,
            ReadinessBefore = before?.Readiness,
            ReadinessAfter = after?.Readiness,
            ReasonsCame = Without(after?.Reasons, before?.Reasons),
            ReasonsWent = Without(before?.Reasons, after?.Reasons),
        };
    }

    // Unknown stands before not ready: what is known to be wrong is worse than what is not known.
    static int Rank(Readiness readiness) => readiness switch
    {
        Readiness.Ready => 0,
        Readiness.ReadyWithConditions => 1,
        Readiness.Unknown => 2,
        _ => 3,
    };

    /// <summary>The same group of both sides: first by both ids, then, because a group gets and loses its object, by its Entra id alone.</summary>
    static IEnumerable<(ClassifiedGroup? Before, ClassifiedGroup? After)> Pairs(IEnumerable<ClassifiedGroup> before, IEnumerable<ClassifiedGroup> after)
    {
        var exact = new Dictionary<(Guid?, Guid?), ClassifiedGroup>();
        foreach (var group in before)
        {
            exact[(group.CloudId, group.ObjectGuid)] = group;
        }

        var open = new List<ClassifiedGroup>();
        foreach (var group in after)
        {
            if (exact.Remove((group.CloudId, group.ObjectGuid), out var same))
            {
                yield return (same, group);
            }
            else
            {
                open.Add(group);
            }
        }

        var rest = exact.Values.Where(group => group.CloudId is not null).GroupBy(group => group.CloudId!.Value)
            .ToDictionary(groups => groups.Key, groups => new Queue<ClassifiedGroup>(groups.OrderBy(group => group.ObjectGuid)));
        foreach (var group in open)
        {
            yield return (group.CloudId is { } id && rest.TryGetValue(id, out var queue) && queue.TryDequeue(out var same) ? same : null, group);
        }

        foreach (var gone in rest.Values.SelectMany(queue => queue).Concat(exact.Values.Where(group => group.CloudId is null)))
        {
            yield return (gone, null);
        }
    }

    /// <summary>Members of two records that differ, by their names in JSON.</summary>
    static List<string> Differences<T>(T before, T after)
    {
        var (earlier, later) = (ToJson(before), ToJson(after));
        return [.. earlier.Select(member => member.Key).Union(later.Select(member => member.Key)).Where(name => !JsonNode.DeepEquals(earlier[name], later[name]))];

        static JsonObject ToJson(T value) => JsonSerializer.SerializeToNode(value, ContractJson.Options)!.AsObject();
    }

    // A group stays the same when its name changes, a server or setting does not.
    static List<Concern> Without(IReadOnlyList<Concern>? these, IReadOnlyList<Concern>? those)
    {
        var known = (those ?? []).Select(KeyOf).ToHashSet();
        return [.. (these ?? []).Where(concern => !known.Contains(KeyOf(concern)))];

        static (Guid?, string?) KeyOf(Concern concern) => (concern.CloudId ?? concern.ObjectGuid) is { } id ? (id, null) : (null, concern.Name);
    }

    static List<string> Without(IReadOnlyList<string>? these, IReadOnlyList<string>? those) => [.. (these ?? []).Except(those ?? [], StringComparer.Ordinal)];
}

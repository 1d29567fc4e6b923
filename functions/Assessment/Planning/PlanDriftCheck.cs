using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment;

/// <summary>Whether the world is still the plan's, at the freeze. A few groups may have come or gone; nothing else may differ.</summary>
public static class PlanDriftCheck
{
    /// <summary>What befalls single groups that migrate, and people accepted for those that they saw.</summary>
    static readonly (string Reason, string What)[] Announced =
    [
        (ClassReason.LosesMembers, "would lose members"),
        (ClassReason.DescriptionCut, "would have its description cut"),
        (ClassReason.Protected, "is protected by AdminSDHolder and would stop following Entra"),
    ];

    /// <param name="plan">What people approved.</param>
    /// <param name="planned">The plan's groups.</param>
    /// <param name="frozen">The plan's frozen groups.</param>
    /// <param name="before">The plan's classes.</param>
    /// <param name="losses">The plan's losses, member by member.</param>
    /// <param name="now">The same question to the facts of now.</param>
    /// <param name="servers">The Connect servers of now; none where nobody asked them.</param>
    public static DriftVerdict Compare(
        MigrationPlan plan,
        IReadOnlyList<GroupIdentity> planned,
        IReadOnlyList<GroupIdentity> frozen,
        IReadOnlyList<ClassifiedGroup> before,
        IReadOnlyList<GroupLoss> losses,
        Classification now,
        IReadOnlyList<ServerFacts> servers)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(servers);
        var reasons = new List<string>();
        var plannedIds = planned.Select(g => (g.CloudId, g.ObjectGuid)).ToHashSet();
        var nowIds = now.Migrating.Select(g => (g.CloudId, g.ObjectGuid)).ToHashSet();
        var classes = now.Groups.Where(g => g.CloudId is not null).ToLookup(g => g.CloudId!.Value);
        var objects = now.Groups.Where(g => g.ObjectGuid is not null).Select(g => g.ObjectGuid!.Value).ToHashSet();

        var added = now.Migrating.Where(g => !plannedIds.Contains((g.CloudId, g.ObjectGuid))).ToList();
        var missing = planned.Where(g => !nowIds.Contains((g.CloudId, g.ObjectGuid))).ToList();

        // Gone from both sides is somebody's own deed, finished; half gone is a group at risk.
        var gone = missing.Where(g => !objects.Contains(g.ObjectGuid) && !classes.Contains(g.CloudId)).ToList();
        foreach (var changed in missing.Except(gone).Take(5))
        {
            var kind = classes[changed.CloudId].FirstOrDefault();
            var why = kind is { Reasons: [var first, ..] } ? first : "its object was replaced.";
            reasons.Add($"{changed.DistinguishedName} no longer migrates: {why}");
        }

        if (missing.Count - gone.Count is var half and > 5)
        {
            reasons.Add($"{half} planned groups no longer migrate.");
        }

        if (added.Count + gone.Count > plan.NewGroupTolerance)
        {
            reasons.Add($"{added.Count} groups came and {gone.Count} went since the plan; it tolerates {plan.NewGroupTolerance}.");
        }

        if (now.Naming != plan.Naming)
        {
            reasons.Add("Most groups now follow the other naming style.");
        }

        if (plan.Kept is null && now.Kept.Count > 0)
        {
            // The plan made no property, and the canaries proved the plain mapping.
            reasons.Add($"{now.Kept.Count} groups were renamed or moved since the plan, which keeps no names of their own.");
        }

        AddObstacles(reasons, now, before);
        AddNamed(reasons, "would freeze", now.Freezing.Select(g => (g.CloudId, g.DistinguishedName)), frozen.Select(g => g.CloudId));
        AddNamed(
            reasons, "would change from security to distribution", TypeChanges(now.Groups).Select(g => (g.CloudId!.Value, g.Name)),
            TypeChanges(before).Select(g => g.CloudId!.Value));
        foreach (var (reason, what) in Announced)
        {
            AddNamed(reasons, what, Migrating(now.Groups, reason).Select(g => (g.CloudId!.Value, g.Name)), Migrating(before, reason).Select(g => g.CloudId!.Value));
        }

        AddLosses(reasons, losses, now);
        AddRules(reasons, plan, servers);
        AddCeilings(reasons, plan.Ceilings, now.Ceilings);

        var addedIds = added.Select(g => g.CloudId).ToHashSet();
        return new DriftVerdict
        {
            Holds = reasons.Count == 0,
            Groups = [.. now.Migrating.Where(g => plannedIds.Contains((g.CloudId, g.ObjectGuid)) || addedIds.Contains(g.CloudId))],
            Added = added,
            Reasons = reasons,
        };
    }

    static void AddObstacles(List<string> reasons, Classification now, IReadOnlyList<ClassifiedGroup> before)
    {
        // A plan exists only when nothing was at risk and nothing stood in the way, so that each of these is new.
        var known = before.Where(g => g.Readiness == Readiness.NotReady).Select(g => g.ObjectGuid).ToHashSet();
        var obstacles = now.Groups.Where(g => g.Readiness == Readiness.NotReady && !known.Contains(g.ObjectGuid)).ToList();
        reasons.AddRange(obstacles.Take(5).Select(g => $"{g.Name}: {g.Reasons[0]}"));
        if (obstacles.Count > 5)
        {
            reasons.Add($"{obstacles.Count} groups are not ready.");
        }
    }

    static IEnumerable<ClassifiedGroup> Migrating(IEnumerable<ClassifiedGroup> groups, string reason)
        => groups.Where(g => g is { Class: GroupClass.Migrates, CloudId: not null } && g.Reasons.Contains(reason));

    static IEnumerable<ClassifiedGroup> TypeChanges(IEnumerable<ClassifiedGroup> groups) => groups.Where(g => g is { TypeChange: true, CloudId: not null });

    // People accepted these by name: as many others are not the same.
    static void AddNamed(List<string> reasons, string what, IEnumerable<(Guid Id, string Name)> now, IEnumerable<Guid> announced)
    {
        var known = announced.ToHashSet();
        var more = now.Where(g => !known.Contains(g.Id)).OrderBy(g => g.Name, StringComparer.Ordinal).ToList();
        reasons.AddRange(more.Take(5).Select(g => $"{g.Name} {what}, and was not announced."));
        if (more.Count > 5)
        {
            reasons.Add($"{more.Count} groups {what} that were not announced.");
        }
    }

    // People read whom a group loses: as many others are not the same. Members are compared by their ids and never named.
    static void AddLosses(List<string> reasons, IReadOnlyList<GroupLoss> announced, Classification now)
    {
        var known = announced.ToDictionary(loss => loss.CloudId, loss => loss.Members);
        var more = now.Losses.Where(loss => known.ContainsKey(loss.CloudId))
            .Select(loss => (loss.CloudId, Count: loss.Members.Except(known[loss.CloudId]).Count())).Where(loss => loss.Count > 0).ToList();
        var names = now.Groups.Where(g => g.CloudId is not null).ToLookup(g => g.CloudId!.Value, g => g.Name);
        reasons.AddRange(more.Take(5).Select(loss => $"{names[loss.CloudId].First()} would lose {loss.Count} members that were not announced."));
        if (more.Count > 5)
        {
            reasons.Add($"{more.Count} groups would lose members that were not announced.");
        }
    }

    static void AddRules(List<string> reasons, MigrationPlan plan, IReadOnlyList<ServerFacts> servers)
    {
        foreach (var server in servers)
        {
            var known = plan.Servers.FirstOrDefault(s => s.Name.Equals(server.Server, StringComparison.OrdinalIgnoreCase))?.CustomProvisioningRules ?? [];
            reasons.AddRange(server.CustomProvisioningRules.Except(known)
                .Select(rule => $"{server.Server} has a custom rule that provisions groups and that nobody accepted: {rule}."));
        }
    }

    static void AddCeilings(List<string> reasons, Ceilings plan, Ceilings now)
    {
        AddCeiling(reasons, "Microsoft 365 groups would appear", plan.M365NewlyWritten, now.M365NewlyWritten);
        AddCeiling(reasons, "Microsoft 365 groups would change their type", plan.M365TypeChanged, now.M365TypeChanged);
        AddCeiling(reasons, "memberships would be lost", plan.MembersLost, now.MembersLost);
    }

    static void AddCeiling(List<string> reasons, string what, int approved, int now)
    {
        if (now > approved)
        {
            reasons.Add($"{now} {what}; approved were {approved}.");
        }
    }
}

/// <summary>The verdict, before its lists are kept as documents.</summary>
public sealed record DriftVerdict
{
    public required bool Holds { get; init; }
    public required IReadOnlyList<GroupIdentity> Groups { get; init; }
    public required IReadOnlyList<GroupIdentity> Added { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }
}

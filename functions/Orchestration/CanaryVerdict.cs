using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What the canaries say after their cycle, read in Active Directory. Pure.</summary>
sealed record CanaryVerdict
{
    /// <summary>The first canary that is out of order.</summary>
    public required string Canary { get; init; }
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Nothing is wrong but that synced members are missing: the members switch, which a person can still set.</summary>
    public required bool MembersSwitchOff { get; init; }

    /// <summary>What the match canary lost: devices and synced nested groups, which Cloud Sync does not write.</summary>
    public required int MembersLost { get; init; }

    /// <param name="found">What bears the canaries' anchors.</param>
    /// <param name="match">The match canary's object, as it was made.</param>
    /// <param name="testUser">objectGUID of the synced user.</param>
    /// <param name="plan">What was planned.</param>
    /// <param name="ownMappings">The job names and places what it makes by mappings of somebody else's: only what it matches is judged by name.</param>
    public static CanaryVerdict Of(IReadOnlyList<GroupSnapshot> found, GroupSnapshot match, Guid testUser, MigrationPlan plan, bool ownMappings = false)
    {
        var problems = new List<(string Canary, string Problem)>();
        var members = 0;
        GroupSnapshot[] Of(Guid id) => [.. found.Where(o => o.Group.ExternalDirectoryObjectId == Anchors.Of(id))];

        if (Of(plan.Canaries.Unassigned) is { Length: > 0 }) { problems.Add(("unassigned", "it was provisioned although nobody assigned it")); }

        switch (Of(plan.Canaries.New))
        {
            case []: problems.Add(("new", "no object was created")); break;
            case [var created]:
                if (!ownMappings && !Under(created, plan.WritebackOu)) { problems.Add(("new", $"it was created outside {plan.WritebackOu}")); }
                if (!ownMappings && !NamedAs(created, plan)) { problems.Add(("new", "its name is not formed as the groups' names are now")); }
                if (created.Members.Count == 0) 
                {
                    problems.Add(("new", "it is empty: its synced test user was not written"));
                    members++;
                }
                break;
            default: problems.Add(("new", "more than one object was created")); break;
        }

        var lost = 0;
        switch (Of(plan.Canaries.Match))
        {
            case []: problems.Add(("match", "its object is gone or lost its anchor")); break;
            case [var now]:
                if (now.Group.ObjectGuid != match.Group.ObjectGuid || now.Group.Sid != match.Group.Sid) { problems.Add(("match", "objectGUID or SID changed")); }
                if (!string.Equals(now.Group.DistinguishedName, match.Group.DistinguishedName, StringComparison.OrdinalIgnoreCase))
                {
                    problems.Add(("match", $"it was renamed or moved to {now.Group.DistinguishedName}"));
                }
                lost = match.Members.Except(now.Members).Count();
                // The synced user is what the members switch decides about.
                if (!now.Members.Contains(testUser))
                {
                    problems.Add(("match", "it lost its synced test user"));
                    members++;
                }
                break;
            default: problems.Add(("match", "a second object was created beside it")); break;
        }

        return new CanaryVerdict
        {
            Canary = problems.Select(p => p.Canary).FirstOrDefault() ?? "",
            Problems = [.. problems.Select(p => p.Problem)],
            MembersSwitchOff = members > 0 && members == problems.Count,
            MembersLost = lost,
        };
    }

    static bool Under(GroupSnapshot o, string ou)
    {
        var dn = o.Group.DistinguishedName;
        return dn.EndsWith($",{ou}", StringComparison.OrdinalIgnoreCase);
    }

    static bool NamedAs(GroupSnapshot o, MigrationPlan plan)
    {
        var byGuid = o.Group.DistinguishedName.StartsWith($"CN={Anchors.Of(plan.Canaries.New)},", StringComparison.OrdinalIgnoreCase);
        return plan.Naming == NamingStyle.GroupGuid ? byGuid : !byGuid;
    }
}

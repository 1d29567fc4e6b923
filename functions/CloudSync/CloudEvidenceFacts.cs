using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Evidence;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Facts of the evidence's part <c>cloud</c>: what decides, and nothing that changes while a tenant merely lives on.</summary>
public sealed record CloudEvidenceFacts
{
    public required string Tenant { get; init; }
    public required string Migration { get; init; }

    /// <summary>SHA-256 of the document of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>SHA-256 of the document of the groups that migrate.</summary>
    public required string Groups { get; init; }
    public required Ceilings Ceilings { get; init; }

    /// <summary>The window that people approved. The listener reads it in the part that they approved again, and switches at no other time.</summary>
    public required EvidenceWindow Window { get; init; }
    public required string Job { get; init; }

    /// <summary>Who brings groups into scope, as the plan says.</summary>
    public required ScopeAssignment AssignScope { get; init; }
    public required string SchemaHash { get; init; }
    public required string SecretsHash { get; init; }

    /// <summary>Every check by its name.</summary>
    public required SortedDictionary<string, bool> Checks { get; init; }

    /// <summary>One sentence for each check that does not hold.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
    public required bool Passed { get; init; }
}

/// <summary>Judges the cloud's side before the switch. Pure.</summary>
public static class CloudJudge
{
    /// <param name="facts">What was read back of the job.</param>
    /// <param name="canariesProved">The canaries came out as expected.</param>
    /// <param name="approved">What people approved.</param>
    /// <param name="now">Microsoft 365 groups that would appear or change their type by the switch, now.</param>
    public static SortedDictionary<string, bool> Checks(CloudSyncFacts facts, bool canariesProved, Ceilings approved, M365Effect now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(approved);
        ArgumentNullException.ThrowIfNull(now);
        return new SortedDictionary<string, bool>(StringComparer.Ordinal)
        {
            ["canariesOnly"] = facts.CanariesOnly && facts.CanariesAssigned,
            ["canariesProved"] = canariesProved,
            ["jobExists"] = facts.Exists,
            ["jobHealthy"] = !facts.Quarantined,
            ["jobPaused"] = !facts.Started,
            ["m365NewlyWrittenWithinCeiling"] = now.NewlyWritten <= approved.M365NewlyWritten,
            ["m365TypeChangedWithinCeiling"] = now.TypeChanged <= approved.M365TypeChanged,
            ["mappingsAsPlanned"] = facts.MappingsAsPlanned,
            ["noPlannedInScope"] = facts.PlannedInScope == 0,
            ["noStrangersInScope"] = facts.StrangersInScope == 0,
        };
    }
}

/// <summary>What the switch would do to Microsoft 365 groups.</summary>
public sealed record M365Effect
{
    public required int NewlyWritten { get; init; }
    public required int TypeChanged { get; init; }

    /// <param name="classified">The classes of the plan or, later, of the freeze: which groups have an object, of which type.</param>
    /// <param name="now">The Microsoft 365 groups of now.</param>
    /// <remarks>A group that writeback v2 itself has written since then is no effect of the switch, unless its type changes.</remarks>
    public static M365Effect Of(IReadOnlyList<Assessment.ClassifiedGroup> classified, IReadOnlyList<Assessment.CloudGroupFacts> now)
    {
        ArgumentNullException.ThrowIfNull(classified);
        ArgumentNullException.ThrowIfNull(now);
        var known = classified.Where(g => g.CloudId is not null && g.ObjectGuid is not null).GroupBy(g => g.CloudId!.Value).ToDictionary(g => g.Key, g => g.First());
        var tooLarge = classified.Where(g => g.CloudId is not null && g.Reasons.Contains(Assessment.ClassReason.M365TooLarge)).Select(g => g.CloudId!.Value).ToHashSet();
        return new M365Effect
        {
            NewlyWritten = now.Count(g => !known.ContainsKey(g.Id) && !tooLarge.Contains(g.Id) && g.WritebackEnabled is false),
            TypeChanged = now.Count(g => known.TryGetValue(g.Id, out var there)
                ? there.TypeChange
                : g.WritebackEnabled is not false && g.OnPremisesGroupType is "universalSecurityGroup" or "universalMailEnabledSecurityGroup"),
        };
    }
}

namespace GwbCloud.Functions.Assessment;

/// <summary>What the migration does to the groups of the tenant, in numbers; part of the plan.</summary>
public sealed record BlastRadius
{
    /// <summary>Groups that Cloud Sync takes over.</summary>
    public required int Migrating { get; init; }

    /// <summary>Of those, groups that lose members, and the memberships that they lose together.</summary>
    public required int LosingMembers { get; init; }
    public required int MembersLost { get; init; }

    /// <summary>Microsoft 365 groups that appear in Active Directory after the switch.</summary>
    public required int M365NewlyWritten { get; init; }

    /// <summary>Microsoft 365 groups that change from security to distribution.</summary>
    public required int M365TypeChanged { get; init; }

    /// <summary>Microsoft 365 groups that stay out because they are too large.</summary>
    public required int M365TooLarge { get; init; }

    /// <summary>Groups that cannot move as they are; each blocks until somebody changed it.</summary>
    public required int CannotMove { get; init; }

    /// <summary>Groups that stay with their members and no longer follow Entra.</summary>
    public required int Freezing { get; init; }

    /// <summary>Objects in the OU that belong to no group in Entra; they are left alone.</summary>
    public required int Orphans { get; init; }

    public static BlastRadius Of(Classification classified)
    {
        ArgumentNullException.ThrowIfNull(classified);
        return new BlastRadius
        {
            Migrating = classified.Migrating.Count,
            LosingMembers = classified.Losses.Count,
            MembersLost = classified.MembersLost,
            M365NewlyWritten = classified.M365NewlyWritten,
            M365TypeChanged = classified.M365TypeChanged,
            M365TooLarge = classified.Groups.Count(g => g.Reasons.Contains(ClassReason.M365TooLarge)),
            CannotMove = classified.Groups.Count(g => g.Readiness == Readiness.NotReady),
            Freezing = classified.Freezing.Count,
            Orphans = classified.Groups.Count(g => g.Class == GroupClass.Orphan),
        };
    }
}

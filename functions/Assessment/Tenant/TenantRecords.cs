using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Assessment;

/// <summary>What <c>ListTenant</c> found: everything but members.</summary>
public sealed record TenantList
{
    public required TenantBasics Basics { get; init; }

    /// <summary>Document of <see cref="CloudGroupFacts"/> by id, each without its members.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Document of <see cref="MemberQuestion"/> by id.</summary>
    public required DocumentReference Questions { get; init; }

    /// <summary>Questions that one activity answers. In here, so that a setting that changes meanwhile changes no reading under way.</summary>
    public required int PartSize { get; init; }
}

/// <summary>A group whose members matter.</summary>
public sealed record MemberQuestion
{
    public required Guid Group { get; init; }

    /// <summary>Their number is enough.</summary>
    public bool CountOnly { get; init; }

    /// <summary>The questions about groups, in their order.</summary>
    /// <param name="groups">All groups.</param>
    /// <param name="canaries">Groups whose members matter although they are not written back.</param>
    public static IEnumerable<MemberQuestion> About(IEnumerable<CloudGroupFacts> groups, IReadOnlyCollection<Guid> canaries)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var group in groups.Where(g => !g.SoftDeleted))
        {
            // A Microsoft 365 group that is not written now appears after the switch unless it is too large; the others were counted by Connect.
            if (group is { Unified: true, WritebackEnabled: false })
            {
                yield return new MemberQuestion { Group = group.Id, CountOnly = true };
            }
            else if (group is { Unified: false, WritebackEnabled: true } || canaries.Contains(group.Id))
            {
                yield return new MemberQuestion { Group = group.Id };
            }
        }
    }
}

/// <summary>Some of the questions of a list.</summary>
public sealed record MemberPart
{
    public required string AssessmentId { get; init; }

    /// <summary>Document of <see cref="MemberQuestion"/>.</summary>
    public required DocumentReference Questions { get; init; }

    /// <summary>Place of the first one, from 0.</summary>
    public required int From { get; init; }
    public required int Count { get; init; }

    /// <summary>As <see cref="MigrationPlan.ForestDomains"/>.</summary>
    public IReadOnlyList<string> ForestDomains { get; init; } = [];
}

/// <summary>The answer to a <see cref="MemberQuestion"/>; its members mean what they do in <see cref="CloudGroupFacts"/>.</summary>
public sealed record GroupMembers
{
    public required Guid Group { get; init; }
    public required int Members { get; init; }
    public IReadOnlyList<Guid> Unwritable { get; init; } = [];
    public IReadOnlyList<Guid> CloudOnly { get; init; } = [];
    public IReadOnlyList<Guid> Children { get; init; } = [];
    public int Devices { get; init; }
    public int SyncedGroups { get; init; }
    public int SyncedContacts { get; init; }

    public CloudGroupFacts AddTo(CloudGroupFacts group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group with
        {
            Members = Members,
            Unwritable = Unwritable,
            CloudOnly = CloudOnly,
            Children = Children,
            Devices = Devices,
            SyncedGroups = SyncedGroups,
            SyncedContacts = SyncedContacts,
        };
    }
}

/// <summary>Everything that was read of a tenant, in its parts.</summary>
public sealed record TenantParts
{
    public required string AssessmentId { get; init; }
    public required TenantList List { get; init; }

    /// <summary>Documents of <see cref="GroupMembers"/>, together by id.</summary>
    public required IReadOnlyList<DocumentReference> Members { get; init; }
}

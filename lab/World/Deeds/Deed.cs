using System.Text.Json.Serialization;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>Something that an administrator does by hand, whom nobody of the migration asked.</summary>
/// <remarks>
/// The same deed happens in the control world at the same moment, so that what it does by itself is never the migration's harm; what follows
/// from it only because there is a migration is.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "deed")]
[JsonDerivedType(typeof(SchedulerSet), "scheduler-set")]
[JsonDerivedType(typeof(StagingSet), "staging-set")]
[JsonDerivedType(typeof(WizardOpened), "wizard-opened")]
[JsonDerivedType(typeof(WizardClosed), "wizard-closed")]
[JsonDerivedType(typeof(CycleStarted), "cycle-started")]
[JsonDerivedType(typeof(WritebackSwitchedOff), "writeback-switched-off")]
[JsonDerivedType(typeof(OuScopeSet), "ou-scope-set")]
[JsonDerivedType(typeof(CertificateExpired), "certificate-expired")]
[JsonDerivedType(typeof(CertificateRenewed), "certificate-renewed")]
[JsonDerivedType(typeof(RuleRemoved), "rule-removed")]
[JsonDerivedType(typeof(RuleEdited), "rule-edited")]
[JsonDerivedType(typeof(RuleCloned), "rule-cloned")]
[JsonDerivedType(typeof(JobSet), "job-set")]
[JsonDerivedType(typeof(ScopeSetToAll), "scope-set-to-all")]
[JsonDerivedType(typeof(GroupsAssigned), "groups-assigned")]
[JsonDerivedType(typeof(AgentsSet), "agents-set")]
[JsonDerivedType(typeof(GroupHardDeleted), "group-hard-deleted")]
[JsonDerivedType(typeof(GroupSoftDeleted), "group-soft-deleted")]
[JsonDerivedType(typeof(GroupCreated), "group-created")]
[JsonDerivedType(typeof(GroupWritebackSet), "group-writeback-set")]
[JsonDerivedType(typeof(GroupTypeSet), "group-type-set")]
[JsonDerivedType(typeof(GroupRenamed), "group-renamed")]
[JsonDerivedType(typeof(GroupMailSet), "group-mail-set")]
[JsonDerivedType(typeof(GroupMembersChanged), "group-members-changed")]
[JsonDerivedType(typeof(GroupsTouched), "groups-touched")]
[JsonDerivedType(typeof(ObjectRenamed), "object-renamed")]
[JsonDerivedType(typeof(ObjectMoved), "object-moved")]
[JsonDerivedType(typeof(ObjectDeleted), "object-deleted")]
[JsonDerivedType(typeof(ObjectAnchorSet), "object-anchor-set")]
[JsonDerivedType(typeof(ObjectMembersChanged), "object-members-changed")]
[JsonDerivedType(typeof(AgentRightsRemoved), "agent-rights-removed")]
[JsonDerivedType(typeof(ReplicationLagSet), "replication-lag-set")]
[JsonDerivedType(typeof(GroupsTakenApart), "groups-taken-apart")]
[JsonDerivedType(typeof(StopPressed), "stop-pressed")]
[JsonDerivedType(typeof(GroupsRepaired), "groups-repaired")]
[JsonDerivedType(typeof(RetryAsked), "retry-asked")]
public abstract record Deed
{
    /// <summary>Whether it happens in the control world too: it would have happened without a migration, and its own effect counts against nobody.</summary>
    internal virtual bool InControl => true;

    /// <summary>The groups that it names, as <see cref="SeededName"/> reads them.</summary>
    internal virtual IEnumerable<string> NamedGroups => [];

    /// <summary>Does it, as a part of a change of the world.</summary>
    internal abstract DeedResult Do(SimulatedWorld world, WorldChange change);
}

/// <summary>A deed that concerns one group.</summary>
public abstract record GroupDeed : Deed
{
    /// <summary>As <see cref="SeededName"/> reads it.</summary>
    public required string Group { get; init; }

    internal override IEnumerable<string> NamedGroups => [Group];
}

/// <summary>What came of a deed.</summary>
sealed record DeedResult
{
    public static DeedResult Done { get; } = new();

    /// <summary>Why it could not be done; whoever wanted it leaves it.</summary>
    public string? Refused { get; init; }

    /// <summary>It could not be done yet: it is tried again.</summary>
    public bool Waits { get; init; }

    /// <summary>What the same person does next; with <see cref="Waits"/> the same deed.</summary>
    public Deed? Next { get; init; }
    public TimeSpan After { get; init; }

    public static DeedResult Refuse(string why) => new() { Refused = why };

    public static DeedResult Then(Deed next, TimeSpan after) => new() { Next = next, After = after };

    public static DeedResult Again(Deed deed, TimeSpan after) => new() { Waits = true, Next = deed, After = after };
}

/// <summary>A deed and when somebody does it; the same moment again, after it was reached once, brings no second one.</summary>
public sealed record PlannedDeed
{
    public required Moment When { get; init; }
    public required Deed Does { get; init; }
}

/// <summary>A deed as it was done, or as it is still to be done.</summary>
public sealed record DeedRecord
{
    public required Deed Deed { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Why it could not be done.</summary>
    public string? Refused { get; init; }

    /// <summary>It only waited, and stands in the book again.</summary>
    public bool Waited { get; init; }
}

/// <summary>A moment that was reached.</summary>
sealed record ReachedMoment
{
    public required DateTimeOffset At { get; init; }
}

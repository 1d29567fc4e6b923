using System.Text.Json.Serialization;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Notifications;

/// <summary>What a message is about; each kind has a card of its own.</summary>
public enum NotificationKind
{
    GateAsked,

    /// <summary>The plan of an operation is ready, and needs a second person.</summary>
    ApprovalAsked,

    /// <summary>A stage waits for its release.</summary>
    StageHeld,
    TaskOpened,
    Reminder,
    Escalation,
    AttentionNeeded,
    Denied,

    /// <summary>An operator cancelled or stopped it.</summary>
    Cancelled,
    Postponed,
    Expired,
    Completed,
    RolledBack,

    /// <summary>An operation has taken back what it had written.</summary>
    Undone,
}

/// <summary>A message to people, before it takes the shape of a channel.</summary>
/// <remarks>
/// It leaves the tenant's own systems, so it holds what somebody needs to come to the page and no more: no member, no secret, no document. Names that others
/// chose stand in it as they are; whoever draws it makes them harmless.
/// </remarks>
public sealed record Notification
{
    /// <summary>Made of what it tells: the same message has the same id, however often it is planned.</summary>
    public required string Id { get; init; }
    public required NotificationKind Kind { get; init; }

    /// <summary>Id of the migration, or of the operation, that it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>When what it tells was shown on the page.</summary>
    public required DateTimeOffset At { get; init; }
    public required Audience Audience { get; init; }
    public required string Title { get; init; }

    /// <summary>One to three sentences.</summary>
    public required string Summary { get; init; }
    public required IReadOnlyList<NotificationFact> Facts { get; init; }

    /// <summary>The evidence or the advice in short sentences, at most <see cref="MostLines"/>.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>Lines that only the page has.</summary>
    public int MoreLines { get; init; }

    /// <summary>By when somebody must have come; null where nothing waits.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Where the page is, below the pages' address.</summary>
    public required string Path { get; init; }

    public const int MostLines = 6;

    /// <summary>About an operation, and no migration.</summary>
    [JsonIgnore]
    public bool IsOperation => RunIds.IsOperation(Subject);
}

/// <summary>A name of ours and a value.</summary>
public sealed record NotificationFact
{
    public required string Name { get; init; }
    public required string Value { get; init; }
}

using System.Text.Json;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>What a story is dated by: things of which the world hears when they happen.</summary>
public enum MomentKind
{
    /// <summary>Time begins to pass.</summary>
    StoryBegins,

    /// <summary>A stage runs for the first time; named by the stage.</summary>
    StageBegins,

    /// <summary>A stage has ended, however; named by the stage.</summary>
    StageEnds,

    /// <summary>A gate waits for people; <c>plan</c> or <c>switch</c>.</summary>
    GateOpens,

    /// <summary>The decision that completes a quorum has been made, and is about to be handed in; <c>plan</c> or <c>switch</c>.</summary>
    GateApproved,

    /// <summary>An operator task is open; named by its kind.</summary>
    TaskOpens,

    /// <summary>The migration is on its way back.</summary>
    UndoBegins,

    /// <summary>The migration is parked, and waits for a person.</summary>
    Parked,
}

/// <summary>A moment of a story, in virtual time.</summary>
public sealed record Moment
{
    public required MomentKind At { get; init; }

    /// <summary>Which stage, gate or kind of task, as people type it: <c>first-full-sync</c>, <c>switch</c>, <c>leave-staging</c>. Null where there is only one.</summary>
    public string? Of { get; init; }

    /// <summary>Minutes after it.</summary>
    public int Minutes { get; init; }

    /// <summary>What is reached, whatever <see cref="Minutes"/> says.</summary>
    public string Key => KeyOf(At, Of);

    public static Moment Begin(int minutes = 0) => new() { At = MomentKind.StoryBegins, Minutes = minutes };

    /// <param name="stage">A name such as <c>first-full-sync</c>.</param>
    /// <param name="minutes">Minutes after it.</param>
    public static Moment BeginOf(string stage, int minutes = 0) => new() { At = MomentKind.StageBegins, Of = stage, Minutes = minutes };

    /// <inheritdoc cref="BeginOf"/>
    public static Moment EndOf(string stage, int minutes = 0) => new() { At = MomentKind.StageEnds, Of = stage, Minutes = minutes };

    /// <param name="gate"><c>plan</c> or <c>switch</c>.</param>
    /// <param name="minutes">Minutes after it.</param>
    public static Moment OpeningOf(string gate, int minutes = 0) => new() { At = MomentKind.GateOpens, Of = gate, Minutes = minutes };

    /// <inheritdoc cref="OpeningOf"/>
    public static Moment ApprovalOf(string gate, int minutes = 0) => new() { At = MomentKind.GateApproved, Of = gate, Minutes = minutes };

    /// <param name="kind">A name such as <c>leave-staging</c>.</param>
    /// <param name="minutes">Minutes after it.</param>
    public static Moment TaskOf(string kind, int minutes = 0) => new() { At = MomentKind.TaskOpens, Of = kind, Minutes = minutes };

    /// <summary>A name of the product's, as people type it.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    internal static string KeyOf(MomentKind at, string? of) => of is null ? NameOf(at) : $"{NameOf(at)} {of}";
}

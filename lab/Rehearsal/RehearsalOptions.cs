using System.Text.Json.Serialization;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.DomainController;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Operations;
using GwbCloud.Lab.World;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>What the simulated approvers decide.</summary>
public enum RehearsedDecision
{
    Approve,

    /// <summary>Stop, and undo everything.</summary>
    Deny,

    /// <summary>Stop, and leave everything as it is. Only the first gate takes it; at the second they deny.</summary>
    DenyAndLeave,
    Postpone,

    /// <summary>Nobody decides until the deadline.</summary>
    Expire,
}

/// <summary>Whether the simulated operators do what only a person can do.</summary>
public enum OperatorMode
{
    Active,

    /// <summary>Nobody does a task, and nobody resolves what blocks; consequences are accepted and gates decided all the same.</summary>
    Passive,
}

/// <summary>The gate at which <see cref="Story.Decision"/> is made; every other one is approved.</summary>
public enum RehearsedGate
{
    Plan,
    Switch,
}

/// <summary>How the rehearsal speaks on standard output.</summary>
public enum ConsoleMode
{
    /// <summary>A live view, or plain lines when the output is no terminal.</summary>
    People,

    /// <summary>One JSON object a line, the outcome last.</summary>
    Json,

    /// <summary>Only the outcome's line.</summary>
    Quiet,

    /// <summary>Only the outcome's JSON object.</summary>
    QuietJson,
}

/// <summary>What is rehearsed. Kept in the data folder: a second start goes on with the same story.</summary>
public sealed record Story
{
    public WorldOptions World { get; init; } = new();
    public RehearsedDecision Decision { get; init; } = RehearsedDecision.Approve;
    public RehearsedGate At { get; init; } = RehearsedGate.Switch;

    public OperatorMode Operators { get; init; } = OperatorMode.Active;

    /// <summary>Real people take part, on wall time; who, <see cref="RehearsalOptions.Real"/> says.</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether the documented limits of Cloud Sync block.</summary>
    public bool EnforceLimits { get; init; } = true;

    /// <summary>An ended migration that needs attention is taken up again after so many hours, at most <see cref="MostTakenUp"/> times; null leaves it as it ended.</summary>
    public int? TakeUpAfterHours { get; init; }

    /// <summary>After a first migration that ended before the switch, a second one begins so many days later; null leaves it at one.</summary>
    public int? AgainAfterDays { get; init; }

    /// <summary>What the approvers decide about the second one, at the same gate.</summary>
    public RehearsedDecision AgainDecision { get; init; } = RehearsedDecision.Approve;

    /// <summary>An operation is rehearsed in place of a migration.</summary>
    public OperationStory? Operation { get; init; }

    /// <summary>Something may come after an end: whoever acts looks on until the requester is done.</summary>
    [JsonIgnore]
    public bool GoesOn => TakeUpAfterHours is not null || AgainAfterDays is not null;

    /// <summary>Nobody takes up the same migration for ever.</summary>
    public const int MostTakenUp = 6;

    /// <summary>Two stories are one when the same is told, whatever the lists in them are made of.</summary>
    public bool IsSameAs(Story other)
    {
        var (one, two) = (World, other.World);
        return one.Sabotage.SequenceEqual(two.Sabotage) && one.Absences.SequenceEqual(two.Absences) && StoryFile.Same(one.Deeds, two.Deeds)
            && this with { World = two } == other && one with { Sabotage = two.Sabotage, Absences = two.Absences, Deeds = two.Deeds } == two;
    }
}

/// <summary>A story, and how this start tells it.</summary>
public sealed record RehearsalOptions
{
    public Story Story { get; init; } = new();

    /// <summary>Folder of all journals, kept; null is a temporary one, removed at the end.</summary>
    public string? Data { get; init; }

    /// <summary>A domain controller to rehearse on; null simulates the forest.</summary>
    public DirectoryOptions? Directory { get; init; }

    /// <summary>Folder for the report and the world's account; made when missing.</summary>
    public string Output { get; init; } = "rehearsal";

    /// <summary>Port of the product's API on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }
    public ConsoleMode Console { get; init; } = ConsoleMode.People;

    /// <summary>People whom nobody simulates, because somebody real, or a test, acts for them. The others do their part in whichever migration runs.</summary>
    public IReadOnlyList<LabPerson> Real { get; init; } = [];

    /// <summary>Hears each view of a migration when it is shown; time waits for it.</summary>
    public Func<MigrationView, Task>? Shown { get; init; }

    /// <summary>Further services of the product, for who watches it.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}

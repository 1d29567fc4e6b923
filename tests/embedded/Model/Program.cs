using System.Text.Json.Serialization;

namespace GwbCloud.Tests.Embedded.Model;

/// <summary>A random orchestration as data: the engine's orchestrator and the reference model run the same text.</summary>
public sealed record RandomProgram
{
    /// <summary>A prefix of the ids and event names within, so that they are unique over all instances.</summary>
    public required string Path { get; init; }

    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>How often the steps are run, with continue-as-new in between.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>What earlier rounds left.</summary>
    public string Trace { get; init; } = "";
}

/// <summary>One step of a program.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "k")]
[JsonDerivedType(typeof(Call), "call")]
[JsonDerivedType(typeof(Flaky), "flaky")]
[JsonDerivedType(typeof(Sleep), "sleep")]
[JsonDerivedType(typeof(Loose), "loose")]
[JsonDerivedType(typeof(Await), "await")]
[JsonDerivedType(typeof(Child), "child")]
[JsonDerivedType(typeof(Both), "both")]
[JsonDerivedType(typeof(Status), "status")]
[JsonDerivedType(typeof(Send), "send")]
[JsonDerivedType(typeof(Throw), "throw")]
public abstract record Step;

/// <summary>Call an activity.</summary>
public sealed record Call(int Value) : Step;

/// <summary>Call an activity that fails until a minute of the clock, with a policy or a handler.</summary>
public sealed record Flaky(int UntilMinute, int Attempts, int Minutes, bool ByPolicy) : Step;

/// <summary>Wait for a timer.</summary>
public sealed record Sleep(int Minutes) : Step;

/// <summary>Start a timer and neither wait for nor cancel it.</summary>
public sealed record Loose(int Minutes) : Step;

/// <summary>Wait for an event, with a time-out when there are minutes.</summary>
public sealed record Await(string Event, int? Minutes) : Step;

/// <summary>Run a sub-orchestration.</summary>
public sealed record Child(RandomProgram Program) : Step;

/// <summary>Run branches at the same time.</summary>
public sealed record Both(IReadOnlyList<IReadOnlyList<Step>> Branches) : Step;

/// <summary>Set the custom status.</summary>
public sealed record Status(string Value) : Step;

/// <summary>Raise an event in the root instance.</summary>
public sealed record Send(string Event) : Step;

/// <summary>Fail.</summary>
public sealed record Throw(string Message) : Step;

/// <summary>What somebody outside does to an instance, at an instant when no timer is due.</summary>
public sealed record Operation(int AtSeconds, OperationKind Kind, string Target, string Event = "");

/// <summary>What can be done from outside.</summary>
public enum OperationKind
{
    Raise,
    Suspend,
    Resume,
    Terminate,
    TerminateAll,
}

/// <summary>A program with what happens to it.</summary>
public sealed record Scenario(RandomProgram Program, IReadOnlyList<Operation> Operations)
{
    public const string Root = "root";

    public static Scenario Generate(int seed)
    {
        var generator = new ScenarioGenerator(new Random(seed));
        return generator.Scenario();
    }
}

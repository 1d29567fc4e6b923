using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace GwbCloud.Embedded.Engine;

/// <summary>Something that happened to an orchestration and that its code may wait for.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "k")]
[JsonDerivedType(typeof(TaskCompleted), "done")]
[JsonDerivedType(typeof(TaskFailed), "failed")]
[JsonDerivedType(typeof(TimerFired), "timer")]
[JsonDerivedType(typeof(EventRaised), "event")]
abstract record HistoryEvent;

/// <summary>An activity or a sub-orchestration returned.</summary>
sealed record TaskCompleted(int Id, string? Result) : HistoryEvent;

/// <summary>An activity or a sub-orchestration failed.</summary>
sealed record TaskFailed(int Id, Failure Failure) : HistoryEvent;

/// <summary>A timer is due.</summary>
sealed record TimerFired(int Id) : HistoryEvent;

/// <summary>Somebody outside, or another orchestration, raised an event.</summary>
sealed record EventRaised(string Name, string? Payload) : HistoryEvent;

/// <summary>Something that an orchestrator's code asked for. Replay must ask for the same things in the same order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "k")]
[JsonDerivedType(typeof(CallActivity), "activity")]
[JsonDerivedType(typeof(CallSubOrchestration), "sub")]
[JsonDerivedType(typeof(StartTimer), "timer")]
[JsonDerivedType(typeof(CancelTimer), "cancel")]
[JsonDerivedType(typeof(SendEvent), "send")]
abstract record HistoryAction(int Id)
{
    /// <summary>The step for people, as error messages name it.</summary>
    public abstract string Describe();
}

/// <summary>Call an activity; open until it completes or fails.</summary>
sealed record CallActivity(int Id, string Name, string? Input) : HistoryAction(Id)
{
    public override string Describe() => $"activity '{Name}' (#{Id}) with input {Text.Shorten(Input)}";
}

/// <summary>Start a sub-orchestration; open until it ends.</summary>
sealed record CallSubOrchestration(int Id, string Name, string Version, string InstanceId, string? Input) : HistoryAction(Id)
{
    public override string Describe() => $"sub-orchestration '{Name}' (#{Id}) as '{InstanceId}' with input {Text.Shorten(Input)}";
}

/// <summary>Start a timer; open until it fires or is cancelled.</summary>
sealed record StartTimer(int Id, DateTime FireAt) : HistoryAction(Id)
{
    public override string Describe() => $"timer (#{Id}) until {FireAt:O}";
}

/// <summary>Cancel the timer with this id.</summary>
sealed record CancelTimer(int Id) : HistoryAction(Id)
{
    public override string Describe() => $"cancellation of timer #{Id}";
}

/// <summary>Raise an event in another orchestration.</summary>
sealed record SendEvent(int Id, string InstanceId, string Name, string? Payload) : HistoryAction(Id)
{
    public override string Describe() => $"event '{Name}' (#{Id}) to '{InstanceId}' with payload {Text.Shorten(Payload)}";
}

/// <summary>One run of an orchestrator's code: what it was told and what it asked for. The unit of history, and of the journal.</summary>
sealed record Turn
{
    /// <summary>The orchestration's clock during the turn, UTC.</summary>
    public required DateTime At { get; init; }

    public required IReadOnlyList<HistoryEvent> Events { get; init; }

    public required IReadOnlyList<HistoryAction> Actions { get; init; }

    /// <summary>The custom status when the turn set one, "null" when it cleared it.</summary>
    public string? CustomStatus { get; init; }

    /// <summary>Present in the last turn of an execution.</summary>
    public TurnEnd? End { get; init; }
}

/// <summary>How an execution ended.</summary>
sealed record TurnEnd
{
    public required TurnEndKind Kind { get; init; }

    /// <summary>The result; after continue-as-new the input of the next execution; when the code threw, its bare message, as on the real engine.</summary>
    public string? Value { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>The version of the next execution, when it changes.</summary>
    public string? NewVersion { get; init; }

    /// <summary>Events that the code has not taken and that the next execution gets.</summary>
    public IReadOnlyList<EventRaised> Carried { get; init; } = [];
}

/// <summary>The ways in which an execution ends by itself.</summary>
enum TurnEndKind
{
    Completed,
    Failed,
    ContinuedAsNew,
}

/// <summary>An exception as history keeps it.</summary>
sealed record Failure(string Type, string Message, string? StackTrace, Failure? Inner)
{
    public static Failure From(Exception exception)
        => new(exception.GetType().ToString(), exception.Message, exception.StackTrace,
            exception is TaskFailedException failed ? From(failed.FailureDetails) : exception.InnerException is { } inner ? From(inner) : null);

    public static Failure From(TaskFailureDetails details)
        => new(details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? From(inner) : null);

    public TaskFailureDetails ToDetails() => new(Type, Message, StackTrace, Inner?.ToDetails(), null);
}

/// <summary>Payloads in error messages.</summary>
static class Text
{
    const int Longest = 80;

    public static string Shorten(string? payload) => payload is null ? "none" : payload.Length <= Longest ? payload : $"{payload[..Longest]}… ({payload.Length} characters)";
}

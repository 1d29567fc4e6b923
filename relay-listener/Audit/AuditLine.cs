using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Audit;

/// <summary>What a line of the audit trail tells.</summary>
public enum AuditEvent
{
    /// <summary>The listener began to answer; the detail names whom it trusts.</summary>
    Started,

    /// <summary>The listener ended in order.</summary>
    Stopped,

    /// <summary>A command was refused before it became a job.</summary>
    Refused,

    /// <summary>As many more were refused with this code in the same hour, without a line each.</summary>
    RefusedMore,

    /// <summary>A command that writes was taken.</summary>
    Accepted,

    /// <summary>A command that writes has ended.</summary>
    Ended,

    /// <summary>A waiting or running job was asked to end early.</summary>
    Cancelled,

    /// <summary>The switch was verified and is held for the operator.</summary>
    SwitchOffered,

    /// <summary>What was held for the operator was taken back.</summary>
    SwitchWithdrawn,

    /// <summary>The switch was refused; the code is the first reason's, the detail names all of them.</summary>
    SwitchRefused,

    /// <summary>The cmdlet is about to be called.</summary>
    SwitchCalling,

    /// <summary>The cmdlet came back; the detail says what the flag reads.</summary>
    SwitchCalled,

    /// <summary>The file did not end as it was left: a torn line was cut off, or lines are missing.</summary>
    Damaged,
}

/// <summary>One line: who, what, when, on which content. Holds no token, no secret and nobody's name.</summary>
public sealed record AuditLine
{
    /// <summary>Counts up from 1 over all files.</summary>
    public long Number { get; init; }

    public DateTimeOffset At { get; init; }

    public required AuditEvent Event { get; init; }

    /// <summary>Why it was refused or failed, <c>GWB####</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The key that the envelope names; of a refused one a stranger's claim, cut to 64 characters.</summary>
    public string? Kid { get; init; }

    /// <summary>SHA-256 of the request's body, so that a copy of it can be recognised.</summary>
    public string? Body { get; init; }

    public string? Migration { get; init; }

    public string? CommandId { get; init; }

    /// <summary>The command's kind as it travels.</summary>
    public string? Kind { get; init; }

    public CommandState? State { get; init; }

    /// <summary>How many were refused beyond those with a line of their own.</summary>
    public long? Count { get; init; }

    public string? Detail { get; init; }

    /// <summary>SHA-256 of the line before, as it stands in the file without its end of line; 64 zeros before the first.</summary>
    public string Previous { get; init; } = "";
}

using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.Contracts;

/// <summary>Why something was refused: a stable code and one sentence. Travels in verdicts; carries no secret, token or member name.</summary>
public sealed record Refusal
{
    /// <summary>A code of the GWB table, for example <c>GWB7206</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for an operator.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>What the audit log is told beside the code, objectIds among it. Never answered, kept or logged.</summary>
    [JsonIgnore]
    public string? AuditDetail { get; init; }

    /// <summary>The code, with what only the audit log is told.</summary>
    [JsonIgnore]
    public string ForAudit => AuditDetail is null ? Code : $"{Code}, {AuditDetail}";

    /// <summary>The same as the relay carries it; a refusal repeats itself, so it is never transient.</summary>
    public CommandError ToCommandError() => new() { Code = Code, Message = Message, Remedy = Remedy };
}

/// <summary>A refusal inside one process, where no verdict is returned. Never crosses the relay or an activity's border.</summary>
public sealed class ContractException(Refusal refusal, Exception? inner = null)
    : Exception($"{refusal.Code}: {refusal.Message}", inner)
{
    /// <summary>The code and the sentence.</summary>
    public Refusal Refusal { get; } = refusal;
}

using System.Diagnostics.CodeAnalysis;

namespace GwbCloud.Contracts.Envelopes;

/// <summary>What came of verifying an envelope: its content, or why it is refused.</summary>
public sealed record EnvelopeVerdict<T>
    where T : class
{
    /// <summary>The verified content.</summary>
    public T? Envelope { get; init; }

    /// <summary>The key that the header names. A stranger's claim when refused, and null when there is no readable one.</summary>
    public string? Kid { get; init; }

    /// <summary>GWB7201 to GWB7217, GWB7502 or GWB7503.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>True when the content may be believed.</summary>
    [MemberNotNullWhen(true, nameof(Envelope))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Envelope is not null && Refusal is null;

    internal static EnvelopeVerdict<T> Refuse(ErrorEntry error, string? kid = null) => new() { Refusal = error.Because(), Kid = kid };
}

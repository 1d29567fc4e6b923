namespace GwbCloud.Functions.Orchestration.Servers;

public enum ServerDeviationKind
{
    /// <summary>A standby of the plan exports.</summary>
    Promoted,

    /// <summary>The active server of the plan is in staging mode.</summary>
    Demoted,

    /// <summary>Another build of Connect, or its cmdlet is called in another way.</summary>
    Upgraded,

    /// <summary>A server that the plan does not know answers, or has left a trace.</summary>
    Appeared,

    /// <summary>A server of the plan gave no facts.</summary>
    Gone,

    /// <summary>It writes groups through another connector, or synchronises other forests and domains than the plan says.</summary>
    OtherForests,
}

/// <summary>How a Connect server differs from the plan.</summary>
public sealed record ServerDeviation
{
    public required ServerDeviationKind Kind { get; init; }
    public required string Server { get; init; }

    /// <summary>A clause for people: <c>is in staging mode, the plan has it as the active one</c>.</summary>
    public required string Reads { get; init; }

    public string Sentence => $"{Server} {Reads}";
}

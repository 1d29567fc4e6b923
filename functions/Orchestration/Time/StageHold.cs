namespace GwbCloud.Functions.Orchestration;

/// <summary>A stage that does not begin before an operator releases it, as the view shows it.</summary>
public sealed record StageHold
{
    public required StageName Before { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>Later than this the rest would no longer fit; nobody's silence ever releases.</summary>
    public required DateTimeOffset Until { get; init; }
}

namespace GwbCloud.Functions.Audit;

/// <summary>One line of an audit log as it stands in the file.</summary>
public sealed record AuditEntry
{
    /// <summary>1, 2, 3, … without a gap.</summary>
    public required int Number { get; init; }
    public required string LineId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Who { get; init; }
    public required string What { get; init; }
    public string? Evidence { get; init; }
    public string? Detail { get; init; }

    /// <summary>SHA-256 over the bytes of the line before, without its line end; 64 zeros in the first.</summary>
    public required string Previous { get; init; }
}

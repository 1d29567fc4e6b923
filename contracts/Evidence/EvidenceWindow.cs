namespace GwbCloud.Contracts.Evidence;

/// <summary>The time in which the switch may be made, as the cloud's part of the evidence names it. Both halves know it by this record; its ends belong to it.</summary>
public sealed record EvidenceWindow
{
    public required DateTimeOffset Start { get; init; }
    public required DateTimeOffset End { get; init; }

    public bool Holds(DateTimeOffset moment) => Start <= moment && moment <= End;
}

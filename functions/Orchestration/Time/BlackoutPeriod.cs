namespace GwbCloud.Functions.Orchestration;

/// <summary>A time in which nothing that people notice may happen: from its first moment to just before its last.</summary>
public sealed record BlackoutPeriod
{
    public required DateTimeOffset From { get; init; }

    /// <summary>First moment after it.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Whether any moment of a stretch of time lies in it.</summary>
    public bool Overlaps(DateTimeOffset from, DateTimeOffset until) => from < Until && From < until;

    public override string ToString() => $"{From:u} to {Until:u}";
}

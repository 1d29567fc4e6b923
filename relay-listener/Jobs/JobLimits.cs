namespace GwbCloud.RelayListener.Jobs;

/// <summary>How much of the past the jobs' journal holds.</summary>
sealed record JobLimits
{
    /// <summary>The result of a job that ended is kept so long; a migration asks within minutes.</summary>
    public TimeSpan KeepResults { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// So long nothing of an ended job is let go, whatever the room: longer than an envelope can live, so that no copy of one meets a
    /// listener that has forgotten it.
    /// </summary>
    public TimeSpan KeepAtLeast { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Results beyond that many bytes are let go, oldest first.</summary>
    public long MaxResultBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Most commands that are remembered. When every one of them is too young to be let go, no new one is taken.</summary>
    public int MaxRemembered { get; init; } = 20_000;

    /// <summary>The file is rewritten when it has grown beyond that, and to twice of what the last rewriting left.</summary>
    public long RewriteAtBytes { get; init; } = 16L * 1024 * 1024;
}

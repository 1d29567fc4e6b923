namespace GwbCloud.Functions.Orchestration;

/// <summary>A stage can't go on, for a reason that a person can read. Never crosses the border of an orchestration.</summary>
sealed class StageStoppedException(Notice notice, StageEnd end = StageEnd.Blocked) : Exception($"{notice.Code}: {notice.Message}")
{
    public Notice Notice { get; } = notice;

    /// <summary>How the stage ends by it.</summary>
    public StageEnd End { get; } = end;
}

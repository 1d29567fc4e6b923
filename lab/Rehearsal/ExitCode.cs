namespace GwbCloud.Lab.Rehearsal;

/// <summary>What the rehearsal says to the shell.</summary>
public static class ExitCode
{
    /// <summary>Completed, and no harm done.</summary>
    public const int Completed = 0;

    /// <summary>Neither completed nor known to be safe.</summary>
    public const int Failed = 1;
    public const int BadUsage = 2;

    /// <summary>Ended otherwise, safely before the switch.</summary>
    public const int EndedBefore = 3;

    /// <summary>The world counts harm.</summary>
    public const int Harm = 4;

    /// <summary>The switch was made, and a person is needed to go on; no harm done.</summary>
    public const int ParkedAfter = 5;
}

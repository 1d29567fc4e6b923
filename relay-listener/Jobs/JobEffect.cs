namespace GwbCloud.RelayListener.Jobs;

/// <summary>What a command does to the world, and so what a restart does with a job that has not ended.</summary>
public enum JobEffect
{
    /// <summary>Nothing. Runs beside other jobs; runs again after a restart.</summary>
    Read,

    /// <summary>Compares, writes only what differs, reads back. One at a time; runs again after a restart.</summary>
    Write,

    /// <summary>Ends what runs. Beside other jobs, for it may be one of them that has to end; runs again after a restart.</summary>
    Stop,

    /// <summary>The switch. One at a time; its handler finds its own trace after a restart and never calls twice.</summary>
    Irreversible,
}

namespace GwbCloud.Journal;

/// <summary>How far a record goes before its append is acknowledged.</summary>
public enum JournalDurability
{
    /// <summary>Flushed to the disk: survives a loss of power. The default, and the only choice for real work.</summary>
    Disk,

    /// <summary>Handed to the operating system: survives a killed process, not a loss of power. For tests and rehearsals.</summary>
    Process,
}

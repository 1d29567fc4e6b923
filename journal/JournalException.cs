namespace GwbCloud.Journal;

/// <summary>The journal can't be used; the message says why and what to do.</summary>
public abstract class JournalException(string path, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The full path of the journal.</summary>
    public string Path { get; } = path;
}

/// <summary>Somebody else has the journal open.</summary>
public sealed class JournalInUseException(string path, Exception inner)
    : JournalException(path, $"The journal {path} can't be opened, another process has it open: {inner.Message}", inner);

/// <summary>The journal is damaged at a place where a crash can't have damaged it.</summary>
public sealed class JournalCorruptException(string path, long offset, string found)
    : JournalException(path, $"The journal {path} is damaged at byte {offset}: {found}. It was left unchanged; restore it from a copy, or start with an empty folder.")
{
    /// <summary>The byte at which the first unreadable frame begins.</summary>
    public long Offset { get; } = offset;
}

using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Counts what stamping came to, with memory that does not grow with the OU.</summary>
/// <remarks>Safe for several at once: one batch is compared while the one before it is being written and read back.</remarks>
sealed class StampTally
{
    readonly Lock _gate = new();
    readonly List<string> _conflicts = [];
    readonly List<string> _missing = [];
    readonly List<string> _moved = [];
    readonly List<string> _renamed = [];
    readonly List<string> _duplicates = [];
    int _written;
    int _alreadyEqual;

    /// <summary>A group that bears its anchor.</summary>
    /// <param name="ours">This command wrote it.</param>
    public void Stamped(bool ours) => Interlocked.Increment(ref ours ? ref _written : ref _alreadyEqual);

    /// <summary>A group that is left alone, and why.</summary>
    public void LeaveAlone(StampVerdict verdict, string distinguishedName) => Add(verdict switch
    {
        StampVerdict.Conflict => _conflicts,
        StampVerdict.Missing => _missing,
        StampVerdict.Moved => _moved,
        StampVerdict.Renamed => _renamed,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    }, distinguishedName);

    /// <summary>Another object bears the anchor, so the group is left alone.</summary>
    public void Duplicate(string holder) => Add(_duplicates, holder);

    /// <summary>When nothing is counted any more.</summary>
    public StampResult ToResult() => new()
    {
        Written = _written,
        AlreadyEqual = _alreadyEqual,
        Conflicts = _conflicts,
        Missing = _missing,
        Moved = _moved,
        Renamed = _renamed,
        Duplicates = _duplicates,
    };

    void Add(List<string> list, string name)
    {
        lock (_gate) { list.AddCapped([name]); }
    }
}

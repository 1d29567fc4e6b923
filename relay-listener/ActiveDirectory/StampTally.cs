using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Counts what stamping came to, with memory that does not grow with the OU.</summary>
sealed class StampTally
{
    readonly List<string> _conflicts = [];
    readonly List<string> _missing = [];
    readonly List<string> _moved = [];
    readonly List<string> _renamed = [];
    readonly List<string> _duplicates = [];

    public int Written { get; set; }

    public int AlreadyEqual { get; set; }

    /// <summary>A group that is left alone, and why.</summary>
    public void LeaveAlone(StampVerdict verdict, string distinguishedName) => (verdict switch
    {
        StampVerdict.Conflict => _conflicts,
        StampVerdict.Missing => _missing,
        StampVerdict.Moved => _moved,
        StampVerdict.Renamed => _renamed,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    }).AddCapped([distinguishedName]);

    /// <summary>Another object bears the anchor, so the group is left alone.</summary>
    public void Duplicate(string holder) => _duplicates.AddCapped([holder]);

    public StampResult ToResult() => new()
    {
        Written = Written,
        AlreadyEqual = AlreadyEqual,
        Conflicts = _conflicts,
        Missing = _missing,
        Moved = _moved,
        Renamed = _renamed,
        Duplicates = _duplicates,
    };
}

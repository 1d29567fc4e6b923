using System.Text.Json;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.Audit;

/// <summary>Where an audit log ends: the number of its last line and that line's hash.</summary>
public sealed record AuditHead
{
    public required int Lines { get; init; }
    public required string Hash { get; init; }

    /// <summary>The head of a log without lines.</summary>
    public static AuditHead Empty { get; } = new() { Lines = 0, Hash = new('0', 64) };
}

/// <summary>What came of verifying an audit log.</summary>
public sealed record AuditVerdict
{
    public required bool Intact { get; init; }

    /// <summary>Lines up to the first one that is wrong.</summary>
    public required int Lines { get; init; }

    /// <summary>What is wrong, with the line's number.</summary>
    public string? Fault { get; init; }

    /// <summary>Hash of the last line that is right; 64 zeros when there is none.</summary>
    public string Hash { get; init; } = AuditHead.Empty.Hash;
}

/// <summary>Verifies a log: every line carries its number and the hash of the line before, and the last one is what the head says.</summary>
/// <remarks>Anybody can do the same with a copy of the file: <c>sha256sum</c> over each line gives the next line's <c>previous</c>.</remarks>
public static class AuditChain
{
    /// <param name="log">The file's bytes.</param>
    /// <param name="head">Where the log is known to end; null when that is not known, and then a missing end is not found.</param>
    public static AuditVerdict Verify(ReadOnlySpan<byte> log, AuditHead? head = null)
    {
        var at = AuditHead.Empty;
        while (!log.IsEmpty)
        {
            var end = log.IndexOf((byte)'\n');
            if (end < 0)
            {
                return Broken(at, "has no end");
            }

            if (Read(log[..end]) is not { } entry)
            {
                return Broken(at, "is not readable");
            }

            if (entry.Number != at.Lines + 1)
            {
                return Broken(at, $"bears the number {entry.Number}");
            }

            if (entry.Previous != at.Hash)
            {
                return Broken(at, at.Lines == 0 ? "does not begin a log" : $"does not follow from line {at.Lines}: that one was changed, or lines between them are gone");
            }

            at = new() { Lines = entry.Number, Hash = Sha256Text.Of(log[..end]) };
            log = log[(end + 1)..];
        }

        return head is null || head == at
            ? new() { Intact = true, Lines = at.Lines, Hash = at.Hash }
            : new() { Intact = false, Lines = at.Lines, Hash = at.Hash, Fault = $"The log ends after line {at.Lines}, but not as it was left (line {head.Lines})." };
    }

    /// <summary>Verifies a log that may have grown since somebody wrote down where it ended then.</summary>
    /// <param name="log">The file's bytes.</param>
    /// <param name="passed">A place that it must have passed.</param>
    public static AuditVerdict VerifyPast(ReadOnlySpan<byte> log, AuditHead passed)
    {
        ArgumentNullException.ThrowIfNull(passed);
        var whole = Verify(log);
        if (!whole.Intact) { return whole; }
        if (whole.Lines < passed.Lines) { return new() { Intact = false, Lines = whole.Lines, Hash = whole.Hash, Fault = $"The log ends after line {whole.Lines}; it had {passed.Lines} lines." }; }
        var end = 0;
        for (var line = 0; line < passed.Lines; line++) { end += log[end..].IndexOf((byte)'\n') + 1; }
        var then = Verify(log[..end]);
        return then.Hash == passed.Hash ? whole : new() { Intact = false, Lines = passed.Lines - 1, Hash = then.Hash, Fault = $"Line {passed.Lines} is not the one that was there." };
    }

    /// <summary>The lines of an intact log.</summary>
    public static IReadOnlyList<AuditEntry> Entries(ReadOnlySpan<byte> log)
    {
        var entries = new List<AuditEntry>();
        while (log.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (Read(log[..end]) is { } entry) { entries.Add(entry); }
            log = log[(end + 1)..];
        }

        return entries;
    }

    internal static AuditEntry? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditEntry>(line, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static AuditVerdict Broken(AuditHead at, string fault) => new() { Intact = false, Lines = at.Lines, Hash = at.Hash, Fault = $"Line {at.Lines + 1} {fault}." };
}

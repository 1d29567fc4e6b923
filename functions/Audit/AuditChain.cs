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
                return Broken(at, "does not follow from the line before");
            }

            at = new() { Lines = entry.Number, Hash = Sha256Text.Of(log[..end]) };
            log = log[(end + 1)..];
        }

        return head is null || head == at
            ? new() { Intact = true, Lines = at.Lines }
            : new() { Intact = false, Lines = at.Lines, Fault = $"The log ends after line {at.Lines}, but not as it was left (line {head.Lines})." };
    }

    /// <summary>The lines of a log, as far as they can be read.</summary>
    public static IReadOnlyList<AuditEntry> ReadAll(ReadOnlySpan<byte> log)
    {
        List<AuditEntry> entries = [];
        while (log.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (Read(log[..end]) is { } entry)
            {
                entries.Add(entry);
            }

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

    static AuditVerdict Broken(AuditHead at, string fault) => new() { Intact = false, Lines = at.Lines, Fault = $"Line {at.Lines + 1} {fault}." };
}

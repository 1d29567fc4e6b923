using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;

namespace GwbCloud.RelayListener.Audit;

/// <summary>How much room the audit trail takes: at most the product of both.</summary>
sealed record AuditLimits
{
    public long MaxFileBytes { get; init; } = 4 * 1024 * 1024;

    public int MaxFiles { get; init; } = 32;
}

/// <summary>The files of the audit trail: <c>audit-000001.jsonl</c> and so on, the last one grows.</summary>
/// <remarks>Guarded by the lock of <see cref="AuditTrail"/> within the process, and by the file's own lock between processes.</remarks>
sealed class AuditFiles
{
    const string Prefix = "audit-";
    const string Suffix = ".jsonl";
    const int LongestLine = 16 * 1024;

    static readonly string Nothing = new('0', 64);

    readonly string _folder;
    readonly JournalDurability _durability;
    readonly AuditLimits _limits;
    string? _path;
    long _length = -1;
    long _number;
    string _previous = Nothing;

    public AuditFiles(string folder, JournalDurability durability, AuditLimits limits)
    {
        (_folder, _durability, _limits) = (folder, durability, limits);
        Directory.CreateDirectory(folder);
    }

    public static IReadOnlyList<string> Paths(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, Prefix + "*" + Suffix).Order(StringComparer.Ordinal)] : [];

    /// <summary>Writes a line at the end, with its number and the hash of the line before.</summary>
    public void Append(AuditLine line)
    {
        string path = Paths(_folder) is [.., var last] ? last : PathOf(1);
        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
        {
            if (path != _path || file.Length != _length) { ReadEnd(path, file); }
            if (file.Length < _limits.MaxFileBytes)
            {
                Write(path, file, line);
                return;
            }
        }
        path = PathOf(NumberOf(path) + 1);
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0)) { Write(path, file, line); }
        foreach (string old in Paths(_folder).SkipLast(_limits.MaxFiles)) { File.Delete(old); }
    }

    /// <summary>Another process has the file open just now.</summary>
    public bool IsHeldElsewhere()
    {
        if (Paths(_folder) is not [.., var last]) { return false; }
        try
        {
            using var file = new FileStream(last, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return true;
        }
    }

    /// <summary>Where the chain breaks: the file's name and the line's place in it; null when it does not.</summary>
    public static string? Check(string folder)
    {
        (string? previous, long number) = (null, 0);
        foreach (string path in Paths(folder))
        {
            int place = 0;
            foreach (string text in File.ReadLines(path, Encoding.UTF8))
            {
                place++;
                // The oldest files have been let go, so the first line that is left may follow on anything.
                if (TryRead(text) is not { } line || (previous is not null && (line.Previous != previous || line.Number != number + 1)))
                {
                    return $"{Path.GetFileName(path)}, line {place}";
                }
                if (previous is null && line.Number == 1 && line.Previous != Nothing) { return $"{Path.GetFileName(path)}, line {place}"; }
                (previous, number) = (Sha256Text.Of(Encoding.UTF8.GetBytes(text)), line.Number);
            }
        }
        return null;
    }

    void Write(string path, FileStream file, AuditLine line)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line with { Number = _number + 1, Previous = _previous }, ContractJson.Options);
        file.Position = file.Length;
        file.Write([.. bytes, (byte)'\n']);
        if (_durability == JournalDurability.Disk) { file.Flush(flushToDisk: true); }
        (_path, _length, _number, _previous) = (path, file.Length, _number + 1, Sha256Text.Of(bytes));
    }

    /// <summary>Finds the last line. What a crash left of a line behind it is cut off, and a line says so.</summary>
    void ReadEnd(string path, FileStream file)
    {
        bool isContinued = _path is not null;
        long from = Math.Max(0, file.Length - LongestLine);
        var tail = new byte[file.Length - from];
        file.Position = from;
        file.ReadExactly(tail);
        int end = tail.AsSpan().LastIndexOf((byte)'\n');
        bool torn = end + 1 < tail.Length;
        if (torn) { file.SetLength(from + end + 1); }
        int begin = end < 0 ? 0 : tail.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
        bool damaged = torn;
        if (end > 0)
        {
            var text = tail.AsSpan(begin, end - begin);
            if (TryRead(Encoding.UTF8.GetString(text)) is { } last) { (_number, _previous) = (last.Number, Convert.ToHexStringLower(SHA256.HashData(text))); }
            else { (_number, _previous, damaged) = (_number + 1, Convert.ToHexStringLower(SHA256.HashData(text)), true); }
        }
        else if (!isContinued && NumberOf(path) > 1 && Paths(_folder) is [.., var before, _])
        {
            // The process died between making a file and its first line.
            using var earlier = new FileStream(before, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            ReadEnd(before, earlier);
        }
        if (damaged) { Write(path, file, new() { Event = AuditEvent.Damaged, At = File.GetLastWriteTimeUtc(path) }); }
    }

    static AuditLine? TryRead(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditLine>(text, ContractJson.Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static int NumberOf(string path) =>
        int.TryParse(Path.GetFileNameWithoutExtension(path)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 1;

    string PathOf(int number) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:000000}{Suffix}"));
}

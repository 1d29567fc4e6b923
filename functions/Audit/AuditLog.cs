using System.Collections.Concurrent;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Audit;

/// <summary>The append-only, hash-chained log of each migration, outside Durable history.</summary>
/// <remarks>
/// Several instances of the app may write to one log: who appends holds the folder's lock, and reads what the others wrote since.
/// A line that a crash cut off is taken away when the log is opened again: the activity that wrote it was never acknowledged, and repeats it.
/// Any other deviation is tampering; nothing is appended to such a log, so that the migration stops rather than go on unrecorded.
/// </remarks>
public sealed class AuditLog(IOptions<DocumentStoreOptions> options, IDocumentStore documents) : IDisposable
{
    /// <summary>Who did what no person did.</summary>
    public const string Product = "gwbcloud";

    readonly string _folder = Path.Combine(Path.GetFullPath(options.Value.Folder), "audit");
    readonly FolderLock _oneWriter = new(Path.Combine(Path.GetFullPath(options.Value.Folder), "audit.lock"));
    readonly bool _flush = options.Value.FlushToDisk;
    readonly ConcurrentDictionary<string, OpenLog> _logs = new(StringComparer.Ordinal);

    /// <summary>Writes a line unless one with its id is there.</summary>
    /// <exception cref="AuditException">The log was tampered with.</exception>
    public async Task AppendAsync(AuditLine line, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        var log = _logs.GetOrAdd(line.MigrationId, _ => new());
        await log.Gate.WaitAsync(cancellationToken);
        try
        {
            using var alone = await AloneAsync(cancellationToken);
            if (log.Head is null || log.Length != LengthOf(line.MigrationId) || log.Head != await KnownAsync(line.MigrationId, cancellationToken))
            {
                log.Head = await OpenAsync(line.MigrationId, log.LineIds, cancellationToken);
                log.Length = LengthOf(line.MigrationId);
            }

            if (log.LineIds.Contains(line.LineId))
            {
                return;
            }

            var entry = new AuditEntry
            {
                Number = log.Head.Lines + 1,
                LineId = line.LineId,
                At = line.At,
                Who = line.Who,
                What = line.What,
                Evidence = line.Evidence,
                Detail = line.Detail,
                Previous = log.Head.Hash,
            };
            var bytes = JsonSerializer.SerializeToUtf8Bytes(entry, ContractJson.Options);
            var head = new AuditHead { Lines = entry.Number, Hash = Sha256Text.Of(bytes) };
            try
            {
                Write(PathOf(line.MigrationId), [.. bytes, (byte)'\n']);
                await documents.WriteOneAsync(HeadOf(line.MigrationId), head, etag: null, CancellationToken.None);
            }
            catch
            {
                // Nobody knows what is on the disk now: read it again before the next line.
                log.Head = null;
                throw;
            }

            log.Head = head;
            log.Length = LengthOf(line.MigrationId);
            log.LineIds.Add(line.LineId);
        }
        finally
        {
            log.Gate.Release();
        }
    }

    /// <summary>The log as it stands in the file; empty when there is none.</summary>
    public async Task<byte[]> ReadAsync(string migrationId, CancellationToken cancellationToken)
    {
        var path = PathOf(migrationId);
        return File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : [];
    }

    /// <summary>Whether the log is as it was written.</summary>
    public async Task<AuditVerdict> VerifyAsync(string migrationId, CancellationToken cancellationToken)
    {
        var log = _logs.GetOrAdd(migrationId, _ => new());
        await log.Gate.WaitAsync(cancellationToken);
        try
        {
            // Between a line and its head the log would look as if somebody had added to it.
            using var alone = await AloneAsync(cancellationToken);
            var known = await KnownAsync(migrationId, cancellationToken);
            return AuditChain.Verify(await ReadAsync(migrationId, cancellationToken), known);
        }
        finally
        {
            log.Gate.Release();
        }
    }

    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Gate.Dispose();
        }

        _oneWriter.Dispose();
    }

    Task<IDisposable> AloneAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        return _oneWriter.TakeAsync(cancellationToken);
    }

    long LengthOf(string migrationId) => new FileInfo(PathOf(migrationId)) is { Exists: true } file ? file.Length : 0;

    async Task<AuditHead> KnownAsync(string migrationId, CancellationToken cancellationToken) =>
        await documents.ReadOneAsync<AuditHead>(HeadOf(migrationId), cancellationToken) ?? AuditHead.Empty;

    async Task<AuditHead> OpenAsync(string migrationId, HashSet<string> lineIds, CancellationToken cancellationToken)
    {
        var path = PathOf(migrationId);
        var bytes = await ReadAsync(migrationId, cancellationToken);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (whole < bytes.Length)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(whole);
            file.Flush(_flush);
        }

        var known = await KnownAsync(migrationId, cancellationToken);
        var head = Replay(bytes.AsSpan(0, whole), known, lineIds) is { } end
            ? end
            : throw new AuditException(OnTampering(migrationId, bytes.AsSpan(0, whole), known));
        if (head != known)
        {
            await documents.WriteOneAsync(HeadOf(migrationId), head, etag: null, cancellationToken);
        }

        return head;
    }

    /// <summary>The log's end, or null when the chain is broken. A crash leaves the head at most one line behind.</summary>
    static AuditHead? Replay(ReadOnlySpan<byte> log, AuditHead known, HashSet<string> lineIds)
    {
        if (!AuditChain.Verify(log).Intact)
        {
            return null;
        }

        lineIds.Clear();
        var at = AuditHead.Empty;
        var reached = at == known;
        while (!log.IsEmpty)
        {
            var end = log.IndexOf((byte)'\n');
            var entry = AuditChain.Read(log[..end])!;
            lineIds.Add(entry.LineId);
            at = new() { Lines = entry.Number, Hash = Sha256Text.Of(log[..end]) };
            reached |= at == known;
            log = log[(end + 1)..];
        }

        return reached && at.Lines - known.Lines <= 1 ? at : null;
    }

    static Contracts.Refusal OnTampering(string migrationId, ReadOnlySpan<byte> log, AuditHead known) =>
        DocumentError.AuditTampered.Because($"{migrationId}: {AuditChain.Verify(log, known).Fault}");

    void Write(string path, byte[] line)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 0);
        file.Write(line);
        file.Flush(_flush);
    }

    string PathOf(string migrationId) => Path.Combine(_folder, DocumentNames.Checked(migrationId).Replace('/', '_') + ".jsonl");

    static string HeadOf(string migrationId) => $"audit/{migrationId}/head";

    sealed class OpenLog
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);
        public AuditHead? Head { get; set; }

        /// <summary>Bytes of the file that ends so: an instance that was killed may have written a line and not its head.</summary>
        public long Length { get; set; }
        public HashSet<string> LineIds { get; } = new(StringComparer.Ordinal);
    }
}

/// <summary>The audit log can't be continued.</summary>
public sealed class AuditException(Contracts.Refusal refusal) : Exception($"{refusal.Code}: {refusal.Message}")
{
    public Contracts.Refusal Refusal { get; } = refusal;
}

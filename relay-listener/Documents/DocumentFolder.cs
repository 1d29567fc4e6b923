using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Documents;

/// <summary>Documents on disk, named by their hash: those that the cloud half uploads in parts, and those that results refer to.</summary>
/// <remarks>
/// A file that bears a hash's name is whole. Its time of writing says when it was last asked for: when there is no more room, what nobody
/// has asked for longest goes first. The cloud half keeps every document itself and uploads again what is missing.
/// </remarks>
sealed class DocumentFolder : IDisposable
{
    /// <summary>What was asked for in this time is never let go, however full the folder is: a job may wait for it.</summary>
    public static readonly TimeSpan KeptAtLeast = TimeSpan.FromDays(1);

    /// <summary>What nobody has asked for in this time is let go at the next start.</summary>
    public static readonly TimeSpan KeptAtMost = TimeSpan.FromDays(90);

    /// <summary>An upload whose next part has not come in this time was given up.</summary>
    public static readonly TimeSpan UploadLife = TimeSpan.FromHours(6);

    /// <summary>Unfinished uploads at a time. A migration has a handful; each costs memory, and whoever reaches the listener can begin one.</summary>
    public const int MaxUploads = 1024;

    /// <summary>Room that the smallest file takes on the disk: one byte each must not fill it either.</summary>
    public const int SmallestRoom = 4096;

    /// <summary>After a look that found nothing to let go, so long none is made: looking through a full folder costs, and a request comes for free.</summary>
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    readonly string _folder;
    readonly long _maxBytes;
    readonly FileOptions _options;
    readonly TimeProvider _time;
    readonly SemaphoreSlim _gate = new(1, 1);
    readonly Dictionary<string, Upload> _uploads = new(StringComparer.Ordinal);
    long _bytes;
    DateTimeOffset _nextLook;

    public DocumentFolder(string folder, long maxBytes, JournalDurability durability, TimeProvider time)
    {
        (_folder, _maxBytes, _time) = (folder, maxBytes, time);
        _options = FileOptions.Asynchronous | (durability == JournalDurability.Disk ? FileOptions.WriteThrough : FileOptions.None);
        Directory.CreateDirectory(folder);
        // What a killed process had not finished.
        foreach (string torn in Directory.GetFiles(folder, "*.new", SearchOption.AllDirectories)) { File.Delete(torn); }
        foreach (string path in Directory.GetDirectories(folder, "*" + Upload.Suffix))
        {
            if (Upload.TryOpen(path) is { } upload) { _uploads.Add(upload.Sha256, upload); } else { Directory.Delete(path, recursive: true); }
        }
        _bytes = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => RoomOf(file.Length));
        LetGo(KeptAtMost, long.MinValue);
    }

    DocumentFolder(string folder, TimeProvider time) => (_folder, _time) = (folder, time);

    /// <summary>Looks into the folder of a running listener: reads whole documents, and tidies, takes and makes nothing.</summary>
    public static DocumentFolder OpenBeside(string folder, TimeProvider time) => new(folder, time);

    /// <summary>Takes one part of an upload. Costs the same for the first part and the last but for joining them.</summary>
    /// <exception cref="ContractException">GWB7101 when the hash or the number of parts cannot be.</exception>
    public async Task<PartVerdict> AcceptAsync(string sha256, int index, int parts, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!Sha256Text.IsValid(sha256) || parts is < 1 or > DocumentParts.MaxParts) { throw ContractError.ReferenceMalformed.Exception(); }
        if (DocumentParts.RefusePart(index, parts, content.Length) is { } wrong) { return Refuse(wrong); }
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (File.Exists(FileOf(sha256)))
            {
                return DocumentParts.CountFor(new FileInfo(FileOf(sha256)).Length) == parts
                    ? Compare(await ReadPartAsync(sha256, index, cancellationToken), content)
                    : Refuse(ContractError.PartOutOfRange);
            }
            if (!HasRoomFor(content.Length)) { return Refuse(JobError.DocumentsFull); }
            if (!_uploads.TryGetValue(sha256, out var upload))
            {
                if (!HasPlaceForAnother()) { return Refuse(JobError.DocumentsFull); }
                upload = Upload.Create(_folder, sha256, parts);
                _uploads.Add(sha256, upload);
            }
            if (upload.Parts != parts) { return Refuse(ContractError.PartOutOfRange); }
            var verdict = new PartVerdict { State = PartState.Stored };
            if (await upload.ReadAsync(index, cancellationToken) is { } known)
            {
                verdict = Compare(known, content);
            }
            else
            {
                await WriteFileAsync(upload.FileOf(index), content, cancellationToken);
                upload.Took(index, content.Length, _time.GetUtcNow());
            }
            // Also after a repeated part: the process may have died between the last part and the joining.
            return verdict.Refusal is null && upload.IsWhole ? await JoinAsync(upload, cancellationToken) : verdict;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The whole document is here, so that nobody need upload it again.</summary>
    public bool Has(string sha256)
    {
        if (!Sha256Text.IsValid(sha256) || !File.Exists(FileOf(sha256))) { return false; }
        Touch(sha256);
        return true;
    }

    /// <summary>One part of a whole document, or null when there is no such document or part.</summary>
    public async Task<byte[]?> ReadPartAsync(string sha256, int index, CancellationToken cancellationToken)
    {
        if (!Sha256Text.IsValid(sha256) || index < 0 || !File.Exists(FileOf(sha256))) { return null; }
        await using var file = File.OpenRead(FileOf(sha256));
        long offset = (long)index * DocumentParts.MaxPartBytes;
        if (index >= DocumentParts.CountFor(file.Length)) { return null; }
        var part = new byte[Math.Min(DocumentParts.MaxPartBytes, file.Length - offset)];
        file.Position = offset;
        await file.ReadExactlyAsync(part, cancellationToken);
        Touch(sha256);
        return part;
    }

    /// <summary>The entries of a list.</summary>
    /// <exception cref="CommandFailedException">GWB6006 when the document is not here.</exception>
    /// <exception cref="ContractException">GWB7107 when it is no such list.</exception>
    public async Task<IReadOnlyList<T>> ReadListAsync<T>(DocumentReference reference, CancellationToken cancellationToken)
    {
        await using var file = await OpenVerifiedAsync(reference, cancellationToken);
        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellationToken);
        return new Document { Reference = reference, Content = content }.ReadList<T>();
    }

    /// <summary>The entries of a list one by one; see <see cref="Jobs.JobContext.ReadEntriesAsync"/>.</summary>
    public async IAsyncEnumerable<T> ReadEntriesAsync<T>(DocumentReference reference, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        await using var file = await OpenVerifiedAsync(reference, cancellationToken);
        await using var entries = JsonSerializer.DeserializeAsyncEnumerable<T>(file, ContractJson.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (int count = 0; ; count++)
        {
            bool more;
            try
            {
                more = await entries.MoveNextAsync();
            }
            catch (JsonException e)
            {
                throw ContractError.DocumentNotAList.Exception(reference.Kind, e);
            }
            if (!more && count == reference.Count) { yield break; }
            yield return more && count < reference.Count && entries.Current is { } entry ? entry : throw ContractError.DocumentNotAList.Exception(reference.Kind);
        }
    }

    /// <summary>Keeps a document of our own, which is in memory.</summary>
    public Task<DocumentReference> WriteAsync(Document document, CancellationToken cancellationToken) =>
        WriteAsync(document.Reference.Kind, async content =>
        {
            await content.WriteAsync(document.Content, cancellationToken);
            return document.Reference.Count;
        }, cancellationToken);

    /// <summary>Keeps a document of our own while it is being written. Takes room beyond the limit: a result must not be lost for want of it.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="write">Writes the content and returns how many items it holds.</param>
    /// <param name="cancellationToken">Ends between two writes.</param>
    public async Task<DocumentReference> WriteAsync(string kind, Func<Stream, Task<int>> write, CancellationToken cancellationToken)
    {
        string temporary = Path.Combine(_folder, $"{Guid.NewGuid():N}.new");
        try
        {
            var reference = await WriteNewAsync(temporary, kind, write);
            await _gate.WaitAsync(cancellationToken);
            try
            {
                HasRoomFor(reference.Bytes);
                Keep(temporary, reference.Sha256);
                return reference;
            }
            finally
            {
                _gate.Release();
            }
        }
        catch
        {
            // A source that failed in the middle is asked again, and again: what it left must not add up.
            File.Delete(temporary);
            throw;
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>What a file of that length takes on the disk.</summary>
    internal static long RoomOf(long bytes) => Math.Max(bytes, SmallestRoom);

    static PartVerdict Refuse(ErrorEntry error) => new() { State = PartState.Refused, Refusal = error.Because() };

    static PartVerdict Compare(byte[]? known, ReadOnlyMemory<byte> content) =>
        content.Span.SequenceEqual(known) ? new() { State = PartState.Repeated } : Refuse(ContractError.PartChanged);

    async Task<DocumentReference> WriteNewAsync(string temporary, string kind, Func<Stream, Task<int>> write)
    {
        using var hash = SHA256.Create();
        await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, DocumentParts.MaxPartBytes, _options);
        int count;
        await using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
        await using (var buffered = new BufferedStream(hashed, DocumentParts.MaxPartBytes))
        {
            count = await write(buffered);
        }
        return new() { Sha256 = Convert.ToHexStringLower(hash.Hash!), Bytes = file.Length, Kind = kind, Count = count };
    }

    async Task<PartVerdict> JoinAsync(Upload upload, CancellationToken cancellationToken)
    {
        string temporary = Path.Combine(_folder, $"{upload.Sha256}.new");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, _options))
        {
            for (int index = 0; index < upload.Parts; index++)
            {
                var part = await upload.ReadAsync(index, cancellationToken);
                hash.AppendData(part!);
                await file.WriteAsync(part, cancellationToken);
            }
        }
        bool fits = Convert.ToHexStringLower(hash.GetCurrentHash()) == upload.Sha256;
        if (fits) { Keep(temporary, upload.Sha256); } else { File.Delete(temporary); }
        // When the hash is wrong nobody can tell which of the parts is.
        Forget(upload);
        return fits ? new() { State = PartState.Completed } : Refuse(ContractError.DocumentHashWrong);
    }

    /// <summary>The hash is the name. A file that was changed on disk is as good as none: it goes, so that it can be uploaded again.</summary>
    async Task<FileStream> OpenVerifiedAsync(DocumentReference reference, CancellationToken cancellationToken)
    {
        if (reference.Check() is { } malformed) { throw new ContractException(malformed); }
        FileStream file;
        try
        {
            file = new FileStream(FileOf(reference.Sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, DocumentParts.MaxPartBytes, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            throw JobError.DocumentUnknown.Exception(reference.Kind, transient: false);
        }
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) != reference.Sha256)
        {
            await file.DisposeAsync();
            Remove(new(FileOf(reference.Sha256)));
            throw JobError.DocumentUnknown.Exception(reference.Kind, transient: false);
        }
        Touch(reference.Sha256);
        file.Position = 0;
        return file;
    }

    /// <summary>The file appears whole or not at all, also when the power fails in between.</summary>
    async Task WriteFileAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, _options))
        {
            await file.WriteAsync(content, cancellationToken);
        }
        File.Move(temporary, path, overwrite: true);
        _bytes += RoomOf(content.Length);
    }

    void Keep(string temporary, string sha256)
    {
        string path = FileOf(sha256);
        if (File.Exists(path)) { File.Delete(temporary); } else { _bytes += RoomOf(new FileInfo(temporary).Length); File.Move(temporary, path); }
        Touch(sha256);
    }

    void Forget(Upload upload)
    {
        _uploads.Remove(upload.Sha256);
        _bytes -= upload.Room;
        upload.Delete();
    }

    bool HasRoomFor(long bytes)
    {
        long room = RoomOf(bytes);
        if (_bytes + room > _maxBytes) { Look(_maxBytes - room - (_maxBytes / 10)); }
        return _bytes + room <= _maxBytes;
    }

    bool HasPlaceForAnother()
    {
        if (_uploads.Count >= MaxUploads) { Look(long.MaxValue); }
        return _uploads.Count < MaxUploads;
    }

    /// <summary>Lets go of what may go, a little more than is needed, so that not every part has to look.</summary>
    void Look(long enough)
    {
        var now = _time.GetUtcNow();
        if (now < _nextLook) { return; }
        long before = _bytes;
        LetGo(KeptAtLeast, enough);
        if (_bytes == before) { _nextLook = now + BetweenLooks; }
    }

    /// <summary>Lets go of what nobody has asked for in that time, oldest first, until there is room.</summary>
    void LetGo(TimeSpan unused, long enough)
    {
        var now = _time.GetUtcNow();
        foreach (var upload in _uploads.Values.Where(upload => now - upload.LastPart > UploadLife).ToList()) { Forget(upload); }
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*.json").Where(file => now - file.LastWriteTimeUtc > unused).OrderBy(file => file.LastWriteTimeUtc))
        {
            if (_bytes <= enough) { return; }
            Remove(file);
        }
    }

    void Remove(FileInfo file)
    {
        try
        {
            long room = RoomOf(file.Length);
            file.Delete();
            Interlocked.Add(ref _bytes, -room);
        }
        catch (IOException)
        {
            // Somebody reads it: it is in use after all.
        }
    }

    void Touch(string sha256)
    {
        try
        {
            File.SetLastWriteTimeUtc(FileOf(sha256), _time.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only the order of letting go suffers.
        }
    }

    string FileOf(string sha256) => Path.Combine(_folder, $"{sha256}.json");
}

using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Documents;

/// <summary>Documents as files of one folder: <c>content/</c> by hash, <c>named/</c> by name.</summary>
/// <remarks>
/// Every write goes to a file beside the target, is flushed, and takes the target's place in one step: a reader sees the old content or
/// the new, never half of one. What is damaged is found when it is read, because content is checked against its hash and a named document
/// carries one. Safe for concurrent use, also by several processes: who writes or deletes a named document holds the folder's lock.
/// </remarks>
public sealed class FileDocumentStore : IDocumentStore, IDisposable
{
    // Begins each named document; never part of a name, so that no document's file is another one's folder.
    const string NamedSuffix = "~";
    const int HashLength = 64;

    /// <summary>What is written at once of content that comes piece by piece.</summary>
    const int PieceBytes = 64 * 1024;

    readonly string _content;
    readonly string _named;
    readonly bool _flush;
    readonly FolderLock _oneWriter;

    public FileDocumentStore(IOptions<DocumentStoreOptions> options)
    {
        var folder = Path.GetFullPath(options.Value.Folder);
        _content = Path.Combine(folder, "content");
        _named = Path.Combine(folder, "named");
        _flush = options.Value.FlushToDisk;
        _oneWriter = new(Path.Combine(folder, "named.lock"));
        Directory.CreateDirectory(_content);
        Directory.CreateDirectory(_named);
    }

    public async Task<DocumentReference> SaveAsync(string kind, ReadOnlyMemory<byte> content, int count, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var reference = DocumentReference.Of(kind, content.Span, count);
        var path = ContentPath(reference.Sha256);

        // The same content is written again only where the disk has spoilt it.
        if (!await HoldsAsync(path, reference, cancellationToken))
        {
            await ReplaceAsync(path, default, content, cancellationToken);
        }

        return reference;
    }

    public async Task<DocumentReference> SaveAsync(string kind, Func<Stream, int> write, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(write);
        cancellationToken.ThrowIfCancellationRequested();
        var fresh = Path.Combine(_content, $"{Guid.NewGuid():N}.new");
        try
        {
            var reference = Write(fresh, kind, write);
            var path = ContentPath(reference.Sha256);
            if (!await HoldsAsync(path, reference, cancellationToken))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Move(fresh, path, overwrite: true);
            }

            return reference;
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    public async Task<byte[]> LoadAsync(DocumentReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var path = ContentPath(DocumentNames.Checked(reference));
        var content = await ReadOrNullAsync(path, cancellationToken)
            ?? throw new DocumentException($"The document {reference.Kind} {reference.Sha256} is missing.");
        return content.Length == reference.Bytes && Sha256Text.Of(content) == reference.Sha256
            ? content
            : throw new DocumentException($"The document {reference.Kind} {reference.Sha256} is damaged.");
    }

    public async Task<Stream> OpenAsync(DocumentReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        FileStream content;
        try
        {
            content = new(ContentPath(DocumentNames.Checked(reference)), new FileStreamOptions
            {
                Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DocumentException($"The document {reference.Kind} {reference.Sha256} is missing.");
        }

        // The file that is open stays what it is: a writer puts another one in its place.
        try
        {
            var hash = await SHA256.HashDataAsync(content, cancellationToken);
            if (content.Length != reference.Bytes || Convert.ToHexStringLower(hash) != reference.Sha256)
            {
                throw new DocumentException($"The document {reference.Kind} {reference.Sha256} is damaged.");
            }

            content.Position = 0;
            return content;
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    public async Task<NamedDocument?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var file = await ReadOrNullAsync(NamedPath(name), cancellationToken);
        if (file is null)
        {
            return null;
        }

        var hash = file.Length > HashLength && file[HashLength] == (byte)'\n' ? System.Text.Encoding.ASCII.GetString(file, 0, HashLength) : null;
        var content = hash is null ? [] : file[(HashLength + 1)..];
        return hash is not null && Sha256Text.Of(content) == hash
            ? new NamedDocument { Content = content, ETag = hash }
            : throw new DocumentException($"The document {name} is damaged.");
    }

    public async Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
    {
        var path = NamedPath(name);
        using var alone = await _oneWriter.TakeAsync(cancellationToken);
        if (etag is not null && etag != ((await ReadAsync(name, cancellationToken))?.ETag ?? ""))
        {
            return false;
        }

        var header = System.Text.Encoding.ASCII.GetBytes(Sha256Text.Of(content.Span) + "\n");
        await ReplaceAsync(path, header, content, cancellationToken);
        return true;
    }

    public async Task<bool> DeleteAsync(PassingName name, string? etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        var path = NamedPath(name.Value);
        using var alone = await _oneWriter.TakeAsync(cancellationToken);
        if (!File.Exists(path))
        {
            return true;
        }

        if (etag is not null && etag != (await ReadAsync(name.Value, cancellationToken))?.ETag)
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var slash = DocumentNames.CheckedPrefix(prefix).LastIndexOf('/');
        var folder = slash < 0 ? _named : Path.Combine(_named, prefix[..slash]);
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        // Read as a whole before the first name is given out: the caller may write while it goes through them.
        var names = await Task.Run(() => Names(folder, prefix), cancellationToken);
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    public void Dispose() => _oneWriter.Dispose();

    List<string> Names(string folder, string prefix) =>
    [
        .. Directory.EnumerateFiles(folder, "*" + NamedSuffix, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_named, path)[..^NamedSuffix.Length].Replace('\\', '/'))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    string ContentPath(string sha256) => Path.Combine(_content, sha256[..2], sha256);

    string NamedPath(string name) => Path.Combine(_named, DocumentNames.Checked(name)) + NamedSuffix;

    static async Task<bool> HoldsAsync(string path, DocumentReference reference, CancellationToken cancellationToken)
    {
        var present = new FileInfo(path);
        return present.Exists
            && present.Length == reference.Bytes
            && await HashOrNullAsync(path, cancellationToken) == reference.Sha256;
    }

    static async Task<string?> HashOrNullAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = File.OpenRead(path);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    DocumentReference Write(string path, string kind, Func<Stream, int> write)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        using var sha256 = SHA256.Create();
        using var hashed = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true);
        using var buffered = new BufferedStream(hashed, PieceBytes);
        var count = write(buffered);
        buffered.Flush();
        hashed.FlushFinalBlock();
        file.Flush(_flush);
        return new DocumentReference { Sha256 = Convert.ToHexStringLower(sha256.Hash!), Bytes = file.Length, Kind = kind, Count = count };
    }

    static async Task<byte[]?> ReadOrNullAsync(string path, CancellationToken cancellationToken)
    {
        // Most names that are asked for first are new; an exception for each is dear. One that goes meanwhile is told by it all the same.
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    async Task ReplaceAsync(string path, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var fresh = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            // From here on nothing is cancelled: a write that has begun ends.
            await using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, useAsync: false))
            {
                await file.WriteAsync(header, CancellationToken.None);
                await file.WriteAsync(content, CancellationToken.None);
                file.Flush(_flush);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }
}

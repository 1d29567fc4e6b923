using System.Globalization;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Documents;

/// <summary>Documents on disk, named by their hash: those that the cloud half uploads in parts, and those that results refer to.</summary>
/// <remarks>A file that bears a hash's name is whole; parts of an upload lie in a folder beside it until the last one has come.</remarks>
sealed class DocumentFolder : IDisposable
{
    readonly string _folder;
    readonly long _maxBytes;
    readonly FileOptions _options;
    readonly SemaphoreSlim _gate = new(1, 1);
    long _bytes;

    public DocumentFolder(string folder, long maxBytes, JournalDurability durability)
    {
        (_folder, _maxBytes) = (folder, maxBytes);
        _options = FileOptions.Asynchronous | (durability == JournalDurability.Disk ? FileOptions.WriteThrough : FileOptions.None);
        Directory.CreateDirectory(folder);
        // What a killed process had not finished.
        foreach (string torn in Directory.GetFiles(folder, "*.new", SearchOption.AllDirectories)) { File.Delete(torn); }
        _bytes = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }

    /// <summary>Takes one part of an upload.</summary>
    public async Task<PartVerdict> AcceptAsync(string sha256, int index, int parts, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var assembler = new DocumentAssembler(sha256, parts);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (await TryReadAsync(sha256, cancellationToken) is { } whole)
            {
                int total = DocumentParts.CountFor(whole.Length);
                assembler = new DocumentAssembler(sha256, total);
                foreach (var (part, at) in DocumentParts.Split(whole).Select((part, at) => (part, at))) { assembler.Accept(at, total, part.Span); }
                return assembler.Accept(index, parts, content.Span);
            }

            string folder = Path.Combine(_folder, $"{sha256}.parts");
            var uploaded = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.part") : [];
            foreach (string file in uploaded)
            {
                int at = int.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture);
                assembler.Accept(at, parts, await File.ReadAllBytesAsync(file, cancellationToken));
            }
            if (_bytes + content.Length > _maxBytes) { return new() { State = PartState.Refused, Refusal = JobError.DocumentsFull.Because() }; }
            var verdict = assembler.Accept(index, parts, content.Span);
            switch (verdict.State)
            {
                case PartState.Stored:
                    Directory.CreateDirectory(folder);
                    await WriteFileAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{index}.part")), content, cancellationToken);
                    break;
                case PartState.Completed when assembler.TryGetContent(out var all):
                    await WriteFileAsync(FileOf(sha256), all, cancellationToken);
                    Forget(folder);
                    break;
                case PartState.Refused when verdict.Refusal?.Code == ContractError.DocumentHashWrong.Code:
                    Forget(folder);
                    break;
            }
            return verdict;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The whole document is here, so that nobody need upload it again.</summary>
    public bool Has(string sha256) => Sha256Text.IsValid(sha256) && File.Exists(FileOf(sha256));

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
        return part;
    }

    /// <summary>The entries of a list.</summary>
    /// <exception cref="CommandFailedException">GWB6006 when the document is not here.</exception>
    public async Task<IReadOnlyList<T>> ReadListAsync<T>(DocumentReference reference, CancellationToken cancellationToken)
    {
        if (reference.Check() is { } malformed) { throw new ContractException(malformed); }
        var content = await TryReadAsync(reference.Sha256, cancellationToken)
            ?? throw JobError.DocumentUnknown.Exception(reference.Kind, transient: false);
        return new Document { Reference = reference, Content = content }.ReadList<T>();
    }

    /// <summary>Keeps a document of our own.</summary>
    public async Task<DocumentReference> WriteAsync(Document document, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(FileOf(document.Reference.Sha256)))
            {
                await WriteFileAsync(FileOf(document.Reference.Sha256), document.Content, cancellationToken);
            }
            return document.Reference;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    async Task<byte[]?> TryReadAsync(string sha256, CancellationToken cancellationToken)
    {
        if (!File.Exists(FileOf(sha256))) { return null; }
        var content = await File.ReadAllBytesAsync(FileOf(sha256), cancellationToken);
        // The hash is the name; a file that was changed on disk is as good as none.
        return Sha256Text.Of(content) == sha256 ? content : null;
    }

    /// <summary>The file appears whole or not at all, also when the power fails in between.</summary>
    async Task WriteFileAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, _options))
        {
            await file.WriteAsync(content, cancellationToken);
        }
        File.Move(temporary, path, overwrite: true);
        _bytes += content.Length;
    }

    void Forget(string partsFolder)
    {
        if (!Directory.Exists(partsFolder)) { return; }
        _bytes -= new DirectoryInfo(partsFolder).EnumerateFiles().Sum(file => file.Length);
        Directory.Delete(partsFolder, recursive: true);
    }

    string FileOf(string sha256) => Path.Combine(_folder, $"{sha256}.json");
}

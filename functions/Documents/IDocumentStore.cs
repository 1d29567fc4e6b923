using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Documents;

/// <summary>Where everything large and everything lasting is kept: content by its hash, and a few named documents that change.</summary>
public interface IDocumentStore
{
    /// <summary>Keeps content under its hash. The same content again is the same document.</summary>
    Task<DocumentReference> SaveAsync(string kind, ReadOnlyMemory<byte> content, int count, CancellationToken cancellationToken);

    /// <summary>Keeps content that is written piece by piece and never lies in memory as a whole.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="write">Writes it and says how many entries it has.</param>
    /// <param name="cancellationToken">Stops before the write.</param>
    Task<DocumentReference> SaveAsync(string kind, Func<Stream, int> write, CancellationToken cancellationToken);

    /// <summary>Content by reference, its hash verified.</summary>
    /// <exception cref="DocumentException">It is not there, or is not what its hash says.</exception>
    Task<byte[]> LoadAsync(DocumentReference reference, CancellationToken cancellationToken);

    /// <summary>Content by reference, to be read from its start; its hash is verified before the first byte is given out.</summary>
    /// <exception cref="DocumentException">It is not there, or is not what its hash says.</exception>
    Task<Stream> OpenAsync(DocumentReference reference, CancellationToken cancellationToken);

    /// <summary>A named document with its ETag, or null.</summary>
    Task<NamedDocument?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Replaces a named document; with an ETag only when nobody else did since.</summary>
    /// <param name="name">Path of lower-case letters, digits, dashes, dots and slashes.</param>
    /// <param name="content">The new content.</param>
    /// <param name="etag">Null: replace whatever is there. Empty: only when nothing is there.</param>
    /// <param name="cancellationToken">Stops before the write.</param>
    /// <returns>False when the ETag no longer fits.</returns>
    Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken);

    /// <summary>Takes a document away whose time is over. One that is not there is no mistake: somebody else was first.</summary>
    /// <param name="name">Of those that may go, and no other.</param>
    /// <param name="etag">Null: whatever is there, damaged or not. Otherwise only when nobody wrote since.</param>
    /// <param name="cancellationToken">Stops before anything is deleted.</param>
    /// <returns>False when the ETag no longer fits.</returns>
    Task<bool> DeleteAsync(PassingName name, string? etag, CancellationToken cancellationToken);

    /// <summary>Names that begin with a prefix, in order.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken);
}

public sealed record NamedDocument
{
    public required byte[] Content { get; init; }
    public required string ETag { get; init; }
}

/// <summary>A document is missing or damaged.</summary>
public sealed class DocumentException(string message, Exception? inner = null) : Exception(message, inner);

using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Tests.Functions.Support;

/// <summary>A store in which somebody else comes first: right before the first write below a name, something else happens.</summary>
sealed class RacedStore(IDocumentStore store, string below, Func<Task> before) : IDocumentStore
{
    Func<Task>? _before = before;

    public async Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
    {
        if (name.StartsWith(below, StringComparison.Ordinal) && Interlocked.Exchange(ref _before, null) is { } first)
        {
            await first();
        }

        return await store.WriteAsync(name, content, etag, cancellationToken);
    }

    public Task<DocumentReference> SaveAsync(string kind, ReadOnlyMemory<byte> content, int count, CancellationToken cancellationToken) =>
        store.SaveAsync(kind, content, count, cancellationToken);

    public Task<DocumentReference> SaveAsync(string kind, Func<Stream, int> write, CancellationToken cancellationToken) => store.SaveAsync(kind, write, cancellationToken);

    public Task<byte[]> LoadAsync(DocumentReference reference, CancellationToken cancellationToken) => store.LoadAsync(reference, cancellationToken);

    public Task<Stream> OpenAsync(DocumentReference reference, CancellationToken cancellationToken) => store.OpenAsync(reference, cancellationToken);

    public Task<NamedDocument?> ReadAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(name, cancellationToken);

    public Task<bool> DeleteAsync(PassingName name, string? etag, CancellationToken cancellationToken) => store.DeleteAsync(name, etag, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => store.ListAsync(prefix, cancellationToken);
}

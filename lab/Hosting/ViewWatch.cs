using System.Text.Json;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Lab.Hosting;

/// <summary>Stands before the product's document store and hears each view of a migration at the very moment at which it is shown to people.</summary>
/// <remarks>Whatever listens has acted before the product learns that its view is written, so that a story's deed falls exactly where it was planned.</remarks>
sealed class ViewWatch(IDocumentStore store, Func<MigrationView, Task> shown) : IDocumentStore
{
    public Task<DocumentReference> SaveAsync(string kind, ReadOnlyMemory<byte> content, int count, CancellationToken cancellationToken) =>
        store.SaveAsync(kind, content, count, cancellationToken);

    public Task<DocumentReference> SaveAsync(string kind, Func<Stream, int> write, CancellationToken cancellationToken) => store.SaveAsync(kind, write, cancellationToken);

    public Task<byte[]> LoadAsync(DocumentReference reference, CancellationToken cancellationToken) => store.LoadAsync(reference, cancellationToken);

    public Task<Stream> OpenAsync(DocumentReference reference, CancellationToken cancellationToken) => store.OpenAsync(reference, cancellationToken);

    public Task<NamedDocument?> ReadAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(name, cancellationToken);

    public async Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
    {
        bool written = await store.WriteAsync(name, content, etag, cancellationToken);
        if (written && name.StartsWith("migrations/", StringComparison.Ordinal) && name.EndsWith("/view", StringComparison.Ordinal))
        {
            await shown(JsonSerializer.Deserialize<MigrationView>(content.Span, ContractJson.Lenient)!);
        }

        return written;
    }

    public Task<bool> DeleteAsync(PassingName name, string? etag, CancellationToken cancellationToken) => store.DeleteAsync(name, etag, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => store.ListAsync(prefix, cancellationToken);
}

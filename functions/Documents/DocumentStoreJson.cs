using System.Runtime.CompilerServices;
using System.Text.Json;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.Documents;

/// <summary>Records in and out of the store, as <see cref="ContractJson"/> writes them.</summary>
public static class DocumentStoreJson
{
    /// <summary>Entries for which room is made beforehand.</summary>
    const int MostExpected = 100_000;

    /// <summary>Keeps a list, one entry a line.</summary>
    public static Task<DocumentReference> SaveListAsync<T>(
        this IDocumentStore store, string kind, IEnumerable<T> entries, CancellationToken cancellationToken)
        => store.SaveAsync(kind, content => Document.WriteList(content, entries), cancellationToken);

    /// <exception cref="DocumentException">It is missing, damaged, or no list of such entries.</exception>
    public static async Task<IReadOnlyList<T>> LoadListAsync<T>(
        this IDocumentStore store, DocumentReference reference, CancellationToken cancellationToken)
    {
        // What the reference says of itself is believed when all entries are read, and not before.
        var entries = new List<T>(Math.Min(reference.Count, MostExpected));
        await foreach (var entry in store.EntriesAsync<T>(reference, cancellationToken))
        {
            entries.Add(entry);
        }

        return entries.Count == reference.Count
            ? entries
            : throw new DocumentException($"The document {reference.Kind} {reference.Sha256} is not a list of {reference.Count} entries.");
    }

    /// <summary>The entries of a list one after another, never all of them in memory.</summary>
    /// <exception cref="DocumentException">It is missing, damaged, or no list of such entries.</exception>
    public static async IAsyncEnumerable<T> EntriesAsync<T>(
        this IDocumentStore store, DocumentReference reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await store.OpenAsync(reference, cancellationToken);
        await foreach (var entry in EntriesAsync<T>(content, reference, cancellationToken))
        {
            yield return entry;
        }
    }

    /// <summary>The entries of a list that is open already.</summary>
    /// <exception cref="DocumentException">It is no list of such entries.</exception>
    public static async IAsyncEnumerable<T> EntriesAsync<T>(Stream content, DocumentReference reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var entries = JsonSerializer.DeserializeAsyncEnumerable<T>(content, ContractJson.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            yield return entries.Current ?? throw NoList(null);
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await entries.MoveNextAsync();
            }
            catch (JsonException refused)
            {
                throw NoList(refused);
            }
        }

        DocumentException NoList(Exception? inner) => new($"The document {reference.Kind} {reference.Sha256} is not a list of {typeof(T).Name}.", inner);
    }

    /// <summary>Keeps one record.</summary>
    public static Task<DocumentReference> SaveOneAsync<T>(this IDocumentStore store, string kind, T value, CancellationToken cancellationToken)
        where T : class
    {
        var document = Document.OfValue(kind, value);
        return store.SaveAsync(kind, document.Content, document.Reference.Count, cancellationToken);
    }

    /// <exception cref="DocumentException">It is missing, damaged, or no such record.</exception>
    public static async Task<T> LoadOneAsync<T>(this IDocumentStore store, DocumentReference reference, CancellationToken cancellationToken)
        where T : class
    {
        var content = await store.LoadAsync(reference, cancellationToken);
        return Parse<T>(content, $"{reference.Kind} {reference.Sha256}");
    }

    /// <summary>The record of a name, or null when there is none.</summary>
    /// <exception cref="DocumentException">It is damaged, or no such record.</exception>
    public static async Task<T?> ReadOneAsync<T>(this IDocumentStore store, string name, CancellationToken cancellationToken)
        where T : class
        => await store.ReadAsync(name, cancellationToken) is { } document ? Parse<T>(document.Content, name) : null;

    /// <summary>Puts a record under a name, in place of whatever is there.</summary>
    public static Task WriteOneAsync<T>(this IDocumentStore store, string name, T value, CancellationToken cancellationToken)
        where T : class
        => store.WriteOneAsync(name, value, etag: null, cancellationToken);

    /// <summary>Puts a record under a name; see <see cref="IDocumentStore.WriteAsync"/> for the ETag.</summary>
    public static Task<bool> WriteOneAsync<T>(this IDocumentStore store, string name, T value, string? etag, CancellationToken cancellationToken)
        where T : class
        => store.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(value, ContractJson.Options), etag, cancellationToken);

    /// <summary>Puts under a name what is made of what stands there; when somebody else wrote meanwhile, it is made anew of that.</summary>
    /// <param name="store">Where.</param>
    /// <param name="name">Of the document.</param>
    /// <param name="change">Takes what stands there, null when nothing does; null leaves it at that. May be called several times.</param>
    /// <param name="cancellationToken">Stops between reading and writing.</param>
    /// <returns>What was written; null when it was left.</returns>
    /// <exception cref="DocumentException">What stands there is damaged, or no such record.</exception>
    public static async Task<T?> ChangeOneAsync<T>(this IDocumentStore store, string name, Func<T?, Task<T?>> change, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var before = await store.ReadAsync(name, cancellationToken);
            var after = await change(before is null ? null : Parse<T>(before.Content, name));
            if (after is null || await store.WriteOneAsync(name, after, before?.ETag ?? "", cancellationToken))
            {
                return after;
            }
        }
    }

    /// <summary>The names with a prefix as a list.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(this IDocumentStore store, string prefix, CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (var name in store.ListAsync(prefix, cancellationToken))
        {
            names.Add(name);
        }

        return names;
    }

    static T Parse<T>(byte[] content, string what)
        where T : class
    {
        try
        {
            // Lenient: what an older version wrote stays readable after an update in mid-migration.
            return JsonSerializer.Deserialize<T>(content, ContractJson.Lenient) ?? throw new DocumentException($"The document {what} is empty.");
        }
        catch (JsonException refused)
        {
            throw new DocumentException($"The document {what} is not a {typeof(T).Name}.", refused);
        }
    }
}

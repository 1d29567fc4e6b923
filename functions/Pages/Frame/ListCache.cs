using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Pages;

/// <summary>The lists that people look at just now, read once. What a hash names never changes, so that nothing here gets old.</summary>
public sealed class ListCache(IDocumentStore documents)
{
    /// <summary>The groups of a tenant take some 20 MB; more lists than these are read again.</summary>
    const int Most = 6;

    readonly Lock _lock = new();
    readonly LinkedList<(string Key, object List)> _lists = new();

    public async Task<IReadOnlyList<T>> LoadAsync<T>(DocumentReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var key = $"{typeof(T).Name} {reference.Sha256}";
        if (Find(key) is IReadOnlyList<T> kept)
        {
            return kept;
        }

        var read = await documents.LoadListAsync<T>(reference, cancellationToken);
        Keep(key, read);
        return read;
    }

    object? Find(string key)
    {
        lock (_lock)
        {
            for (var node = _lists.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    _lists.Remove(node);
                    _lists.AddFirst(node);
                    return node.Value.List;
                }
            }

            return null;
        }
    }

    void Keep(string key, object list)
    {
        lock (_lock)
        {
            _lists.AddFirst((key, list));
            if (_lists.Count > Most)
            {
                _lists.RemoveLast();
            }
        }
    }
}

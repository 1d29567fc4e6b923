using System.Collections.Concurrent;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Identity;

/// <summary>
/// Names of the people who acted here, as the identity provider gave them, by objectId: document <c>people</c>. Requests, decisions and the audit name people by
/// objectId alone; a name is only for reading, and may be one that its bearer chose.
/// </summary>
public sealed class KnownPeople(IDocumentStore documents)
{
    public const int LongestName = 100;

    const string Document = "people";
    const int MostPeople = 1_000;
    const int Attempts = 5;

    readonly ConcurrentDictionary<string, string> _noted = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Remembers the name under which somebody acts. Does nothing when it is known, or none was given.</summary>
    public async Task NoteAsync(Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (Bounded(caller.Name) is not { } name || caller.IsNobody || _noted.GetValueOrDefault(caller.ObjectId) == name) { return; }
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await documents.ReadAsync(Document, cancellationToken);
            var names = new Dictionary<string, string>(NamesIn(stored), StringComparer.OrdinalIgnoreCase);
            var known = names.TryGetValue(caller.ObjectId, out var before);
            if (before != name)
            {
                if (!known && names.Count >= MostPeople) { return; }
                names[caller.ObjectId] = name;
                if (!await documents.WriteOneAsync(Document, names, stored?.ETag ?? "", cancellationToken)) { continue; }
            }

            _noted[caller.ObjectId] = name;
            return;
        }
    }

    public async Task<PeopleNames> ReadAsync(CancellationToken cancellationToken) => new(NamesIn(await documents.ReadAsync(Document, cancellationToken)));

    /// <summary>A name that can be kept; null when there is none.</summary>
    public static string? Bounded(string? name) => name?.Trim() is { Length: > 0 } given ? VisibleText.Cut(given, LongestName) : null;

    static Dictionary<string, string> NamesIn(NamedDocument? stored) =>
        stored is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(stored.Content, ContractJson.Lenient) ?? [];
}

/// <summary>Whom an objectId stands for, as far as that is known.</summary>
public sealed class PeopleNames(IReadOnlyDictionary<string, string> names)
{
    public static PeopleNames None { get; } = new(new Dictionary<string, string>());

    /// <summary>Null when it is not known.</summary>
    public string? Of(string? objectId) => objectId is null ? null : names.GetValueOrDefault(objectId);

    /// <summary>Name and objectId for places without markup: two people may bear the same name.</summary>
    public string InWords(string objectId) => Of(objectId) is { } name ? $"{name} ({objectId})" : objectId;

    /// <summary>Those of some people only.</summary>
    public IReadOnlyDictionary<string, string> Among(IEnumerable<string> people) =>
        people.Distinct(StringComparer.Ordinal).Where(names.ContainsKey).ToDictionary(person => person, person => names[person]);
}

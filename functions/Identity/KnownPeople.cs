using System.Collections.Concurrent;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Reporting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Functions.Identity;

/// <summary>
/// Names of the people who acted here, as the identity provider gave them, by objectId: document <c>people</c>. Requests, decisions and the audit name people by
/// objectId alone; a name is only for reading, and may be one that its bearer chose.
/// </summary>
/// <remarks>A damaged document stops nobody: people are shown by objectId, and it is written anew when the next one acts.</remarks>
public sealed partial class KnownPeople(IDocumentStore documents, ILogger<KnownPeople> logger)
{
    public const int LongestName = 100;

    const string Document = "people";
    const int MostPeople = 1_000;
    const int Attempts = 5;

    readonly ConcurrentDictionary<string, string> _noted = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Somebody found the document damaged: whoever acts next writes it anew, known or not.</summary>
    volatile bool _damaged;

    /// <summary>Remembers the name under which somebody acts. Does nothing when it is known, or none was given.</summary>
    public async Task NoteAsync(Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (Bounded(caller.Name) is not { } name || caller.IsNobody || (!_damaged && _noted.GetValueOrDefault(caller.ObjectId) == name)) { return; }
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (names, etag) = await FindAsync(cancellationToken);
            var known = names.TryGetValue(caller.ObjectId, out var before);
            if (before != name || etag is null)
            {
                if (!known && names.Count >= MostPeople) { return; }
                names[caller.ObjectId] = name;
                if (!await documents.WriteOneAsync(Document, names, etag, cancellationToken)) { continue; }
                _damaged = false;
            }

            _noted[caller.ObjectId] = name;
            return;
        }
    }

    public async Task<PeopleNames> ReadAsync(CancellationToken cancellationToken) => new((await FindAsync(cancellationToken)).Names);

    /// <summary>A name that can be kept; null when there is none.</summary>
    public static string? Bounded(string? name) => name?.Trim() is { Length: > 0 } given ? VisibleText.Cut(given, LongestName) : null;

    /// <returns>The names, and the ETag with which they are replaced: null where what stands there can't be read, and so is replaced whatever it is.</returns>
    async Task<(Dictionary<string, string> Names, string? ETag)> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = await documents.ReadAsync(Document, cancellationToken);
            return (stored is null ? new(StringComparer.OrdinalIgnoreCase) : NamesIn(stored), stored?.ETag ?? "");
        }
        catch (Exception damaged) when (damaged is DocumentException or JsonException)
        {
            // What this process saw itself is as good as what was lost.
            _damaged = true;
            LogDamaged(DocumentError.NamesLost.Code, damaged.GetType().Name);
            return (new(_noted, StringComparer.OrdinalIgnoreCase), null);
        }
    }

    static Dictionary<string, string> NamesIn(NamedDocument stored)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (person, name) in JsonSerializer.Deserialize<Dictionary<string, string?>>(stored.Content, ContractJson.Lenient) ?? throw new JsonException("No names."))
        {
            if (Bounded(name) is { } kept) { names[person] = kept; }
        }

        return names;
    }

    [LoggerMessage(5020, LogLevel.Error, "The names of people can't be read ({Code}, {Reason}): people are shown by objectId until they act again.")]
    partial void LogDamaged(string code, string reason);
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

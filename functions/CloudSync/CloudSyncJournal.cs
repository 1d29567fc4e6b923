using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.CloudSync;

/// <summary>
/// What a migration made in Entra, and what was there before: the document <c>migrations/{id}/cloudsync</c>. Intentions are written before the
/// act, so that after a lost answer or a crash what is found can be told from what somebody else made.
/// </summary>
public sealed record CloudSyncJournal
{
    const string Prefix = "migrations/";
    const string Suffix = "/cloudsync";

    public required IReadOnlyList<Guid> Canaries { get; init; }

    /// <summary>No application was there, and one is about to be made: what appears under the name is ours.</summary>
    public bool AppIntended { get; init; }
    public Guid? ApplicationObjectId { get; init; }
    public Guid? ServicePrincipalId { get; init; }

    /// <summary>No job was there, and one is about to be made.</summary>
    public bool JobIntended { get; init; }
    public string? JobId { get; init; }

    /// <summary>The schema as it was found, before the first edit.</summary>
    public DocumentReference? SchemaBefore { get; init; }

    /// <summary>The secrets as they were found; a list of <see cref="Secret"/>.</summary>
    public DocumentReference? SecretsBefore { get; init; }

    /// <summary>The extension property GroupDN, null while no group needs it.</summary>
    public GroupDnJournal? GroupDn { get; init; }

    /// <summary>Somebody else's configuration that manages groups; null for one that was made here or managed none.</summary>
    public AdoptionJournal? Adoption { get; init; }

    /// <summary>It was looked at whether the configuration manages groups; afterwards our own canaries would look like that.</summary>
    public bool AdoptionDecided { get; init; }

    /// <summary>The first ring began: nothing but assignments keeps planned groups out from here on, whatever the scope filter says.</summary>
    public bool ScopeOpened { get; init; }

    /// <summary>Made by the migration and removed again.</summary>
    public bool Removed { get; init; }

    public static string Name(string migrationId)
    {
        ArgumentNullException.ThrowIfNull(migrationId);
        return $"{Prefix}{migrationId.ToLowerInvariant()}{Suffix}";
    }

    public static Task<CloudSyncJournal?> ReadAsync(IDocumentStore store, string migrationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.ReadOneAsync<CloudSyncJournal>(Name(migrationId), cancellationToken);
    }

    /// <summary>Groups that were in the scope of a configuration that was taken over: nobody planned them, and they belong there.</summary>
    public static async Task<IReadOnlyList<Guid>> AssignedBeforeAsync(IDocumentStore store, string migrationId, CancellationToken cancellationToken)
        => await ReadAsync(store, migrationId, cancellationToken) is { Adoption.AssignedBefore: { } before }
            ? await store.LoadListAsync<Guid>(before, cancellationToken)
            : [];

    /// <summary>The journals of every migration of this installation.</summary>
    public static async IAsyncEnumerable<CloudSyncJournal> AllAsync(
        IDocumentStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await foreach (var name in store.ListAsync(Prefix, cancellationToken))
        {
            if (name.EndsWith(Suffix, StringComparison.Ordinal) && await store.ReadOneAsync<CloudSyncJournal>(name, cancellationToken) is { } journal)
            {
                yield return journal;
            }
        }
    }
}

/// <summary>What the migration made or found of the property GroupDN, and what groups held in it.</summary>
public sealed record GroupDnJournal
{
    /// <summary>No app was there, and one is about to be made.</summary>
    public bool AppIntended { get; init; }
    public Guid? ApplicationObjectId { get; init; }
    public Guid? AppId { get; init; }

    /// <summary>The app had no service principal, and one is about to be made.</summary>
    public bool PrincipalIntended { get; init; }
    public Guid? ServicePrincipalId { get; init; }

    /// <summary>The app had no property GroupDN, and one is about to be made.</summary>
    public bool PropertyIntended { get; init; }
    public string? PropertyId { get; init; }

    /// <summary><c>extension_{appId}_GroupDN</c>.</summary>
    public string? Property { get; init; }

    /// <summary>Document of <see cref="GroupDnValue"/>.</summary>
    public DocumentReference? Values { get; init; }
}

/// <summary>What one group holds in GroupDN by this migration.</summary>
public sealed record GroupDnValue
{
    public required Guid CloudId { get; init; }

    /// <summary>What it held before the migration first wrote; mostly nothing.</summary>
    public string? Before { get; init; }

    /// <summary>Everything that the migration ever meant to write: only such a value is ever taken back.</summary>
    public required IReadOnlyList<string> Ours { get; init; }

    /// <summary>What it must hold; null when it needs none any more.</summary>
    public string? Wanted { get; init; }

    public GroupDnValue With(string value) => this with { Wanted = value, Ours = [.. Ours.Append(value).Distinct()] };
}

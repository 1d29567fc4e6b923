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

    /// <summary>Made by the migration and removed again.</summary>
    public bool Removed { get; init; }

    public static string Name(string migrationId)
    {
        ArgumentNullException.ThrowIfNull(migrationId);
        return $"{Prefix}{migrationId.ToLowerInvariant()}{Suffix}";
    }

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

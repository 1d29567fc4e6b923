using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Finds the configuration of a domain, and the migration that made or adopted it.</summary>
public sealed class CloudSyncFinder(CloudSyncRemote remote, IDocumentStore store, IOptions<CloudSyncOptions> options)
{
    /// <summary>The enterprise application of the domain's configuration; null while there is none.</summary>
    /// <exception cref="GraphException">GWB4102: there are several.</exception>
    public async Task<CloudSyncPrincipal?> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var found = new List<CloudSyncPrincipal>();
        await foreach (var principal in remote.PrincipalsAsync(domain, cancellationToken))
        {
            if (principal.IsOf(options.Value.TemplateId) || (await remote.JobsAsync(principal.Id, cancellationToken)).Count > 0)
            {
                found.Add(principal);
            }
        }

        if (found.Count == 0)
        {
            await foreach (var principal in remote.PrincipalsAsync(options.Value.TemplateId, cancellationToken))
            {
                if (await ServesAsync(principal, domain, cancellationToken))
                {
                    found.Add(principal);
                }
            }
        }

        return found.Count <= 1 ? found.SingleOrDefault() : throw new GraphException(GraphError.SeveralConfigurations, domain);
    }

    // Under another name: a second configuration of the domain would write against it.
    async Task<bool> ServesAsync(CloudSyncPrincipal principal, string domain, CancellationToken cancellationToken)
    {
        try
        {
            return domain.Equals(SecretsMerge.DomainOf(await remote.SecretsAsync(principal.Id, cancellationToken)), StringComparison.OrdinalIgnoreCase);
        }
        catch (GraphException refused) when (refused.Error == GraphError.Forbidden)
        {
            // What may not be read is told by the assessment; it can't be taken over.
            return false;
        }
    }

    /// <summary>Its job; null while it has none.</summary>
    public async Task<RemoteJob?> FindJobAsync(CloudSyncPrincipal principal, CancellationToken cancellationToken)
        => await remote.JobsAsync(principal.Id, cancellationToken) switch
        {
            [] => null,
            [var one] => one,
            _ => throw new GraphException(GraphError.SeveralConfigurations, principal.DisplayName),
        };

    // A postponed migration left its configuration; the next one finds it and may remove it.
    public async Task<CloudSyncJournal?> EarlierAsync(Guid principal, CancellationToken cancellationToken)
    {
        CloudSyncJournal? earlier = null;
        await foreach (var journal in CloudSyncJournal.AllAsync(store, cancellationToken))
        {
            earlier ??= journal is { Removed: false } && journal.ServicePrincipalId == principal ? journal : null;
        }

        return earlier;
    }

    /// <summary>The job as the migration knows it.</summary>
    public CloudSyncJob JobOf(CloudSyncJournal journal, CloudSyncPrincipal principal, RemoteJob job) => new()
    {
        ApplicationObjectId = journal.ApplicationObjectId ?? Guid.Empty,
        ServicePrincipalId = principal.Id,
        JobId = job.Id,
        Application = principal.DisplayName,
        ScopeRoleId = principal.ScopeRole(remote.Cloud) ?? throw new GraphException(GraphError.NoScopeRole, principal.DisplayName),
        Created = journal.AppIntended || journal.JobIntended,
        KeepsNames = journal.GroupDn is not null,
        Preserves = journal.Adoption is not null,
    };
}

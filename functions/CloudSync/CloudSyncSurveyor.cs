using System.Text.Json.Nodes;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Looks at every Cloud Sync configuration of the tenant, and changes none.</summary>
public sealed class CloudSyncSurveyor(
    CloudSyncRemote remote, MemberReader members, KnownCanaries knownCanaries, IDocumentStore store, IOptions<CloudSyncOptions> options)
{
    const string Groups = "group";

    /// <exception cref="GraphException">A call failed for another reason than missing rights to one application.</exception>
    public async Task<CloudSyncSurvey> ReadAsync(SurveyInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var configurations = new List<SurveyedConfiguration>();
        var inbound = new List<SurveyedInboundJob>();
        var unreadable = new List<string>();
        var others = 0;
        foreach (var principal in await PrincipalsAsync(input.Domain, cancellationToken))
        {
            try
            {
                var jobs = await remote.AllJobsAsync(principal.Id, cancellationToken);
                if (await ConfigurationAsync(input, principal, jobs, cancellationToken) is { } found)
                {
                    configurations.AddRange(found);
                }
                else
                {
                    others += principal.IsOf(options.Value.TemplateId) ? 1 : 0;
                }

                foreach (var job in jobs.Where(j => !j.IsOf(CloudSyncRemote.JobTemplate)))
                {
                    var schema = await remote.SchemaAsync(principal.Id, job.Id, cancellationToken);
                    inbound.AddRange(Inbound(principal, job, schema, input.WritebackOu));
                }
            }
            catch (GraphException refused) when (refused.Error == GraphError.Forbidden)
            {
                unreadable.Add(NameOf(principal));
            }
        }

        return new CloudSyncSurvey
        {
            Domain = input.Domain,
            Configurations = configurations,
            OtherDomains = others,
            Inbound = inbound,
            Unreadable = unreadable,
        };
    }

    // Both templates, and whatever bears the name of the domain: a template's id may change, a convention stays.
    async Task<IReadOnlyList<CloudSyncPrincipal>> PrincipalsAsync(string domain, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<Guid, CloudSyncPrincipal>();
        foreach (var some in new[]
        {
            remote.PrincipalsAsync(options.Value.TemplateId, cancellationToken),
            remote.PrincipalsAsync(options.Value.InboundTemplateId, cancellationToken),
            remote.PrincipalsAsync(domain, cancellationToken),
        })
        {
            await foreach (var principal in some)
            {
                found.TryAdd(principal.Id, principal);
            }
        }

        return [.. found.Values];
    }

    /// <summary>The configurations of one application; null when it is none, or one of another domain.</summary>
    async Task<IReadOnlyList<SurveyedConfiguration>?> ConfigurationAsync(
        SurveyInput input, CloudSyncPrincipal principal, IReadOnlyList<RemoteJob> all, CancellationToken cancellationToken)
    {
        var jobs = all.Where(j => j.IsOf(CloudSyncRemote.JobTemplate)).ToList();
        if (jobs.Count == 0 && !principal.IsOf(options.Value.TemplateId))
        {
            return null;
        }

        var secrets = jobs.Count == 0 ? [] : await remote.SecretsAsync(principal.Id, cancellationToken);
        var named = SecretsMerge.DomainOf(secrets);
        if (!input.Domain.Equals(named ?? NameOf(principal), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var canaries = await knownCanaries.ReadAsync(cancellationToken);
        var assigned = (await remote.AssignmentsAsync(principal.Id, principal.ScopeRole(remote.Cloud), cancellationToken))
            .Select(a => a.PrincipalId).Where(id => !canaries.Contains(id)).Distinct().ToList();
        var ours = await CloudSyncJournal.AllAsync(store, cancellationToken)
            .AnyAsync(j => j is { Removed: false, JobIntended: true } && j.ServicePrincipalId == principal.Id, cancellationToken);
        var configuration = new SurveyedConfiguration
        {
            ServicePrincipalId = principal.Id,
            Name = NameOf(principal),
            State = SurveyedState.NoJob,
            Ours = ours,
            Domain = named,
            TakesAll = SecretsMerge.TakesAll(secrets),
            DeleteThreshold = SecretsMerge.ThresholdOf(secrets),
            Assigned = assigned.Count,
            HasRun = false,
            MaskedSecrets = SecretsMerge.Masked(secrets),
            Deviations = [],
        };
        if (jobs.Count == 0)
        {
            return [configuration];
        }

        var found = new List<SurveyedConfiguration>();
        foreach (var job in jobs)
        {
            var (deviations, refusal, ownMappings) = await DeviationsAsync(input, principal, job, secrets, cancellationToken);
            found.Add(configuration with
            {
                JobId = job.Id,
                State = job.Quarantined ? SurveyedState.Quarantined : job.Started ? SurveyedState.Running : SurveyedState.Paused,
                QuarantineReason = job.ToStatus().QuarantineReason,
                HasRun = job.Status?.LastExecution is not null,
                Managed = job.ManagedGroups,
                Deviations = deviations,
                CannotPreserve = refusal,
                OwnMappings = ownMappings,
            });
        }

        if (!found.Exists(c => c.ManagesGroups))
        {
            return found;
        }

        // They go on counting against the limits of the one configuration that the domain may have.
        var memberships = await members.CountedAsync(assigned, cancellationToken).Select(m => (long)m.Members).SumAsync(cancellationToken);
        return [.. found.Select(c => c with { Memberships = memberships })];
    }

    async Task<(IReadOnlyList<string> Deviations, string? CannotPreserve, bool OwnMappings)> DeviationsAsync(
        SurveyInput input, CloudSyncPrincipal principal, RemoteJob found, IReadOnlyList<Secret> secrets, CancellationToken cancellationToken)
    {
        var job = new CloudSyncJob
        {
            ApplicationObjectId = Guid.Empty,
            ServicePrincipalId = principal.Id,
            JobId = found.Id,
            ScopeRoleId = principal.ScopeRole(remote.Cloud) ?? Guid.Empty,
            Created = false,
        };
        try
        {
            var schema = await remote.SchemaAsync(job, cancellationToken);
            var plan = new SchemaPlan
            {
                Name = await remote.ParseAsync(job, SchemaEdits.NameExpression(input.Naming), cancellationToken),
                Anchor = await remote.ParseAsync(job, SchemaEdits.AnchorExpression, cancellationToken),
                WritebackOu = input.WritebackOu,
            };
            var adopted = await AdoptedMappings.ReadAsync(schema, secrets, plan, text => remote.ParseAsync(job, text, cancellationToken));
            return ([.. SchemaEdits.Deviations(schema, plan).Select(d => d.ToString())], adopted.Refusal, adopted.Name is not null);
        }
        catch (GraphException unknown) when (unknown.Error == GraphError.SchemaUnknown)
        {
            return ([unknown.Message], unknown.Message, false);
        }
    }

    static IEnumerable<SurveyedInboundJob> Inbound(CloudSyncPrincipal principal, RemoteJob job, JsonObject schema, string writebackOu)
    {
        var mapped = Objects(schema["synchronizationRules"])
            .SelectMany(rule => Objects(rule["objectMappings"]).Select(mapping => (Rule: rule, Mapping: mapping)))
            .Where(m => IsGroup((string?)m.Mapping["sourceObjectName"]) && (bool?)m.Mapping["enabled"] != false)
            .ToList();
        if (mapped.Count == 0)
        {
            // Password hashes, Exchange attributes: no groups.
            yield break;
        }

        var reading = mapped.Where(m => Includes(m.Rule["containerFilter"], writebackOu)).ToList();
        yield return new SurveyedInboundJob
        {
            ServicePrincipalId = principal.Id,
            Name = NameOf(principal),
            JobId = job.Id,
            Running = job.Started,
            ReadsWritebackOu = reading.Count > 0,
            LooksAtAdminDescription = reading.Count > 0 && reading.All(m => LooksAtAdminDescription(m.Mapping)),
        };
    }

    // No container named is every container. A container below the OU counts too: groups of subcontainers migrate as well.
    static bool Includes(JsonNode? containerFilter, string writebackOu)
        => (containerFilter?["includedContainers"] as JsonArray)?.Select(c => (string?)c).OfType<string>().ToList() is not { Count: > 0 } containers
            || containers.Any(c => Contracts.ActiveDirectory.DistinguishedName.Under(writebackOu, c)
                || Contracts.ActiveDirectory.DistinguishedName.Under(c, writebackOu));

    // As a clause of the scope, or in the expression that decides what is filtered; that it is mapped alone says nothing.
    static bool LooksAtAdminDescription(JsonObject mapping)
    {
        const string Attribute = "adminDescription";
        return Says(mapping["scope"]) || Objects(mapping["attributeMappings"])
            .Where(m => "cloudFiltered".Equals((string?)m["targetAttributeName"], StringComparison.OrdinalIgnoreCase))
            .Any(m => Says(m["source"]));

        static bool Says(JsonNode? node) => node?.ToJsonString().Contains(Attribute, StringComparison.OrdinalIgnoreCase) == true;
    }

    static IEnumerable<JsonObject> Objects(JsonNode? array) => (array as JsonArray ?? []).OfType<JsonObject>();

    static bool IsGroup(string? name) => Groups.Equals(name, StringComparison.OrdinalIgnoreCase);

    static string NameOf(CloudSyncPrincipal principal) => principal.DisplayName ?? principal.Id.ToString("D");
}

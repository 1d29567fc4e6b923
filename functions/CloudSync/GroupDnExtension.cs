using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The extension app, its property GroupDN and what groups hold in it: made or found, written, read back, and undone.</summary>
/// <remarks>Every intention is journalled before the act, with what was there. Source: preserve a group's organizational unit and name.</remarks>
public sealed class GroupDnExtension(GraphClient graph, IDocumentStore store, IDelay delay, IOptions<CloudSyncOptions> options)
{
    const string AppName = "CloudSyncCustomExtensionsApp";

    TimeSpan Pause => TimeSpan.FromSeconds(options.Value.ReplicationPollSeconds);

    int Looks => options.Value.ReplicationPolls;

    /// <summary>Finds the app, its principal and the property, or makes what is missing.</summary>
    /// <returns>Name of the property on groups.</returns>
    /// <exception cref="GraphException">GWB4110: a property of the name exists, and is none of text for groups.</exception>
    public async Task<string> EnsureAsync(CloudSyncJournalFile journal, Guid tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var uri = $"api://{tenant:D}/{AppName}";
        var app = await MadeAsync(
            journal,
            token => FirstAsync<ExtensionApp>(AppsPath(uri), token),
            j => j with { AppIntended = true },
            "v1.0/applications",
            new JsonObject { ["displayName"] = AppName, ["identifierUris"] = new JsonArray(uri) },
            cancellationToken);
        await journal.WriteAsync(j => j with { GroupDn = Of(j) with { ApplicationObjectId = app.Id, AppId = app.AppId } });

        // The provisioning service sees an extension only through the service principal of its application.
        var principal = await MadeAsync(
            journal,
            token => FirstAsync<ExtensionApp>($"v1.0/servicePrincipals?$filter={Uri.EscapeDataString($"appId eq '{app.AppId:D}'")}&$select=id,appId", token),
            j => j with { PrincipalIntended = true },
            "v1.0/servicePrincipals",
            new JsonObject { ["appId"] = app.AppId.ToString("D") },
            cancellationToken);

        var name = $"extension_{app.AppId:N}_{GroupDn.Name}";
        var property = await MadeAsync(
            journal,
            async token => (await PropertiesAsync(app.Id, token)).FirstOrDefault(p => p.Name == name),
            j => j with { PropertyIntended = true },
            PropertiesPath(app.Id),
            new JsonObject { ["name"] = GroupDn.Name, ["dataType"] = "String", ["targetObjects"] = new JsonArray("Group") },
            cancellationToken);
        if (property is not { DataType: "String" } || !property.TargetObjects.Contains("Group"))
        {
            throw new GraphException(GraphError.GroupDnUnusable, $"{property.DataType} for {string.Join(", ", property.TargetObjects)}");
        }

        await journal.WriteAsync(j => j with { GroupDn = Of(j) with { ServicePrincipalId = principal.Id, PropertyId = property.Id, Property = name } });
        return name;
    }

    /// <summary>Gives every group its value, and the earlier one back to those that no longer need one; then reads all back.</summary>
    /// <param name="journal">Open, with a property.</param>
    /// <param name="wanted">The groups that must hold a value.</param>
    /// <param name="suspects">Groups that may hold a value of somebody else's, which would name or place them otherwise.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    /// <exception cref="GraphTransientException">GWB4212: the values do not read as they were written.</exception>
    public async Task WriteAsync(
        CloudSyncJournalFile journal, IReadOnlyCollection<KeptDn> wanted, IReadOnlyCollection<KeptDn> suspects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(suspects);
        var property = PropertyOf(journal.Now);
        var entries = (await ValuesAsync(journal.Now, cancellationToken)).ToDictionary(v => v.CloudId);
        var values = wanted.ToDictionary(k => k.CloudId, k => k.Value);
        var now = await ReadAsync(property, [.. values.Keys.Concat(entries.Keys).Concat(suspects.Select(s => s.CloudId)).Distinct()], cancellationToken);
        foreach (var suspect in suspects.Where(s => now.GetValueOrDefault(s.CloudId) is { } other && entries.GetValueOrDefault(s.CloudId)?.Ours.Contains(other) != true))
        {
            values.TryAdd(suspect.CloudId, suspect.Value);
        }

        var intended = entries.Values
            .Select(e => values.TryGetValue(e.CloudId, out var value) ? e.With(value) : e with { Wanted = null })
            .Concat(values.Where(v => !entries.ContainsKey(v.Key))
                .Select(v => new GroupDnValue { CloudId = v.Key, Before = now.GetValueOrDefault(v.Key), Ours = [v.Value], Wanted = v.Value }))
            .OrderBy(e => e.CloudId)
            .ToList();
        var document = await store.SaveListAsync("groupdn", intended, cancellationToken);
        await journal.WriteAsync(j => j with { GroupDn = Of(j) with { Values = document } });

        foreach (var entry in intended.Where(e => now.ContainsKey(e.CloudId)))
        {
            await SetAsync(property, entry, now[entry.CloudId], entry.Wanted, cancellationToken);
        }

        await UntilKeptAsync(journal.Now, cancellationToken);
    }

    /// <summary>How many groups do not hold what they must; those that were deleted since do not count.</summary>
    public async Task<int> MissingAsync(CloudSyncJournal journal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (journal.GroupDn is not { Property: { } property })
        {
            return 0;
        }

        var wanted = (await ValuesAsync(journal, cancellationToken)).Where(v => v.Wanted is not null).ToList();
        var now = await ReadAsync(property, [.. wanted.Select(v => v.CloudId)], cancellationToken);
        return wanted.Count(v => now.TryGetValue(v.CloudId, out var value) && value != v.Wanted);
    }

    /// <summary>What groups hold by this migration; empty without one.</summary>
    public async Task<IReadOnlyList<GroupDnValue>> ValuesAsync(CloudSyncJournal journal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return journal.GroupDn?.Values is { } values ? await store.LoadListAsync<GroupDnValue>(values, cancellationToken) : [];
    }

    /// <summary>Gives back what groups held where they still hold ours; then removes property and app where we made them and nobody uses them.</summary>
    /// <param name="journal">Open.</param>
    /// <param name="keepApp">App and property stay: mappings that a person made read the property.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task RemoveAsync(CloudSyncJournalFile journal, bool keepApp, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (journal.Now.GroupDn is not { } made)
        {
            return;
        }

        if (made.Property is { } property)
        {
            var entries = await ValuesAsync(journal.Now, cancellationToken);
            var now = await ReadAsync(property, [.. entries.Select(e => e.CloudId)], cancellationToken);
            foreach (var entry in entries.Where(e => now.ContainsKey(e.CloudId)))
            {
                await SetAsync(property, entry with { Wanted = null }, now[entry.CloudId], null, cancellationToken);
            }
        }

        if (!keepApp && made is { ApplicationObjectId: { } app })
        {
            await RemoveAppAsync(made, app, cancellationToken);
        }

        await journal.WriteAsync(j => j with { GroupDn = null });
    }

    async Task RemoveAppAsync(GroupDnJournal made, Guid app, CancellationToken cancellationToken)
    {
        if (made is { PropertyIntended: true, Property: { } property, PropertyId: { } id })
        {
            if (await IsInUseAsync(property, cancellationToken))
            {
                // Somebody else relies on it by now: with the property their values would go.
                return;
            }

            await graph.DeleteAsync($"{PropertiesPath(app)}/{id}", cancellationToken);
        }

        var others = (await PropertiesAsync(app, cancellationToken)).Any(p => p.Id != made.PropertyId || !made.PropertyIntended);
        if (made.AppIntended && !others)
        {
            // Its service principal goes with it.
            await graph.DeleteAsync($"v1.0/applications/{app:D}", cancellationToken);
        }
        else if (made is { PrincipalIntended: true, ServicePrincipalId: { } principal } && !others)
        {
            await graph.DeleteAsync($"v1.0/servicePrincipals/{principal:D}", cancellationToken);
        }
    }

    async Task<bool> IsInUseAsync(string property, CancellationToken cancellationToken)
    {
        try
        {
            var filter = Uri.EscapeDataString($"startswith({property},'CN=')");
            await foreach (var _ in graph.PagesAsync<CloudSyncRemote.Identified>($"v1.0/groups?$filter={filter}&$select=id&$top=1", cancellationToken))
            {
                return true;
            }

            return false;
        }
        catch (GraphException refused) when (refused.Error == GraphError.Refused)
        {
            // What can't be asked stays.
            return true;
        }
    }

    // Ours goes in whatever is there: the name in Active Directory is the truth. Something goes back only in the place of ours.
    async Task SetAsync(string property, GroupDnValue entry, string? now, string? wanted, CancellationToken cancellationToken)
    {
        var value = wanted ?? entry.Before;
        if (now == value || (wanted is null && (now is null || !entry.Ours.Contains(now))))
        {
            return;
        }

        await graph.WriteAsync(HttpMethod.Patch, $"v1.0/groups/{entry.CloudId:D}", new JsonObject { [property] = value }, cancellationToken);
    }

    async Task UntilKeptAsync(CloudSyncJournal journal, CancellationToken cancellationToken)
    {
        for (var look = 0; await MissingAsync(journal, cancellationToken) is > 0 and var missing; look++)
        {
            if (look == Looks)
            {
                throw new GraphTransientException(GraphError.GroupDnNotHeld, $"{missing} groups");
            }

            await delay.ForAsync(Pause, cancellationToken);
        }
    }

    /// <summary>What groups hold; a group that is gone is left out.</summary>
    async Task<Dictionary<Guid, string?>> ReadAsync(string property, IReadOnlyList<Guid> groups, CancellationToken cancellationToken)
    {
        var requests = groups.Select(id => new GraphBatchRequest { Id = id.ToString("D"), Path = $"groups/{id:D}?$select=id,{property}" }).ToList();
        var found = new Dictionary<Guid, string?>();
        foreach (var answer in await graph.BatchAsync("v1.0", requests, cancellationToken))
        {
            if (answer.Error is { } error)
            {
                found = error.Error == GraphError.NotFound ? found : throw error;
                continue;
            }

            found[Guid.Parse(answer.Id)] = answer.Body.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }

        return found;
    }

    async Task<T> MadeAsync<T>(
        CloudSyncJournalFile journal, Func<CancellationToken, Task<T?>> find, Func<GroupDnJournal, GroupDnJournal> intend, string path, JsonObject body,
        CancellationToken cancellationToken)
        where T : class
    {
        if (await find(cancellationToken) is { } there)
        {
            return there;
        }

        await journal.WriteAsync(j => j with { GroupDn = intend(Of(j)) });
        return await graph.EnsureAsync(find, path, body, Pause, Looks, cancellationToken);
    }

    async Task<IReadOnlyList<ExtensionProperty>> PropertiesAsync(Guid app, CancellationToken cancellationToken)
    {
        var found = new List<ExtensionProperty>();
        await foreach (var property in graph.PagesAsync<ExtensionProperty>(PropertiesPath(app), cancellationToken))
        {
            found.Add(property);
        }

        return found;
    }

    async Task<T?> FirstAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        await foreach (var one in graph.PagesAsync<T>(path, cancellationToken))
        {
            return one;
        }

        return null;
    }

    static string AppsPath(string uri) => $"v1.0/applications?$filter={Uri.EscapeDataString($"identifierUris/any(u:u eq '{uri}')")}&$select=id,appId";

    static string PropertiesPath(Guid app) => $"v1.0/applications/{app:D}/extensionProperties";

    static GroupDnJournal Of(CloudSyncJournal journal) => journal.GroupDn ?? new();

    static string PropertyOf(CloudSyncJournal journal)
        => journal.GroupDn?.Property ?? throw new InvalidOperationException("The property GroupDN was not made before it is written.");
}

/// <summary>An application or its service principal.</summary>
sealed record ExtensionApp
{
    public required Guid Id { get; init; }
    public Guid AppId { get; init; }
}

sealed record ExtensionProperty
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? DataType { get; init; }
    public IReadOnlyList<string> TargetObjects { get; init; } = [];
}

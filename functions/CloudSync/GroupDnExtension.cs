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

    /// <summary>Groups of one call: within the rate that one app is allowed, they are written and read back in a minute or two.</summary>
    internal const int WrittenAtOnce = 1_000;

    /// <summary>Values that a filter with <c>in</c> takes. Source: filter query parameter, limits.</summary>
    const int NamedAtOnce = 15;

    TimeSpan Pause => TimeSpan.FromSeconds(options.Value.ReplicationPollSeconds);

    int Looks => options.Value.ReplicationPolls;

    /// <summary>Finds the app, its principal and the property, or makes what is missing.</summary>
    /// <returns>Name of the property on groups.</returns>
    /// <exception cref="GraphException">GWB4110: a property of the name exists, and is none of text for groups.</exception>
    public async Task<string> EnsureAsync(CloudSyncJournalFile journal, Guid tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var uri = UriOf(tenant);
        var app = await MadeAsync(
            journal,
            token => FindAppAsync(AppsPath(uri), token),
            j => j with { AppIntended = true },
            "v1.0/applications",
            new JsonObject { ["displayName"] = AppName, ["identifierUris"] = new JsonArray(uri) },
            cancellationToken);
        await journal.WriteAsync(j => j with { GroupDn = Of(j) with { ApplicationObjectId = app.Id, AppId = app.AppId } });

        // The provisioning service sees an extension only through the service principal of its application.
        var principal = await MadeAsync(
            journal,
            token => FindAppAsync($"v1.0/servicePrincipals?$filter={Uri.EscapeDataString($"appId eq '{app.AppId:D}'")}&$select=id,appId", token),
            j => j with { PrincipalIntended = true },
            "v1.0/servicePrincipals",
            new JsonObject { ["appId"] = app.AppId.ToString("D") },
            cancellationToken);

        var name = NameOf(app);
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

    /// <summary>Gives groups their values, and the earlier one back to those that no longer need one; then reads them back. Some of them at a time.</summary>
    /// <param name="journal">Open, with a property.</param>
    /// <param name="wanted">The groups that must hold a value.</param>
    /// <param name="suspects">Groups that may hold a value of somebody else's, which would name or place them otherwise.</param>
    /// <param name="from">Groups that earlier calls have done, in the order of their ids.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    /// <exception cref="GraphTransientException">GWB4212: the values do not read as they were written.</exception>
    public async Task<GroupDnProgress> WriteAsync(
        CloudSyncJournalFile journal, IReadOnlyCollection<KeptDn> wanted, IReadOnlyCollection<KeptDn> suspects, int from, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(suspects);
        var property = PropertyOf(journal.Now);
        var entries = (await ValuesAsync(journal.Now, cancellationToken)).ToDictionary(v => v.CloudId);
        var values = wanted.ToDictionary(k => k.CloudId, k => k.Value);
        var suspected = suspects.ToDictionary(k => k.CloudId, k => k.Value);
        List<Guid> all = [.. values.Keys.Concat(entries.Keys).Concat(suspected.Keys).Distinct().Order()];
        List<Guid> part = [.. all.Skip(from).Take(WrittenAtOnce)];
        var now = await ReadAsync(property, part, cancellationToken);
        var intended = part.Select(id => Intended(id, entries.GetValueOrDefault(id), now.GetValueOrDefault(id), values, suspected)).OfType<GroupDnValue>().ToList();

        // Before the first of them is written: what is not journalled could not be given back.
        foreach (var entry in intended) { entries[entry.CloudId] = entry; }
        var document = await store.SaveListAsync("groupdn", entries.Values.OrderBy(e => e.CloudId), cancellationToken);
        await journal.WriteAsync(j => j with { GroupDn = Of(j) with { Values = document } });

        await SetAsync(property, intended, now, cancellationToken);
        await UntilKeptAsync(property, intended, cancellationToken);
        return new() { Done = from + part.Count, Total = all.Count };
    }

    static GroupDnValue? Intended(
        Guid id, GroupDnValue? entry, string? now, Dictionary<Guid, string> values, Dictionary<Guid, string> suspected)
    {
        var value = values.GetValueOrDefault(id);
        if (value is null && now is not null && entry?.Ours.Contains(now) != true) { value = suspected.GetValueOrDefault(id); }
        return (entry, value) switch
        {
            (null, null) => null,
            (null, { } first) => new() { CloudId = id, Before = now, Ours = [first], Wanted = first },
            ({ } known, null) => known with { Wanted = null },
            ({ } known, { } next) => known.With(next),
        };
    }

    /// <summary>How many groups do not hold what they must; those that were deleted since do not count.</summary>
    public async Task<int> MissingAsync(CloudSyncJournal journal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (journal.GroupDn is not { Property: { } property })
        {
            return 0;
        }

        return await MissingAsync(property, await ValuesAsync(journal, cancellationToken), cancellationToken);
    }

    /// <summary>What groups hold by this migration; empty without one.</summary>
    public async Task<IReadOnlyList<GroupDnValue>> ValuesAsync(CloudSyncJournal journal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return journal.GroupDn?.Values is { } values ? await store.LoadListAsync<GroupDnValue>(values, cancellationToken) : [];
    }

    /// <summary>Gives back what groups held where they still hold ours, some of them at a time; at the end removes property and app where we made them and nobody uses them.</summary>
    /// <param name="journal">Open.</param>
    /// <param name="tenant">The tenant: what was made without an answer is found by its name.</param>
    /// <param name="keepApp">App and property stay: mappings that a person made read the property.</param>
    /// <param name="from">Groups that earlier calls have done, in the order of their ids.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task<GroupDnProgress> GiveBackAsync(CloudSyncJournalFile journal, Guid tenant, bool keepApp, int from, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (journal.Now.GroupDn is not { } made)
        {
            return GroupDnProgress.Nothing;
        }

        var entries = (await ValuesAsync(journal.Now, cancellationToken)).OrderBy(e => e.CloudId).ToList();
        var part = entries.Skip(from).Take(WrittenAtOnce).Select(e => e with { Wanted = null }).ToList();
        if (made.Property is { } property && part.Count > 0)
        {
            await SetAsync(property, part, await ReadAsync(property, [.. part.Select(e => e.CloudId)], cancellationToken), cancellationToken);
        }

        var progress = new GroupDnProgress { Done = from + part.Count, Total = entries.Count };
        if (progress.Done >= progress.Total)
        {
            var app = made.ApplicationObjectId is { } known ? new ExtensionApp { Id = known, AppId = made.AppId ?? Guid.Empty }
                : made.AppIntended ? await FindAppAsync(AppsPath(UriOf(tenant)), cancellationToken)
                : null;
            if (!keepApp && app is not null)
            {
                await RemoveAppAsync(made, app, cancellationToken);
            }

            await journal.WriteAsync(j => j with { GroupDn = null, Removed = true });
        }

        return progress;
    }

    async Task RemoveAppAsync(GroupDnJournal made, ExtensionApp app, CancellationToken cancellationToken)
    {
        var properties = await PropertiesAsync(app.Id, cancellationToken);
        if (made.PropertyIntended && properties.FirstOrDefault(p => p.Name == NameOf(app)) is { } ours)
        {
            if (await IsInUseAsync(ours.Name, cancellationToken))
            {
                // Somebody else relies on it by now: with the property their values would go.
                return;
            }

            await graph.DeleteAsync($"{PropertiesPath(app.Id)}/{ours.Id}", cancellationToken);
        }

        var others = properties.Any(p => !made.PropertyIntended || p.Name != NameOf(app));
        if (made.AppIntended && !others)
        {
            // Its service principal goes with it.
            await graph.DeleteAsync($"v1.0/applications/{app.Id:D}", cancellationToken);
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
            return await graph.PagesAsync<CloudSyncRemote.Identified>($"v1.0/groups?$filter={filter}&$select=id&$top=1", cancellationToken)
                .AnyAsync(cancellationToken);
        }
        catch (GraphException refused) when (refused.Error == GraphError.Refused)
        {
            // What can't be asked stays.
            return true;
        }
    }

    // Ours goes in whatever is there: the name in Active Directory is the truth. Something goes back only in the place of ours.
    async Task SetAsync(string property, IEnumerable<GroupDnValue> entries, Dictionary<Guid, string?> now, CancellationToken cancellationToken)
    {
        var changes = new List<GraphBatchRequest>();
        foreach (var entry in entries.Where(e => now.ContainsKey(e.CloudId)))
        {
            var (held, value) = (now[entry.CloudId], entry.Wanted ?? entry.Before);
            if (held != value && (entry.Wanted is not null || (held is not null && entry.Ours.Contains(held))))
            {
                changes.Add(new()
                {
                    Id = entry.CloudId.ToString("D"),
                    Path = $"groups/{entry.CloudId:D}",
                    Method = HttpMethod.Patch,
                    Body = new JsonObject { [property] = value },
                });
            }
        }

        foreach (var answer in await graph.BatchAsync("v1.0", changes, cancellationToken))
        {
            // Deleted in between, it holds nothing.
            if (answer.Error is { } error && error.Error != GraphError.NotFound) { throw error; }
        }
    }

    async Task UntilKeptAsync(string property, IReadOnlyList<GroupDnValue> entries, CancellationToken cancellationToken)
    {
        for (var look = 0; await MissingAsync(property, entries, cancellationToken) is > 0 and var missing; look++)
        {
            if (look == Looks)
            {
                throw new GraphTransientException(GraphError.GroupDnNotHeld, $"{missing} groups");
            }

            await delay.ForAsync(Pause, cancellationToken);
        }
    }

    async Task<int> MissingAsync(string property, IReadOnlyList<GroupDnValue> entries, CancellationToken cancellationToken)
    {
        var wanted = entries.Where(v => v.Wanted is not null).ToList();
        var now = await ReadAsync(property, [.. wanted.Select(v => v.CloudId)], cancellationToken);
        return wanted.Count(v => now.TryGetValue(v.CloudId, out var value) && value != v.Wanted);
    }

    /// <summary>What groups hold; a group that is gone is left out.</summary>
    async Task<Dictionary<Guid, string?>> ReadAsync(string property, IReadOnlyList<Guid> groups, CancellationToken cancellationToken)
    {
        var requests = groups.Chunk(NamedAtOnce).Select(ids => new GraphBatchRequest
        {
            Id = ids[0].ToString("D"),
            Path = $"groups?$filter={Uri.EscapeDataString($"id in ({string.Join(',', ids.Select(id => $"'{id:D}'"))})")}&$select=id,{property}",
        }).ToList();
        var found = new Dictionary<Guid, string?>();
        foreach (var answer in await graph.BatchAsync("v1.0", requests, cancellationToken))
        {
            foreach (var group in answer.Read<GraphPage<JsonObject>>().Value)
            {
                found[Guid.Parse((string)group["id"]!)] = (string?)group[property];
            }
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

        var before = intend(Of(journal.Now)) == Of(journal.Now);
        await journal.WriteAsync(j => j with { GroupDn = intend(Of(j)) });
        return await graph.EnsureAsync(find, path, body, maybePosted: before, Pause, Looks, cancellationToken);
    }

    async Task<IReadOnlyList<ExtensionProperty>> PropertiesAsync(Guid app, CancellationToken cancellationToken)
        => await graph.PagesAsync<ExtensionProperty>(PropertiesPath(app), cancellationToken).ToListAsync(cancellationToken);

    async Task<ExtensionApp?> FindAppAsync(string path, CancellationToken cancellationToken)
        => await graph.PagesAsync<ExtensionApp>(path, cancellationToken).FirstOrDefaultAsync(cancellationToken);

    static string UriOf(Guid tenant) => $"api://{tenant:D}/{AppName}";

    static string NameOf(ExtensionApp app) => $"extension_{app.AppId:N}_{GroupDn.Name}";

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
    public IReadOnlyList<string> TargetObjects { get; init => field = value ?? []; } = [];
}

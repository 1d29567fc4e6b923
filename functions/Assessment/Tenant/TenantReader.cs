using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Assessment;

/// <summary>Reads the tenant through Graph. Source: plan document, discovery; reference of groupWritebackConfiguration (beta).</summary>
public sealed class TenantReader(GraphClient graph)
{
    const string GroupSelect =
        "id,displayName,mail,mailEnabled,securityEnabled,groupTypes,writebackConfiguration,onPremisesSyncEnabled,isAssignableToRole";

    const string MemberSelect = "$select=id,onPremisesSyncEnabled&$top=999";
    const string WritebackDefault = "NewUnifiedGroupWritebackDefault";

    public async Task<TenantBasics> BasicsAsync(CancellationToken cancellationToken)
    {
        var organization = await FirstAsync(graph.PagesAsync<Identified>("v1.0/organization?$select=id", cancellationToken))
            ?? throw new GraphException(GraphError.NotFound, "organization");
        var (premium, governance) = (false, false);
        await foreach (var sku in graph.PagesAsync<Sku>("v1.0/subscribedSkus", cancellationToken))
        {
            premium |= sku.Has(Sku.P1, Sku.P2);
            governance |= sku.Has(Sku.Governance);
        }

        var written = true;
        await foreach (var setting in graph.PagesAsync<Setting>("v1.0/groupSettings", cancellationToken))
        {
            written &= setting.Values.All(v => v.Name != WritebackDefault || !"false".Equals(v.Value, StringComparison.OrdinalIgnoreCase));
        }

        return new TenantBasics
        {
            Tenant = organization.Id,
            PremiumLicence = premium,
            GovernanceLicence = governance,
            NewM365GroupsAreWritten = written,
            ConnectServers = await ConnectServersAsync(cancellationToken),
            Users = await UsersAsync(cancellationToken),
        };
    }

    // Every server that was ever set up left a user, an application or both; nothing removes them but a person.
    async Task<IReadOnlyList<string>> ConnectServersAsync(CancellationToken cancellationToken)
    {
        var names = new List<string?>();
        await foreach (var user in graph.PagesAsync<Named>(
            $"v1.0/users?$filter=startsWith(userPrincipalName,'{ConnectTraces.UserPrefix}')&$select=userPrincipalName&$top=999", cancellationToken))
        {
            names.Add(user.UserPrincipalName);
        }

        await foreach (var application in graph.PagesAsync<Named>(
            $"v1.0/applications?$filter=startsWith(displayName,'{ConnectTraces.ApplicationPrefix}')&$select=displayName&$top=999", cancellationToken))
        {
            names.Add(application.DisplayName);
        }

        return ConnectTraces.Servers(names);
    }

    /// <summary>
    /// Every group, the deleted ones among them, by id; members looked at where it matters. Distribution lists too: an object in the OU whose
    /// group became one must not be taken for one without a group.
    /// </summary>
    /// <param name="canaries">Groups whose members matter although they are not written back.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task<IReadOnlyList<CloudGroupFacts>> GroupsAsync(IReadOnlyCollection<Guid> canaries, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<Guid, CloudGroupFacts>();

        // Everything is read and sorted out here: the filters that would do it are advanced queries, which read a copy that lags behind.
        await foreach (var group in AllAsync($"beta/groups?$select={GroupSelect}&$top=999", deleted: false, cancellationToken))
        {
            groups[group.Id] = group;
        }

        await foreach (var group in AllAsync($"beta/directory/deletedItems/microsoft.graph.group?$select={GroupSelect}&$top=999", deleted: true, cancellationToken))
        {
            groups.TryAdd(group.Id, group);
        }

        var written = groups.Values
            .Where(g => !g.SoftDeleted && ((g.WritebackEnabled is true && !g.Unified) || canaries.Contains(g.Id)))
            .Select(g => g.Id)
            .Order()
            .ToList();
        await foreach (var (id, members) in MembersAsync(written, cancellationToken))
        {
            groups[id] = members.AddTo(groups[id]);
        }

        // A Microsoft 365 group that is not written now appears after the switch unless it is too large; the others were counted by Connect.
        var appearing = groups.Values.Where(g => g is { Unified: true, SoftDeleted: false, WritebackEnabled: false }).Select(g => g.Id).Order().ToList();
        await foreach (var (id, members) in CountsAsync(appearing, cancellationToken))
        {
            groups[id] = groups[id] with { Members = members };
        }

        return [.. groups.Values.OrderBy(g => g.Id)];
    }

    /// <summary>Microsoft 365 groups that are not deleted, without a look at their members.</summary>
    public async Task<IReadOnlyList<CloudGroupFacts>> M365Async(CancellationToken cancellationToken)
    {
        var groups = new Dictionary<Guid, CloudGroupFacts>();
        var filter = Uri.EscapeDataString("groupTypes/any(c:c eq 'Unified')");
        await foreach (var group in AllAsync($"beta/groups?$filter={filter}&$select={GroupSelect}&$top=999", deleted: false, cancellationToken))
        {
            groups[group.Id] = group;
        }

        return [.. groups.Values];
    }

    /// <summary>Ids of the synchronised users of a group, at most <paramref name="most"/>.</summary>
    public async Task<IReadOnlyList<Guid>> SyncedUsersAsync(Guid group, int most, CancellationToken cancellationToken)
    {
        var users = new List<Guid>();
        await foreach (var member in graph.PagesAsync<Member>($"v1.0/groups/{group:D}/members?{MemberSelect}", cancellationToken))
        {
            if (users.Count < most && member is { Type: Member.User, OnPremisesSyncEnabled: true })
            {
                users.Add(member.Id);
            }
        }

        return users;
    }

    async IAsyncEnumerable<CloudGroupFacts> AllAsync(string path, bool deleted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in graph.PagesAsync<GraphGroup>(path, cancellationToken))
        {
            yield return group.ToFacts(deleted);
        }
    }

    async IAsyncEnumerable<(Guid Group, int Members)> CountsAsync(IReadOnlyList<Guid> groups, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var chunk in groups.Chunk(GraphClient.BatchSize))
        {
            var requests = chunk.Select(id => new GraphBatchRequest { Id = id.ToString("D"), Path = $"groups/{id:D}/members/$count" }).ToList();
            foreach (var answer in await graph.BatchAsync("v1.0", requests, cancellationToken))
            {
                if (answer.Error is { Error: var error } && error == GraphError.NotFound)
                {
                    continue;
                }

                yield return (Guid.Parse(answer.Id), answer.ReadCount());
            }
        }
    }

    // Only a hint at the size of the tenant: without the right to read users it stays unknown.
    async Task<int?> UsersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await graph.CountAsync("v1.0/users/$count", cancellationToken);
        }
        catch (GraphException refused) when (refused.Error == GraphError.Forbidden)
        {
            return null;
        }
    }

    async IAsyncEnumerable<(Guid Group, MemberTally Members)> MembersAsync(
        IReadOnlyList<Guid> groups, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunks = groups.Chunk(GraphClient.BatchSize).ToList();
        var large = new List<(Guid Group, MemberTally Members, string Next)>();

        // The next batch is on its way while this one is looked at; only one at a time ever waits for Graph or its quota.
        var ahead = chunks.Count > 0 ? FirstPagesAsync(chunks[0], cancellationToken) : null;
        try
        {
            for (var at = 0; at < chunks.Count; at++)
            {
                var answers = await ahead!;
                ahead = at + 1 < chunks.Count ? FirstPagesAsync(chunks[at + 1], cancellationToken) : null;

                // A group that was deleted since the list was read has no members to look at; the next reading sees it as deleted.
                foreach (var answer in answers.Where(a => a.Error is not { Error: var error } || error != GraphError.NotFound))
                {
                    var group = Guid.Parse(answer.Id);
                    var page = answer.Read<GraphPage<Member>>();
                    var tally = new MemberTally();
                    tally.Add(page.Value);
                    if (page.NextLink is { } next)
                    {
                        large.Add((group, tally, next));
                    }
                    else
                    {
                        yield return (group, tally);
                    }
                }
            }
        }
        finally
        {
            // Whoever gives up leaves nothing on its way.
            if (ahead is not null)
            {
                await Task.WhenAny(ahead);
            }
        }

        foreach (var (group, tally, next) in large)
        {
            await foreach (var member in graph.PagesAsync<Member>(next, cancellationToken))
            {
                tally.Add([member]);
            }

            yield return (group, tally);
        }
    }

    Task<IReadOnlyList<GraphBatchAnswer>> FirstPagesAsync(Guid[] groups, CancellationToken cancellationToken)
        => graph.BatchAsync(
            "v1.0", [.. groups.Select(id => new GraphBatchRequest { Id = id.ToString("D"), Path = $"groups/{id:D}/members?{MemberSelect}" })], cancellationToken);

    static async Task<T?> FirstAsync<T>(IAsyncEnumerable<T> items)
        where T : class
    {
        await foreach (var item in items)
        {
            return item;
        }

        return null;
    }

    sealed class MemberTally
    {
        readonly List<Guid> _unwritable = [];
        readonly List<Guid> _cloudOnly = [];
        readonly List<Guid> _children = [];
        int _count;
        int _devices;
        int _syncedGroups;
        int _contacts;

        public void Add(IReadOnlyList<Member> members)
        {
            foreach (var member in members)
            {
                _count++;
                switch (member)
                {
                    case { Type: Member.User, OnPremisesSyncEnabled: true }:
                        break;
                    case { Type: Member.Group, OnPremisesSyncEnabled: not true }:
                        _children.Add(member.Id);
                        break;
                    case { Type: Member.Group }:
                        _syncedGroups++;
                        _unwritable.Add(member.Id);
                        break;
                    case { Type: Member.Device }:
                        _devices++;
                        _unwritable.Add(member.Id);
                        break;
                    case { OnPremisesSyncEnabled: true }:
                        // Contacts: they are members in Active Directory now.
                        _contacts++;
                        _unwritable.Add(member.Id);
                        break;
                    default:
                        // Cloud-only users and contacts, service principals.
                        _unwritable.Add(member.Id);
                        _cloudOnly.Add(member.Id);
                        break;
                }
            }
        }

        public CloudGroupFacts AddTo(CloudGroupFacts group) => group with
        {
            Members = _count,
            Unwritable = [.. _unwritable.Order()],
            CloudOnly = [.. _cloudOnly.Order()],
            Children = [.. _children.Order()],
            Devices = _devices,
            SyncedGroups = _syncedGroups,
            SyncedContacts = _contacts,
        };
    }

    // Generated metadata sets every member, also one that the JSON leaves out: a list that must not be null says so itself.
    internal sealed record Identified
    {
        public required Guid Id { get; init; }
    }

    internal sealed record Sku
    {
        public const string P1 = "AAD_PREMIUM";
        public const string P2 = "AAD_PREMIUM_P2";
        public const string Governance = "Entra_Identity_Governance";

        public string? CapabilityStatus { get; init; }
        public IReadOnlyList<ServicePlan> ServicePlans { get; init => field = value ?? []; } = [];

        public bool Has(params string[] plans)
            => CapabilityStatus is "Enabled" or "Warning"
                && ServicePlans.Any(p => p.ProvisioningStatus != "Disabled" && plans.Contains(p.ServicePlanName, StringComparer.OrdinalIgnoreCase));
    }

    internal sealed record Named
    {
        public string? DisplayName { get; init; }
        public string? UserPrincipalName { get; init; }
    }

    internal sealed record ServicePlan
    {
        public string? ServicePlanName { get; init; }
        public string? ProvisioningStatus { get; init; }
    }

    internal sealed record Setting
    {
        public IReadOnlyList<SettingValue> Values { get; init => field = value ?? []; } = [];
    }

    internal sealed record SettingValue
    {
        public string? Name { get; init; }
        public string? Value { get; init; }
    }

    internal sealed record Member
    {
        public const string User = "#microsoft.graph.user";
        public const string Group = "#microsoft.graph.group";
        public const string Device = "#microsoft.graph.device";

        [JsonPropertyName("@odata.type")]
        public string? Type { get; init; }
        public required Guid Id { get; init; }
        public bool? OnPremisesSyncEnabled { get; init; }
    }

    internal sealed record GraphGroup
    {
        public required Guid Id { get; init; }
        public string? DisplayName { get; init; }
        public string? Mail { get; init; }
        public bool? MailEnabled { get; init; }
        public bool? SecurityEnabled { get; init; }
        public IReadOnlyList<string> GroupTypes { get; init => field = value ?? []; } = [];
        public Writeback? WritebackConfiguration { get; init; }
        public bool? OnPremisesSyncEnabled { get; init; }
        public bool? IsAssignableToRole { get; init; }

        public CloudGroupFacts ToFacts(bool deleted) => new()
        {
            Id = Id,
            DisplayName = DisplayName ?? string.Empty,
            SecurityEnabled = SecurityEnabled ?? false,
            MailEnabled = MailEnabled ?? false,
            Unified = GroupTypes.Contains("Unified"),
            Mail = string.IsNullOrEmpty(Mail) ? null : Mail,
            Dynamic = GroupTypes.Contains("DynamicMembership"),
            RoleAssignable = IsAssignableToRole ?? false,
            OnPremisesSynced = OnPremisesSyncEnabled ?? false,
            WritebackEnabled = WritebackConfiguration?.IsEnabled,
            OnPremisesGroupType = WritebackConfiguration?.OnPremisesGroupType,
            SoftDeleted = deleted,
        };
    }

    internal sealed record Writeback
    {
        public bool? IsEnabled { get; init; }
        public string? OnPremisesGroupType { get; init; }
    }
}

/// <summary>What the tenant has one of.</summary>
public sealed record TenantBasics
{
    public required Guid Tenant { get; init; }
    public required bool PremiumLicence { get; init; }
    public required bool GovernanceLicence { get; init; }
    public required bool NewM365GroupsAreWritten { get; init; }

    /// <summary>Computers that Connect's accounts name.</summary>
    public required IReadOnlyList<string> ConnectServers { get; init; }

    /// <summary>Null when the app may not count them.</summary>
    public int? Users { get; init; }
}

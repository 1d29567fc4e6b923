using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Assessment;

/// <summary>Reads the tenant through Graph. Source: plan document, discovery; reference of groupWritebackConfiguration (beta).</summary>
public sealed class TenantReader(GraphClient graph)
{
    const string GroupSelect =
        "id,displayName,description,mail,mailEnabled,securityEnabled,groupTypes,writebackConfiguration,onPremisesSyncEnabled,isAssignableToRole";

    /// <summary>Characters of a description that Cloud Sync's mapping takes.</summary>
    const int WrittenDescription = 448;

    public async Task<TenantBasics> BasicsAsync(CancellationToken cancellationToken)
    {
        var organization = await graph.PagesAsync<Organization>("v1.0/organization?$select=id,verifiedDomains", cancellationToken).FirstOrDefaultAsync(cancellationToken)
            ?? throw new GraphException(GraphError.NotFound, "organization");
        var (premium, governance) = (false, false);
        await foreach (var sku in graph.PagesAsync<Sku>("v1.0/subscribedSkus", cancellationToken))
        {
            premium |= sku.Has(Sku.P1, Sku.P2);
            governance |= sku.Has(Sku.Governance);
        }

        var newGroups = NewGroupsDefault.NoSetting;
        await foreach (var setting in graph.PagesAsync<Setting>("v1.0/groupSettings", cancellationToken))
        {
            newGroups = setting.WithDefaultOf(newGroups);
        }

        return new TenantBasics
        {
            Tenant = organization.Id,
            DefaultDomain = organization.VerifiedDomains.FirstOrDefault(domain => domain.IsDefault == true)?.Name,
            PremiumLicence = premium,
            GovernanceLicence = governance,
            NewM365GroupsAreWritten = newGroups != NewGroupsDefault.False,
            NewM365GroupsDefault = newGroups,
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
    /// Every group, the deleted ones among them, by id, without a look at their members. Distribution lists too: an object in the OU whose group
    /// became one must not be taken for one without a group.
    /// </summary>
    public async Task<IReadOnlyList<CloudGroupFacts>> GroupsAsync(CancellationToken cancellationToken)
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

        return [.. groups.Values.OrderBy(g => g.Id)];
    }

    /// <summary>Whether a group is there, living or deleted and still restorable.</summary>
    public async Task<bool> ExistsAsync(Guid group, CancellationToken cancellationToken)
        => await graph.FindAsync<Identified>($"v1.0/groups/{group:D}?$select=id", cancellationToken) is not null
            || await graph.FindAsync<Identified>($"v1.0/directory/deletedItems/{group:D}?$select=id", cancellationToken) is not null;

    /// <summary>One group as it is now, a deleted one too, without a look at its members; null when Entra has none.</summary>
    public async Task<CloudGroupFacts?> GroupAsync(Guid id, CancellationToken cancellationToken)
        => await graph.FindAsync<GraphGroup>($"beta/groups/{id:D}?$select={GroupSelect}", cancellationToken) is { } living
            ? living.ToFacts(deleted: false)
            : (await graph.FindAsync<GraphGroup>($"beta/directory/deletedItems/microsoft.graph.group/{id:D}?$select={GroupSelect}", cancellationToken))?.ToFacts(deleted: true);

    /// <summary>Microsoft 365 groups that are not deleted, without a look at their members.</summary>
    public async Task<IReadOnlyList<CloudGroupFacts>> M365Async(CancellationToken cancellationToken)
    {
        var groups = new Dictionary<Guid, CloudGroupFacts>();
        await foreach (var group in EachM365Async(cancellationToken))
        {
            groups[group.Id] = group;
        }

        return [.. groups.Values];
    }

    /// <summary>The same one after another, as Graph's pages show them: one that changes meanwhile may come twice.</summary>
    public IAsyncEnumerable<CloudGroupFacts> EachM365Async(CancellationToken cancellationToken) =>
        AllAsync($"beta/groups?$filter={Uri.EscapeDataString("groupTypes/any(c:c eq 'Unified')")}&$select={GroupSelect}&$top=999", deleted: false, cancellationToken);

    async IAsyncEnumerable<CloudGroupFacts> AllAsync(string path, bool deleted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in graph.PagesAsync<GraphGroup>(path, cancellationToken))
        {
            yield return group.ToFacts(deleted);
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
        const string Unified = "Group.Unified";
        const string WritebackDefault = "NewUnifiedGroupWritebackDefault";

        public string? DisplayName { get; init; }
        public IReadOnlyList<SettingValue> Values { get; init => field = value ?? []; } = [];

        /// <summary>What is known with this setting too: a false anywhere counts, and one that is not the setting of groups says nothing.</summary>
        public NewGroupsDefault WithDefaultOf(NewGroupsDefault known)
        {
            var value = Values.FirstOrDefault(v => v.Name == WritebackDefault);
            return known == NewGroupsDefault.False || (value is null && DisplayName != Unified) ? known
                : value is null || string.IsNullOrWhiteSpace(value.Value) ? NewGroupsDefault.NotSpecified
                : "false".Equals(value.Value, StringComparison.OrdinalIgnoreCase) ? NewGroupsDefault.False
                : NewGroupsDefault.True;
        }
    }

    internal sealed record SettingValue
    {
        public string? Name { get; init; }
        public string? Value { get; init; }
    }

    internal sealed record GraphGroup
    {
        public required Guid Id { get; init; }
        public string? DisplayName { get; init; }
        public string? Description { get; init; }
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
            LongDescription = Description?.Trim().Length > WrittenDescription,
        };
    }

    internal sealed record Organization
    {
        public required Guid Id { get; init; }
        public IReadOnlyList<VerifiedDomain> VerifiedDomains { get; init => field = value ?? []; } = [];
    }

    internal sealed record VerifiedDomain
    {
        public string? Name { get; init; }
        public bool? IsDefault { get; init; }
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

    /// <summary>Null when Entra names none.</summary>
    public string? DefaultDomain { get; init; }
    public required bool PremiumLicence { get; init; }
    public required bool GovernanceLicence { get; init; }
    public required bool NewM365GroupsAreWritten { get; init; }
    public NewGroupsDefault? NewM365GroupsDefault { get; init; }

    /// <summary>Computers that Connect's accounts name.</summary>
    public required IReadOnlyList<string> ConnectServers { get; init; }

    /// <summary>Null when the app may not count them.</summary>
    public int? Users { get; init; }
}

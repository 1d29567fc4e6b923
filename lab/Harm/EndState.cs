using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Harm;

/// <summary>How a world ended, group by group, without what two runs may differ in: times, numbers of calls, ids of what was made on the way.</summary>
public sealed record EndState
{
    /// <summary>Living groups of Active Directory by distinguished name.</summary>
    public required IReadOnlyList<GroupEnd> Groups { get; init; }
    public required bool GroupWritebackV2 { get; init; }
    public required bool UnifiedGroupWriteback { get; init; }

    /// <summary>Where the account of Connect may write groups; null is everywhere.</summary>
    public IReadOnlyList<string>? ConnectMayWrite { get; init; }
    public required bool SyncCycleEnabled { get; init; }
    public required IReadOnlyList<ServerEnd> Servers { get; init; }
    public required IReadOnlyList<JobEnd> Jobs { get; init; }

    /// <summary>Writeback of every group in Entra, by id.</summary>
    public required IReadOnlyDictionary<string, string> Writeback { get; init; }

    /// <summary>The directory setting Group.Unified; null when there is none.</summary>
    public string? UnifiedSetting { get; init; }

    public static EndState Of(SimulatedWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        return world.Store.Read(() => new EndState
        {
            Groups = [.. world.Objects.Values.Where(o => o is { Class: AdClass.Group, DeletedAt: null }).Select(o => Describe(world, o)).OrderBy(g => g.DistinguishedName, StringComparer.OrdinalIgnoreCase)],
            GroupWritebackV2 = world.Tenant.GroupWritebackV2,
            UnifiedGroupWriteback = world.Tenant.UnifiedGroupWriteback,
            ConnectMayWrite = world.ForestFacts.ConnectMayWrite,
            SyncCycleEnabled = world.Tenant.SyncCycleEnabled,
            Servers = [.. world.Servers.Values.Select(s => new ServerEnd { Name = s.Name, Staging = s.Staging, Rules = world.Rules[s.Name].Rules.Count, AutoUpgrade = s.AutoUpgrade.ToString() })],
            Jobs = [.. world.Jobs.Values.Select(j => new JobEnd
            {
                Started = j.Started,
                Quarantined = j.Quarantined,
                MembersSwitch = j.MembersSwitch,
                Assigned = world.Assignments.Values.Count(a => a.ServicePrincipalId == j.ServicePrincipalId),
            })],
            Writeback = world.Groups.Values.ToDictionary(g => g.Id.ToString("D"), g => $"{g.WritebackEnabled?.ToString() ?? "none"} {g.OnPremisesGroupType}"),
            UnifiedSetting = world.Tenant.NewUnifiedGroupWritebackDefault is { } value ? $"{value} {string.Join(' ', world.Tenant.UnifiedSetting)}" : null,
        });
    }

    /// <summary>Text that is equal when the states are, for comparing and for reading the difference.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ContractJson.Options);

    internal static GroupEnd Describe(SimulatedWorld world, AdObject group) => new()
    {
        DistinguishedName = group.DistinguishedName,
        // An object that came on the way has another identity in each run.
        ObjectGuid = group.CreatedAt is null ? group.ObjectGuid : null,
        Sid = group.CreatedAt is null ? group.Sid : null,
        DisplayName = group.DisplayName,
        Description = group.Description,
        GroupType = group.GroupType,
        Anchor = group.ExternalDirectoryObjectId,
        AdminDescription = group.AdminDescription,
        Members = [.. group.Members.Select(m => world.Objects.Find(m)?.DistinguishedName ?? m.ToString("D")).Order(StringComparer.OrdinalIgnoreCase)],
    };
}

public sealed record GroupEnd
{
    public required string DistinguishedName { get; init; }

    /// <summary>Of objects that stood there from the beginning.</summary>
    public Guid? ObjectGuid { get; init; }

    /// <inheritdoc cref="ObjectGuid"/>
    public string? Sid { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public required int GroupType { get; init; }
    public string? Anchor { get; init; }
    public string? AdminDescription { get; init; }

    /// <summary>Distinguished names.</summary>
    public required IReadOnlyList<string> Members { get; init; }
}

public sealed record ServerEnd
{
    public required string Name { get; init; }
    public required bool Staging { get; init; }
    public required int Rules { get; init; }
    public required string AutoUpgrade { get; init; }
}

public sealed record JobEnd
{
    public required bool Started { get; init; }
    public required bool Quarantined { get; init; }
    public required bool MembersSwitch { get; init; }
    public required int Assigned { get; init; }
}

using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Harm;

/// <summary>What a migration may leave behind when it ended early.</summary>
[Flags]
public enum Kept
{
    /// <summary>After deny with full undo.</summary>
    Nothing = 0,

    /// <summary>Values of msDS-ExternalDirectoryObjectId.</summary>
    Stamps = 1,

    /// <summary>Enterprise app, paused job, GroupDN extension and its values.</summary>
    App = 2,

    /// <summary>Canary objects in Active Directory.</summary>
    Canaries = 4,

    /// <summary>After postpone and expire.</summary>
    AllOfThem = Stamps | App | Canaries,
}

/// <summary>Holds a world against its control world. whenChanged, USN, recycle bins and ids of new objects do not count.</summary>
public static class WorldComparison
{
    /// <summary>What differs, one line each; empty when the worlds are equal.</summary>
    /// <param name="world">The world, settled.</param>
    /// <param name="control">Its control world at the same moment.</param>
    /// <param name="kept">What may be left.</param>
    /// <param name="ours">Entra ids of the canaries.</param>
    public static IReadOnlyList<string> Differences(SimulatedWorld world, SimulatedWorld control, Kept kept, IReadOnlyCollection<Guid> ours)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(ours);
        return
        [
            .. Compare("Active Directory", Directory(world, kept, ours), Directory(control, kept, ours)),
            .. Compare("Entra", Groups(world, kept), Groups(control, kept)),
            .. Compare("Connect", Servers(world), Servers(control)),
            .. Compare("tenant", Tenant(world), Tenant(control)),
            .. Compare("Cloud Sync", Configurations(world, control), Configurations(control, control)),
            .. LeftBehind(world, control, kept),
        ];
    }

    static IEnumerable<string> Compare(string area, Dictionary<string, string> here, Dictionary<string, string> there)
    {
        foreach (var key in here.Keys.Union(there.Keys).Order(StringComparer.Ordinal))
        {
            var (one, other) = (here.GetValueOrDefault(key), there.GetValueOrDefault(key));
            if (one != other)
            {
                yield return $"{area}: {key}: {one ?? "absent"} instead of {other ?? "absent"}";
            }
        }
    }

    static Dictionary<string, string> Directory(SimulatedWorld world, Kept kept, IReadOnlyCollection<Guid> ours) => world.Store.Read(() => world.Objects.Values
        .Where(o => o is { Class: AdClass.Group, DeletedAt: null } && !(kept.HasFlag(Kept.Canaries) && WorldImage.AnchorOf(o) is { } anchor && ours.Contains(anchor)))
        .Select(o => EndState.Describe(world, o))
        .ToDictionary(
            g => g.DistinguishedName,
            g => JsonSerializer.Serialize(kept.HasFlag(Kept.Stamps) ? g with { Anchor = null } : g, ContractJson.Options),
            StringComparer.OrdinalIgnoreCase));

    static Dictionary<string, string> Groups(SimulatedWorld world, Kept kept) => world.Store.Read(() => world.Groups.Values.ToDictionary(
        g => g.Id.ToString("D"),
        g => JsonSerializer.Serialize(kept.HasFlag(Kept.App) ? g with { Extensions = new Dictionary<string, string>() } : g, ContractJson.Options)));

    static Dictionary<string, string> Servers(SimulatedWorld world) => world.Store.Read(() => world.Servers.Values.ToDictionary(
        s => s.Name,
        s => JsonSerializer.Serialize(new { s.Version, s.Staging, s.WizardOpen, s.WithoutWriteback, s.AutoUpgrade, world.Rules[s.Name].Rules }, ContractJson.Options)));

    static Dictionary<string, string> Tenant(SimulatedWorld world) => new()
    {
        ["state"] = JsonSerializer.Serialize(world.ReadTenant(), ContractJson.Options),
        ["permissions of Connect"] = JsonSerializer.Serialize(world.Store.Read(() => world.ForestFacts.ConnectMayWrite), ContractJson.Options),
    };

    /// <summary>Configurations that stood before: as they were, with whom they were assigned to.</summary>
    static Dictionary<string, string> Configurations(SimulatedWorld world, SimulatedWorld control)
    {
        var before = control.Store.Read(() => control.Jobs.Keys.ToHashSet());
        return world.Store.Read(() => world.Jobs.Values.Where(j => before.Contains(j.Id)).ToDictionary(
            j => j.Id,
            j => JsonSerializer.Serialize(
                new
                {
                    j.Started,
                    j.Schema,
                    Secrets = j.Secrets.OrderBy(s => s.Key, StringComparer.Ordinal),
                    Assigned = world.Assignments.Values.Where(a => a.ServicePrincipalId == j.ServicePrincipalId).Select(a => a.GroupId),
                },
                ContractJson.Options)));
    }

    static IEnumerable<string> LeftBehind(SimulatedWorld world, SimulatedWorld control, Kept kept)
    {
        var (here, there) = (Counts(world), Counts(control));
        if (here.Running > there.Running)
        {
            yield return $"Cloud Sync: {here.Running - there.Running} job(s) run";
        }

        if (!kept.HasFlag(Kept.App) && here != there)
        {
            yield return $"Cloud Sync: {here.Apps - there.Apps} app(s), {here.Jobs - there.Jobs} job(s) and {here.Applications - there.Applications} application(s) are left";
        }

        static (int Apps, int Jobs, int Applications, int Running) Counts(SimulatedWorld world) => world.Store.Read(() =>
            (world.Apps.Count, world.Jobs.Count, world.Applications.Count, world.Jobs.Values.Count(j => j.Started)));
    }
}

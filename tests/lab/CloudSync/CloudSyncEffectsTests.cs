using System.Text.Json.Nodes;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.CloudSync;

/// <summary>Each thing that can be missed before the first cycle does its own harm.</summary>
public sealed class CloudSyncEffectsTests
{
    [Fact]
    public async Task Cycle_EverythingPrepared_GroupStaysAsItIs()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = tenant.PlainGroups()[0];
        var before = tenant.ObjectOf(group);
        await tenant.StampAsync(before.ObjectGuid, group.Anchor);
        var job = await tenant.PrepareJobAsync([group]);
        await tenant.SleepAsync(TimeSpan.FromHours(1));

        await tenant.CloudSync.RunCycleAsync(job.Id);

        var after = tenant.Find(before.ObjectGuid)!;
        Assert.Equal((before.DistinguishedName, before.Sid), (after.DistinguishedName, after.Sid));
        Assert.Equal(before.Members, after.Members);
        Assert.Single(tenant.AllOf(group));
    }

    [Fact]
    public async Task Cycle_WithoutAnchor_CreatesSecondGroup()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = tenant.PlainGroups()[0];
        var job = await tenant.PrepareJobAsync([group]);

        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal(2, tenant.AllOf(group).Count);
        Assert.Equal("create", Assert.Single(Log(tenant)).Action);
    }

    [Fact]
    public async Task Cycle_AnchorNotYetOnCatalog_CreatesSecondGroup()
    {
        await using var tenant = await TestTenant.StartAsync();
        var groups = tenant.PlainGroups().Take(8).ToList();
        var job = await tenant.PrepareJobAsync(groups);
        foreach (var group in groups)
        {
            await tenant.StampAsync(tenant.ObjectOf(group).ObjectGuid, group.Anchor);
        }

        await tenant.CloudSync.RunCycleAsync(job.Id);

        // Some agents asked a catalog that had it, others one that lagged behind.
        Assert.Contains(groups, g => tenant.AllOf(g).Count == 2);
    }

    [Fact]
    public async Task Cycle_DefaultName_RenamesGroup()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (group, before) = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync([group], nameMapped: false);

        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        var name = DistinguishedName.Cn(tenant.Find(before.ObjectGuid)!.DistinguishedName);
        Assert.EndsWith("_" + $"{group.Id:D}"[^12..], name, StringComparison.Ordinal);
        Assert.NotEqual(DistinguishedName.Cn(before.DistinguishedName), name);
    }

    [Fact]
    public async Task Cycle_DefaultContainer_MovesGroup()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (group, before) = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync([group], containerMapped: false);

        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal("CN=Users,DC=contoso,DC=example", DistinguishedName.Parent(tenant.Find(before.ObjectGuid)!.DistinguishedName));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Cycle_MembersSwitchOff_EmptiesGroupUnlessTheWorldIsKind(bool removes, int least)
    {
        var options = new WorldOptions { Groups = 40, M365 = 6, Switches = new WorldSwitches { FirstMatchRemovesUnseenMembers = removes } };
        await using var tenant = await TestTenant.StartAsync(options);
        var (group, before) = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync([group], membersSwitch: false);

        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.NotEmpty(before.Members);
        Assert.Equal(least == 0 ? 0 : before.Members.Count, tenant.Find(before.ObjectGuid)!.Members.Count);
    }

    [Fact]
    public async Task Cycle_DeviceAmongMembers_LosesItAndKeepsUsers()
    {
        await using var tenant = await TestTenant.StartAsync();
        var device = tenant.World.Store.Read(() => tenant.World.Principals.Values.First(p => p is { Kind: PrincipalKind.Device, ObjectGuid: not null }));
        var (group, before) = await StampedAsync(tenant);
        await tenant.World.Store.ChangeAsync(change =>
        {
            tenant.World.Groups.Put(change, group.Id, group with { Members = [.. group.Members, device.Id] });
            tenant.World.Forest.AddMembers(change, before.ObjectGuid, [device.ObjectGuid!.Value]);
        });
        var job = await tenant.PrepareJobAsync([group]);

        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal(before.Members, tenant.Find(before.ObjectGuid)!.Members);
    }

    [Fact]
    public async Task Cycle_TwoObjectsWithAnchor_FailsAndChangesNeither()
    {
        await using var tenant = await TestTenant.StartAsync();
        var groups = tenant.PlainGroups();
        var (group, before) = await StampedAsync(tenant);
        var other = tenant.ObjectOf(groups[1]);
        await tenant.StampAsync(other.ObjectGuid, group.Anchor);
        var job = await tenant.PrepareJobAsync([group], nameMapped: false);

        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal("HybridSynchronizationActiveDirectoryUnexpectedDuplicateEntriesFound", Assert.Single(Log(tenant)).ErrorCode);
        Assert.Equal(before.DistinguishedName, tenant.Find(before.ObjectGuid)!.DistinguishedName);
        Assert.Equal(1, tenant.World.Store.Read(() => tenant.World.Jobs[job.Id].LastErrors));
    }

    [Fact]
    public async Task Cycle_GroupLeavesScope_DeletesItsObject()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (group, before) = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync([group]);
        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        await tenant.Portal.RunUnassignmentScriptAsync(job.ServicePrincipalId, [group.Id]);
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Null(tenant.Find(before.ObjectGuid));
    }

    [Fact]
    public async Task Cycle_GroupNeverInScope_IsLeftAlone()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (group, before) = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync([], nameMapped: false);

        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal(before.DistinguishedName, tenant.ObjectOf(group).DistinguishedName);
        Assert.Empty(Log(tenant));
    }

    [Fact]
    public async Task Cycle_ChildComesIntoScopeLater_ParentKeepsItFromThenOn()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (parent, child) = tenant.World.Store.Read(() => tenant.World.Groups.Values
            .Where(g => g.WritebackEnabled == true).SelectMany(g => g.Members.Select(m => (Parent: g, Child: tenant.World.Groups.Find(m))))
            .Where(p => p.Child is { WritebackEnabled: true }).Select(p => (p.Parent, p.Child!)).First());
        var (above, below) = (tenant.ObjectOf(parent), tenant.ObjectOf(child));
        await tenant.StampAsync(above.ObjectGuid, parent.Anchor);
        await tenant.StampAsync(below.ObjectGuid, child.Anchor);
        var job = await tenant.PrepareJobAsync([parent]);
        await tenant.SleepAsync(TimeSpan.FromHours(1));

        await tenant.CloudSync.RunCycleAsync(job.Id);
        Assert.Contains(below.ObjectGuid, above.Members);
        Assert.DoesNotContain(below.ObjectGuid, tenant.Find(above.ObjectGuid)!.Members);

        await tenant.Portal.RunAssignmentScriptAsync(job.ServicePrincipalId, [child.Id]);
        await tenant.CloudSync.RunCycleAsync(job.Id);
        await tenant.CloudSync.RunCycleAsync(job.Id);
        Assert.Contains(below.ObjectGuid, tenant.Find(above.ObjectGuid)!.Members);
    }

    [Fact]
    public async Task Cycle_MemberJoinsLater_IsWritten()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (group, before) = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync([group]);
        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);
        var joined = tenant.World.Store.Read(() => tenant.World.Principals.Values.First(p => p is { Kind: PrincipalKind.User, ObjectGuid: not null } && !group.Members.Contains(p.Id)));

        await tenant.World.Store.ChangeAsync(change => tenant.World.Groups.Put(change, group.Id, group with { Members = [.. group.Members, joined.Id] }));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal([joined.ObjectGuid!.Value], tenant.Find(before.ObjectGuid)!.Members.Except(before.Members));
    }

    [Fact]
    public async Task Cycle_ScopeFilterNamesCanary_TouchesNobodyElse()
    {
        await using var tenant = await TestTenant.StartAsync();
        var groups = tenant.PlainGroups();
        var job = await tenant.PrepareJobAsync([groups[0], groups[1]]);
        var schema = JsonNode.Parse(job.Schema)!.AsObject();
        schema["synchronizationRules"]![0]!["objectMappings"]![0]!["scope"] = JsonNode.Parse($$$"""
            {"groups":[],"categoryFilterGroups":[],"inputFilterGroups":[{"name":"canaries","clauses":
            [{"sourceOperandName":"objectId","operatorName":"REGEX MATCH","targetOperand":{"values":["^({{{groups[1].Id:D}}})$"]}}]}]}
            """);
        await tenant.CloudSync.PutSchemaAsync(job.Id, schema);

        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal(groups[1].Id, Assert.Single(Log(tenant)).GroupId);
    }

    [Fact]
    public async Task Cycle_ManyGroupsLeave_StopsBeforeThresholdAndQuarantines()
    {
        await using var tenant = await TestTenant.StartAsync();
        var groups = tenant.PlainGroups().Take(4).ToList();
        var job = await tenant.PrepareJobAsync(groups);
        await tenant.CloudSync.PutSecretsAsync(job.ServicePrincipalId, new Dictionary<string, string>
        {
            ["Domain"] = """{"domain":"contoso.example"}""",
            ["SyncNotificationSettings"] = """{"Enabled":false,"DeleteThresholdEnabled":true,"DeleteThresholdValue":3}""",
        });
        await tenant.CloudSync.RunCycleAsync(job.Id);

        await tenant.Portal.RunUnassignmentScriptAsync(job.ServicePrincipalId, groups.Select(g => g.Id));
        await tenant.CloudSync.RunCycleAsync(job.Id);

        Assert.Equal(2, Log(tenant).Count(e => e.Action == "delete"));
        Assert.Equal("TooManyDeletes", tenant.World.Store.Read(() => tenant.World.Jobs[job.Id].QuarantineReason));
    }

    [Fact]
    public async Task ManyGroupsLeave_DeletesForcedBeforeTheProcessWasGone_AreAllMade()
    {
        await using var tenant = await TestTenant.StartAsync();
        var groups = tenant.PlainGroups().Take(4).ToList();
        var job = await tenant.PrepareJobAsync(groups);
        await tenant.CloudSync.PutSecretsAsync(job.ServicePrincipalId, new Dictionary<string, string>
        {
            ["Domain"] = """{"domain":"contoso.example"}""",
            ["SyncNotificationSettings"] = """{"DeleteThresholdEnabled":true,"DeleteThresholdValue":3}""",
        });
        await tenant.CloudSync.RunCycleAsync(job.Id);
        await tenant.Portal.RunUnassignmentScriptAsync(job.ServicePrincipalId, groups.Select(g => g.Id));

        await tenant.CloudSync.RestartAsync(job.Id, "ForceDeletes");
        using var afterRestart = new CloudSyncEngine(tenant.World);
        await afterRestart.RunCycleAsync(job.Id);

        Assert.Equal(4, Log(tenant).Count(e => e.Action == "delete"));
        Assert.False(tenant.World.Store.Read(() => tenant.World.Jobs[job.Id].ForceDeletes));
    }

    [Fact]
    public async Task ObjectDeletedByHand_IsMadeAnewByAnInitialCycleOnly_AlsoAfterAKill()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (group, before) = await StampedAsync(tenant);
        var job = await tenant.PrepareJobAsync([group]);
        await tenant.SleepAsync(TimeSpan.FromHours(1));
        await tenant.CloudSync.RunCycleAsync(job.Id);
        await tenant.World.Store.ChangeAsync(change => tenant.World.Forest.Delete(change, before.ObjectGuid));

        await tenant.CloudSync.RunCycleAsync(job.Id);
        using var afterKill = new CloudSyncEngine(tenant.World);
        await afterKill.RunCycleAsync(job.Id);
        Assert.Empty(tenant.AllOf(group));

        await tenant.CloudSync.RestartAsync(job.Id, "Full");
        await tenant.CloudSync.RunCycleAsync(job.Id);
        Assert.NotEqual(before.ObjectGuid, Assert.Single(tenant.AllOf(group)).ObjectGuid);
    }

    [Fact]
    public async Task Job_Started_RunsBySchedule()
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([tenant.PlainGroups()[0]]);

        await tenant.CloudSync.StartAsync(job.Id);
        await tenant.SleepAsync(TimeSpan.FromHours(2));

        Assert.InRange(tenant.World.Store.Read(() => tenant.World.Jobs[job.Id].Cycles), 3, 6);
    }

    [Fact]
    public async Task Job_NeverStarted_RunsNever()
    {
        await using var tenant = await TestTenant.StartAsync();
        var job = await tenant.PrepareJobAsync([tenant.PlainGroups()[0]]);

        await tenant.SleepAsync(TimeSpan.FromHours(5));

        Assert.Equal(0, tenant.World.Store.Read(() => tenant.World.Jobs[job.Id].Cycles));
    }

    [Theory]
    [InlineData(Sabotage.DefaultContainer, "parentDistinguishedName", "CN=Users,DC=contoso,DC=example")]
    [InlineData(Sabotage.DefaultName, "cn", "Append")]
    public async Task PutSchema_Sabotaged_SaysDoneAndKeepsTheDefault(Sabotage sabotage, string target, string expected)
    {
        await using var tenant = await TestTenant.StartAsync(new WorldOptions { Groups = 40, M365 = 6, Sabotage = [sabotage] });

        var job = await tenant.PrepareJobAsync([]);

        var source = SyncSchema.Parse(job.Schema).Mappings[target].Source!;
        Assert.Equal(expected, source.Name);
        Assert.NotEqual("Append(\"Group_\",[objectId])", source.Expression);
    }

    [Fact]
    public async Task MembersSwitch_Sabotaged_StaysOff()
    {
        await using var tenant = await TestTenant.StartAsync(new WorldOptions { Groups = 40, M365 = 6, Sabotage = [Sabotage.MembersSwitchOff] });

        var job = await tenant.PrepareJobAsync([], membersSwitch: true);

        Assert.False(job.MembersSwitch);
    }

    static async Task<(CloudGroup Group, AdObject Object)> StampedAsync(TestTenant tenant)
    {
        var group = tenant.PlainGroups()[0];
        await tenant.StampAsync(tenant.ObjectOf(group).ObjectGuid, group.Anchor);
        return (group, tenant.ObjectOf(group));
    }

    static List<ProvisioningEvent> Log(TestTenant tenant) => tenant.World.Store.Read(() => tenant.World.ProvisioningLog.Values.ToList());
}

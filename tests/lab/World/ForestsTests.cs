using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.World;

public sealed class ForestsTests
{
    static readonly WorldOptions ThreeForests = LabWorld.Small with { Forests = 3 };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_OfThreeForests_HasAConnectorForEachAndOneHoldsTheOu()
    {
        await using var lab = await LabWorld.StartAsync(ThreeForests);

        var host = await lab.Server(1).GetHostAsync(Stop);

        var forests = host.Connectors.Where(c => c.Kind == ConnectorKind.ActiveDirectory).ToList();
        Assert.Equal(["contoso.example", "fabrikam.example", "tailspin.example"], forests.Select(c => c.Forest));
        Assert.Equal(["contoso.example", "emea.contoso.example"], forests[0].Domains);
        Assert.Equal((host.AdConnector, host.AdConnectorId), (Assert.Single(host.Connectors, c => c.HoldsWritebackOu).Name, forests[0].Identifier));
        Assert.Single(host.Connectors, c => c.Kind == ConnectorKind.Entra);
    }

    [Fact]
    public async Task Directory_OfThreeForests_TellsItsOwnDomainsAndTheirAgents()
    {
        await using var lab = await LabWorld.StartAsync(ThreeForests);

        var facts = await new SimulatedDirectory(lab.World).InspectAsync(Stop);

        Assert.Equal(("contoso.example", "contoso.example"), (facts.Domain, facts.Forest));
        var child = Assert.Single(facts.OtherDomains);
        Assert.Equal(("emea.contoso.example", 3), (child.Domain, child.Agents!.Count));
        Assert.Contains("dc11.emea.contoso.example", facts.GlobalCatalogs);
    }

    [Fact]
    public async Task Cycle_OfThreeForests_RunsOnEveryConnector()
    {
        await using var lab = await LabWorld.StartAsync(ThreeForests);

        var runs = await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Equal(["contoso.example", "contoso.onmicrosoft.example - AAD", "fabrikam.example", "tailspin.example"], runs.Select(r => r.Connector).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(4, runs.Count(r => r.Profile == "Export"));
    }

    [Fact]
    public async Task Accounts_OfEachDomain_HaveSidsOfTheirOwnDomain()
    {
        await using var lab = await LabWorld.StartAsync(ThreeForests);

        var domains = lab.World.Store.Read(() => lab.World.Objects.Values
            .Where(o => o.Class == AdClass.User)
            .Select(o => (Domain: o.DistinguishedName[o.DistinguishedName.IndexOf("DC=", StringComparison.Ordinal)..], Sid: o.Sid[..o.Sid.LastIndexOf('-')]))
            .Distinct().ToList());

        Assert.Equal(4, domains.Count);
        Assert.Equal(4, domains.Select(d => d.Sid).Distinct().Count());
    }

    /// <summary>A universal group takes members from its own forest only: neither engine ever writes another one, and the child domain's are written.</summary>
    [Fact]
    public async Task MembersOfOtherForests_AreNeverWritten()
    {
        await using var tenant = await TestTenant.StartAsync(new WorldOptions { Groups = 40, M365 = 0, Forests = 2, Switches = new WorldSwitches { JoinNoFlowWritesMembers = false } });
        var world = tenant.World;
        var (group, foreign, child) = world.Store.Read(() =>
        {
            var live = world.Groups.Values.Where(g => g is { WritebackEnabled: true, Unified: false, Dynamic: false }).First(g => g.Members.Any(m => IsOf(m, "DC=fabrikam")) && g.Members.Any(m => IsOf(m, "DC=emea")));
            return (live, live.Members.First(m => IsOf(m, "DC=fabrikam")), live.Members.First(m => IsOf(m, "DC=emea")));
        });
        var before = tenant.ObjectOf(group);
        await world.Store.ChangeAsync(c => world.Forest.SetAnchor(c, before.ObjectGuid, group.Anchor));
        await tenant.SleepAsync(TimeSpan.FromMinutes(10));
        var job = await tenant.PrepareJobAsync([group]);

        await tenant.CloudSync.RunCycleAsync(job.Id);

        var after = tenant.ObjectOf(group);
        Assert.DoesNotContain(ObjectOf(foreign), before.Members.Concat(after.Members));
        Assert.Contains(ObjectOf(child), before.Members);
        Assert.Contains(ObjectOf(child), after.Members);
        var refusal = await Assert.ThrowsAsync<ForestException>(async () => await world.Store.ChangeAsync(c => world.Forest.AddMembers(c, after.ObjectGuid, [ObjectOf(foreign)])));
        Assert.Equal(ForestRefusal.UnwillingToPerform, refusal.Refusal);

        Guid ObjectOf(Guid principal) => world.Store.Read(() => world.Principals[principal].ObjectGuid!.Value);
        bool IsOf(Guid member, string domain) => world.Principals.Find(member) is { Kind: PrincipalKind.User, ObjectGuid: { } o } && world.Forest.Find(o)!.DistinguishedName.Contains(domain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MixedWorld_OfTheSameSeed_IsTheSame()
    {
        var options = LabWorld.Small with { Forests = 3, Awkward = 40, Nesting = 5, DeviatingNames = 4, DeviatingPlaces = 3, ClonedRule = ClonedRule.Harmless };
        await using var one = await LabWorld.StartAsync(options);
        await using var other = await LabWorld.StartAsync(options);

        Assert.Equal(EndState.Of(one.World).ToJson(), EndState.Of(other.World).ToJson());
    }

    [Fact]
    public async Task Nesting_OfFive_IsFiveDeep()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Nesting = 5 });

        int deepest = lab.World.Store.Read(() => lab.World.Groups.Values.Max(g => Depth(g)));

        Assert.Equal(5, deepest);

        int Depth(CloudGroup group) => group.Members.Select(lab.World.Groups.Find).OfType<CloudGroup>().Where(g => !g.OnPremisesSynced).Select(g => 1 + Depth(g)).DefaultIfEmpty(0).Max();
    }

    [Fact]
    public async Task AwkwardGroups_OfEveryKind_AreWritten()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Awkward = 40, Naming = ConnectNaming.DisplayName });

        var written = lab.World.Store.Read(() => lab.World.Groups.Values
            .Where(g => g.Description?.StartsWith("Awkward", StringComparison.Ordinal) == true || g.Description?.Length == 1000)
            .Select(g => (Group: g, Object: lab.World.Forest.FindByAdminDescription(g.Anchor).Single())).ToList());

        Assert.Equal(40, written.Count);
        Assert.Contains(written, w => w.Group.DisplayName.Length > 200);
        Assert.Contains(written, w => w.Group.DisplayName[0] == '=');
        Assert.Contains(written, w => w.Group.DisplayName[0] == '\u200f');
        Assert.Contains(written, w => w.Object.AdminCount);
        Assert.Contains(written, w => w.Group.Members.Any(m => lab.World.Store.Read(() => lab.World.Principals.Find(m))?.Kind == PrincipalKind.Contact));
        Assert.Contains(written, w => w.Group.Members.Count == 0);
        Assert.Contains(written, w => lab.World.Store.Read(() => lab.World.Forest.ForeignMembersOf(w.Object).Count()) == 1);
        Assert.Equal(2, written.GroupBy(w => w.Group.DisplayName, StringComparer.OrdinalIgnoreCase).Count(g => g.Count() == 2));
    }

    /// <summary>Connect goes on writing the members that Entra has; who came from another forest stays, and with him the group's type.</summary>
    [Fact]
    public async Task DomainLocalGroup_WithAMemberOfAnotherForest_KeepsBothWhenConnectWritesItsMembers()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Awkward = 21 });
        var world = lab.World;
        var (group, foreigner) = world.Store.Read(() => world.Groups.Values
            .SelectMany(g => world.Forest.FindByAdminDescription(g.Anchor), (g, o) => (Group: g, Foreign: world.Forest.ForeignMembersOf(o).ToList()))
            .Where(g => g.Foreign.Count > 0).Select(g => (g.Group, g.Foreign.Single())).Single());
        var left = group.Members[0];
        await world.Store.ChangeAsync(c => world.Groups.Put(c, group.Id, group with { Members = [.. group.Members.Skip(1)] }));

        await lab.CycleAsync(CyclePolicy.Initial);

        var (now, gone) = world.Store.Read(() => (world.Forest.FindByAdminDescription(group.Anchor).Single(), world.Principals[left].ObjectGuid));
        Assert.Equal(GroupTypes.DomainLocalSecurity, now.GroupType);
        Assert.Contains(foreigner, now.Members);
        Assert.DoesNotContain(now.Members, m => m == gone);
        var read = await new SimulatedDirectory(world).GroupsUnderWritebackOuAsync(Stop).SingleAsync(g => g.ForeignMembers > 0, Stop);
        Assert.Equal((now.ObjectGuid, 1), (read.ObjectGuid, read.ForeignMembers));
    }

    /// <summary>As Active Directory refuses it, whoever asks.</summary>
    [Fact]
    public async Task UniversalGroup_TakesNoMemberOfAnotherForest()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Awkward = 21 });
        var (world, forest) = (lab.World, lab.World.Forest);
        var (universal, foreigner, local) = world.Store.Read(() => (
            forest.GroupsUnder(world.ForestFacts.WritebackOu).First(o => GroupTypes.IsUniversal(o.GroupType)).ObjectGuid,
            world.Objects.Values.Single(o => o.Class == AdClass.ForeignSecurityPrincipal).ObjectGuid,
            forest.GroupsUnder(world.ForestFacts.WritebackOu).Single(o => forest.ForeignMembersOf(o).Any()).ObjectGuid));

        await Assert.ThrowsAsync<ForestException>(async () => await world.Store.ChangeAsync(c => forest.AddMembers(c, universal, [foreigner])));
        await Assert.ThrowsAsync<ForestException>(async () => await world.Store.ChangeAsync(c => forest.Update(c, local, o => o with { GroupType = GroupTypes.UniversalSecurity })));
    }

    [Fact]
    public async Task OversizedGroup_StaysAsItWas()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Oversized = 1 });

        var group = lab.World.Store.Read(() => lab.World.Groups.Values.Single(g => g.Members.Count > 50_000));

        Assert.InRange(lab.ObjectOf(group)!.Members.Count, 1, 5);
    }

    [Theory]
    [InlineData(ClonedRule.Harmless, true)]
    [InlineData(ClonedRule.Provisioning, false)]
    public async Task ClonedRule_UnderTheCoexistenceRules_ProvisionsOnOrDoesNot(ClonedRule cloned, bool held)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { ClonedRule = cloned });

        await lab.HoldByRulesAsync();

        Assert.Equal(held, lab.World.Store.Read(() => lab.World.ConnectorObjects.Values.Where(o => o.Server == ConnectServers.NameOf(0) && !o.MailEnabled).All(o => o.NoFlow)));
    }

    [Fact]
    public async Task Agents_WithoutRightsOrWithoutAnAgent_WriteNothing()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (first, second) = (tenant.PlainGroups()[0], tenant.PlainGroups()[1]);
        foreach (var group in new[] { first, second }) { await tenant.World.Store.ChangeAsync(c => tenant.World.Forest.SetAnchor(c, tenant.ObjectOf(group).ObjectGuid, group.Anchor)); }
        await tenant.World.Store.ChangeAsync(c => tenant.World.Forest.Update(c, tenant.ObjectOf(first).ObjectGuid, o => o with { InheritanceBlocked = true }));
        await tenant.SleepAsync(TimeSpan.FromMinutes(10));
        var job = await tenant.PrepareJobAsync([first, second]);
        foreach (var group in new[] { first, second }) { await tenant.World.Store.ChangeAsync(c => tenant.World.Groups.Put(c, group.Id, group with { Description = "Changed" })); }

        await tenant.CloudSync.RunCycleAsync(job.Id);
        var denied = tenant.World.Store.Read(() => tenant.World.ProvisioningLog.Values.Single(e => e.Status == "failure"));
        var (without, with) = (tenant.ObjectOf(first).Description, tenant.ObjectOf(second).Description);
        await tenant.World.Store.ChangeAsync(c => tenant.World.PutForest(c, tenant.World.ForestFacts with { Agents = [.. tenant.World.ForestFacts.Agents.Select(a => a with { Active = false })] }));
        var nobody = await tenant.CloudSync.ProvisionOnDemandAsync(job.Id, second.Id, []);

        Assert.Equal((first.Id, CloudSyncErrors.AccessDenied), (denied.GroupId, denied.ErrorCode));
        Assert.NotEqual("Changed", without);
        Assert.Equal("Changed", with);
        Assert.Equal(CloudSyncErrors.NoActiveAgents, nobody.ErrorCode);
    }
}

using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.Tests.Lab.World;

namespace GwbCloud.Tests.Lab.Forest;

public sealed class SimulatedForestTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain")]
    [InlineData("R&D, \"x\" <y>; a=b+c\\d")]
    [InlineData(" leading and trailing ")]
    [InlineData("#hash, Ω ü")]
    [InlineData("")]
    public void DistinguishedName_OfAnyValue_GivesItBack(string cn)
    {
        string dn = DistinguishedName.Of(cn, "OU=A,DC=x");

        Assert.Equal(cn, DistinguishedName.Cn(dn));
        Assert.Equal("OU=A,DC=x", DistinguishedName.Parent(dn));
        Assert.True(DistinguishedName.IsUnder(dn, "ou=a,dc=X"));
        Assert.False(DistinguishedName.IsUnder(dn, "A,DC=x"));
    }

    [Fact]
    public async Task Anchor_ShowsOnEachCatalogAfterItsLag()
    {
        await using var lab = await LabWorld.StartAsync();
        var directory = new SimulatedDirectory(lab.World);
        var group = lab.Written.Values.First();
        var catalogs = (await directory.InspectAsync(Stop)).GlobalCatalogs;

        await directory.StampAsync(group.ObjectGuid, group.AdminDescription!, Stop);
        Assert.Equal([1, 0, 0], await SeenAsync());
        await lab.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([1, 1, 0], await SeenAsync());
        await lab.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal([1, 1, 1], await SeenAsync());

        await directory.UnstampAsync(group.ObjectGuid, group.AdminDescription!, Stop);
        Assert.Equal([0, 1, 1], await SeenAsync());

        async Task<List<int>> SeenAsync()
        {
            var seen = new List<int>();
            foreach (string catalog in catalogs) { seen.Add((await directory.FindInCatalogAsync(catalog, [group.AdminDescription!], Stop)).Count); }
            return seen;
        }
    }

    [Fact]
    public async Task Anchor_OnTheLateCatalog_ShowsAfterHours()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Sabotage = [Sabotage.LateGcReplication] });
        var directory = new SimulatedDirectory(lab.World);
        string late = (await directory.InspectAsync(Stop)).GlobalCatalogs[2];
        var group = lab.Written.Values.First();

        await directory.StampAsync(group.ObjectGuid, group.AdminDescription!, Stop);
        await lab.PassAsync(TimeSpan.FromHours(2));
        Assert.Empty(await directory.FindInCatalogAsync(late, [group.AdminDescription!], Stop));
        await lab.PassAsync(TimeSpan.FromHours(1));

        Assert.Single(await directory.FindInCatalogAsync(late, [group.AdminDescription!], Stop));
    }

    [Fact]
    public async Task Anchor_ThatHoldsAnotherValue_IsNotTouched()
    {
        await using var lab = await LabWorld.StartAsync();
        var directory = new SimulatedDirectory(lab.World);
        var group = lab.Written.Keys.First();

        Assert.Equal(AnchorState.Written, await directory.StampAsync(group, "Group_a", Stop));
        Assert.Equal(AnchorState.AlreadySo, await directory.StampAsync(group, "Group_a", Stop));
        Assert.Equal(AnchorState.HoldsOther, await directory.StampAsync(group, "Group_b", Stop));
        Assert.Equal(AnchorState.HoldsOther, await directory.UnstampAsync(group, "Group_b", Stop));
        Assert.Equal(AnchorState.Gone, await directory.StampAsync(Guid.NewGuid(), "Group_a", Stop));

        Assert.Equal("Group_a", (await directory.ReadAsync(group, Stop))!.Group.ExternalDirectoryObjectId);
    }

    [Fact]
    public async Task Stamp_UnderSabotage_ReportsSuccessAndWritesNothing()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Sabotage = [Sabotage.NoStamp] });
        var directory = new SimulatedDirectory(lab.World);
        var group = lab.Written.Keys.First();

        await directory.StampAsync(group, "Group_a", Stop);

        Assert.Null((await directory.ReadAsync(group, Stop))!.Group.ExternalDirectoryObjectId);
    }

    [Fact]
    public async Task DuplicateAnchor_UnderSabotage_IsThereFromTheBeginning()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Sabotage = [Sabotage.DuplicateAnchor] });

        var bearers = lab.World.Store.Read(() => lab.Written.Values.SelectMany(o => lab.World.Forest.FindByAnchor(o.AdminDescription!)).ToList());

        Assert.Equal("Copy of a written group", Assert.Single(bearers).DisplayName);
    }

    [Fact]
    public async Task DeletedObject_LeavesItsGroupsAndComesBackWithItsMembersOnly()
    {
        await using var lab = await LabWorld.StartAsync();
        var parent = lab.Group(g => g.Members.Any(m => lab.World.Store.Read(() => lab.World.Groups.Find(m)) is { OnPremisesSynced: false }));
        var child = lab.World.Store.Read(() => parent.Members.Select(m => lab.World.Groups.Find(m)).First(g => g is { OnPremisesSynced: false })!);
        var before = lab.ObjectOf(child)!;

        await lab.ChangeForestAsync((c, f) => f.Delete(c, before.ObjectGuid));
        Assert.DoesNotContain(before.ObjectGuid, lab.ObjectOf(parent)!.Members);
        Assert.Null(lab.ObjectOf(child));

        await lab.ChangeForestAsync((c, f) => f.Restore(c, before.ObjectGuid));
        Assert.Equal(before.Members, lab.ObjectOf(child)!.Members);
        Assert.Equal(before.Sid, lab.ObjectOf(child)!.Sid);
    }

    [Fact]
    public async Task UniversalGroup_TakesNoLocalMember()
    {
        await using var lab = await LabWorld.StartAsync();
        var local = lab.World.Store.Read(() => lab.World.Forest.GroupsUnder(WorldSeeder.GroupsOu).First(o => GroupTypes.IsDomainLocal(o.GroupType)));

        var e = await Assert.ThrowsAsync<ForestException>(() => lab.ChangeForestAsync((c, f) => f.AddMembers(c, lab.Written.Keys.First(), [local.ObjectGuid])));

        Assert.Equal(ForestRefusal.UnwillingToPerform, e.Refusal);
    }

    [Fact]
    public async Task Canary_OfATakenName_IsRefused()
    {
        await using var lab = await LabWorld.StartAsync();
        var directory = new SimulatedDirectory(lab.World);
        var canary = new NewGroup { Cn = "Canary", DisplayName = "Canary", Anchor = "Group_x", Members = [] };

        var made = await directory.CreateGroupAsync(canary, Stop);
        var e = await Assert.ThrowsAsync<DirectoryException>(() => directory.CreateGroupAsync(canary, Stop));
        Assert.Equal("GWB6106", e.Error.Code);

        await lab.PassAsync(TimeSpan.FromHours(2));
        Assert.Equal("Group_x", (await directory.ReadAsync(made, Stop))!.Group.ExternalDirectoryObjectId);
        var created = (await directory.WhenCreatedAsync(made, Stop))!.Value;
        Assert.Equal(CanaryDeletion.HoldsOther, await directory.DeleteGroupAsync(new() { ObjectGuid = made, Anchor = "Group_y" }, created, Stop));
        Assert.Equal(CanaryDeletion.Older, await directory.DeleteGroupAsync(new() { ObjectGuid = made, Anchor = "Group_x" }, created.AddSeconds(1), Stop));
        Assert.NotNull(await directory.ReadAsync(made, Stop));
        Assert.Equal(CanaryDeletion.Gone, await directory.DeleteGroupAsync(new() { ObjectGuid = made, Anchor = "Group_x" }, created, Stop));
        Assert.Null(await directory.ReadAsync(made, Stop));
    }

    [Fact]
    public async Task Group_ThatStoodThereBeforeTheStory_IsOlderThanAnyMigration()
    {
        await using var lab = await LabWorld.StartAsync();
        var directory = new SimulatedDirectory(lab.World);

        Assert.Equal(DateTimeOffset.MinValue, await directory.WhenCreatedAsync(lab.Written.Keys.First(), Stop));
        Assert.Null(await directory.WhenCreatedAsync(Guid.NewGuid(), Stop));
    }

    /// <summary>As domain controllers do; the simulation once took a comma, and a real directory was the first to tell.</summary>
    [Fact]
    public async Task AccountName_WithAForbiddenCharacter_IsRefused()
    {
        await using var lab = await LabWorld.StartAsync();
        var made = new NewAdObject { Class = AdClass.Group, DistinguishedName = DistinguishedName.Of("a", WorldSeeder.GroupsOu), SamAccountName = "a, b", GroupType = GroupTypes.UniversalSecurity, MadeBy = "outside" };

        var e = await Assert.ThrowsAsync<ForestException>(() => lab.ChangeForestAsync((c, f) => f.Create(c, made)));

        Assert.Equal(ForestRefusal.UnwillingToPerform, e.Refusal);
    }

    [Theory]
    [InlineData("cn=a\\2C b\\,c,ou=A,dc=x", "CN=a\\, b\\,c,OU=A,DC=x")]
    [InlineData("CN=\\C3\\BCber \\3d 1,DC=x", "CN=über \\= 1,DC=x")]
    [InlineData("DC=x", "DC=x")]
    public void DistinguishedName_OfAnotherWriter_IsReadAsOurs(string written, string ours) => Assert.Equal(ours, DistinguishedName.Canonical(written));

    [Fact]
    public async Task Move_KeepsTheEscapedName()
    {
        await using var lab = await LabWorld.StartAsync();
        Guid id = default;

        await lab.ChangeForestAsync((c, f) =>
        {
            id = f.Create(c, new NewAdObject { Class = AdClass.Group, DistinguishedName = DistinguishedName.Of("a, b", WorldSeeder.GroupsOu), GroupType = GroupTypes.UniversalSecurity, MadeBy = "outside" }).ObjectGuid;
            f.Move(c, id, WorldSeeder.WritebackOu);
            f.Rename(c, id, "c, d");
        });

        Assert.Equal($"CN=c\\, d,{WorldSeeder.WritebackOu}", lab.World.Store.Read(() => lab.World.Forest.Find(id)!.DistinguishedName));
    }
}

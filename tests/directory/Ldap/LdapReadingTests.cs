using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Ldap;

/// <summary>What the product reads of a real directory.</summary>
public sealed class LdapReadingTests(SambaDc dc) : IClassFixture<SambaDc>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [DirectoryFact]
    public async Task Inventory_OverSeveralPages_BringsEveryGroupOnce()
    {
        string ou = await dc.Tools.AddOuAsync("Pages");
        string inner = await dc.Tools.AddOuAsync("Inner", ou);
        var made = (await dc.Tools.AddGroupsAsync(ou, 130)).Concat(await dc.Tools.AddGroupsAsync(inner, 7, "Inner")).ToList();
        await dc.Tools.AddGroupsAsync(await dc.Tools.AddOuAsync("Beside"), 3, "Beside");
        using var directory = dc.Directory(ou);

        var found = await directory.GroupsUnderWritebackOuAsync(Stop).ToListAsync(Stop);
        var names = await directory.NamesUnderWritebackOuAsync(Stop).ToListAsync(Stop);

        Assert.Equal(
            found.Select(group => group with { AgentMayWrite = null, ListenerMayStamp = null }).OrderBy(group => group.ObjectGuid), names.OrderBy(group => group.ObjectGuid));
        Assert.Equal(made.Select(group => (group.ObjectGuid, group.Dn, group.Anchor)).Order(), found.Select(group => (group.ObjectGuid, group.DistinguishedName, group.AdminDescription)).Order());
    }

    [DirectoryFact]
    public async Task Group_WithEverything_IsReadAsTheDirectoryHasIt()
    {
        string ou = await dc.Tools.AddOuAsync("Whole");
        var users = await dc.Tools.AddUsersAsync(ou, 2, "Whole");
        var nested = await dc.Tools.AddGroupsAsync(ou, new NewDcGroup { Cn = "U" }, new NewDcGroup { Cn = "G", GroupType = -2147483646 });
        const string cn = "Größe, #1 (\\*)";
        await dc.Tools.ModifyAsync(
            $"dn:: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"CN=Größe\\, #1 (\\\\*),{ou}"))}\nobjectClass: group\ngroupType: -2147483640\nadminDescription: Group_x\nmail: a@contoso.com\n"
            + "description: d\ndisplayName: n\nadminCount: 1\nsAMAccountName: whole\n" + string.Concat(users.Concat(nested.Select(group => group.Dn)).Select(member => $"member: {member}\n")));
        using var directory = dc.Directory(ou);
        var group = Assert.Single(await directory.GroupsUnderWritebackOuAsync(Stop).Where(found => found.AdminDescription == "Group_x").ToListAsync(Stop));

        var snapshot = (await directory.ReadAsync(group.ObjectGuid, Stop))!;

        Assert.Equal(cn, GwbCloud.Contracts.ActiveDirectory.DistinguishedName.CommonName(group.DistinguishedName));
        Assert.Equal(("whole", "n", -2147483640, "a@contoso.com", true, 4), (group.SamAccountName, group.DisplayName, group.GroupType, group.Mail, group.AdminCount, group.MemberCount));
        Assert.StartsWith("S-1-5-21-", group.Sid, StringComparison.Ordinal);
        Assert.Equal(new NestedGroups { Universal = 1, Global = 1 }, group.Nested);
        // What may be done with a group, and which of its members are groups, is asked of the inventory alone.
        Assert.Equal(group with { AgentMayWrite = null, ListenerMayStamp = null, Nested = NestedGroups.None }, snapshot.Group);
        Assert.Equal("d", snapshot.Description);
        var members = await dc.Tools.SearchAsync(ou, "(memberOf=*)", "objectGUID");
        Assert.Equal(members.Select(entry => entry.ObjectGuid).Order(), snapshot.Members);
    }

    [DirectoryFact]
    public async Task Members_MoreThanOneAnswerHolds_AreAllRead()
    {
        // Six thousand are compared beside the stamping; here it is enough that a second range is asked for.
        const int count = MemberReader.First + 100;
        string ou = await dc.Tools.AddOuAsync("Large");
        var users = await dc.Tools.AddUsersAsync(ou, count, "Large");
        var group = (await dc.Tools.AddGroupsAsync(ou, new NewDcGroup { Cn = "Large", Members = users }))[0];
        using var directory = dc.Directory(ou);

        var snapshot = (await directory.ReadAsync(group.ObjectGuid, Stop))!;

        var expected = await dc.Tools.SearchAsync(ou, "(objectClass=user)", "objectGUID");
        Assert.Equal(count, snapshot.Group.MemberCount);
        Assert.Equal(expected.Select(entry => entry.ObjectGuid).Order(), snapshot.Members);
    }

    [DirectoryFact]
    public async Task Groups_AskedForByGuid_AreFoundWhereverTheyWentAndAbsentWhenGone()
    {
        string ou = await dc.Tools.AddOuAsync("Asked");
        string elsewhere = await dc.Tools.AddOuAsync("Elsewhere");
        var made = await dc.Tools.AddGroupsAsync(ou, 450, "Asked");
        await dc.Tools.ModifyAsync($"dn: {made[0].Dn}\nchangetype: moddn\nnewrdn: CN=Other name\ndeleteoldrdn: 1\nnewsuperior: {elsewhere}\n");
        await dc.Tools.ModifyAsync($"dn: {made[1].Dn}\nchangetype: delete\n");
        using var directory = dc.Directory(ou);

        var found = await directory.ReadGroupsAsync([.. made.Select(group => group.ObjectGuid), Guid.NewGuid()], Stop).ToDictionaryAsync(group => group.ObjectGuid, cancellationToken: Stop);
        var whole = await directory.ReadSnapshotsAsync([.. made.Select(group => group.ObjectGuid)], Stop).ToListAsync(Stop);

        Assert.Equal(449, found.Count);
        Assert.Equal($"CN=Other name,{elsewhere}", found[made[0].ObjectGuid].DistinguishedName);
        Assert.DoesNotContain(made[1].ObjectGuid, found.Keys);
        Assert.Equal(found.Keys.Order(), whole.Select(snapshot => snapshot.Group.ObjectGuid).Order());
    }

    [DirectoryFact]
    public async Task Catalog_OfTheForest_ShowsWhoBearsAnAnchorWhereverItStands()
    {
        string ou = await dc.Tools.AddOuAsync("Catalog");
        string anchor = $"Group_{Guid.NewGuid():D}";
        var group = (await dc.Tools.AddGroupsAsync(ou, new NewDcGroup { Cn = "Stamped", Stamp = anchor }))[0];
        var copy = (await dc.Tools.AddGroupsAsync("CN=Users," + SambaDc.BaseDn, new NewDcGroup { Cn = "Copy", Stamp = anchor }))[0];
        using var directory = dc.Directory(ou);
        string catalog = Assert.Single((await directory.ServersAsync(Stop)).GlobalCatalogs);

        var found = await directory.FindInCatalogAsync(catalog, [anchor, "Group_*", "a)(objectClass=*"], Stop);

        Assert.Equal(SambaDc.HostName, catalog, ignoreCase: true);
        Assert.Equal(new[] { group.ObjectGuid, copy.ObjectGuid }.Order(), found.Select(entry => entry.ObjectGuid).Order());
        Assert.All(found, entry => Assert.Equal(anchor, entry.Anchor));
    }

    [DirectoryFact]
    public async Task Anchors_OverOneHundred_AreRefused()
    {
        using var directory = dc.Directory(SambaDc.BaseDn);

        var refused = await Assert.ThrowsAsync<DirectoryException>(() => directory.FindInCatalogAsync(SambaDc.HostName, [.. Enumerable.Repeat("x", 101)], Stop));

        Assert.Equal(DirectoryError.TooManyAnchors.Code, refused.Error.Code);
    }

    [DirectoryFact]
    public async Task Ou_ThatIsNotThere_IsNamedInTheError()
    {
        using var directory = dc.Directory($"OU=Nowhere,{SambaDc.BaseDn}");

        var refused = await Assert.ThrowsAsync<DirectoryException>(async () => await directory.GroupsUnderWritebackOuAsync(Stop).ToListAsync(Stop));

        Assert.Equal((DirectoryError.NoSuchObject.Code, false), (refused.Error.Code, refused.Error.Transient));
        Assert.Contains("OU=Nowhere", refused.Error.Message, StringComparison.Ordinal);
    }
}

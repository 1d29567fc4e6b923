using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory;

/// <summary>The controller that every other test here rests on.</summary>
public sealed class SambaDcTests(SambaDc dc) : IClassFixture<SambaDc>
{
    const string WriteAnchorOfGroups = "OA;CI;WP;bd29bf90-66ad-40e1-887b-10df070419a6;bf967a9c-0de6-11d0-a285-00aa003049e2";

    [DirectoryFact]
    public async Task Schema_OfTheDomain_HasTheAnchorsAttributeIndexedAndInTheCatalog()
    {
        var found = await dc.Tools.SearchAsync(
            $"CN=Schema,CN=Configuration,{SambaDc.BaseDn}", "(lDAPDisplayName=msDS-ExternalDirectoryObjectId)", "searchFlags", "isMemberOfPartialAttributeSet");

        Assert.Equal(("9", "TRUE"), (found.Single()["searchFlags"], found.Single()["isMemberOfPartialAttributeSet"]));
    }

    [DirectoryFact]
    public async Task Groups_MadeInOneGo_AreReadBackWithTheirIdentity()
    {
        string ou = await dc.Tools.AddOuAsync("Made");

        var made = await dc.Tools.AddGroupsAsync(ou, 3);

        var found = await dc.Tools.SearchAsync(ou, "(objectClass=group)", "objectGUID", "adminDescription");
        Assert.Equal(
            made.Select(group => (group.ObjectGuid, group.Dn, group.Anchor)).Order(),
            found.Select(entry => (entry.ObjectGuid, entry.Dn, entry["adminDescription"])).Order());
    }

    [DirectoryFact]
    public async Task Rights_AreEnforced_UntilTheyAreGranted()
    {
        string ou = await dc.Tools.AddOuAsync("Delegated");
        var group = (await dc.Tools.AddGroupsAsync(ou, 1))[0];
        var account = await dc.Tools.AddAccountAsync("delegate");
        string stamp = $"dn: {group.Dn}\nchangetype: modify\nadd: msDS-ExternalDirectoryObjectId\nmsDS-ExternalDirectoryObjectId: {group.Anchor}\n";

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => dc.Tools.LdapAsync("ldapmodify", [], stamp, account: account));
        await dc.Tools.GrantAsync(ou, $"({WriteAnchorOfGroups};{account.Sid})");
        await dc.Tools.LdapAsync("ldapmodify", [], stamp, account: account);

        Assert.Contains("ended with 50:", refused.Message, StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task Controller_KilledAndStartedAgain_HasWhatItHad()
    {
        string ou = await dc.Tools.AddOuAsync("Survives");

        await dc.KillAsync();
        await dc.ResumeAsync();

        Assert.Equal(ou, (await dc.Tools.SearchAsync(ou, "(objectClass=*)", "dn")).Single().Dn);
    }

    [DirectoryFact]
    public async Task Another_ControllerBesideIt_HasAnAddressAndADomainOfItsOwn()
    {
        await using var other = await SambaDc.StartAsync(flush: true);
        await other.Tools.AddOuAsync("Other");

        Assert.NotEqual(dc.Address, other.Address);
        Assert.Empty(await dc.Tools.SearchAsync(SambaDc.BaseDn, "(ou=Other)", "dn"));
    }
}

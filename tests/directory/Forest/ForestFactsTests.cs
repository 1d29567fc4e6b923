using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Forest;

/// <summary>Facts of a forest as a real controller tells them, and each of them broken.</summary>
public sealed class ForestFactsTests(SambaDc dc) : IClassFixture<SambaDc>
{
    const string Group = "bf967a9c-0de6-11d0-a285-00aa003049e2";
    const string Anchor = "bd29bf90-66ad-40e1-887b-10df070419a6";

    [DirectoryFact]
    public async Task Facts_OfAFreshForest_AreWhatTheControllerHas()
    {
        await using var fresh = await SambaDc.StartAsync();
        string ou = await fresh.Tools.AddOuAsync("Fresh");

        var facts = await fresh.InspectAsync(ou);

        Assert.Equal((SambaDc.Domain, SambaDc.HostName), (facts.Domain, facts.WritableDomainController));
        Assert.Equal([SambaDc.HostName], facts.GlobalCatalogs);
        Assert.Equal((87, true), (facts.SchemaVersion, facts.HasExternalDirectoryObjectId));
        // Windows Server 2008 R2, as the domain was made.
        Assert.Equal((4, 4), (facts.DomainLevel, facts.ForestLevel));
        Assert.False(facts.RecycleBinEnabled);
        Assert.Null(facts.LastBackup);
        Assert.False(facts.Exchange.Prepared);
        Assert.True(facts.WritebackOuExists);
        Assert.Null(facts.AgentMayWriteOu);
        Assert.True(facts.ListenerMayStampOu);
        Assert.Empty(facts.Agents);
        Assert.Empty(facts.UnreachableEndpoints);
        Assert.Empty(facts.ConnectComputers);
    }

    [DirectoryFact]
    public async Task Facts_OfEachChange_TellIt()
    {
        await using var other = await SambaDc.StartAsync();
        string ou = await other.Tools.AddOuAsync("Changed");
        await other.EnableRecycleBinAsync();
        await other.NoteBackupAsync();
        await other.AddControllerAsync("DC9", "dc9.contoso.com");
        await other.Tools.ModifyAsync(
            $"dn: CN=MSOL_0123456789ab,CN=Users,{SambaDc.BaseDn}\nobjectClass: user\nsAMAccountName: MSOL_0123456789ab\n"
            + "description: Account created by Microsoft Azure Active Directory Connect with installation identifier 0123 running on computer AADC07 configured to synchronize to tenant x.\n\n"
            + $"dn: CN=Microsoft Exchange System Objects,{SambaDc.BaseDn}\nobjectClass: container\nobjectVersion: 13243\n");

        // An address of the machine itself where nothing listens refuses at once.
        var facts = await other.InspectAsync(ou, change: options => options with
        {
            Addresses = new Dictionary<string, string>(options.Addresses, StringComparer.OrdinalIgnoreCase) { ["dc9.contoso.com"] = "127.0.3.99" },
        });

        Assert.True(facts.RecycleBinEnabled);
        Assert.InRange(facts.LastBackup!.Value, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(["dc1.contoso.com", "dc9.contoso.com"], facts.GlobalCatalogs);
        Assert.Equal(["dc9.contoso.com:3268", "dc9.contoso.com:3269", "dc9.contoso.com:389", "dc9.contoso.com:636"], facts.UnreachableEndpoints);
        Assert.Equal(["AADC07"], facts.ConnectComputers);
        Assert.Equal((null, null, 13243), (facts.Exchange.Schema, facts.Exchange.Configuration, facts.Exchange.Domain));
    }

    [DirectoryFact]
    public async Task Schema_OfTheReleaseBefore_LacksTheAttribute()
    {
        await using var old = await SambaDc.StartAsync(schema: "2012_R2");
        string ou = await old.Tools.AddOuAsync("Old");
        await old.Tools.AddGroupsAsync(ou, new NewDcGroup { Cn = "Group" });

        var facts = await old.InspectAsync(ou);

        Assert.Equal((69, false), (facts.SchemaVersion, facts.HasExternalDirectoryObjectId));
        Assert.Null(facts.ListenerMayStampOu);
        var group = Assert.Single(await old.InventoryAsync(ou));
        Assert.Null(group.ListenerMayStamp);
    }

    [DirectoryFact]
    public async Task Ou_ThatIsNotThere_IsAFact()
    {
        var facts = await dc.InspectAsync($"OU=Nowhere,{SambaDc.BaseDn}");

        Assert.False(facts.WritebackOuExists);
        Assert.Null(facts.AgentMayWriteOu);
    }

    [DirectoryFact]
    public async Task Agent_WithRightsOnHalfOfTheGroups_IsToldForEachOfThem()
    {
        await using var own = await SambaDc.StartAsync();
        string ou = await own.Tools.AddOuAsync("Half");
        var groups = await own.Tools.AddGroupsAsync(ou, 4);
        string agent = await own.AddAgentAccountAsync("provAgentgMSA", "SRV21", "SRV22");
        var without = await own.InspectAsync(ou);

        await own.Tools.GrantAsync(ou, $"(OA;CIIO;GA;;{Group};{agent})(OA;CI;CCDC;{Group};;{agent})");
        foreach (var group in groups.Take(2)) { await own.Tools.GrantAsync(group.Dn, $"(D;;WP;;;{agent})"); }
        await own.Tools.GrantAsync(groups[3].Dn, "(D;;SDDT;;;WD)");
        var with = await own.InspectAsync(ou);

        Assert.Equal((false, true), (without.AgentMayWriteOu, with.AgentMayWriteOu));
        Assert.Equal([("SRV21", "", null), ("SRV22", "", null)], with.Agents.Select(found => (found.Computer, found.Version, found.Active)));
        var inventory = await own.InventoryAsync(ou);
        Assert.Equal([false, false, true, true], inventory.Select(group => group.AgentMayWrite));
        Assert.Equal([true, true, true, true], inventory.Select(group => group.ListenerMayStamp));
        Assert.Equal([false, false, false, true], inventory.Select(group => group.ProtectedFromDeletion));
    }

    [DirectoryFact]
    public async Task AgentAccount_WhoseGroupsTheListenerMayNotRead_IsUnknownAndNoRefusal()
    {
        const string tokenGroups = "b7c69e6d-2cc7-11d2-854e-00a0c983f608";
        await using var own = await SambaDc.StartAsync();
        string ou = await own.Tools.AddOuAsync("Unread");
        await own.Tools.AddGroupsAsync(ou, 1);
        await own.AddAgentAccountAsync("provAgentgMSA", "SRV41");
        var account = await own.Tools.AddAccountAsync("reader");
        await own.Tools.GrantAsync($"CN=provAgentgMSA,CN=Users,{SambaDc.BaseDn}", $"(OD;;RP;{tokenGroups};;{account.Sid})");

        var facts = await own.InspectAsync(ou, account);

        Assert.Equal(["SRV41"], facts.Agents.Select(found => found.Computer));
        Assert.Null(facts.AgentMayWriteOu);
        Assert.Null(Assert.Single(await own.InventoryAsync(ou, account)).AgentMayWrite);
    }

    [DirectoryFact]
    public async Task AgentAccount_OfTheOrganisationsOwn_IsFoundByItsConfiguredName()
    {
        await using var own = await SambaDc.StartAsync();
        string ou = await own.Tools.AddOuAsync("Custom");
        string agent = await own.AddAgentAccountAsync("svc-sync", "SRV31");
        await own.Tools.GrantAsync(ou, $"(OA;CIIO;GA;;{Group};{agent})(OA;CI;CC;{Group};;{agent})");

        var unnamed = await own.InspectAsync(ou);
        var named = await own.InspectAsync(ou, change: options => options with { AgentAccount = "svc-sync" });

        Assert.Null(unnamed.AgentMayWriteOu);
        Assert.True(named.AgentMayWriteOu);
        Assert.Equal(["SRV31"], named.Agents.Select(found => found.Computer));
    }

    [DirectoryFact]
    public async Task Listener_WithRightsOnHalfOfTheOu_IsToldForEachGroup()
    {
        string ou = await dc.Tools.AddOuAsync("Listener");
        string inner = await dc.Tools.AddOuAsync("Granted", ou);
        await dc.Tools.AddGroupsAsync(ou, 2, "Denied");
        await dc.Tools.AddGroupsAsync(inner, 2, "Granted");
        var account = await dc.Tools.AddAccountAsync("listener");
        await dc.Tools.GrantAsync(inner, $"(OA;CI;WP;{Anchor};{Group};{account.Sid})");

        var facts = await dc.InspectAsync(ou, account);
        var inventory = await dc.InventoryAsync(ou, account);

        Assert.False(facts.ListenerMayStampOu);
        Assert.Equal([false, false, true, true], inventory.Select(group => group.ListenerMayStamp));
    }
}

using GwbCloud.Lab.DomainController;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Rehearsal;

/// <summary>Which directories the lab leaves alone, and what it removes.</summary>
public sealed class DomainRefusalTests
{
    static string Root => $"{LabDomain.Container},{SambaDc.BaseDn}";

    [DirectoryFact]
    public async Task Domain_WithoutTheMark_IsLeftAlone()
    {
        await using var dc = await SambaDc.StartAsync();

        var e = Assert.Throws<BadUsageException>(() => LabDomain.Open(DomainRehearsal.On(dc, mayBeFilled: false)));

        Assert.Contains("--directory-may-be-filled", e.Message, StringComparison.Ordinal);
        Assert.Empty(await dc.Tools.SearchAsync(SambaDc.BaseDn, $"(ou={LabDomain.Container[3..]})", "ou"));
    }

    [DirectoryFact]
    public async Task Domain_WithTheMark_NeedsNoSecondPermission()
    {
        await using var dc = await SambaDc.StartAsync();
        LabDomain.Open(DomainRehearsal.On(dc)).Dispose();

        using var again = LabDomain.Open(DomainRehearsal.On(dc, mayBeFilled: false, clean: false));

        Assert.Equal(Root, again.Shape.Root);
    }

    /// <summary>Permission or not: people who have accounts there are no toys.</summary>
    [DirectoryFact]
    public async Task Domain_WithAccountsOfOthers_IsLeftAlone()
    {
        await using var dc = await SambaDc.StartAsync();
        await dc.Tools.AddUsersAsync($"CN=Users,{SambaDc.BaseDn}", 25);

        var e = Assert.Throws<BadUsageException>(() => LabDomain.Open(DomainRehearsal.On(dc)));

        Assert.Contains("no throw-away domain", e.Message, StringComparison.Ordinal);
        Assert.Empty(await dc.Tools.SearchAsync(SambaDc.BaseDn, $"(ou={LabDomain.Container[3..]})", "ou"));
    }

    [DirectoryFact]
    public async Task Clean_RemovesWhatTheLabMadeAndNothingElse()
    {
        await using var dc = await SambaDc.StartAsync();
        await FillAsync(dc);
        var kept = DomainRehearsal.On(dc, clean: false);
        Assert.Contains("--directory-clean", Assert.Throws<BadUsageException>(() => LabDomain.Open(kept)).Message, StringComparison.Ordinal);

        await dc.Tools.AddGroupsAsync($"OU=Groups,{Root}", new NewDcGroup { Cn = "Somebody's" });
        var before = await dc.Tools.SearchAsync(Root, "(objectClass=*)", "cn");
        var refused = Assert.Throws<BadUsageException>(() => LabDomain.Open(DomainRehearsal.On(dc)));
        Assert.Contains("CN=Somebody's", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.Count, (await dc.Tools.SearchAsync(Root, "(objectClass=*)", "cn")).Count);

        await dc.Tools.ModifyAsync($"dn: CN=Somebody's,OU=Groups,{Root}\nchangetype: delete\n");
        LabDomain.Open(DomainRehearsal.On(dc)).Dispose();
        Assert.Equal(Root, Assert.Single(await dc.Tools.SearchAsync(Root, "(objectClass=*)", "ou")).Dn);
    }

    [DirectoryFact]
    public async Task Account_ThatIsRefused_IsToldByItsVariablesWithoutThePassword()
    {
        await using var dc = await SambaDc.StartAsync();
        const string password = "wrong-Secret.77";
        var options = new DirectoryOptions { Host = dc.Address, Authorities = dc.CertificateFile, User = SambaDc.Administrator, Password = password };

        var e = Assert.Throws<BadUsageException>(() => LabDomain.Open(options));

        Assert.Contains(DirectoryArguments.UserVariable, e.Message, StringComparison.Ordinal);
        Assert.Contains(DirectoryArguments.PasswordVariable, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, e.ToString(), StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task Certificate_ThatNobodyTrusts_IsRefused()
    {
        await using var dc = await SambaDc.StartAsync();
        var options = new DirectoryOptions { Host = dc.Address, User = SambaDc.Administrator, Password = SambaDc.Password, MayBeFilled = true };

        var e = Assert.Throws<BadUsageException>(() => LabDomain.Open(options));

        Assert.Contains("--directory-ca", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(SambaDc.Password, e.ToString(), StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task Filled_Domain_ShowsEveryObjectOfTheWorld()
    {
        await using var dc = await SambaDc.StartAsync();
        using var clock = VirtualClock.InMemory();
        using var hold = clock.Busy("test");
        using var domain = LabDomain.Open(DomainRehearsal.On(dc));

        await using var world = await domain.OpenWorldAsync(clock, new WorldOptions { Groups = 60, DeviatingNames = 4, DeviatingPlaces = 2 }, filled: null, TestContext.Current.CancellationToken);

        var found = await dc.Tools.SearchAsync(Root, "(|(objectClass=group)(objectClass=user))", "objectGUID", "objectClass");
        var known = world.Store.Read(() => world.Objects.Values.ToList());
        Assert.Equal(known.Select(o => o.ObjectGuid).Order(), found.Select(e => e.ObjectGuid).Order());
        Assert.Contains(known, o => o.Class == AdClass.Computer);
        Assert.Contains(known, o => o.Members.Any(m => known.Exists(g => g.ObjectGuid == m && g.Class == AdClass.Group)));
    }

    static async Task FillAsync(SambaDc dc)
    {
        using var clock = VirtualClock.InMemory();
        using var hold = clock.Busy("test");
        using var domain = LabDomain.Open(DomainRehearsal.On(dc));
        await using var world = await domain.OpenWorldAsync(clock, new WorldOptions { Groups = 10, M365 = 2 }, filled: null, TestContext.Current.CancellationToken);
    }
}

using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>The scripts that read and take back permissions, in a real PowerShell over objects that have descriptors and nothing else.</summary>
public sealed class WritebackAccessScriptTests
{
    const string Root = "DC=contoso,DC=example";
    const string Ours = "(OA;CI;CCDC;bf967a9c-0de6-11d0-a285-00aa003049e2;;S-1-5-21-1-2-3-1105)";
    const string Wide = "(A;CI;RPWP;;;S-1-5-21-1-2-3-1105)";
    const string Narrow = "(A;CI;RP;;;S-1-5-21-1-2-3-1105)";
    const string Conditional = "(XA;;RP;;;S-1-5-21-1-2-3-1105;(@User.Title==\"PM\"))";
    const string Inherited = "(A;CIID;RP;;;S-1-5-21-1-2-3-1105)";
    const string Others = "(A;;RPWP;;;S-1-5-21-1-2-3-11055)(A;;GA;;;DA)";

    readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    /// <summary>The account's own explicit ones: neither those of others whose SID begins alike, nor what is inherited.</summary>
    [PowerShellFact]
    public async Task Access_IsReadOfTheAccount_AndOfWhatIsExplicit()
    {
        using var server = await FakeServer.StartAsync();
        server[FakeServer.Ou] = $"D:AI{Ours}{Others}{Conditional}{Inherited}";

        var access = await server.AdSync.GetWritebackAccessAsync(FakeServer.Ou, _cancellation);

        Assert.Equal([new(FakeServer.Ou, Ours), new(FakeServer.Ou, Conditional)], access);
        Assert.Empty(server.Committed);
    }

    [PowerShellFact]
    public async Task Access_OfAllDomains_IsReadAtTheirRoots()
    {
        using var server = await FakeServer.StartAsync();
        server[Root] = $"D:P{Others}{Ours}";

        Assert.Equal([new(Root, Ours)], await server.AdSync.GetWritebackAccessAsync(null, _cancellation));
    }

    /// <summary>A slash is part of the name and none of the path.</summary>
    [PowerShellFact]
    public async Task Access_OfAnOuWithASlash_IsRead()
    {
        const string Ou = "OU=Groups/Cloud,DC=contoso,DC=example";
        using var server = await FakeServer.StartAsync();
        server[Ou] = $"D:{Ours}";

        Assert.Single(await server.AdSync.GetWritebackAccessAsync(Ou, _cancellation));
    }

    [PowerShellFact]
    public async Task Revoke_RemovesWhatWasGranted_AndNarrowsWhatItWidened()
    {
        using var server = await FakeServer.StartAsync();
        server[FakeServer.Ou] = $"D:AI{Ours}{Wide}{Others}{Inherited}";
        server[Root] = $"D:P{Others}";

        await server.AdSync.RevokeWritebackAccessAsync([new(FakeServer.Ou, Ours, ""), new(FakeServer.Ou, Wide, Narrow), new(Root, Ours, "")], _cancellation);

        Assert.Equal($"D:AI{Narrow}{Others}{Inherited}", server[FakeServer.Ou]);
        Assert.Equal($"D:P{Others}", server[Root]);
        Assert.Equal([FakeServer.Ou], server.Committed);
    }

    /// <summary>What somebody took away meanwhile is not missed, and nothing is put in its place.</summary>
    [PowerShellFact]
    public async Task Revoke_OfWhatIsGone_ChangesNothing()
    {
        using var server = await FakeServer.StartAsync();
        server[FakeServer.Ou] = $"D:AI{Others}";

        await server.AdSync.RevokeWritebackAccessAsync([new(FakeServer.Ou, Wide, Narrow)], _cancellation);

        Assert.Equal($"D:AI{Others}", server[FakeServer.Ou]);
        Assert.Empty(server.Committed);
    }

    [PowerShellTheory]
    [InlineData("(A;;GA;;;DA)", "")]
    [InlineData(Ours, "(A;;GA;;;WD)")]
    public async Task Revoke_OfAnEntryOfSomebodyElse_IsRefused(string entry, string before)
    {
        using var server = await FakeServer.StartAsync();
        server[FakeServer.Ou] = $"D:{Others}{Ours}";

        await Assert.ThrowsAsync<AdSyncException>(() => server.AdSync.RevokeWritebackAccessAsync([new(FakeServer.Ou, entry, before)], _cancellation));

        Assert.Equal($"D:{Others}{Ours}", server[FakeServer.Ou]);
        Assert.Empty(server.Committed);
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Ldap;

/// <summary>Objects that the product makes and removes itself.</summary>
public sealed class CanaryObjectTests(SambaDc dc) : IClassFixture<SambaDc>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static NewGroup Canary(string cn, params Guid[] members) => new() { Cn = cn, DisplayName = cn, Anchor = $"Group_{Guid.NewGuid():D}", Members = members };

    [DirectoryFact]
    public async Task Canary_WithAnyName_IsMadeAsAskedAndRemovedByItsAnchorsOnly()
    {
        string ou = await dc.Tools.AddOuAsync("Canaries");
        await dc.Tools.AddUsersAsync(ou, 1, "Synced");
        var user = (await dc.Tools.SearchAsync(ou, "(objectClass=user)", "objectGUID")).Single().ObjectGuid;
        using var directory = dc.Directory(ou);

        foreach (string cn in (string[])["Plain", "#1, \"é\" + <x>; = \\ *", " blanks "])
        {
            var canary = Canary(cn, user);
            var made = await directory.CreateGroupAsync(canary, Stop);
            var found = (await directory.ReadAsync(made, Stop))!;
            var created = (await directory.WhenCreatedAsync(made, Stop))!.Value;
            var other = await directory.DeleteGroupAsync(new() { ObjectGuid = made, Anchor = "Group_x" }, created, Stop);
            var nothing = await directory.DeleteGroupAsync(new() { ObjectGuid = made, Anchor = "" }, created, Stop);
            var older = await directory.DeleteGroupAsync(new() { ObjectGuid = made, Anchor = canary.Anchor }, created.AddSeconds(1), Stop);
            var still = await directory.ReadAsync(made, Stop);
            var removed = await directory.DeleteGroupAsync(new() { ObjectGuid = made, Anchor = canary.Anchor }, created, Stop);

            Assert.Equal((canary.Anchor, canary.Anchor, -2147483640, cn), (found.Group.AdminDescription, found.Group.ExternalDirectoryObjectId, found.Group.GroupType, found.Group.DisplayName));
            Assert.Equal([user], found.Members);
            Assert.Equal([CanaryDeletion.HoldsOther, CanaryDeletion.HoldsOther, CanaryDeletion.Older, CanaryDeletion.Gone], [other, nothing, older, removed]);
            Assert.InRange(DateTimeOffset.UtcNow - created, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(5));
            Assert.NotNull(still);
            Assert.Null(await directory.ReadAsync(made, Stop));
            Assert.Null(await directory.WhenCreatedAsync(made, Stop));
            Assert.Equal(CanaryDeletion.Gone, await directory.DeleteGroupAsync(new() { ObjectGuid = made, Anchor = canary.Anchor }, created, Stop));
        }
    }

    [DirectoryFact]
    public async Task Canary_WhoseNameIsTaken_IsRefusedByName()
    {
        string ou = await dc.Tools.AddOuAsync("Taken");
        using var directory = dc.Directory(ou);
        await directory.CreateGroupAsync(Canary("Taken"), Stop);

        var refused = await Assert.ThrowsAsync<DirectoryException>(() => directory.CreateGroupAsync(Canary("Taken"), Stop));

        Assert.Equal(DirectoryError.CanaryNameTaken.Code, refused.Error.Code);
        Assert.Contains($"CN=Taken,{ou}", refused.Error.Message, StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task Canary_ElsewhereWithAnAccountNameInUse_GetsAnotherOne()
    {
        string ou = await dc.Tools.AddOuAsync("AccountNames");
        string elsewhere = await dc.Tools.AddOuAsync("ElsewhereNames");
        using var directory = dc.Directory(ou);
        var first = await directory.CreateGroupAsync(Canary("Twice"), Stop);
        var canary = Canary("Twice") with { Container = elsewhere };

        var second = await directory.CreateGroupAsync(canary, Stop);

        Assert.Equal("Twice", (await directory.ReadAsync(first, Stop))!.Group.SamAccountName);
        var made = (await directory.ReadAsync(second, Stop))!.Group;
        Assert.Equal(($"Twice_{canary.Anchor[^12..]}", $"CN=Twice,{elsewhere}"), (made.SamAccountName, made.DistinguishedName));
    }

    [DirectoryFact]
    public async Task Canary_WithAMemberThatIsNotThere_IsNotMade()
    {
        string ou = await dc.Tools.AddOuAsync("NoMember");
        using var directory = dc.Directory(ou);

        await Assert.ThrowsAsync<DirectoryException>(() => directory.CreateGroupAsync(Canary("NoMember", Guid.NewGuid()), Stop));

        Assert.Empty(await dc.Tools.SearchAsync(ou, "(objectClass=group)", "dn"));
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Directory.Forest;
using GwbCloud.Tests.Directory.Ldap;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Repair;

/// <summary>Groups of a real directory, broken and brought back.</summary>
public sealed class RepairTests(SambaDc dc) : IClassFixture<SambaDc>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [DirectoryFact]
    public async Task Snapshot_HoldsOwnerOwnEntriesAndMemberships()
    {
        string ou = await dc.Tools.AddOuAsync("Snapshot");
        var groups = await dc.Tools.AddGroupsAsync(ou, 1);
        var above = await dc.Tools.AddGroupsAsync(ou, new NewDcGroup { Cn = "Above", Members = [groups[0].Dn] });
        await dc.Tools.GrantAsync(groups[0].Dn, "(D;;SD;;;S-1-5-21-1-2-3-1105)");
        using var directory = dc.Directory(ou);

        var was = (await directory.ReadAsync(groups[0].ObjectGuid, Stop))!;
        await dc.Tools.GrantAsync(groups[0].Dn, "(D;;SD;;;S-1-5-21-1-2-3-1106)");
        await dc.Tools.ModifyAsync($"dn: {above[0].Dn}\nchangetype: delete\n\ndn: {groups[0].Dn}\nchangetype: modify\nreplace: displayName\ndisplayName: other\n");
        var now = (await directory.ReadAsync(groups[0].ObjectGuid, Stop))!;

        Assert.EndsWith("-512", was.Owner, StringComparison.Ordinal);
        Assert.Contains("(D;;SD;;;S-1-5-21-1-2-3-1105)", was.AccessList, StringComparison.Ordinal);
        Assert.DoesNotContain("ID;", was.AccessList, StringComparison.Ordinal);
        Assert.Equal([above[0].ObjectGuid], was.MemberOf);
        Assert.Empty(now.MemberOf!);
        Assert.NotEqual(was.AccessList, now.AccessList);
        Assert.Equal(was.Owner, now.Owner);
    }

    // Samba keeps what the Recycle Bin keeps, but its way back wants a mark that only deletions without the Recycle Bin leave.
    [DirectoryFact]
    public async Task DeletedGroup_WithTheRecycleBin_KeepsBothAnchors()
    {
        await using var own = await SambaDc.StartAsync();
        await own.EnableRecycleBinAsync();
        var scene = await DeleteAsync(own, "Bin");
        using var directory = own.Directory(scene.Ou);

        var deleted = (await directory.Repair.FindDeletedAsync(scene.Was.Group.ObjectGuid, Stop))!;

        Assert.Equal((scene.Was.Group.Sid, scene.Was.Group.AdminDescription, scene.Was.Group.AdminDescription), (deleted.Sid, deleted.AdminDescription, deleted.ExternalDirectoryObjectId));
    }

    [DirectoryFact]
    public async Task DeletedGroup_WithoutTheRecycleBin_ComesBackWithItsAnchorsAndTexts()
    {
        var (ou, was) = await DeleteAsync(dc, "Tombstone");
        using var directory = dc.Directory(ou);
        var deleted = (await directory.Repair.FindDeletedAsync(was.Group.ObjectGuid, Stop))!;

        await directory.Repair.ReanimateAsync(was, Stop);

        Assert.Equal((was.Group.Sid, null, was.Group.AdminDescription), (deleted.Sid, deleted.AdminDescription, deleted.ExternalDirectoryObjectId));
        var now = (await directory.ReadAsync(was.Group.ObjectGuid, Stop))!;
        Assert.Equal(was.Group with { MemberCount = 0 }, now.Group);
        Assert.Equal("told", now.Description);
        Assert.Null(await directory.Repair.FindDeletedAsync(was.Group.ObjectGuid, Stop));
    }

    /// <summary>Everything that a plan of a restoration says of a group stands in the Recycle Bin itself.</summary>
    [DirectoryFact]
    public async Task DeletedGroups_OfTheRecycleBin_AreFoundWithNamePlaceAndMembers()
    {
        await using var own = await SambaDc.StartAsync();
        await own.EnableRecycleBinAsync();
        var (ou, was) = await DeleteAsync(own, "Found");
        await own.Tools.AddGroupsAsync(ou, 1, "Lives");
        using var directory = own.Directory(ou);

        var terms = await directory.Repair.DeletionTermsAsync(Stop);
        var found = Assert.Single(await directory.Repair.DeletedGroupsAsync(Stop).ToListAsync(Stop));

        Assert.True(terms.RecycleBinEnabled);
        Assert.InRange(terms.KeptDays, 60, 180);
        Assert.Equal((was.Group.DistinguishedName, was.Group.Sid, was.Group.AdminDescription), (found.Was.Group.DistinguishedName, found.Was.Group.Sid, found.Was.Group.AdminDescription));
        Assert.Equal((false, false, null), (found.Recycled, found.ContainerGone, found.NameTakenBy));
        Assert.Equal(was.Members, found.Was.Members);
        Assert.InRange(found.DeletedAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(10));
    }

    [DirectoryFact]
    public async Task DeletedGroups_WhoseNameIsTaken_OrWhoseContainerIsGone_SaySo()
    {
        await using var own = await SambaDc.StartAsync();
        await own.EnableRecycleBinAsync();
        string ou = await own.Tools.AddOuAsync("Spoilt");
        string below = await own.Tools.AddOuAsync("Below", ou);
        var users = await own.Tools.AddUsersAsync(ou, 2, "Spoilt");
        var taken = (await own.Tools.AddGroupsAsync(ou, New("Taken", users)))[0];
        var homeless = (await own.Tools.AddGroupsAsync(below, New("Homeless\\, all", users)))[0];
        await own.Tools.ModifyAsync(
            $"dn: {taken.Dn}\nchangetype: delete\n\ndn: {homeless.Dn}\nchangetype: delete\n\ndn: {below}\nchangetype: delete\n\ndn: {users[0]}\nchangetype: delete\n");
        var other = (await own.Tools.AddGroupsAsync(ou, New("Taken", [])))[0];
        using var directory = own.Directory(ou);

        var found = await directory.Repair.DeletedGroupsAsync(Stop).ToDictionaryAsync(group => group.Was.Group.ObjectGuid, cancellationToken: Stop);

        Assert.Equal((other.ObjectGuid, false), (found[taken.ObjectGuid].NameTakenBy, found[taken.ObjectGuid].ContainerGone));
        Assert.Equal((null, true), (found[homeless.ObjectGuid].NameTakenBy, found[homeless.ObjectGuid].ContainerGone));
        Assert.Equal(homeless.Dn, found[homeless.ObjectGuid].Was.Group.DistinguishedName, ignoreCase: true);
        Assert.Equal((1, 1), (found[taken.ObjectGuid].Was.Members.Count, found[taken.ObjectGuid].MembersGone.Count));
    }

    /// <summary>A deletion without the Recycle Bin takes the first anchor: the second one finds the group, and so does the container that it stood in.</summary>
    [DirectoryFact]
    public async Task DeletedGroups_WithoutTheRecycleBin_AreFoundByAnchorOrContainer()
    {
        await using var own = await SambaDc.StartAsync();
        var (ou, was) = await DeleteAsync(own, "Tombstones");
        var unstamped = (await own.Tools.AddGroupsAsync(ou, New("Unstamped", []) with { Stamp = null }))[0];
        await own.Tools.ModifyAsync($"dn: {unstamped.Dn}\nchangetype: delete\n");
        using var directory = own.Directory(ou);

        var found = await directory.Repair.DeletedGroupsAsync(Stop).ToDictionaryAsync(group => group.Was.Group.ObjectGuid, cancellationToken: Stop);

        Assert.False((await directory.Repair.DeletionTermsAsync(Stop)).RecycleBinEnabled);
        Assert.Equal(was.Group.AdminDescription, found[was.Group.ObjectGuid].Was.Group.ExternalDirectoryObjectId);
        Assert.Null(found[unstamped.ObjectGuid].Was.Group.AdminDescription);
        Assert.Equal(unstamped.Dn, found[unstamped.ObjectGuid].Was.Group.DistinguishedName, ignoreCase: true);
    }

    [DirectoryFact]
    public async Task DeletedGroup_ThatTheAccountMayNotSee_IsNotToldAsGoneForGood()
    {
        var (ou, was) = await DeleteAsync(dc, "Unseen");
        using var directory = dc.Directory(ou, await dc.Tools.AddAccountAsync("unseen"));

        var refused = await Assert.ThrowsAsync<DirectoryException>(() => directory.Repair.FindDeletedAsync(was.Group.ObjectGuid, Stop));
        await Assert.ThrowsAsync<DirectoryException>(async () => await directory.Repair.DeletedGroupsAsync(Stop).ToListAsync(Stop));

        Assert.Equal((DirectoryError.AccessDenied.Code, false), (refused.Error.Code, refused.Error.Transient));
        Assert.Contains("CN=Deleted Objects", refused.Error.Message, StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task RenamedAndMovedGroup_GoesBackInOneStep()
    {
        string ou = await dc.Tools.AddOuAsync("Moved");
        string elsewhere = await dc.Tools.AddOuAsync("Moved elsewhere");
        var group = (await dc.Tools.AddGroupsAsync(ou, 1, "Sales\\, North"))[0];
        using var directory = dc.Directory(ou);
        var was = (await directory.ReadAsync(group.ObjectGuid, Stop))!;
        await dc.Tools.ModifyAsync($"dn: {group.Dn}\nchangetype: modrdn\nnewrdn: CN=Other\ndeleteoldrdn: 1\nnewsuperior: {elsewhere}\n");

        await directory.Repair.RelocateAsync(group.ObjectGuid, was.Group.DistinguishedName, Stop);

        Assert.Equal(was.Group.DistinguishedName, (await directory.ReadAsync(group.ObjectGuid, Stop))!.Group.DistinguishedName);
    }

    [DirectoryFact]
    public async Task LostMembers_AreAddedAgain_WhoIsGoneIsLeftOut_AndWhoIsThereIsNoError()
    {
        string ou = await dc.Tools.AddOuAsync("Members");
        var users = await dc.Tools.AddUsersAsync(ou, 600, "Lost");
        var group = (await dc.Tools.AddGroupsAsync(ou, new NewDcGroup { Cn = "Members", Anchor = "Group_x", Members = users }))[0];
        using var directory = dc.Directory(ou);
        var was = (await directory.ReadAsync(group.ObjectGuid, Stop))!;
        await dc.Tools.ModifyAsync($"dn: {group.Dn}\nchangetype: modify\nreplace: member\nmember: {users[0]}\n\ndn: {users[1]}\nchangetype: delete\n");

        await directory.Repair.AddMembersAsync(group.ObjectGuid, was.Members, Stop);

        var now = (await directory.ReadAsync(group.ObjectGuid, Stop))!;
        Assert.Equal(599, now.Members.Count);
        Assert.Empty(now.Members.Except(was.Members));
    }

    [DirectoryFact]
    public async Task NameThatSomebodyElseTook_IsRefusedWithItsCode()
    {
        string ou = await dc.Tools.AddOuAsync("Taken");
        var groups = await dc.Tools.AddGroupsAsync(ou, 2, "Taken");
        using var directory = dc.Directory(ou);

        var refused = await Assert.ThrowsAsync<DirectoryException>(() => directory.Repair.RelocateAsync(groups[0].ObjectGuid, groups[1].Dn, Stop));

        Assert.Equal(DirectoryError.CanaryNameTaken.Code, refused.Error.Code);
        Assert.False(refused.Error.Transient);
    }

    static NewDcGroup New(string cn, IReadOnlyList<string> members)
    {
        string anchor = $"Group_{Guid.NewGuid():D}";
        return new() { Cn = cn, Anchor = anchor, Stamp = anchor, Members = members };
    }

    static async Task<(string Ou, GroupSnapshot Was)> DeleteAsync(SambaDc dc, string name)
    {
        string ou = await dc.Tools.AddOuAsync(name);
        var users = await dc.Tools.AddUsersAsync(ou, 3, name);
        string anchor = $"Group_{Guid.NewGuid():D}";
        var group = (await dc.Tools.AddGroupsAsync(ou, new NewDcGroup
        {
            Cn = name, Anchor = anchor, Stamp = anchor, DisplayName = "shown", Description = "told", Members = users,
        }))[0];
        using var directory = dc.Directory(ou);
        var was = (await directory.ReadAsync(group.ObjectGuid, Stop))!;
        Assert.Equal(3, was.Members.Count);
        Assert.Null(await directory.Repair.FindDeletedAsync(group.ObjectGuid, Stop));
        await dc.Tools.ModifyAsync($"dn: {group.Dn}\nchangetype: delete\n");
        return (ou, was);
    }
}

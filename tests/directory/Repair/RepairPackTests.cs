using System.Text;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Repair;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.Tests.Directory.Ldap;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Repair;

/// <summary>The LDIF of the repair pack, applied by <c>ldapmodify</c> to a real directory whose groups were taken apart.</summary>
public sealed class RepairPackTests(SambaDc dc) : IClassFixture<SambaDc>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [DirectoryFact]
    public async Task Ldif_AppliedByLdapmodify_GivesNameAndPlaceValuesAndMembersBack()
    {
        string ou = await dc.Tools.AddOuAsync("Pack");
        string elsewhere = await dc.Tools.AddOuAsync("Pack elsewhere");
        var users = await dc.Tools.AddUsersAsync(ou, 4, "Pack");
        var groups = await dc.Tools.AddGroupsAsync(
            ou,
            New("Deleted", users), New("Vertrieb S\u00fcd", users), New("Moved\\, \\\"now\\\"", users), New("Emptied", users), New("Values", []));
        using var directory = dc.Directory(ou);
        List<GroupSnapshot> was = [];
        foreach (var group in groups) { was.Add((await directory.ReadAsync(group.ObjectGuid, Stop))!); }
        await dc.Tools.ModifyAsync(
            $"dn: {groups[0].Dn}\nchangetype: delete\n\n"
            + $"dn:: {Base64(groups[1].Dn)}\nchangetype: modrdn\nnewrdn: CN=Other\ndeleteoldrdn: 1\n\n"
            + $"dn: {groups[2].Dn}\nchangetype: modrdn\nnewrdn: CN=Moved\ndeleteoldrdn: 1\nnewsuperior: {elsewhere}\n\n"
            + $"dn: {groups[3].Dn}\nchangetype: modify\ndelete: member\nmember: {users[0]}\nmember: {users[1]}\n\n"
            + $"dn: {groups[4].Dn}\nchangetype: modify\nreplace: msDS-ExternalDirectoryObjectId\n-\nreplace: description\ndescription: changed\n-\n\n"
            + $"dn: {users[3]}\nchangetype: delete\n");

        await ApplyAsync(await LdifAsync(was, ou));

        foreach (var before in was)
        {
            var now = (await directory.ReadAsync(before.Group.ObjectGuid, Stop))!;
            Assert.Equal(before.Group with { MemberCount = now.Group.MemberCount }, now.Group);
            Assert.Equal(before.Description, now.Description);
            // Who is gone for good does not come back, and does not keep the others out.
            Assert.Equal(before.Members.Count == 0 ? 0 : 3, now.Members.Count);
            Assert.Empty(now.Members.Except(before.Members));
        }
    }

    static NewDcGroup New(string cn, IReadOnlyList<string> members)
    {
        string anchor = $"Group_{Guid.NewGuid():D}";
        return new() { Cn = cn, Anchor = anchor, Stamp = anchor, DisplayName = "shown: <yes>", Description = " told ", Members = members };
    }

    static async Task<string> LdifAsync(IReadOnlyList<GroupSnapshot> was, string ou)
    {
        await using var text = new StringWriter { NewLine = "\n" };
        await RepairLdif.WriteAsync(text, () => was.ToAsyncEnumerable(), "A test.", ou);
        return text.ToString();
    }

    /// <summary>Parts that are not needed are refused one by one; the exit code tells the first of them.</summary>
    async Task ApplyAsync(string ldif)
    {
        try
        {
            await dc.Tools.LdapAsync("ldapmodify", ["-c"], ldif);
        }
        catch (InvalidOperationException refused)
        {
            Assert.DoesNotContain("invalid", refused.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

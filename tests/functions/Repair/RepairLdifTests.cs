using System.Text;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Repair;

namespace GwbCloud.Tests.Functions.Repair;

public sealed class RepairLdifTests
{
    const string Ou = "OU=Writeback,DC=contoso,DC=example";

    [Fact]
    public async Task Write_GroupWithEverything_NamesItByItsIdAndPutsObjectsBeforeMembers()
    {
        var child = Group("CN=Child," + Ou);
        var parent = Group("CN=Parent," + Ou) with { Members = [child.Group.ObjectGuid] };

        var ldif = await WriteAsync(parent, child);

        // By objectGUID, and by the name that a deletion gives.
        Assert.Equal(4, Count(ldif, "delete: isDeleted"));
        Assert.Contains($"dn: CN=Child\\0ADEL:{child.Group.ObjectGuid:D},CN=Deleted Objects,DC=contoso,DC=example", Unfold(ldif), StringComparison.Ordinal);
        Assert.Equal(2, Count(ldif, "changetype: modrdn"));
        Assert.True(ldif.IndexOf("add: member", StringComparison.Ordinal) > ldif.LastIndexOf("changetype: modrdn", StringComparison.Ordinal));
        Assert.Contains($"dn:: {Base64($"<GUID={parent.Group.ObjectGuid:D}>")}", Unfold(ldif), StringComparison.Ordinal);
        Assert.Contains($"member:: {Base64($"<GUID={child.Group.ObjectGuid:D}>")}", Unfold(ldif), StringComparison.Ordinal);
    }

    /// <summary>Whatever a group is called, it can neither end its line nor begin a record of its own.</summary>
    [Theory]
    [InlineData("a\nchangetype: delete")]
    [InlineData("a\r\n\r\ndn: CN=Administrator\r\nchangetype: delete")]
    [InlineData(" leading")]
    [InlineData("trailing ")]
    [InlineData(":colon")]
    [InlineData("< file:///etc/passwd")]
    [InlineData("Vertrieb Süd")]
    [InlineData("\u2018; Remove-Item \u2019")]
    [InlineData("\0")]
    public async Task Write_HostileText_GoesOutAsBase64(string text)
    {
        var was = Group("CN=Sales," + Ou);

        var ldif = await WriteAsync(was with { Description = text });

        Assert.Contains($"description:: {Base64(text)}", Unfold(ldif), StringComparison.Ordinal);
        Assert.DoesNotContain("changetype: delete", ldif, StringComparison.Ordinal);
        Assert.All(ldif, c => Assert.InRange(c, '\n', '~'));
        Assert.All(ldif.Split('\n'), line => Assert.InRange(line.Length, 0, 76));
    }

    [Fact]
    public async Task Write_HostileName_ShowsInCommentsAsQuestionMarks()
    {
        var ldif = await WriteAsync(Group("CN=a\nb\u0085c," + Ou));

        Assert.Contains("# CN=a?b?c,OU=Writeback", ldif, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_GroupOfNobodyOrElsewhere_IsLeftOut()
    {
        var orphan = Group("CN=Orphan," + Ou);

        var ldif = await WriteAsync(
            orphan with { Group = orphan.Group with { AdminDescription = null } }, Group("CN=Elsewhere,OU=Other,DC=contoso,DC=example"));

        Assert.DoesNotContain("changetype", ldif, StringComparison.Ordinal);
    }

    [Fact]
    public void Script_HoldsHashAndQuotedContainerAndNoOpenPlace()
    {
        var pack = Pack("OU=It's {{Sha256}} \u2019 $(calc),DC=contoso");

        var script = RepairScript.Make(pack);

        Assert.Contains($"$snapshotSha256 = '{pack.Snapshot.Sha256}'", script, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", script, StringComparison.Ordinal);
        Assert.DoesNotContain("calc", script, StringComparison.Ordinal);
        Assert.All(script, c => Assert.InRange(c, '\t', '~'));
    }

    [Fact]
    public void Script_PlainContainer_IsReadable() => Assert.Contains($"$ou = '{Ou}'", RepairScript.Make(Pack(Ou)), StringComparison.Ordinal);

    [Fact]
    public void Script_WithoutAHash_IsRefused() =>
        Assert.Throws<ArgumentException>(() => RepairScript.Make(Pack(Ou) with { Snapshot = Pack(Ou).Snapshot with { Sha256 = "'; calc" } }));

    internal static RepairPack Pack(string ou, params IReadOnlyList<GroupSnapshot> groups) => new()
    {
        MigrationId = "m-20260101-000000-0001",
        Snapshot = Document.OfList("snapshot", groups).Reference,
        WritebackOu = ou,
        FrozenAt = DateTimeOffset.UnixEpoch,
    };

    internal static GroupSnapshot Group(string dn) => new()
    {
        Group = new()
        {
            ObjectGuid = Guid.NewGuid(),
            DistinguishedName = dn,
            SamAccountName = "Group_1",
            Sid = "S-1-5-21-1-2-3-1001",
            GroupType = -2147483640,
            AdminDescription = "Group_1",
            MemberCount = 0,
        },
        Members = [],
    };

    static async Task<string> WriteAsync(params GroupSnapshot[] groups)
    {
        await using var text = new StringWriter { NewLine = "\n" };
        await RepairLdif.WriteAsync(text, () => groups.ToAsyncEnumerable(), "A test.", Ou);
        return text.ToString();
    }

    static string Unfold(string ldif) => ldif.Replace("\n ", "", StringComparison.Ordinal);

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    static int Count(string text, string what) => text.Split(what).Length - 1;
}

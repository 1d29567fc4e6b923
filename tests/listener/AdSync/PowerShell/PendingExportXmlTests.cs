using System.Xml;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync.PowerShell;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

public sealed class PendingExportXmlTests
{
    const string Security = "-2147483640", Distribution = "8";

    [Theory]
    [InlineData("add", "", ExportOperation.Add)]
    [InlineData("update", "", ExportOperation.Update)]
    [InlineData("update", "CN=b", ExportOperation.Rename)]
    [InlineData("rename", "CN=b", ExportOperation.Rename)]
    [InlineData("replace", "", ExportOperation.Update)]
    [InlineData("delete", "", ExportOperation.Delete)]
    [InlineData("delete-add", "", ExportOperation.DeleteAdd)]
    public async Task Operation_OfAnExport_IsClassified(string operation, string newDn, ExportOperation expected)
    {
        var export = Assert.Single(await ReadAsync(PendingXml.Object("CN=a", operation, newDn: newDn)));

        Assert.Equal((expected, "CN=a", "group", "contoso.example"), (export.Operation, export.DistinguishedName, export.ObjectType, export.Connector));
        Assert.Equal(newDn.Length == 0 ? null : newDn, export.NewName);
    }

    [Theory]
    [InlineData("obsolete")]
    [InlineData("")]
    public async Task Operation_ThatNobodyKnows_IsAnErrorAndNotOverlooked(string operation) =>
        await Assert.ThrowsAsync<XmlException>(() => ReadAsync(PendingXml.Object("CN=a", operation)));

    [Theory]
    [InlineData("<cs-objects>")]
    [InlineData("""<cs-objects><cs-object cs-dn="CN=a"/>""")]
    [InlineData("<html/>")]
    [InlineData("")]
    [InlineData("""<!DOCTYPE x [<!ENTITY e "e">]><cs-objects/>""")]
    public async Task Document_ThatIsNotWholeOrSomethingElse_IsAnError(string xml) =>
        await Assert.ThrowsAnyAsync<XmlException>(async () => await PendingExportXml.ReadAsync(new StringReader(xml), "c", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

    [Fact]
    public async Task Objects_WithoutAPendingExport_AreLeftOut()
    {
        var exports = await ReadAsync(
            """<cs-object cs-dn="CN=a"/>""" + PendingXml.Object("CN=b", "none") + """<cs-object cs-dn="CN=c"><unapplied-export/><pending-import><delta operation="delete"/></pending-import></cs-object>"""
            + PendingXml.Object("CN=d", "delete"));

        Assert.Equal(["CN=d"], exports.Select(export => export.DistinguishedName));
    }

    [Theory]
    [InlineData("<unapplied-export/>")]
    [InlineData("""<unapplied-export><delta operation="none" dn="CN=a"/></unapplied-export>""")]
    public async Task Delete_ThatWasSetAsideBesideAnEmptyExport_IsNotOverlooked(string empty)
    {
        var export = Assert.Single(await ReadAsync(
            $"""<cs-object cs-dn="CN=a" object-type="group">{empty}<escrowed-export><delta operation="delete" dn="CN=a"/></escrowed-export></cs-object>"""));

        Assert.Equal(ExportOperation.Delete, export.Operation);
    }

    [Theory]
    [InlineData("update", """<dn-attr name="member" operation="update"><dn-value operation="add"><dn>CN=3</dn></dn-value><dn-value operation="delete"><dn>CN=1</dn></dn-value><dn-value operation="delete"><dn>CN=2</dn></dn-value></dn-attr>""", 1, 2)]
    [InlineData("update", """<dn-attr name="member" operation="add"><dn-value><dn>CN=3</dn></dn-value></dn-attr>""", 1, 0)]
    [InlineData("update", """<dn-attr name="member" operation="delete"/>""", 0, 2)]
    [InlineData("update", """<dn-attr name="member" operation="replace"><dn-value><dn>cn=2</dn></dn-value><dn-value><dn>CN=3</dn></dn-value></dn-attr>""", 1, 1)]
    [InlineData("add", """<dn-attr name="member"><dn-value><dn>CN=1</dn></dn-value><dn-value><dn>CN=2</dn></dn-value></dn-attr>""", 2, 0)]
    [InlineData("update", """<dn-attr name="managedBy" operation="delete"><dn-value><dn>CN=1</dn></dn-value></dn-attr>""", 0, 0)]
    [InlineData("delete", "", 0, 0)]
    public async Task Members_ThatComeAndGo_AreCounted(string operation, string delta, int added, int removed)
    {
        var export = Assert.Single(await ReadAsync(PendingXml.Object("CN=a", operation, delta, before: PendingXml.Members("CN=1", "CN=2"))));

        Assert.Equal((added, removed), (export.MembersAdded, export.MembersRemoved));
    }

    [Theory]
    [InlineData(Distribution, Security, true)]
    [InlineData(Security, Security, false)]
    [InlineData("-2147483646", Security, false)]
    [InlineData(Security, Distribution, true)]
    [InlineData(Distribution, null, true)]
    public async Task Type_ThatWouldChangeFromSecurityToDistribution_IsSeen(string now, string? before, bool changes)
    {
        var export = Assert.Single(await ReadAsync(PendingXml.Object(
            "CN=a", "update", $"""<attr name="groupType" operation="replace"><value>{now}</value></attr>""", before is null ? "" : PendingXml.Attribute("groupType", before))));

        Assert.Equal(changes, export.TypeChange);
    }

    [Fact]
    public async Task Anchor_AndMail_AreTakenFromWhatTheDirectoryHasOrWouldHave()
    {
        var exports = await ReadAsync(
            PendingXml.Object("CN=a", "delete", before: PendingXml.Attribute("adminDescription", "Group_1"))
            + PendingXml.Object("CN=b", "add", after: PendingXml.Attribute("adminDescription", "Group_2") + PendingXml.Attribute("mail", "b@contoso.example"))
            + PendingXml.Object("CN=c", "update", before: PendingXml.Attribute("mail", "")));

        Assert.Equal([("Group_1", false), ("Group_2", true), (null, false)], exports.Select(export => (export.Anchor, export.MailEnabled)));
    }

    static async Task<List<PendingExport>> ReadAsync(string objects) =>
        await PendingExportXml.ReadAsync(new StringReader(PendingXml.Document(objects)), "contoso.example", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}

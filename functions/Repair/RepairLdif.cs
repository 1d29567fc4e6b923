using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Repair;

/// <summary>The frozen snapshot as LDIF: every group reanimated, put back in name and place, given its values and its members again.</summary>
/// <remarks>
/// LDIF knows no condition, so each record stands alone and the directory refuses those that are not needed: an object that is not deleted has
/// no <c>isDeleted</c> to take away, a member that is there cannot come twice. It is run so that errors do not end it (<c>ldapmodify -c</c>).
/// No record takes a member away, and none makes an object.
/// </remarks>
public static class RepairLdif
{
    /// <summary>LDAP_SERVER_SHOW_DELETED_OID. Source: MS-ADTS 3.1.1.3.4.1.14.</summary>
    const string ShowDeleted = "1.2.840.113556.1.4.417";

    /// <param name="target">Takes ASCII text; lines end with a line feed.</param>
    /// <param name="snapshot">Reads the snapshot from its start; called once for each part.</param>
    /// <param name="about">What it is, for people.</param>
    /// <param name="writebackOu">Groups that the snapshot saw elsewhere are left out, as the listener leaves them out.</param>
    public static async Task WriteAsync(TextWriter target, Func<IAsyncEnumerable<GroupSnapshot>> snapshot, string about, string writebackOu)
    {
        var ldif = new LdifWriter(target);
        ldif.Line("version: 1");
        ldif.Comment(about);
        ldif.Comment("Apply with: ldapmodify -c -f repair.ldif, as an account that may reanimate and write these groups.");
        ldif.Comment("Errors 16 (no such attribute), 20 and 68 (exists already) mean that this part is as it was; error 32 that an object is gone for good.");
        ldif.End();
        // All objects first: a group that is another's member must be there, and at its place, before it is named as one.
        await foreach (var was in Ours()) { Place(ldif, was); }
        await foreach (var was in Ours()) { Values(ldif, was); }
        await foreach (var was in Ours()) { Members(ldif, was); }

        async IAsyncEnumerable<GroupSnapshot> Ours()
        {
            await foreach (var was in snapshot())
            {
                if (RepairPack.Covers(was, writebackOu)) { yield return was; }
            }
        }
    }

    static void Place(LdifWriter ldif, GroupSnapshot was)
    {
        var name = was.Group.DistinguishedName;
        ldif.Comment(name);
        ldif.Begin(was.Group.ObjectGuid, "modify", ShowDeleted);
        ldif.Line("delete: isDeleted");
        ldif.Line("-");
        ldif.Replace("distinguishedName", name);
        // In the same step: a group that lives without its anchor would be taken for one of Active Directory's own, and flow up to Entra.
        foreach (var (attribute, value) in RepairPack.ValuesOf(was)) { ldif.Replace(attribute, value); }
        ldif.End();

        ldif.Begin(was.Group.ObjectGuid, "modrdn");
        ldif.Value("newrdn", DistinguishedName.Rdn(name));
        ldif.Line("deleteoldrdn: 1");
        ldif.Value("newsuperior", DistinguishedName.Parent(name));
        ldif.End();
    }

    static void Values(LdifWriter ldif, GroupSnapshot was)
    {
        foreach (var (attribute, value) in RepairPack.ValuesOf(was))
        {
            ldif.Begin(was.Group.ObjectGuid, "modify");
            ldif.Replace(attribute, value);
            ldif.End();
        }
    }

    static void Members(LdifWriter ldif, GroupSnapshot was)
    {
        // One record each: a member that is gone for good must not keep the others out.
        foreach (var member in was.Members)
        {
            ldif.Begin(was.Group.ObjectGuid, "modify");
            ldif.Line("add: member");
            ldif.Value("member", LdifWriter.NameOf(member));
            ldif.Line("-");
            ldif.End();
        }
    }
}

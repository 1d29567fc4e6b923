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

    /// <summary>A deletion leaves these on the object, and Samba refuses a reanimation that names them. Source: MS-ADTS 3.1.1.5.5.</summary>
    static readonly string[] KeptByDeletion = ["sAMAccountName", "msDS-ExternalDirectoryObjectId"];

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
        Reanimate(ldif, was, LdifWriter.NameOf(was.Group.ObjectGuid));
        // Samba finds a deleted object to be reanimated by its name only; Active Directory needs none, and refuses what lives again.
        Reanimate(ldif, was, DeletedName(was));

        ldif.Begin(was.Group.ObjectGuid, "modrdn");
        ldif.Value("newrdn", DistinguishedName.Rdn(name));
        ldif.Line("deleteoldrdn: 1");
        ldif.Value("newsuperior", DistinguishedName.Parent(name));
        ldif.End();
    }

    static void Reanimate(LdifWriter ldif, GroupSnapshot was, string deleted)
    {
        ldif.Begin(deleted, "modify", ShowDeleted);
        ldif.Line("delete: isDeleted");
        ldif.Line("-");
        ldif.Replace("distinguishedName", was.Group.DistinguishedName);
        // In the same step: a group that lives without its anchor would be taken for one of Active Directory's own, and flow up to Entra.
        foreach (var (attribute, value) in RepairPack.ValuesOf(was).Where(v => !KeptByDeletion.Contains(v.Attribute))) { ldif.Replace(attribute, value); }
        ldif.End();
    }

    /// <summary>What a deletion calls the object. Source: MS-ADTS 3.1.1.5.5.</summary>
    static string DeletedName(GroupSnapshot was)
    {
        var name = was.Group.DistinguishedName;
        var domain = name;
        while (domain.Length > 0 && !domain.StartsWith("DC=", StringComparison.OrdinalIgnoreCase)) { domain = DistinguishedName.Parent(domain); }
        return $"{DistinguishedName.Rdn(name)}\\0ADEL:{was.Group.ObjectGuid:D},CN=Deleted Objects,{domain}";
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

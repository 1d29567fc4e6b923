namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>What an account may do with groups. Each answer is null when the lists hold entries that nobody here understands. Pure.</summary>
/// <remarks>Which right an operation needs: MS-ADTS 3.1.1.5.2 (add), 3.1.1.5.3 (modify), 3.1.1.5.4 (rename and move), 3.1.1.5.5 (delete).</remarks>
public sealed class GroupRights(DirectorySchema schema, AccessToken account)
{
    /// <summary>Write one attribute of the group.</summary>
    /// <param name="group">The group's descriptor.</param>
    /// <param name="sid">The group's own SID; null for one that does not exist yet.</param>
    /// <param name="attribute">lDAPDisplayName.</param>
    public bool? MayWrite(SecurityDescriptor group, Sid? sid, string attribute) => AccessCheck.Allows(group, account, schema.WriteOf(attribute), sid);

    /// <summary>Write the anchor.</summary>
    public bool? MayStamp(SecurityDescriptor group, Sid? sid) => MayWrite(group, sid, DirectorySchema.Anchor);

    /// <summary>Write everything that Cloud Sync writes on a group, its name included.</summary>
    public bool? MayWriteAsCloudSync(SecurityDescriptor group, Sid? sid) =>
        DirectorySchema.WrittenByCloudSync.Select(attribute => MayWrite(group, sid, attribute)).Aggregate((bool?)true, And);

    /// <summary>Give the group another name where it stands.</summary>
    public bool? MayRename(SecurityDescriptor group, Sid? sid) => And(MayWrite(group, sid, "cn"), MayWrite(group, sid, "name"));

    /// <summary>Make a group in the container.</summary>
    public bool? MayCreateIn(SecurityDescriptor container) =>
        AccessCheck.Allows(container, account, new() { Rights = DirectoryRights.CreateChild, Parts = [schema.Group] });

    /// <summary>Delete the group: the group itself allows it, or its container does for all its groups.</summary>
    /// <remarks>So a denial on the group alone does not hold who may delete children of the container.</remarks>
    public bool? MayDelete(SecurityDescriptor group, Sid? sid, SecurityDescriptor container) => Or(
        AccessCheck.Allows(group, account, new() { Rights = DirectoryRights.Delete, Parts = [schema.Group] }, sid),
        AccessCheck.Allows(container, account, new() { Rights = DirectoryRights.DeleteChild, Parts = [schema.Group] }));

    /// <summary>Put the group into another container under its old name.</summary>
    public bool? MayMove(SecurityDescriptor group, Sid? sid, SecurityDescriptor from, SecurityDescriptor to) =>
        And(And(MayRename(group, sid), MayDelete(group, sid, from)), MayCreateIn(to));

    /// <summary>Make groups in the OU, and write those that take the OU's rights as Cloud Sync does.</summary>
    public bool? MayServe(SecurityDescriptor ou) => And(MayCreateIn(ou), MayWriteAsCloudSync(ou.HandedDownTo(schema.Group), null));

    /// <summary>Stamp the groups that take the OU's rights.</summary>
    public bool? MayStampUnder(SecurityDescriptor ou) => MayStamp(ou.HandedDownTo(schema.Group), null);

    /// <summary>Whether the group is protected from accidental deletion, as the directory's own tools set it: nobody may delete the object.</summary>
    public static bool IsProtected(SecurityDescriptor group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Dacl?.Any(entry => entry is { Kind: AceKind.Deny, Applies: true, ObjectType: null }
            && entry.Trustee.Equals(WellKnownSids.Everyone) && entry.Rights.Mapped().HasFlag(DirectoryRights.Delete)) is true;
    }

    // One certain no is a no, whatever is unknown beside it.
    static bool? And(bool? one, bool? other) => one & other;

    static bool? Or(bool? one, bool? other) => one | other;
}

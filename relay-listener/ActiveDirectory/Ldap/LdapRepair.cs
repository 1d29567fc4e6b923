using System.DirectoryServices.Protocols;
using System.Runtime.CompilerServices;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Brings groups back on the writable domain controller.</summary>
sealed class LdapRepair(LdapDirectory directory) : IDirectoryRepair
{
    /// <summary>What a deletion without the Recycle Bin takes from a group, and the snapshot has.</summary>
    static readonly (string Attribute, Func<GroupSnapshot, string?> Was)[] Texts =
    [
        ("adminDescription", was => was.Group.AdminDescription),
        (AnchorWriter.Attribute, was => was.Group.ExternalDirectoryObjectId),
        ("displayName", was => was.Group.DisplayName),
        ("description", was => was.Description),
    ];

    /// <inheritdoc/>
    public async Task<DeletionTerms> DeletionTermsAsync(CancellationToken cancellationToken) =>
        await LdapDeletions.TermsAsync(await directory.WritableAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<DeletedWritebackGroup> DeletedGroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (forest, root) = await directory.ForestViewAsync(cancellationToken);
        var deletions = new LdapDeletions(await directory.WritableAsync(cancellationToken), forest, root, directory.WritebackOu);
        await foreach (var group in deletions.GroupsAsync(cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public async Task<DeletedGroup?> FindDeletedAsync(Guid objectGuid, CancellationToken cancellationToken)
    {
        var session = await directory.WritableAsync(cancellationToken);
        if (await ReadDeletedAsync(session, objectGuid, cancellationToken) is { } found)
        {
            return new()
            {
                ObjectGuid = objectGuid,
                Sid = found.SidText("objectSid") ?? "",
                AdminDescription = found.Text("adminDescription"),
                ExternalDirectoryObjectId = found.Text(AnchorWriter.Attribute),
            };
        }
        await LdapDeletions.DemandSightAsync(session, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public async Task ReanimateAsync(GroupSnapshot was, CancellationToken cancellationToken)
    {
        var session = await directory.WritableAsync(cancellationToken);
        string name = was.Group.DistinguishedName;
        var deleted = await ReadDeletedAsync(session, was.Group.ObjectGuid, cancellationToken)
            ?? throw new DirectoryException(DirectoryError.RepairGone.ToError(name));
        var request = new ModifyRequest(deleted.Name);
        request.Modifications.Add(new() { Name = "isDeleted", Operation = DirectoryAttributeOperation.Delete });
        request.Modifications.Add(Replace("distinguishedName", name));
        // In the same step: a group that lives without its anchor would be taken for one of Active Directory's own, and flow up to Entra.
        foreach (var (attribute, of) in Texts)
        {
            if (deleted.Text(attribute) is null && of(was) is { Length: > 0 } value) { request.Modifications.Add(Replace(attribute, value)); }
        }
        request.Controls.Add(new ShowDeletedControl());
        await session.WriteAsync(request, name, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RelocateAsync(Guid objectGuid, string distinguishedName, CancellationToken cancellationToken)
    {
        var session = await directory.WritableAsync(cancellationToken);
        var request = new ModifyDNRequest(
            LdapText.NameOf(objectGuid), DistinguishedName.Parent(distinguishedName), DistinguishedName.Rdn(distinguishedName)) { DeleteOldRdn = true };
        await session.WriteAsync(request, distinguishedName, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task AddMembersAsync(Guid objectGuid, IReadOnlyList<Guid> members, CancellationToken cancellationToken)
    {
        var session = await directory.WritableAsync(cancellationToken);
        var group = await session.ReadAsync(new() { Base = LdapText.NameOf(objectGuid), Attributes = ["objectGUID"] }, cancellationToken)
            ?? throw new DirectoryException(DirectoryError.NoSuchObject.ToError($"{objectGuid}"));
        foreach (var batch in members.Distinct().Chunk(GroupReader.LightBatch))
        {
            var change = new DirectoryAttributeModification { Name = "member", Operation = DirectoryAttributeOperation.Add };
            foreach (string member in await OutsideAsync(group.Name, batch, cancellationToken)) { change.Add(member); }
            if (change.Count == 0) { continue; }
            var request = new ModifyRequest(LdapText.NameOf(objectGuid));
            request.Modifications.Add(change);
            // Who came back meanwhile is no error.
            request.Controls.Add(new PermissiveModifyControl());
            await session.WriteAsync(request, group.Name, cancellationToken);
        }
    }

    /// <summary>Names of those that there are, in whatever domain, and that are not in the group yet.</summary>
    async Task<IReadOnlyList<string>> OutsideAsync(string group, Guid[] objectGuids, CancellationToken cancellationToken)
    {
        var (forest, root) = await directory.ForestViewAsync(cancellationToken);
        string filter = $"(&{LdapText.AnyOf(objectGuids)}(!(memberOf={LdapText.EscapeFilter(group)})))";
        return await forest.SearchAsync(new() { Base = root, Filter = filter, Attributes = ["objectGUID"] }, cancellationToken)
            .Select(entry => entry.Name).ToListAsync(cancellationToken);
    }

    static async Task<LdapEntry?> ReadDeletedAsync(LdapSession session, Guid objectGuid, CancellationToken cancellationToken)
    {
        string[] attributes = ["isDeleted", "objectSid", .. Texts.Select(text => text.Attribute)];
        var found = await session.ReadAsync(new() { Base = LdapText.NameOf(objectGuid), Attributes = attributes, Deleted = true }, cancellationToken);
        return found is not null && found.Flag("isDeleted") ? found : null;
    }

    static DirectoryAttributeModification Replace(string attribute, string value)
    {
        var change = new DirectoryAttributeModification { Name = attribute, Operation = DirectoryAttributeOperation.Replace };
        change.Add(value);
        return change;
    }
}

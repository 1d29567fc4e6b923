using System.DirectoryServices.Protocols;
using System.Globalization;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Makes and removes the objects of canaries, and no others.</summary>
/// <param name="session">The writable domain controller.</param>
/// <param name="writebackOu">Where they stand unless they name another place.</param>
sealed class CanaryWriter(LdapSession session, string writebackOu)
{
    const int UniversalSecurity = unchecked((int)0x80000008);

    const string Created = "whenCreated";

    static readonly string[] Anchors = ["adminDescription", AnchorWriter.Attribute];

    /// <summary>See <see cref="IDirectory.CreateGroupAsync"/>.</summary>
    public async Task<Guid> CreateAsync(NewGroup group, CancellationToken cancellationToken)
    {
        string name = LdapText.NameOf(group.Cn, group.Container ?? writebackOu);
        var request = new AddRequest(
            name,
            new DirectoryAttribute("objectClass", "group"),
            new DirectoryAttribute("groupType", UniversalSecurity.ToString(CultureInfo.InvariantCulture)),
            new DirectoryAttribute("sAMAccountName", await FreeAccountNameAsync(group, cancellationToken)),
            new DirectoryAttribute("displayName", group.DisplayName),
            new DirectoryAttribute("adminDescription", group.Anchor),
            new DirectoryAttribute(AnchorWriter.Attribute, group.Anchor));
        if (group.Members.Count > 0)
        {
            request.Attributes.Add(new DirectoryAttribute("member", [.. group.Members.Distinct().Select(LdapText.NameOf)]));
        }
        await session.WriteAsync(request, name, cancellationToken);
        var made = await session.ReadAsync(new() { Base = name, Attributes = ["objectGUID"] }, cancellationToken);
        return made?.Id("objectGUID") ?? throw new DirectoryException(DirectoryError.CanaryNotAsMade.ToError(name));
    }

    /// <summary>See <see cref="IDirectory.WhenCreatedAsync"/>.</summary>
    public async Task<DateTimeOffset?> WhenCreatedAsync(Guid objectGuid, CancellationToken cancellationToken) =>
        (await session.ReadAsync(new() { Base = LdapText.NameOf(objectGuid), Attributes = [Created] }, cancellationToken))?.Time(Created);

    /// <summary>See <see cref="IDirectory.DeleteGroupAsync"/>.</summary>
    public async Task<CanaryDeletion> DeleteAsync(CanaryIdentity canary, DateTimeOffset notBefore, CancellationToken cancellationToken)
    {
        string name = LdapText.NameOf(canary.ObjectGuid);
        var found = await session.ReadAsync(new() { Base = name, Attributes = [.. Anchors, Created] }, cancellationToken);
        if (found is null) { return CanaryDeletion.Gone; }
        if (canary.Anchor.Length == 0 || Anchors.Any(anchor => found.Text(anchor) != canary.Anchor)) { return CanaryDeletion.HoldsOther; }
        if (found.Time(Created) is not { } created || created < notBefore) { return CanaryDeletion.Older; }
        try
        {
            await session.WriteAsync(new DeleteRequest(name), found.Name, cancellationToken);
        }
        catch (DirectoryException e) when (e.Error.Code == DirectoryError.NoSuchObject.Code)
        {
            // Somebody was faster.
        }
        return CanaryDeletion.Gone;
    }

    async Task<string> FreeAccountNameAsync(NewGroup group, CancellationToken cancellationToken)
    {
        string wanted = AccountName.Of(group.Cn);
        var search = new LdapSearch { Base = session.RootDse.DomainNaming, Filter = LdapText.AnyOf("sAMAccountName", [wanted]), Attributes = ["objectGUID"] };
        await foreach (var _ in session.SearchAsync(search, cancellationToken)) { return AccountName.Of(group.Cn, group.Anchor); }
        return wanted;
    }
}

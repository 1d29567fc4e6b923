using System.DirectoryServices.Protocols;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>A search, as far as this product needs one.</summary>
public sealed record LdapSearch
{
    /// <summary>Source: MS-ADTS 3.1.1.3.4.1.26 and 3.1.1.3.4.1.27.</summary>
    const string ShowRecycled = "1.2.840.113556.1.4.2064", ShowDeactivatedLinks = "1.2.840.113556.1.4.2065";

    /// <summary>Where it begins: a distinguished name, <see cref="LdapText.NameOf(Guid)"/>, or empty on a global catalog for the whole forest.</summary>
    public required string Base { get; init; }

    /// <summary>Built by <see cref="LdapText"/> wherever a value is in it.</summary>
    public string Filter { get; init; } = "(objectClass=*)";

    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>Everything below the base, or only the base itself.</summary>
    public bool Subtree { get; init; } = true;

    /// <summary>Names in values come with their objectGUIDs, see <see cref="ExtendedName"/>.</summary>
    public bool ExtendedNames { get; init; }

    /// <summary>
    /// <c>nTSecurityDescriptor</c> comes with owner, group and access list, without the audit list, which only some accounts may read:
    /// asking for that too would bring nothing at all.
    /// </summary>
    public bool SecurityDescriptor { get; init; }

    /// <summary>Deleted objects of the Recycle Bin are found as well.</summary>
    public bool Deleted { get; init; }

    /// <summary>
    /// With <see cref="Deleted"/>: those too whose life in the Recycle Bin is over, and the members of deleted groups. A server that knows nothing of that, because
    /// it has no Recycle Bin to show, answers all the same.
    /// </summary>
    public bool Recycled { get; init; }

    /// <summary>
    /// False where the filter itself names fewer objects than the 1,000 that a domain controller puts into one answer. Pages would cost it more
    /// than the reading: Samba finds each object of a page once again.
    /// </summary>
    public bool Paged { get; init; } = true;

    /// <summary>Objects in one page; null is what the options say. Fewer where each object is large.</summary>
    public int? PageSize { get; init; }

    internal SearchRequest ToRequest(TimeSpan timeLimit)
    {
        var request = new SearchRequest(Base, Filter, Subtree ? SearchScope.Subtree : SearchScope.Base, [.. Attributes]) { TimeLimit = timeLimit };
        if (ExtendedNames) { request.Controls.Add(new ExtendedDNControl(ExtendedDNFlag.StandardString)); }
        if (SecurityDescriptor) { request.Controls.Add(new SecurityDescriptorFlagControl(SecurityMasks.Owner | SecurityMasks.Group | SecurityMasks.Dacl)); }
        if (Deleted) { request.Controls.Add(new ShowDeletedControl()); }
        if (Recycled) { request.Controls.AddRange([new(ShowRecycled, null, false, true), new(ShowDeactivatedLinks, null, false, true)]); }
        return request;
    }
}

namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>Whether an access control list lets somebody do something, decided as a domain controller decides it. Pure.</summary>
/// <remarks>
/// Entries decide in the order in which they are stored: the first that speaks of a right settles it. What is never spoken of is denied.
/// Privileges are left out: they belong to administrators, whom entries name too. Source: MS-ADTS 5.1.3.3; MS-DTYP 2.5.3.2.
/// </remarks>
public static class AccessCheck
{
    // Entries with conditions (callback) stand in lists of files, hardly ever in a directory. What they would add or take can't be known here.
    static readonly byte[] ConditionalAllows = [0x09, 0x0B];
    static readonly byte[] ConditionalDenials = [0x0A, 0x0C];

    /// <summary>True or false, and null when entries that this class does not understand might turn the answer.</summary>
    /// <param name="descriptor">Owner and list of the object.</param>
    /// <param name="token">Who asks.</param>
    /// <param name="wanted">One right or several; all of them must be allowed.</param>
    /// <param name="self">The object's own SID, which the entries for itself mean; null when it has none.</param>
    public static bool? Allows(SecurityDescriptor descriptor, AccessToken token, AccessRequest wanted, Sid? self = null)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(wanted);
        bool allowed = Decide(descriptor, token, wanted, self);
        return descriptor.UnknownTypes.Any((allowed ? ConditionalDenials : ConditionalAllows).Contains) ? null : allowed;
    }

    static bool Decide(SecurityDescriptor descriptor, AccessToken token, AccessRequest wanted, Sid? self)
    {
        if (descriptor.Dacl is not { } entries) { return true; }
        bool isOwner = descriptor.Owner is { } owner && token.Contains(owner);
        var open = wanted.Rights.Mapped();

        // An owner reads and changes the list whatever it says, unless entries say what owners may.
        if (isOwner && !entries.Any(entry => entry.Applies && entry.Trustee.Equals(WellKnownSids.OwnerRights)))
        {
            open &= ~(DirectoryRights.ReadControl | DirectoryRights.WriteDacl);
        }
        foreach (var entry in entries)
        {
            if (open == DirectoryRights.None) { break; }
            if (!entry.Applies || !wanted.IsMeantBy(entry) || !IsHis(entry.Trustee)) { continue; }
            var spoken = entry.Rights.Mapped();
            if (entry.Kind == AceKind.Allow) { open &= ~spoken; }
            else if ((open & spoken) != DirectoryRights.None) { return false; }
        }
        return open == DirectoryRights.None;

        bool IsHis(Sid trustee) =>
            trustee.Equals(WellKnownSids.PrincipalSelf) ? self is not null && token.Contains(self)
            : trustee.Equals(WellKnownSids.OwnerRights) ? isOwner
            : token.Contains(trustee);
    }
}

/// <summary>A right on an object, or on one part of it.</summary>
public sealed record AccessRequest
{
    public required DirectoryRights Rights { get; init; }

    /// <summary>
    /// What entries for a part may name to mean this request: the attribute, its property set and the object's class, or the class of the
    /// child to be made. Empty when only entries for the whole object count.
    /// </summary>
    public IReadOnlyList<Guid> Parts { get; init; } = [];

    internal bool IsMeantBy(Ace entry) => entry.ObjectType is not { } part || Parts.Contains(part);
}

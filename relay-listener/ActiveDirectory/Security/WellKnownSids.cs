namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>SIDs that mean the same in every forest. Source: MS-DTYP 2.4.2.4.</summary>
static class WellKnownSids
{
    public static readonly Sid Everyone = Sid.Parse("S-1-1-0");
    public static readonly Sid CreatorOwner = Sid.Parse("S-1-3-0");

    /// <summary>An entry for it replaces what an owner may otherwise do without any entry.</summary>
    public static readonly Sid OwnerRights = Sid.Parse("S-1-3-4");
    public static readonly Sid Network = Sid.Parse("S-1-5-2");

    /// <summary>The object itself: a group's entry for it means the group's members.</summary>
    public static readonly Sid PrincipalSelf = Sid.Parse("S-1-5-10");
    public static readonly Sid AuthenticatedUsers = Sid.Parse("S-1-5-11");
    public static readonly Sid ThisOrganization = Sid.Parse("S-1-5-15");
}

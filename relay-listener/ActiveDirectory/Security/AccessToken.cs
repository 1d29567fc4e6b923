namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>Who an account is to an access control list: itself, its groups, and what everybody who signs in over the network is.</summary>
public sealed class AccessToken
{
    readonly HashSet<Sid> _sids;

    AccessToken(IEnumerable<Sid> sids) => _sids = [.. sids];

    /// <summary>The token that an account would have after it signed in over the network.</summary>
    /// <param name="account">The account's own SID.</param>
    /// <param name="groups">Its <c>tokenGroups</c>: every group, nested ones and the domain controller's own among them.</param>
    public static AccessToken Of(Sid account, IEnumerable<Sid> groups) =>
        new([account, .. groups, WellKnownSids.Everyone, WellKnownSids.AuthenticatedUsers, WellKnownSids.Network, WellKnownSids.ThisOrganization]);

    /// <summary>The token of a session, as the server itself tells it.</summary>
    /// <param name="all">Every SID of it, the account's own too.</param>
    public static AccessToken OfSession(IEnumerable<Sid> all) => new(all);

    public bool Contains(Sid sid) => _sids.Contains(sid);
}

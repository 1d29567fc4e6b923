namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>Who an account is to an access control list: itself, its groups, and what everybody who signs in over the network is.</summary>
public sealed class AccessToken
{
    readonly HashSet<Sid> _sids;

    /// <param name="account">The account's own SID.</param>
    /// <param name="groups">Its <c>tokenGroups</c>: every group, nested ones and the domain controller's own among them.</param>
    public AccessToken(Sid account, IEnumerable<Sid> groups)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(groups);
        Account = account;
        _sids = [account, .. groups, WellKnownSids.Everyone, WellKnownSids.AuthenticatedUsers, WellKnownSids.Network, WellKnownSids.ThisOrganization];
    }

    public Sid Account { get; }

    public bool Contains(Sid sid) => _sids.Contains(sid);
}

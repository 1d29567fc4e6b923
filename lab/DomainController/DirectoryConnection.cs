using System.DirectoryServices.Protocols;
using System.Net;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;

namespace GwbCloud.Lab.DomainController;

/// <summary>One connection to the domain controller, one request at a time; from any thread.</summary>
/// <remarks>Nothing of the listener is behind it, so that what the lab reads is no echo of what the product believes.</remarks>
sealed class DirectoryConnection : IDisposable
{
    const int PageSize = 500;
    const int InvalidCredentials = 49;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly LdapConnection _ldap;
    readonly Lock _gate = new();

    DirectoryConnection(LdapConnection ldap) => _ldap = ldap;

    /// <summary>Connects and signs in.</summary>
    /// <exception cref="BadUsageException">It does not answer, is not trusted, or refuses the account.</exception>
    public static DirectoryConnection Open(DirectoryOptions options, TrustedAuthorities trusted)
    {
        OpenLdap.WaitThroughSignals();
        var ldap = new LdapConnection(new LdapDirectoryIdentifier(options.Host, DirectoryOptions.Port), new NetworkCredential(options.User, options.Password), AuthType.Basic)
        {
            AutoBind = false,
            Timeout = Patience,
        };
        try
        {
            ldap.SessionOptions.ProtocolVersion = 3;
            ldap.SessionOptions.ReferralChasing = ReferralChasingOptions.None;
            trusted.Apply(ldap.SessionOptions);
            ldap.SessionOptions.SecureSocketLayer = true;
            ldap.Bind();
            return new DirectoryConnection(ldap);
        }
        catch (LdapException e) when (e.ErrorCode == InvalidCredentials)
        {
            ldap.Dispose();
            throw new BadUsageException($"--directory: {options.Address} refuses the account in {DirectoryArguments.UserVariable} with the password in {DirectoryArguments.PasswordVariable}.");
        }
        catch (Exception e) when (e is LdapException or DirectoryOperationException)
        {
            ldap.Dispose();
            throw new BadUsageException($"--directory: {options.Address} does not answer LDAP over TLS, or its certificate is not trusted for this name; --directory-ca names an authority. {e.Message}");
        }
    }

    /// <summary>Objects of a search, page by page; values of <c>member</c> come whole.</summary>
    public IEnumerable<SearchResultEntry> Search(string? root, SearchScope scope, string filter, params string[] attributes)
    {
        var page = new PageResultRequestControl(PageSize);
        var request = new SearchRequest(root, filter, scope, attributes);
        if (scope != SearchScope.Base) { request.Controls.Add(page); }
        while (true)
        {
            var response = (SearchResponse)Send(request);
            foreach (SearchResultEntry entry in response.Entries) { yield return entry; }
            page.Cookie = response.Controls.OfType<PageResultResponseControl>().FirstOrDefault()?.Cookie ?? [];
            if (page.Cookie.Length == 0) { yield break; }
        }
    }

    /// <summary>The object of a name, or null.</summary>
    public SearchResultEntry? Find(string dn, params string[] attributes)
    {
        try
        {
            return Search(dn, SearchScope.Base, "(objectClass=*)", attributes).FirstOrDefault();
        }
        catch (DirectoryOperationException e) when (e.Response?.ResultCode == ResultCode.NoSuchObject)
        {
            return null;
        }
    }

    public void Add(string dn, IEnumerable<DirectoryAttribute> attributes) => Send(new AddRequest(dn, [.. attributes]));

    public void Modify(string dn, IEnumerable<DirectoryAttributeModification> modifications) => Send(new ModifyRequest(dn, [.. modifications]));

    public void Relocate(string dn, string rdn, string parent) => Send(new ModifyDNRequest(dn, parent, rdn) { DeleteOldRdn = true });

    public void Delete(string dn) => Send(new DeleteRequest(dn));

    public void Dispose() => _ldap.Dispose();

    DirectoryResponse Send(DirectoryRequest request)
    {
        lock (_gate) { return _ldap.SendRequest(request); }
    }
}

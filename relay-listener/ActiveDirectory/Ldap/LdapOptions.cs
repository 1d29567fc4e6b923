using System.Net;
using GwbCloud.Contracts.ActiveDirectory;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>How the listener reaches the domain that holds the writeback OU.</summary>
public sealed record LdapOptions
{
    /// <summary>
    /// DNS name of one writable domain controller, or of the domain: then the platform finds one near by. Null is the domain of this
    /// computer (Windows only). Whatever answers first is kept for the whole life of the process.
    /// </summary>
    public string? Server { get; init; }

    /// <summary>Distinguished name of the writeback OU.</summary>
    public required string WritebackOu { get; init; }

    /// <summary>There is no way without encryption.</summary>
    public LdapTransport Transport { get; init; } = LdapTransport.Ldaps;

    /// <summary>
    /// Null, as in production: the account under which this process runs, by Negotiate (Windows only). Otherwise an account for rehearsals
    /// and tests, sent over LDAPS alone.
    /// </summary>
    public NetworkCredential? Account { get; init; }

    /// <summary>
    /// Linux only: folder of certificates to trust, named by their hashes (<c>openssl rehash</c>). Null leaves it to the machine's OpenLDAP.
    /// Windows always asks the machine's own store.
    /// </summary>
    public string? TrustedCertificatesFolder { get; init; }

    /// <summary>
    /// Addresses to use instead of what DNS says for a host, where several views of DNS or a test need it. The certificate must bear
    /// the address.
    /// </summary>
    public IReadOnlyDictionary<string, string> Addresses { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// sAMAccountName of the account under which Cloud Sync's agents run, when the organisation made one itself. Null finds those that
    /// the agent's setup makes, by their names.
    /// </summary>
    public string? AgentAccount { get; init; }

    /// <summary>How long a connection may take, signing in included.</summary>
    public int ConnectSeconds { get; init; } = 15;

    /// <summary>How long one request, such as one page of a search, may take. Domain controllers end a search after 120 s by themselves.</summary>
    public int RequestSeconds { get; init; } = 60;

    /// <summary>Objects in one page of a search. Domain controllers give 1,000 at most.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>
    /// Connections that write at once. More only fill the domain controller's queue, which others wait in too: it writes one transaction
    /// after the other.
    /// </summary>
    public int WriteConnections { get; init; } = 2;

    /// <summary>What is wrong with these options, one sentence each, with the option's name; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var wrong = new List<string>();
        if (Server is not null && Uri.CheckHostName(Server) is UriHostNameType.Unknown) { wrong.Add("server: is no host name"); }
        if (Server is null && !OperatingSystem.IsWindows()) { wrong.Add("server: must be named outside of Windows"); }
        if (DistinguishedName.Parent(WritebackOu).Length == 0) { wrong.Add("writebackOu: is no distinguished name"); }
        if (Account is null && !OperatingSystem.IsWindows()) { wrong.Add("account: must be named outside of Windows (GWB_LDAP_USER and GWB_LDAP_PASSWORD)"); }
        if (Account is { UserName.Length: 0 } or { Password.Length: 0 }) { wrong.Add("account: a name and a password; an empty one would sign in as nobody"); }
        if (Account is not null && Transport != LdapTransport.Ldaps) { wrong.Add("transport: a password goes over LDAPS only"); }
        if (Transport == LdapTransport.SignedLdap && !OperatingSystem.IsWindows()) { wrong.Add("transport: signed LDAP needs Windows"); }
        if (TrustedCertificatesFolder is { } folder && !Directory.Exists(folder)) { wrong.Add("trustedCertificatesFolder: is not there"); }
        if (ConnectSeconds is < 1 or > 120) { wrong.Add("connectSeconds: 1 to 120"); }
        if (RequestSeconds is < 1 or > 600) { wrong.Add("requestSeconds: 1 to 600"); }
        if (PageSize is < 1 or > 1000) { wrong.Add("pageSize: 1 to 1000"); }
        if (WriteConnections is < 1 or > 16) { wrong.Add("writeConnections: 1 to 16"); }
        return wrong;
    }
}

/// <summary>How the way to a domain controller is protected.</summary>
public enum LdapTransport
{
    /// <summary>TLS from the first byte: ports 636 and 3269.</summary>
    Ldaps,

    /// <summary>Signed and sealed by Kerberos or NTLM, where domain controllers have no certificates: ports 389 and 3268. Windows only.</summary>
    SignedLdap,
}

/// <summary>An account for rehearsals and tests. It comes from the environment, so that it stands in no file and on no command line.</summary>
public static class LdapAccount
{
    public const string UserVariable = "GWB_LDAP_USER";
    public const string PasswordVariable = "GWB_LDAP_PASSWORD";

    /// <summary>The account of the environment, or null when it names none.</summary>
    public static NetworkCredential? FromEnvironment() =>
        (Environment.GetEnvironmentVariable(UserVariable), Environment.GetEnvironmentVariable(PasswordVariable)) is ({ Length: > 0 } user, { Length: > 0 } password)
            ? new NetworkCredential(user, password)
            : null;
}

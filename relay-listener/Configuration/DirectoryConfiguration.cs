using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;

namespace GwbCloud.RelayListener.Configuration;

/// <summary>Section <c>directory</c>: which Active Directory, and which OU of it. The service signs in with its own account.</summary>
public sealed record DirectoryConfiguration
{
    /// <summary>Distinguished name of the writeback OU. Commands cannot name another one.</summary>
    public required string WritebackOu { get; init; }

    /// <summary>DNS name of one writable domain controller, or of the domain; without it the domain of this computer. What answers first is kept for the whole run.</summary>
    public string? Server { get; init; }

    /// <summary>sAMAccountName of the account of Cloud Sync's agents, when the organisation made one itself; without it those of the agent's setup.</summary>
    public string? AgentAccount { get; init; }

    /// <summary>How the listener speaks LDAP; never in the clear. Signed LDAP on Windows only.</summary>
    public LdapTransport Transport { get; init; } = LdapTransport.Ldaps;

    /// <summary>Seconds that a connection may take, signing in included; 1 to 120.</summary>
    public int ConnectSeconds { get; init; } = 15;

    /// <summary>Seconds that one request may take; 1 to 600.</summary>
    public int RequestSeconds { get; init; } = 60;

    /// <summary>Connections that write at once; 1 to 16. More only fill the domain controller's queue, which others wait in too.</summary>
    public int WriteConnections { get; init; } = 2;

    /// <summary>The options of a connection. The account is the service's own; another one comes from the environment, in development only.</summary>
    internal LdapOptions ToOptions() => new()
    {
        Server = Server,
        WritebackOu = WritebackOu,
        AgentAccount = AgentAccount,
        Transport = Transport,
        Account = LdapAccount.FromEnvironment(),
        ConnectSeconds = ConnectSeconds,
        RequestSeconds = RequestSeconds,
        WriteConnections = WriteConnections,
    };

    internal IEnumerable<string> Validate()
    {
        if (DistinguishedName.Parent(WritebackOu).Length == 0 || !WritebackOu.Contains('=', StringComparison.Ordinal)) { yield return "directory.writebackOu: is no distinguished name"; }
        if (Server is not null && Uri.CheckHostName(Server) == UriHostNameType.Unknown) { yield return "directory.server: is no host name"; }
        if (ConnectSeconds is < 1 or > 120) { yield return "directory.connectSeconds: 1 to 120"; }
        if (RequestSeconds is < 1 or > 600) { yield return "directory.requestSeconds: 1 to 600"; }
        if (WriteConnections is < 1 or > 16) { yield return "directory.writeConnections: 1 to 16"; }
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory.Security;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>A group managed service account under which agents of Cloud Sync run.</summary>
/// <param name="Name">Distinguished name.</param>
/// <param name="Token">Who it is to access control lists; null when its groups can't be read, so that nobody can tell.</param>
/// <param name="Hosts">Computers that may use its password: where an agent may run.</param>
sealed record AgentAccount(string Name, AccessToken? Token, IReadOnlyList<string> Hosts);

/// <summary>Finds these accounts. The directory knows where an agent may run, not whether one does, nor its version.</summary>
static class AgentAccounts
{
    /// <summary>Names that the agent's setup gives. Source: prerequisites of Cloud Sync, group managed service accounts.</summary>
    const string BySetup = "(|(sAMAccountName=provAgentgMSA*)(sAMAccountName=pGMSA_*))";

    const string Password = "msDS-GroupMSAMembership";

    /// <summary>The accounts, none when nothing bears such a name.</summary>
    /// <param name="session">The writable domain controller.</param>
    /// <param name="custom">sAMAccountName of an account that the organisation made itself, or null.</param>
    /// <param name="cancellationToken">Stops between two searches.</param>
    public static async Task<IReadOnlyList<AgentAccount>> FindAsync(LdapSession session, string? custom, CancellationToken cancellationToken)
    {
        var search = new LdapSearch
        {
            Base = session.RootDse.DomainNaming,
            // A custom account may be of any class that can sign in.
            Filter = custom is null ? $"(&(objectClass=msDS-GroupManagedServiceAccount){BySetup})"
                : $"(&(objectClass=user){LdapText.AnyOf("sAMAccountName", [custom, $"{custom.TrimEnd('$')}$"])})",
            Attributes = ["objectSid", Password],
        };
        var found = new List<AgentAccount>();
        await foreach (var account in session.SearchAsync(search, cancellationToken))
        {
            if (account.Sids("objectSid") is not [var sid]) { continue; }
            found.Add(new(account.Name, await TokenAsync(session, account.Name, sid, cancellationToken), await HostsAsync(session, account, cancellationToken)));
        }
        return found;
    }

    /// <summary>Distinguished names of the accounts that bear a name of the agent's setup, in every domain that a global catalog shows.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(LdapSession catalog, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var account in catalog.SearchAsync(
            new() { Base = "", Filter = $"(&(objectClass=msDS-GroupManagedServiceAccount){BySetup})", Attributes = ["objectGUID"] }, cancellationToken))
        {
            names.Add(account.Name);
        }
        return names;
    }

    /// <summary>What an assessment says of agents that only the directory was asked about.</summary>
    public static IReadOnlyList<ProvisioningAgent> Told(IEnumerable<AgentAccount> accounts) =>
    [
        .. accounts.SelectMany(account => account.Hosts).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Select(host => new ProvisioningAgent { Computer = host, Version = "", Active = null }),
    ];

    /// <summary>Every account is in its primary group at least: none at all means that the listener's account may not read them.</summary>
    static async Task<AccessToken?> TokenAsync(LdapSession session, string account, Sid sid, CancellationToken cancellationToken)
    {
        var entry = await session.ReadAsync(new() { Base = account, Attributes = ["tokenGroups"] }, cancellationToken);
        return entry?.Sids("tokenGroups") is { Count: > 0 } groups ? AccessToken.Of(sid, groups) : null;
    }

    static async Task<IReadOnlyList<string>> HostsAsync(LdapSession session, LdapEntry account, CancellationToken cancellationToken)
    {
        if (RightsView.DescriptorOf(account, Password) is not { } descriptor) { return []; }
        var hosts = new List<string>();
        foreach (var trustee in descriptor.Dacl?.Where(entry => entry.Kind == AceKind.Allow).Select(entry => entry.Trustee).Distinct() ?? [])
        {
            var holder = await session.ReadAsync(new() { Base = $"<SID={trustee}>", Attributes = ["objectClass", "sAMAccountName"] }, cancellationToken);
            if (holder is null) { continue; }
            if (!holder.Texts("objectClass").Contains("group", StringComparer.OrdinalIgnoreCase)) { Add(hosts, holder); }
            else
            {
                const string inChain = "1.2.840.113556.1.4.1941";
                var members = new LdapSearch
                {
                    Base = session.RootDse.DomainNaming,
                    Filter = $"(&(objectCategory=computer)(memberOf:{inChain}:={LdapText.EscapeFilter(holder.Name)}))",
                    Attributes = ["sAMAccountName"],
                };
                await foreach (var member in session.SearchAsync(members, cancellationToken)) { Add(hosts, member); }
            }
        }
        return hosts;
    }

    static void Add(List<string> hosts, LdapEntry computer)
    {
        if (computer.Text("sAMAccountName")?.TrimEnd('$') is { Length: > 0 } name) { hosts.Add(name); }
    }
}

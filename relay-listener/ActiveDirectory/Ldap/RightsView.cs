using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory.Security;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>What the agent's accounts and the listener's own may do: read once, then asked of each group.</summary>
/// <remarks>Whatever can't be told (no account found, its groups or a list not readable, schema without the anchor) is null, never a guess.</remarks>
sealed class RightsView
{
    readonly GroupRights? _own;
    readonly IReadOnlyList<GroupRights?> _agents;

    RightsView(IReadOnlyList<AgentAccount> accounts, DirectorySchema? schema, AccessToken? own)
    {
        Agents = accounts;
        _own = schema is null || own is null ? null : new(schema, own);
        _agents = schema is null ? [] : [.. accounts.Select(account => account.Token is { } token ? new GroupRights(schema, token) : null)];
    }

    /// <summary>The accounts of Cloud Sync's agents.</summary>
    public IReadOnlyList<AgentAccount> Agents { get; }

    public static async Task<RightsView> ReadAsync(LdapSession session, string? agentAccount, CancellationToken cancellationToken)
    {
        // The server's own word for who is asking: exact, whatever way the account signed in.
        var self = await session.ReadAsync(new() { Base = "", Attributes = ["tokenGroups"] }, cancellationToken);
        var sids = self?.Sids("tokenGroups") ?? [];
        return new(
            await AgentAccounts.FindAsync(session, agentAccount, cancellationToken), await SchemaAsync(session, cancellationToken),
            sids.Count == 0 ? null : AccessToken.OfSession(sids));
    }

    /// <summary>The group with what its descriptor says.</summary>
    /// <param name="group">The group so far.</param>
    /// <param name="entry">As read with <c>nTSecurityDescriptor</c> and <c>objectSid</c>.</param>
    public AdGroup Judge(AdGroup group, LdapEntry entry)
    {
        if (DescriptorOf(entry) is not { } descriptor || entry.Sids("objectSid") is not [var self]) { return group; }
        return group with
        {
            AgentMayWrite = All(rights => rights.MayWriteAsCloudSync(descriptor, self)),
            ListenerMayStamp = _own?.MayStamp(descriptor, self),
        };
    }

    /// <summary>Whether every agent's account may make groups in the OU and write those that take its rights; null without an account.</summary>
    public bool? AgentMayServe(LdapEntry ou) => DescriptorOf(ou) is { } descriptor ? All(rights => rights.MayServe(descriptor)) : null;

    public bool? ListenerMayStampUnder(LdapEntry ou) => DescriptorOf(ou) is { } descriptor ? _own?.MayStampUnder(descriptor) : null;

    /// <summary>Owner and list of an object; null when they did not come or are not as Active Directory writes them.</summary>
    public static SecurityDescriptor? DescriptorOf(LdapEntry entry, string attribute = "nTSecurityDescriptor")
    {
        try
        {
            return entry.Bytes(attribute) is { } bytes ? SecurityDescriptor.Parse(bytes) : null;
        }
        catch (MalformedSecurityException)
        {
            return null;
        }
    }

    // Any of the accounts may be the one that runs: all must have the rights.
    bool? All(Func<GroupRights, bool?> ask) =>
        _agents.Count == 0 ? null : _agents.Select(rights => rights is null ? null : ask(rights)).Aggregate((one, other) => one & other);

    static async Task<DirectorySchema?> SchemaAsync(LdapSession session, CancellationToken cancellationToken)
    {
        var attributes = new Dictionary<string, (Guid, Guid?)>(StringComparer.OrdinalIgnoreCase);
        Guid? group = null;
        string[] names = [.. DirectorySchema.WrittenByCloudSync, "group"];
        var search = new LdapSearch
        {
            Base = session.RootDse.SchemaNaming,
            Filter = LdapText.AnyOf("lDAPDisplayName", names),
            Attributes = ["lDAPDisplayName", "schemaIDGUID", "attributeSecurityGUID", "objectClass"],
        };
        await foreach (var entry in session.SearchAsync(search, cancellationToken))
        {
            if ((entry.Text("lDAPDisplayName"), entry.Id("schemaIDGUID")) is not ({ } name, { } id)) { continue; }
            if (entry.Texts("objectClass").Contains("classSchema", StringComparer.OrdinalIgnoreCase)) { group = id; }
            else { attributes[name] = (id, entry.Id("attributeSecurityGUID")); }
        }
        return group is { } groupClass && DirectorySchema.WrittenByCloudSync.All(attributes.ContainsKey) ? new() { Group = groupClass, Attributes = attributes } : null;
    }
}

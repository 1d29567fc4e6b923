using GwbCloud.RelayListener.ActiveDirectory.Security;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Security;

/// <summary>An OU, another one, a group and an account on a real controller: what the lists say beside what the controller lets the account do.</summary>
/// <remarks>Each operation that succeeds is undone by the administrator, so that the next finds the same group.</remarks>
sealed class RightsScene
{
    static int _next;

    readonly SambaDc _dc;
    readonly string _ou;
    readonly string _other;
    readonly DcGroup _group;
    readonly DcAccount _account;
    readonly DirectorySchema _schema;

    RightsScene(SambaDc dc, string ou, string other, DcGroup group, DcAccount account, DirectorySchema schema) =>
        (_dc, _ou, _other, _group, _account, _schema) = (dc, ou, other, group, account, schema);

    static IReadOnlyList<string> Operations { get; } = ["stamp", "member", "displayName", "description", "rename", "move", "create", "delete"];

    public static async Task<RightsScene> MakeAsync(SambaDc dc)
    {
        int number = Interlocked.Increment(ref _next);
        string ou = await dc.Tools.AddOuAsync($"Rights {number}");
        string other = await dc.Tools.AddOuAsync($"Elsewhere {number}");
        var group = (await dc.Tools.AddGroupsAsync(ou, 1, $"Subject {number}"))[0];
        var account = await dc.Tools.AddAccountAsync($"delegate{number}");
        return new(dc, ou, other, group, account, await ReadSchemaAsync(dc));
    }

    /// <summary>Puts entries onto the OU (ou), the other OU (other) or the group; {me} is the account.</summary>
    public Task GrantAsync(string where, string aces) => _dc.Tools.GrantAsync(
        where switch { "ou" => _ou, "other" => _other, _ => _group.Dn }, aces.Replace("{me}", _account.Sid, StringComparison.Ordinal));

    public async Task<string> AddToGroupAsync(string cn)
    {
        await _dc.Tools.ModifyAsync($"dn: CN={cn},{_other}\nobjectClass: group\ngroupType: {DcTools.UniversalSecurity}\nmember: {_account.Dn}\n");
        var entry = (await _dc.Tools.SearchAsync($"CN={cn},{_other}", "(objectClass=group)", "objectSid")).Single();
        return Sid.Parse(Convert.FromBase64String(entry.Binary("objectSid")!)).ToString();
    }

    public Task MakeMemberAsync() => _dc.Tools.ModifyAsync($"dn: {_group.Dn}\nchangetype: modify\nadd: member\nmember: {_account.Dn}\n");

    /// <summary>What the lists say, one word for each operation that is allowed.</summary>
    public async Task<string> ComputedAsync()
    {
        var (group, sid) = await DescriptorAsync(_group.Dn);
        var (ou, _) = await DescriptorAsync(_ou);
        var (other, _) = await DescriptorAsync(_other);
        var rights = new GroupRights(_schema, await TokenAsync());
        return Words(operation => operation switch
        {
            "stamp" => rights.MayStamp(group, sid),
            "rename" => rights.MayRename(group, sid),
            "move" => rights.MayMove(group, sid, ou, other),
            "create" => rights.MayCreateIn(ou),
            "delete" => rights.MayDelete(group, sid, ou),
            _ => rights.MayWrite(group, sid, operation),
        } is true);
    }

    /// <summary>What a new group in the OU would let the account do, by the OU's list.</summary>
    public async Task<(bool? Stamp, bool? Serve)> ComputedForNewGroupsAsync()
    {
        var (ou, _) = await DescriptorAsync(_ou);
        var rights = new GroupRights(_schema, await TokenAsync());
        return (rights.MayStampUnder(ou), rights.MayServe(ou));
    }

    /// <summary>What the controller really lets the account do.</summary>
    public async Task<string> TriedAsync()
    {
        var allowed = new HashSet<string>();
        foreach (string operation in Operations)
        {
            if (await TryAsync(operation)) { allowed.Add(operation); }
        }
        return Words(allowed.Contains);
    }

    /// <summary>Whether the server's own list of attributes that the account may write names the anchor.</summary>
    public async Task<bool> ServerSaysMayStampAsync() =>
        DcEntries(await _dc.Tools.LdapAsync("ldapsearch", ["-LLL", "-o", "ldif-wrap=no", "-b", _group.Dn, "-s", "base", "(objectClass=*)", "allowedAttributesEffective"], null, account: _account))
            .Contains("allowedAttributesEffective: msDS-ExternalDirectoryObjectId");

    async Task<bool> TryAsync(string operation)
    {
        string cn = _group.Dn[..^(_ou.Length + 1)];
        string change = operation switch
        {
            "stamp" => Modify("add: msDS-ExternalDirectoryObjectId\nmsDS-ExternalDirectoryObjectId: x\n"),
            "member" => Modify($"add: member\nmember: CN=Administrator,CN=Users,{SambaDc.BaseDn}\n"),
            "displayName" => Modify("add: displayName\ndisplayName: x\n"),
            "description" => Modify("add: description\ndescription: x\n"),
            "rename" => $"dn: {_group.Dn}\nchangetype: modrdn\nnewrdn: CN=Renamed\ndeleteoldrdn: 1\n",
            "move" => $"dn: {_group.Dn}\nchangetype: modrdn\nnewrdn: {cn}\ndeleteoldrdn: 1\nnewsuperior: {_other}\n",
            "create" => $"dn: CN=Made,{_ou}\nchangetype: add\nobjectClass: group\ngroupType: {DcTools.UniversalSecurity}\n",
            _ => $"dn: {_group.Dn}\nchangetype: delete\n",
        };
        string undo = operation switch
        {
            "stamp" => Modify("delete: msDS-ExternalDirectoryObjectId\n"),
            "member" => Modify($"delete: member\nmember: CN=Administrator,CN=Users,{SambaDc.BaseDn}\n"),
            "displayName" or "description" => Modify($"delete: {operation}\n"),
            "rename" => $"dn: CN=Renamed,{_ou}\nchangetype: modrdn\nnewrdn: {cn}\ndeleteoldrdn: 1\n",
            "move" => $"dn: {cn},{_other}\nchangetype: modrdn\nnewrdn: {cn}\ndeleteoldrdn: 1\nnewsuperior: {_ou}\n",
            "create" => $"dn: CN=Made,{_ou}\nchangetype: delete\n",
            _ => "",
        };
        try
        {
            await _dc.Tools.LdapAsync("ldapmodify", [], change, account: _account);
        }
        catch (InvalidOperationException e) when (e.Message.Contains("ended with 50:", StringComparison.Ordinal))
        {
            return false;
        }
        // The deletion is the last to be tried and needs no undo.
        if (undo.Length > 0) { await _dc.Tools.ModifyAsync(undo); }
        return true;
    }

    string Modify(string change) => $"dn: {_group.Dn}\nchangetype: modify\n{change}";

    async Task<(SecurityDescriptor Descriptor, Sid? Sid)> DescriptorAsync(string dn)
    {
        var entry = (await _dc.Tools.SearchAsync(dn, "(objectClass=*)", "nTSecurityDescriptor", "objectSid")).Single(found => found.Dn == dn);
        return (SecurityDescriptor.Parse(Convert.FromBase64String(entry.Binary("nTSecurityDescriptor")!)),
            entry.Binary("objectSid") is { } sid ? Sid.Parse(Convert.FromBase64String(sid)) : null);
    }

    async Task<AccessToken> TokenAsync()
    {
        string found = await _dc.Tools.LdapAsync("ldapsearch", ["-LLL", "-o", "ldif-wrap=no", "-b", _account.Dn, "-s", "base", "(objectClass=*)", "tokenGroups"], null);
        return AccessToken.Of(Sid.Parse(_account.Sid), DcEntries(found).Where(line => line.StartsWith("tokenGroups:: ", StringComparison.Ordinal))
            .Select(line => Sid.Parse(Convert.FromBase64String(line["tokenGroups:: ".Length..]))));
    }

    static async Task<DirectorySchema> ReadSchemaAsync(SambaDc dc)
    {
        string schema = $"CN=Schema,CN=Configuration,{SambaDc.BaseDn}";
        string names = string.Concat(DirectorySchema.WrittenByCloudSync.Select(name => $"(lDAPDisplayName={name})"));
        var attributes = await dc.Tools.SearchAsync(schema, $"(&(objectClass=attributeSchema)(|{names}))", "lDAPDisplayName", "schemaIDGUID", "attributeSecurityGUID");
        var group = (await dc.Tools.SearchAsync(schema, "(&(objectClass=classSchema)(lDAPDisplayName=group))", "schemaIDGUID")).Single();
        return new()
        {
            Group = Id(group.Binary("schemaIDGUID"))!.Value,
            Attributes = attributes.ToDictionary(a => a["lDAPDisplayName"]!, a => (Id(a.Binary("schemaIDGUID"))!.Value, Id(a.Binary("attributeSecurityGUID"))), StringComparer.OrdinalIgnoreCase),
        };
    }

    static Guid? Id(string? base64) => base64 is null ? null : new Guid(Convert.FromBase64String(base64));

    static string[] DcEntries(string ldif) => ldif.Split('\n');

    static string Words(Func<string, bool> allowed) => string.Join(' ', Operations.Where(allowed));
}

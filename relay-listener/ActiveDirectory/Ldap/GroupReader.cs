using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory.Security;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Groups of the writable domain controller as the port's records.</summary>
/// <param name="session">The writable domain controller.</param>
sealed class GroupReader(LdapSession session)
{
    /// <summary>objectGUIDs in one filter.</summary>
    public const int LightBatch = 200;

    /// <summary>Groups read at once with their members: 50 times 1,500 names are some 15 MB.</summary>
    public const int WholeBatch = 50;

    /// <summary>Indexed since Windows Server 2008; Samba answers it several times faster than the object's category.</summary>
    const string IsGroup = "(objectClass=group)";

    /// <summary>Attributes that <see cref="NamesOf"/> reads.</summary>
    internal static readonly string[] Names =
    [
        "objectGUID", "sAMAccountName", "objectSid", "displayName", "groupType", "adminDescription", "msDS-ExternalDirectoryObjectId", "mail", "adminCount",
    ];

    static readonly string[] Whole = [.. Names, .. MemberReader.Attributes, "memberOf", "description", "nTSecurityDescriptor"];

    /// <summary>See <see cref="IDirectory.ReadGroupsAsync"/>.</summary>
    public async IAsyncEnumerable<AdGroup> ReadNamesAsync(IReadOnlyCollection<Guid> objectGuids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var batch in objectGuids.Distinct().Chunk(LightBatch))
        {
            await foreach (var entry in session.SearchAsync(Below(session.RootDse.DomainNaming, batch, Names), cancellationToken)) { yield return NamesOf(entry); }
        }
    }

    /// <summary>See <see cref="IDirectory.NamesUnderWritebackOuAsync"/>.</summary>
    public IAsyncEnumerable<AdGroup> NamesBelowAsync(string container, CancellationToken cancellationToken) =>
        session.SearchAsync(new() { Base = container, Filter = IsGroup, Attributes = Names }, cancellationToken).Select(NamesOf);

    /// <summary>See <see cref="IDirectory.ReadSnapshotsAsync"/>.</summary>
    public async IAsyncEnumerable<GroupSnapshot> ReadAsync(IReadOnlyCollection<Guid> objectGuids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var batch in objectGuids.Distinct().Chunk(WholeBatch))
        {
            await foreach (var entry in session.SearchAsync(WholeBelow(session.RootDse.DomainNaming) with { Filter = FilterOf(batch), Paged = false }, cancellationToken))
            {
                if (await SnapshotOfAsync(entry, null, cancellationToken) is { } snapshot) { yield return snapshot; }
            }
        }
    }

    /// <summary>Every group below a container, with the number of its members, its nested groups and what may be done with it.</summary>
    /// <param name="container">Distinguished name.</param>
    /// <param name="forest">Where nested groups of every domain can be seen: a global catalog, or the writable server where there is none.</param>
    /// <param name="root">Where a search of them begins.</param>
    /// <param name="rights">Of agents and listener.</param>
    /// <param name="cancellationToken">Ends between two pages.</param>
    public async IAsyncEnumerable<AdGroup> BelowAsync(
        string container, LdapSession forest, string root, RightsView rights, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var nested = await NestedAsync(forest, root, cancellationToken);
        var foreign = await ForeignAsync(cancellationToken);
        await foreach (var entry in session.SearchAsync(WholeBelow(container), cancellationToken))
        {
            if (await SnapshotOfAsync(entry, nested, cancellationToken) is not { } snapshot) { continue; }
            yield return rights.Judge(snapshot.Group, entry) with { ForeignMembers = foreign.Count == 0 ? 0 : snapshot.Members.Count(foreign.Contains) };
        }
    }

    async Task<GroupSnapshot?> SnapshotOfAsync(LdapEntry entry, Dictionary<Guid, int>? nested, CancellationToken cancellationToken)
    {
        var objectGuid = GuidOf(entry);
        var members = await MemberReader.ReadAsync(entry, from => session.ReadAsync(
            new() { Base = LdapText.NameOf(objectGuid), Attributes = MemberReader.AttributesFrom(from), ExtendedNames = true }, cancellationToken));
        if (members is null) { return null; }
        var security = RightsView.DescriptorOf(entry);
        return new()
        {
            Group = NamesOf(entry) with
            {
                MemberCount = members.Count,
                Nested = nested is null ? NestedGroups.None : Scopes(members, nested),
                ProtectedFromDeletion = security is not null && GroupRights.IsProtected(security),
            },
            Description = entry.Text("description"),
            Members = [.. members.Order()],
            MemberOf = MemberOf(entry),
            Owner = security?.Owner?.ToString(),
            AccessList = security is null ? null : Sddl.OfDacl(security, own: true),
        };
    }

    /// <summary>Null when the server gave a part of them only: what is not whole can't be compared.</summary>
    static IReadOnlyList<Guid>? MemberOf(LdapEntry entry)
    {
        var names = entry.Texts("memberOf").Select(ExtendedName.Parse).ToList();
        return entry.Attributes.Any(attribute => attribute.StartsWith("memberOf;", StringComparison.OrdinalIgnoreCase)) || names.Exists(name => name.ObjectGuid is null)
            ? null
            : [.. names.Select(name => name.ObjectGuid!.Value).Order()];
    }

    /// <summary>Types of the forest's groups that are members of others, by objectGUID: 20 bytes each.</summary>
    /// <remarks>Once for all groups. Asking what is in some of them is no cheaper: directories that keep no index of <c>memberOf</c> go through every group.</remarks>
    static async Task<Dictionary<Guid, int>> NestedAsync(LdapSession forest, string root, CancellationToken cancellationToken)
    {
        var types = new Dictionary<Guid, int>();
        var search = new LdapSearch { Base = root, Filter = $"(&{IsGroup}(memberOf=*))", Attributes = ["objectGUID", "groupType"] };
        await foreach (var entry in forest.SearchAsync(search, cancellationToken)) { types[GuidOf(entry)] = entry.Number("groupType") ?? 0; }
        return types;
    }

    /// <summary>Objects of the domain that stand for members from other forests; those of well-known groups belong to every domain.</summary>
    async Task<HashSet<Guid>> ForeignAsync(CancellationToken cancellationToken)
    {
        const string account = "S-1-5-21-";
        var foreign = new HashSet<Guid>();
        var search = new LdapSearch
        {
            Base = session.RootDse.DomainNaming, Filter = "(&(objectClass=foreignSecurityPrincipal)(memberOf=*))", Attributes = ["objectGUID", "objectSid"],
        };
        await foreach (var entry in session.SearchAsync(search, cancellationToken))
        {
            if (entry.SidText("objectSid")?.StartsWith(account, StringComparison.Ordinal) == true) { foreign.Add(GuidOf(entry)); }
        }
        return foreign;
    }

    static LdapSearch WholeBelow(string container) => new()
    {
        Base = container,
        Filter = IsGroup,
        Attributes = Whole,
        ExtendedNames = true,
        SecurityDescriptor = true,
        PageSize = WholeBatch,
    };

    static LdapSearch Below(string container, Guid[] objectGuids, string[] attributes) => new()
    {
        Base = container,
        Filter = FilterOf(objectGuids),
        Attributes = attributes,
        Paged = false,
    };

    static string FilterOf(Guid[] objectGuids) => $"(&{IsGroup}{LdapText.AnyOf(objectGuids)})";

    internal static AdGroup NamesOf(LdapEntry entry) => new()
    {
        ObjectGuid = GuidOf(entry),
        DistinguishedName = entry.Name,
        SamAccountName = entry.Text("sAMAccountName") ?? "",
        Sid = entry.SidText("objectSid") ?? "",
        DisplayName = entry.Text("displayName"),
        GroupType = entry.Number("groupType") ?? 0,
        AdminDescription = entry.Text("adminDescription"),
        ExternalDirectoryObjectId = entry.Text("msDS-ExternalDirectoryObjectId"),
        Mail = entry.Text("mail"),
        MemberCount = 0,
        AdminCount = entry.Number("adminCount") > 0,
    };

    // Whoever may see an object in a search can read its GUID, as long as nobody denied the public information.
    static Guid GuidOf(LdapEntry entry) =>
        entry.Id("objectGUID") ?? throw new DirectoryException(DirectoryError.AccessDenied.ToError($"{entry.Name}: its objectGUID can't be read"));

    static NestedGroups Scopes(HashSet<Guid> members, Dictionary<Guid, int> types)
    {
        const int globalScope = 2, localScope = 4, universalScope = 8;
        if (types.Count == 0) { return NestedGroups.None; }
        int universal = 0, global = 0, local = 0;
        foreach (var member in members)
        {
            if (!types.TryGetValue(member, out int type)) { continue; }
            if ((type & universalScope) != 0) { universal++; }
            else if ((type & globalScope) != 0) { global++; }
            else if ((type & localScope) != 0) { local++; }
        }
        return universal + global + local == 0 ? NestedGroups.None : new() { Universal = universal, Global = global, DomainLocal = local };
    }
}

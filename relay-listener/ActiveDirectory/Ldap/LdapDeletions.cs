using System.Runtime.CompilerServices;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>What a domain controller keeps of deleted groups.</summary>
/// <param name="session">The writable domain controller.</param>
/// <param name="forest">Where members of every domain can be seen.</param>
/// <param name="root">Where a search of them begins.</param>
/// <param name="writebackOu">Groups that stood there are found without an anchor too.</param>
sealed class LdapDeletions(LdapSession session, LdapSession forest, string root, string writebackOu)
{
    /// <summary>Well-known name of the container of deleted objects. Source: MS-ADTS 6.1.1.4.2.</summary>
    const string DeletedObjects = "18E2EA80684F11D2B9AA00C04F79F805";

    /// <summary>Of a forest that says nothing. Source: MS-ADTS 6.1.1.2.4.1.1.</summary>
    const int DefaultDays = 60;

    /// <summary>What the directory puts between an object's name and its objectGUID when it is deleted. Source: MS-ADTS 3.1.1.5.5.</summary>
    const char Mark = '\n';

    const string LastParent = "lastKnownParent", LastName = "msDS-LastKnownRDN";

    /// <summary>Source: MS-ADTS 3.1.1.9.1, the Recycle Bin's feature GUID.</summary>
    static readonly Guid RecycleBin = new("766ddcd8-acd0-445e-f3b9-a7f9b6744f2a");

    static readonly string[] Attributes = [.. GroupReader.Names, .. MemberReader.Attributes, "description", "isRecycled", "whenChanged", "replPropertyMetaData", LastParent, LastName];

    readonly Dictionary<string, (string Name, bool Gone)> _containers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Enabled features are listed on the container of partitions, by the names of their objects.</summary>
    public static async Task<bool> RecycleBinAsync(LdapSession session, CancellationToken cancellationToken)
    {
        string configuration = session.RootDse.ConfigurationNaming;
        var partitions = await session.ReadAsync(new() { Base = $"CN=Partitions,{configuration}", Attributes = ["msDS-EnabledFeature"] }, cancellationToken);
        if (partitions is null || partitions.Values("msDS-EnabledFeature").Count == 0) { return false; }
        var search = new LdapSearch
        {
            Base = $"CN=Optional Features,CN=Directory Service,CN=Windows NT,CN=Services,{configuration}",
            Filter = "(objectClass=msDS-OptionalFeature)",
            Attributes = ["msDS-OptionalFeatureGUID"],
        };
        var enabled = partitions.Texts("msDS-EnabledFeature").ToHashSet(StringComparer.OrdinalIgnoreCase);
        await foreach (var feature in session.SearchAsync(search, cancellationToken))
        {
            if (feature.Id("msDS-OptionalFeatureGUID") == RecycleBin) { return enabled.Contains(feature.Name); }
        }
        return false;
    }

    /// <summary>See <see cref="IDirectoryRepair.DeletionTermsAsync"/>.</summary>
    public static async Task<DeletionTerms> TermsAsync(LdapSession session, CancellationToken cancellationToken)
    {
        string service = $"CN=Directory Service,CN=Windows NT,CN=Services,{session.RootDse.ConfigurationNaming}";
        var says = await session.ReadAsync(new() { Base = service, Attributes = ["msDS-DeletedObjectLifetime", "tombstoneLifetime"] }, cancellationToken);
        bool bin = await RecycleBinAsync(session, cancellationToken);
        // The life of deleted objects counts only where there is a Recycle Bin; tombstones have one of their own.
        return new() { RecycleBinEnabled = bin, KeptDays = (bin ? says?.Number("msDS-DeletedObjectLifetime") : null) ?? says?.Number("tombstoneLifetime") ?? DefaultDays };
    }

    /// <summary>
    /// Only administrators may look into the container of deleted objects unless somebody gave others the right to list and read it. Without
    /// it every deleted group seems to be gone for good.
    /// </summary>
    /// <returns>The container's name.</returns>
    public static async Task<string> DemandSightAsync(LdapSession session, CancellationToken cancellationToken)
    {
        string container = $"<WKGUID={DeletedObjects},{session.RootDse.DomainNaming}>";
        var seen = await session.ReadAsync(new() { Base = container, Attributes = ["objectGUID"], Deleted = true }, cancellationToken);
        return seen?.Id("objectGUID") is not null
            ? seen.Name
            : throw new DirectoryException(DirectoryError.AccessDenied.ToError($"{session.Host}: CN=Deleted Objects,{session.RootDse.DomainNaming}: can't be listed"));
    }

    /// <summary>See <see cref="IDirectoryRepair.DeletedGroupsAsync"/>.</summary>
    public async IAsyncEnumerable<DeletedWritebackGroup> GroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var search = new LdapSearch
        {
            Base = await DemandSightAsync(session, cancellationToken),
            // A deletion without the Recycle Bin takes the first anchor, and Connect alone never wrote the second: then the container tells.
            Filter = $"(&(objectClass=group)(isDeleted=TRUE)(|(adminDescription=Group_*)({AnchorWriter.Attribute}=Group_*)({LastParent}={LdapText.EscapeFilter(writebackOu)})))",
            Attributes = Attributes,
            ExtendedNames = true,
            Deleted = true,
            Recycled = true,
            PageSize = GroupReader.WholeBatch,
        };
        await foreach (var entry in session.SearchAsync(search, cancellationToken)) { yield return await DescribeAsync(entry, cancellationToken); }
    }

    async Task<DeletedWritebackGroup> DescribeAsync(LdapEntry entry, CancellationToken cancellationToken)
    {
        var group = GroupReader.NamesOf(entry);
        var (container, gone) = await ContainerAsync(entry, cancellationToken);
        string name = LdapText.NameOf(entry.Text(LastName) ?? PlainName(entry.Name), container);
        var members = await MemberReader.ReadAsync(entry, from => session.ReadAsync(
            new() { Base = LdapText.NameOf(group.ObjectGuid), Attributes = MemberReader.AttributesFrom(from), ExtendedNames = true, Deleted = true, Recycled = true }, cancellationToken)) ?? [];
        var living = await LivingAsync(members, cancellationToken);
        return new()
        {
            Was = new() { Group = group with { DistinguishedName = name, MemberCount = members.Count }, Description = entry.Text("description"), Members = [.. living.Order()] },
            DeletedAt = (entry.Bytes("replPropertyMetaData") is { } bytes ? ReplicationMetadata.LastWritten(bytes, ReplicationMetadata.Deletion) : null) ?? entry.Time("whenChanged"),
            Recycled = entry.Flag("isRecycled"),
            ContainerGone = gone,
            NameTakenBy = gone ? null : (await session.ReadAsync(new() { Base = name, Attributes = ["objectGUID"] }, cancellationToken))?.Id("objectGUID"),
            MembersGone = [.. members.Except(living).Order()],
        };
    }

    /// <summary>The container of a deleted object by its own name, which a deletion changes as well; and whether it is gone.</summary>
    async Task<(string Name, bool Gone)> ContainerAsync(LdapEntry deleted, CancellationToken cancellationToken)
    {
        if (deleted.Text(LastParent) is not { } text) { return ("", true); }
        var parent = ExtendedName.Parse(text);
        if (_containers.TryGetValue(parent.Name, out var known)) { return known; }
        var place = parent.ObjectGuid is { } id ? LdapText.NameOf(id) : parent.Name;
        var found = await session.ReadAsync(
            new() { Base = place, Attributes = ["isDeleted", LastParent, LastName], ExtendedNames = true, Deleted = true, Recycled = true }, cancellationToken);
        (string, bool) seen = found switch
        {
            null => (parent.Name, true),
            _ when !found.Flag("isDeleted") => (found.Name, false),
            _ => ($"{DistinguishedName.Rdn(found.Name).Split('=')[0]}={LdapText.EscapeName(found.Text(LastName) ?? PlainName(found.Name))},{(await ContainerAsync(found, cancellationToken)).Name}", true),
        };
        return _containers[parent.Name] = seen;
    }

    async Task<HashSet<Guid>> LivingAsync(HashSet<Guid> members, CancellationToken cancellationToken)
    {
        var living = new HashSet<Guid>();
        foreach (var batch in members.Chunk(GroupReader.LightBatch))
        {
            var search = new LdapSearch { Base = root, Filter = LdapText.AnyOf(batch), Attributes = ["objectGUID"], Paged = false };
            await foreach (var member in forest.SearchAsync(search, cancellationToken))
            {
                if (member.Id("objectGUID") is { } id) { living.Add(id); }
            }
        }
        return living;
    }

    static string PlainName(string distinguishedName) => DistinguishedName.CommonName(distinguishedName).Split(Mark)[0];
}

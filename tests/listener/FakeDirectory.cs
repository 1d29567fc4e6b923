using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;

namespace GwbCloud.Tests.Listener;

/// <summary>A directory in memory that records what was written to it.</summary>
sealed class FakeDirectory : IDirectory, IDirectoryRepair
{
    public const string Ou = "OU=Writeback,DC=contoso,DC=example";

    public Dictionary<Guid, GroupSnapshot> Groups { get; } = [];

    public List<string> GlobalCatalogs { get; } = ["gc1.contoso.example", "gc2.contoso.example"];

    /// <summary>Objects that a catalog does not show yet, by its name.</summary>
    public Dictionary<string, HashSet<Guid>> Hidden { get; } = [];

    /// <summary>Writes as they came: stamp, clear, create, delete.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>When false, writes report success and change nothing.</summary>
    public bool WritesStick { get; set; } = true;

    /// <summary>How often all groups of the OU were read with the number of their members.</summary>
    public int FullReadings { get; private set; }

    /// <summary>Most groups that were asked for with their members at once.</summary>
    public int LargestRead { get; private set; }

    /// <summary>Runs before each write; may throw.</summary>
    public Func<Task>? BeforeWrite { get; set; }

    /// <summary>What an inspection shows, beside the global catalogs.</summary>
    public ForestFacts Forest { get; set; } = new()
    {
        Domain = "contoso.example",
        WritableDomainController = "dc1.contoso.example",
        GlobalCatalogs = [],
        SchemaVersion = 88,
        HasExternalDirectoryObjectId = true,
        RecycleBinEnabled = true,
        Exchange = new(),
        WritebackOu = Ou,
        WritebackOuExists = true,
        AgentMayWriteOu = true,
        ListenerMayStampOu = true,
        Agents = [new() { Computer = "SRV01", Version = "1.1.1370.0", Active = true }],
        UnreachableEndpoints = [],
        ConnectComputers = ["AADC01"],
    };

    public GroupSnapshot Add(string cn, string? anchor = null, string? stamp = null, string? mail = null, params Guid[] members)
    {
        var group = new GroupSnapshot
        {
            Group = new()
            {
                ObjectGuid = Guid.NewGuid(),
                DistinguishedName = $"CN={cn},{Ou}",
                SamAccountName = cn,
                Sid = $"S-1-5-21-1-2-3-{1000 + Groups.Count}",
                GroupType = -2147483640,
                AdminDescription = anchor,
                ExternalDirectoryObjectId = stamp,
                Mail = mail,
                MemberCount = members.Length,
            },
            Members = [.. members.Order()],
        };
        Groups.Add(group.Group.ObjectGuid, group);
        return group;
    }

    /// <summary>Runs before a group is renamed or moved; may throw.</summary>
    public Func<Guid, Task>? BeforeRelocating { get; set; }

    /// <summary>Groups that the Recycle Bin holds.</summary>
    public Dictionary<Guid, GroupSnapshot> Deleted { get; } = [];

    /// <summary>When objects were made; those that are not here stood there from the beginning.</summary>
    public Dictionary<Guid, DateTimeOffset> Created { get; } = [];

    /// <summary>The domain controller's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>objectGUIDs of members that are gone.</summary>
    public HashSet<Guid> Nobody { get; } = [];

    public IDirectoryRepair Repair => this;

    public void Delete(Guid objectGuid)
    {
        if (Groups.Remove(objectGuid, out var group)) { Deleted.Add(objectGuid, group); }
    }

    public void Change(Guid objectGuid, Func<AdGroup, AdGroup> change) =>
        Groups[objectGuid] = Groups[objectGuid] with { Group = change(Groups[objectGuid].Group) };

    /// <summary>What the forest's facts fail with, as when no domain controller answers.</summary>
    public CommandError? Silent { get; set; }

    public Task<ForestFacts> InspectAsync(CancellationToken cancellationToken) =>
        Silent is { } error ? throw new DirectoryException(error) : Task.FromResult(Forest with { GlobalCatalogs = GlobalCatalogs });

    public IAsyncEnumerable<AdGroup> GroupsUnderWritebackOuAsync(CancellationToken cancellationToken)
    {
        FullReadings++;
        return UnderWritebackOuAsync();
    }

    public IAsyncEnumerable<AdGroup> NamesUnderWritebackOuAsync(CancellationToken cancellationToken) =>
        UnderWritebackOuAsync().Select(group => group with { MemberCount = 0, Nested = NestedGroups.None });

    async IAsyncEnumerable<AdGroup> UnderWritebackOuAsync()
    {
        await Task.Yield();
        foreach (var group in Groups.Values.Where(group => group.Group.DistinguishedName.EndsWith(Ou, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            yield return group.Group;
        }
    }

    public string WritebackOu => Ou;

    public Task<ForestServers> ServersAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ForestServers { WritableDomainController = "dc1.contoso.example", GlobalCatalogs = GlobalCatalogs });

    public async IAsyncEnumerable<AdGroup> ReadGroupsAsync(IReadOnlyCollection<Guid> objectGuids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in ReadSnapshotsAsync(objectGuids, cancellationToken)) { yield return group.Group with { MemberCount = 0, Nested = NestedGroups.None }; }
    }

    public async IAsyncEnumerable<GroupSnapshot> ReadSnapshotsAsync(
        IReadOnlyCollection<Guid> objectGuids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        LargestRead = Math.Max(LargestRead, objectGuids.Count);
        foreach (var group in objectGuids.Select(Groups.GetValueOrDefault).OfType<GroupSnapshot>().ToList()) { yield return group; }
    }

    public Task<IReadOnlyList<CatalogEntry>> FindInCatalogAsync(string globalCatalog, IReadOnlyList<string> anchors, CancellationToken cancellationToken)
    {
        Assert.InRange(anchors.Count, 1, 100);
        return Task.FromResult<IReadOnlyList<CatalogEntry>>(
        [
            .. Groups.Values.Select(group => group.Group)
                .Where(group => anchors.Contains(group.ExternalDirectoryObjectId) && Hidden.GetValueOrDefault(globalCatalog)?.Contains(group.ObjectGuid) is not true)
                .Select(group => new CatalogEntry { ObjectGuid = group.ObjectGuid, DistinguishedName = group.DistinguishedName, Anchor = group.ExternalDirectoryObjectId! }),
        ]);
    }

    public async Task<IReadOnlyList<AnchorOutcome>> WriteAnchorsAsync(IReadOnlyList<AnchorWrite> writes, CancellationToken cancellationToken)
    {
        var outcomes = new List<AnchorOutcome>();
        foreach (var write in writes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            outcomes.Add(new() { ObjectGuid = write.ObjectGuid, State = await WriteAsync(write) });
        }
        return outcomes;
    }

    async Task<AnchorState> WriteAsync(AnchorWrite write)
    {
        if (!Groups.TryGetValue(write.ObjectGuid, out var found)) { return AnchorState.Gone; }
        string? now = found.Group.ExternalDirectoryObjectId;
        if (now == (write.Clear ? null : write.Value)) { return AnchorState.AlreadySo; }
        if (now != (write.Clear ? write.Value : null)) { return AnchorState.HoldsOther; }
        await BeginWriteAsync($"{(write.Clear ? "clear" : "stamp")} {found.Group.SamAccountName}");
        if (WritesStick) { Change(write.ObjectGuid, group => group with { ExternalDirectoryObjectId = write.Clear ? null : write.Value }); }
        return AnchorState.Written;
    }

    public async Task<Guid> CreateGroupAsync(NewGroup group, CancellationToken cancellationToken)
    {
        await BeginWriteAsync($"create {group.Cn}");
        var made = Add(group.Cn, group.Anchor, group.Anchor, null, [.. group.Members]).Group.ObjectGuid;
        Created[made] = Time.GetUtcNow();
        return made;
    }

    public Task<DateTimeOffset?> WhenCreatedAsync(Guid objectGuid, CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(Groups.ContainsKey(objectGuid) ? Created.GetValueOrDefault(objectGuid) : null);

    public async Task<CanaryDeletion> DeleteGroupAsync(CanaryIdentity canary, DateTimeOffset notBefore, CancellationToken cancellationToken)
    {
        if (!Groups.TryGetValue(canary.ObjectGuid, out var found)) { return CanaryDeletion.Gone; }
        if (canary.Anchor.Length == 0 || found.Group.AdminDescription != canary.Anchor || found.Group.ExternalDirectoryObjectId != canary.Anchor) { return CanaryDeletion.HoldsOther; }
        if (Created.GetValueOrDefault(canary.ObjectGuid) < notBefore) { return CanaryDeletion.Older; }
        await BeginWriteAsync($"delete {found.Group.SamAccountName}");
        Groups.Remove(canary.ObjectGuid);
        return CanaryDeletion.Gone;
    }

    /// <summary>Groups that the Recycle Bin holds and that are told otherwise than as they were.</summary>
    public Dictionary<Guid, Func<DeletedWritebackGroup, DeletedWritebackGroup>> ToldAs { get; } = [];

    public Task<DeletionTerms> DeletionTermsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new DeletionTerms { RecycleBinEnabled = Forest.RecycleBinEnabled, KeptDays = 180 });

    public async IAsyncEnumerable<DeletedWritebackGroup> DeletedGroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (Silent is { } error) { throw new DirectoryException(error); }
        foreach (var was in Deleted.Values.ToList())
        {
            var told = new DeletedWritebackGroup { Was = was, DeletedAt = DateTimeOffset.UnixEpoch };
            yield return ToldAs.TryGetValue(was.Group.ObjectGuid, out var change) ? change(told) : told;
        }
    }

    public Task<DeletedGroup?> FindDeletedAsync(Guid objectGuid, CancellationToken cancellationToken) =>
        Task.FromResult(Deleted.GetValueOrDefault(objectGuid)?.Group is { } group
            ? new DeletedGroup { ObjectGuid = objectGuid, Sid = group.Sid, AdminDescription = group.AdminDescription, ExternalDirectoryObjectId = group.ExternalDirectoryObjectId }
            : null);

    public async Task ReanimateAsync(GroupSnapshot was, CancellationToken cancellationToken)
    {
        await BeginWriteAsync($"reanimate {was.Group.SamAccountName}");
        if (Deleted.Remove(was.Group.ObjectGuid, out var group)) { Groups.Add(was.Group.ObjectGuid, group); }
    }

    public async Task RelocateAsync(Guid objectGuid, string distinguishedName, CancellationToken cancellationToken)
    {
        if (BeforeRelocating is { } before) { await before(objectGuid); }
        await BeginWriteAsync($"relocate {Groups[objectGuid].Group.SamAccountName}");
        Change(objectGuid, group => group with { DistinguishedName = distinguishedName });
    }

    public async Task AddMembersAsync(Guid objectGuid, IReadOnlyList<Guid> members, CancellationToken cancellationToken)
    {
        var group = Groups[objectGuid];
        await BeginWriteAsync($"add {members.Count} to {group.Group.SamAccountName}");
        Groups[objectGuid] = group with { Members = [.. group.Members.Union(members.Except(Nobody)).Order()] };
    }

    async Task BeginWriteAsync(string what)
    {
        if (BeforeWrite is { } before) { await before(); }
        Writes.Add(what);
    }
}

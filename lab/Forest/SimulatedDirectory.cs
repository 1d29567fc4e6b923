using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;

namespace GwbCloud.Lab.Forest;

/// <summary>The forest behind the listener's port; one for each listener.</summary>
public sealed class SimulatedDirectory(SimulatedWorld world) : IDirectory
{
    const int MaxAnchors = 100;

    readonly SimulatedRepair _repair = new(world);

    /// <inheritdoc/>
    public Task<ForestFacts> InspectAsync(CancellationToken cancellationToken) => Read(() =>
    {
        var forest = world.ForestFacts;
        return new ForestFacts
        {
            Domain = forest.Domain,
            Forest = forest.Domain,
            OtherDomains = [.. forest.OtherDomains.Where(d => d.Forest == forest.Domain).Select(d => new DomainFacts { Domain = d.Domain, Agents = d.Agents })],
            WritableDomainController = forest.GlobalCatalogs[0],
            GlobalCatalogs = forest.GlobalCatalogs,
            SchemaVersion = forest.SchemaVersion,
            HasExternalDirectoryObjectId = forest.SchemaVersion >= 87,
            RecycleBinEnabled = forest.RecycleBinEnabled,
            LastBackup = forest.LastBackupBefore(world.Clock.GetUtcNow()),
            Exchange = forest.Exchange,
            WritebackOu = forest.WritebackOu,
            WritebackOuExists = forest.Containers.Contains(forest.WritebackOu, StringComparer.OrdinalIgnoreCase),
            AgentMayWriteOu = forest.AgentMayWriteOu,
            ListenerMayStampOu = true,
            Agents = forest.Agents,
            UnreachableEndpoints = forest.UnreachableEndpoints,
            ConnectComputers = ConnectAccounts.Computers(forest.ConnectAccounts),
        };
    }, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AdGroup> GroupsUnderWritebackOuAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var group in await Read(() => world.Forest.GroupsUnder(world.ForestFacts.WritebackOu).Select(Describe).ToList(), cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AdGroup> NamesUnderWritebackOuAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var group in await Read(() => world.Forest.GroupsUnder(world.ForestFacts.WritebackOu).Select(Name).ToList(), cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public IDirectoryRepair Repair => _repair;

    /// <inheritdoc/>
    public string WritebackOu => world.Store.Read(() => world.ForestFacts.WritebackOu);

    /// <inheritdoc/>
    public Task<ForestServers> ServersAsync(CancellationToken cancellationToken) => Read(
        () => new ForestServers { WritableDomainController = world.ForestFacts.GlobalCatalogs[0], GlobalCatalogs = world.ForestFacts.GlobalCatalogs }, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AdGroup> ReadGroupsAsync(IReadOnlyCollection<Guid> objectGuids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var group in await Read(() => Groups(objectGuids).Select(Name).ToList(), cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<GroupSnapshot> ReadSnapshotsAsync(
        IReadOnlyCollection<Guid> objectGuids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var snapshots = await Read(
            () => Groups(objectGuids).Select(o => new GroupSnapshot { Group = Describe(o) with { Nested = NestedGroups.None }, Description = o.Description, Members = o.Members }).ToList(), cancellationToken);
        foreach (var snapshot in snapshots) { yield return snapshot; }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CatalogEntry>> FindInCatalogAsync(string globalCatalog, IReadOnlyList<string> anchors, CancellationToken cancellationToken)
    {
        if (anchors.Count > MaxAnchors) { throw new DirectoryException(Error("GWB6105", $"At most {MaxAnchors} anchors can be looked up at once.")); }
        return Read<IReadOnlyList<CatalogEntry>>(() =>
        [
            .. anchors.SelectMany(anchor => world.Forest.FindInCatalog(globalCatalog, anchor)
                .Select(o => new CatalogEntry { ObjectGuid = o.ObjectGuid, DistinguishedName = o.DistinguishedName, Anchor = anchor })),
        ], cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AnchorOutcome>> WriteAnchorsAsync(IReadOnlyList<AnchorWrite> writes, CancellationToken cancellationToken)
    {
        var outcomes = new List<AnchorOutcome>(writes.Count);
        foreach (var write in writes)
        {
            outcomes.Add(new() { ObjectGuid = write.ObjectGuid, State = await Change(c => WriteAnchor(c, write), cancellationToken) });
        }
        return outcomes;
    }

    AnchorState WriteAnchor(WorldChange change, AnchorWrite write)
    {
        if (world.Suffers(Sabotage.NoStamp)) { return AnchorState.Written; }
        if (world.Forest.Find(write.ObjectGuid) is not { } found) { return AnchorState.Gone; }
        string? now = string.IsNullOrEmpty(found.ExternalDirectoryObjectId) ? null : found.ExternalDirectoryObjectId;
        if (now == (write.Clear ? null : write.Value)) { return AnchorState.AlreadySo; }
        if (now != (write.Clear ? write.Value : null)) { return AnchorState.HoldsOther; }
        world.Forest.SetAnchor(change, write.ObjectGuid, write.Clear ? null : write.Value);
        return AnchorState.Written;
    }

    /// <inheritdoc/>
    public Task<Guid> CreateGroupAsync(NewGroup group, CancellationToken cancellationToken) => Change(c => world.Forest.Create(c, new NewAdObject
    {
        Class = AdClass.Group,
        DistinguishedName = DistinguishedName.Of(group.Cn, group.Container ?? world.ForestFacts.WritebackOu),
        SamAccountName = AccountName.Of(group.Cn),
        DisplayName = group.DisplayName,
        GroupType = GroupTypes.UniversalSecurity,
        AdminDescription = group.Anchor,
        Anchor = group.Anchor,
        Members = group.Members,
        MadeBy = "product",
    }).ObjectGuid, cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> WhenCreatedAsync(Guid objectGuid, CancellationToken cancellationToken) => Read(
        () => world.Forest.Find(objectGuid) is { } found ? found.CreatedAt ?? DateTimeOffset.MinValue : (DateTimeOffset?)null, cancellationToken);

    /// <inheritdoc/>
    public Task<CanaryDeletion> DeleteGroupAsync(CanaryIdentity canary, DateTimeOffset notBefore, CancellationToken cancellationToken) => Change(c =>
    {
        if (world.Forest.Find(canary.ObjectGuid) is not { } found) { return CanaryDeletion.Gone; }
        if (canary.Anchor.Length == 0 || found.AdminDescription != canary.Anchor || found.ExternalDirectoryObjectId != canary.Anchor) { return CanaryDeletion.HoldsOther; }
        if (found.CreatedAt is not { } created || created < notBefore) { return CanaryDeletion.Older; }
        world.Forest.Delete(c, canary.ObjectGuid);
        return CanaryDeletion.Gone;
    }, cancellationToken);

    IEnumerable<AdObject> Groups(IReadOnlyCollection<Guid> objectGuids) =>
        objectGuids.Select(world.Forest.Find).OfType<AdObject>().Where(o => o.Class == AdClass.Group);

    AdGroup Describe(AdObject o) => Name(o) with
    {
        MemberCount = o.Members.Count,
        Nested = NestedIn(o),
        ForeignMembers = world.Forest.ForeignMembersOf(o).Count(),
        AgentMayWrite = world.Forest.AgentMayWrite(o),
        ListenerMayStamp = true,
    };

    internal static AdGroup Name(AdObject o) => new()
    {
        ObjectGuid = o.ObjectGuid,
        DistinguishedName = o.DistinguishedName,
        SamAccountName = o.SamAccountName,
        Sid = o.Sid,
        DisplayName = o.DisplayName,
        GroupType = o.GroupType,
        AdminDescription = o.AdminDescription,
        ExternalDirectoryObjectId = o.ExternalDirectoryObjectId,
        Mail = o.Mail,
        MemberCount = 0,
        AdminCount = o.AdminCount,
        ProtectedFromDeletion = o.ProtectedFromDeletion,
    };

    NestedGroups NestedIn(AdObject group)
    {
        int universal = 0, global = 0, local = 0;
        foreach (var member in group.Members)
        {
            if (world.Forest.Find(member) is not { Class: AdClass.Group } nested) { continue; }
            if (GroupTypes.IsUniversal(nested.GroupType)) { universal++; }
            else if (GroupTypes.IsDomainLocal(nested.GroupType)) { local++; }
            else { global++; }
        }
        return universal + global + local == 0 ? NestedGroups.None : new() { Universal = universal, Global = global, DomainLocal = local };
    }

    static CommandError Error(string code, string message) => new() { Code = code, Message = message };

    internal static DirectoryException Translate(ForestException e) => new(Error(e.Refusal switch
    {
        ForestRefusal.AccessDenied => "GWB6102",
        ForestRefusal.EntryAlreadyExists => "GWB6106",
        _ => "GWB6101",
    }, e.Message), e);

    Task<T> Read<T>(Func<T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(world.Store.Read(read));
        }
        catch (ForestException e)
        {
            return Task.FromException<T>(Translate(e));
        }
    }

    async Task<T> Change<T>(Func<WorldChange, T> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await world.Store.ChangeAsync(change);
        }
        catch (ForestException e)
        {
            throw Translate(e);
        }
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory;

namespace GwbCloud.Lab.Forest;

/// <summary>The forest behind the listener's port; one for each listener.</summary>
public sealed class SimulatedDirectory(SimulatedWorld world) : IDirectory
{
    const int MaxAnchors = 100;

    /// <inheritdoc/>
    public Task<ForestFacts> InspectAsync(CancellationToken cancellationToken) => Read(() =>
    {
        var forest = world.ForestFacts;
        return new ForestFacts
        {
            Domain = forest.Domain,
            WritableDomainController = forest.GlobalCatalogs[0],
            GlobalCatalogs = forest.GlobalCatalogs,
            SchemaVersion = forest.SchemaVersion,
            HasExternalDirectoryObjectId = forest.SchemaVersion >= 87,
            RecycleBinEnabled = forest.RecycleBinEnabled,
            LastBackup = forest.LastBackup,
            Exchange = forest.Exchange,
            WritebackOu = forest.WritebackOu,
            WritebackOuExists = forest.Containers.Contains(forest.WritebackOu, StringComparer.OrdinalIgnoreCase),
            AgentMayWriteOu = forest.AgentMayWriteOu,
            Agents = forest.Agents,
            UnreachableEndpoints = forest.UnreachableEndpoints,
            ConnectComputers = ConnectAccounts.Computers(forest.ConnectAccounts),
        };
    }, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AdGroup> GroupsUnderWritebackOuAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var group in await Read(() => world.Forest.GroupsUnder(world.ForestFacts.WritebackOu).Select(Describe).ToList(), cancellationToken)) { yield return group; }
    }

    /// <inheritdoc/>
    public Task<GroupSnapshot?> ReadAsync(Guid objectGuid, CancellationToken cancellationToken) => Read(() =>
        world.Forest.Find(objectGuid) is { Class: AdClass.Group } o ? new GroupSnapshot { Group = Describe(o), Description = o.Description, Members = o.Members } : null, cancellationToken);

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
    public Task SetAnchorAsync(Guid objectGuid, string value, bool clear, CancellationToken cancellationToken) => Change(c =>
    {
        if (world.Suffers(Sabotage.NoStamp)) { return true; }
        string? now = world.Forest.Find(objectGuid)?.ExternalDirectoryObjectId;
        if (clear ? now == value : string.IsNullOrEmpty(now)) { world.Forest.SetAnchor(c, objectGuid, clear ? null : value); }
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<Guid> CreateGroupAsync(NewGroup group, CancellationToken cancellationToken) => Change(c => world.Forest.Create(c, new NewAdObject
    {
        Class = AdClass.Group,
        DistinguishedName = DistinguishedName.Of(group.Cn, world.ForestFacts.WritebackOu),
        DisplayName = group.DisplayName,
        GroupType = GroupTypes.UniversalSecurity,
        AdminDescription = group.Anchor,
        Anchor = group.Anchor,
        Members = group.Members,
        MadeBy = "product",
    }).ObjectGuid, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteGroupAsync(Guid objectGuid, CancellationToken cancellationToken) => Change(c =>
    {
        world.Forest.Delete(c, objectGuid);
        return true;
    }, cancellationToken);

    AdGroup Describe(AdObject o) => new()
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
        MemberCount = o.Members.Count,
        Nested = NestedIn(o),
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

    static DirectoryException Translate(ForestException e) => new(Error(e.Refusal switch
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

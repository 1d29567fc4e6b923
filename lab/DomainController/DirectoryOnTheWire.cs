using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory;

namespace GwbCloud.Lab.DomainController;

/// <summary>The product's directory on a domain that a world lives in: what the product does there the world learns before the product goes on.</summary>
/// <remarks>
/// Reads and writes are the product's own. The world adds what a throw-away domain can't have (Recycle Bin, backup, Exchange, agents, other
/// servers' accounts), and sabotages that lie beneath the port lie here.
/// </remarks>
sealed class DirectoryOnTheWire(IDirectory product, SimulatedWorld world, ForestOnTheWire forest) : IDirectory
{
    /// <inheritdoc/>
    public string WritebackOu => product.WritebackOu;

    /// <inheritdoc/>
    public IDirectoryRepair Repair => new Repaired(product.Repair, this);

    /// <inheritdoc/>
    public Task<ForestServers> ServersAsync(CancellationToken cancellationToken) => product.ServersAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ForestFacts> InspectAsync(CancellationToken cancellationToken)
    {
        var facts = await product.InspectAsync(cancellationToken);
        var simulated = world.Store.Read(() => world.ForestFacts);
        return facts with
        {
            RecycleBinEnabled = simulated.RecycleBinEnabled,
            LastBackup = simulated.LastBackupBefore(world.Clock.GetUtcNow()),
            Exchange = simulated.Exchange,
            AgentMayWriteOu = simulated.AgentMayWriteOu,
            Agents = simulated.Agents,
            ConnectComputers = ConnectAccounts.Computers(simulated.ConnectAccounts),
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AdGroup> GroupsUnderWritebackOuAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool mayWrite = world.Store.Read(() => world.ForestFacts.AgentMayWriteOu);
        await foreach (var group in product.GroupsUnderWritebackOuAsync(cancellationToken)) { yield return group with { AgentMayWrite = mayWrite && !group.AdminCount }; }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<AdGroup> NamesUnderWritebackOuAsync(CancellationToken cancellationToken) => product.NamesUnderWritebackOuAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<AdGroup> ReadGroupsAsync(IReadOnlyCollection<Guid> objectGuids, CancellationToken cancellationToken) => product.ReadGroupsAsync(objectGuids, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<GroupSnapshot> ReadSnapshotsAsync(IReadOnlyCollection<Guid> objectGuids, CancellationToken cancellationToken) =>
        product.ReadSnapshotsAsync(objectGuids, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CatalogEntry>> FindInCatalogAsync(string globalCatalog, IReadOnlyList<string> anchors, CancellationToken cancellationToken) =>
        product.FindInCatalogAsync(globalCatalog, anchors, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AnchorOutcome>> WriteAnchorsAsync(IReadOnlyList<AnchorWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        if (world.Suffers(Sabotage.NoStamp)) { return [.. writes.Select(w => new AnchorOutcome { ObjectGuid = w.ObjectGuid, State = AnchorState.Written })]; }
        try
        {
            return await product.WriteAnchorsAsync(writes, cancellationToken);
        }
        finally
        {
            // Whatever the outcome says: what is there counts.
            await LearnAsync([.. writes.Select(w => w.ObjectGuid)]);
        }
    }

    /// <inheritdoc/>
    public async Task<Guid> CreateGroupAsync(NewGroup group, CancellationToken cancellationToken)
    {
        var made = await product.CreateGroupAsync(group, cancellationToken);
        forest.MarkAsMade(made);
        await LearnAsync([made]);
        return made;
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> WhenCreatedAsync(Guid objectGuid, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(CreatedInTheStory(objectGuid));
    }

    /// <inheritdoc/>
    public async Task<CanaryDeletion> DeleteGroupAsync(CanaryIdentity canary, DateTimeOffset notBefore, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(canary);
        // The domain controller's clock is the machine's, the story has one of its own: ages are told by the story.
        if (CreatedInTheStory(canary.ObjectGuid) < notBefore) { return CanaryDeletion.Older; }
        var deletion = await product.DeleteGroupAsync(canary, DateTimeOffset.MinValue, cancellationToken);
        await LearnAsync([canary.ObjectGuid]);
        return deletion;
    }

    DateTimeOffset? CreatedInTheStory(Guid objectGuid) =>
        world.Store.Read(() => world.Forest.Find(objectGuid) is { } found ? found.CreatedAt ?? DateTimeOffset.MinValue : (DateTimeOffset?)null);

    /// <summary>Bringing groups back, learnt like everything else.</summary>
    sealed class Repaired(IDirectoryRepair product, DirectoryOnTheWire directory) : IDirectoryRepair
    {
        public Task<DeletionTerms> DeletionTermsAsync(CancellationToken cancellationToken) => product.DeletionTermsAsync(cancellationToken);

        public IAsyncEnumerable<DeletedWritebackGroup> DeletedGroupsAsync(CancellationToken cancellationToken) => product.DeletedGroupsAsync(cancellationToken);

        public Task<DeletedGroup?> FindDeletedAsync(Guid objectGuid, CancellationToken cancellationToken) => product.FindDeletedAsync(objectGuid, cancellationToken);

        public Task ReanimateAsync(GroupSnapshot was, CancellationToken cancellationToken) => LearntAsync(product.ReanimateAsync(was, cancellationToken), was.Group.ObjectGuid);

        public Task RelocateAsync(Guid objectGuid, string distinguishedName, CancellationToken cancellationToken) =>
            LearntAsync(product.RelocateAsync(objectGuid, distinguishedName, cancellationToken), objectGuid);

        public Task AddMembersAsync(Guid objectGuid, IReadOnlyList<Guid> members, CancellationToken cancellationToken) =>
            LearntAsync(product.AddMembersAsync(objectGuid, members, cancellationToken), objectGuid);

        async Task LearntAsync(Task done, Guid objectGuid)
        {
            await done;
            await directory.LearnAsync([objectGuid]);
        }
    }

    /// <summary>Reads objects from the directory and puts them into the world.</summary>
    async Task LearnAsync(IReadOnlyCollection<Guid> objectGuids)
    {
        var found = objectGuids.Select(id => (Id: id, Found: forest.Read(id))).ToList();
        await world.Store.ChangeAsync(change =>
        {
            foreach (var (id, there) in found)
            {
                world.Forest.Adopt(change, id, there?.ToWorld(name => world.Forest.FindByName(name)?.ObjectGuid));
            }
        });
    }
}

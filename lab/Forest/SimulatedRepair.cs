using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory;

namespace GwbCloud.Lab.Forest;

/// <summary>Bringing groups of the simulated forest back.</summary>
sealed class SimulatedRepair(SimulatedWorld world) : IDirectoryRepair
{
    /// <inheritdoc/>
    public Task<DeletionTerms> DeletionTermsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(world.Store.Read(() => new DeletionTerms { RecycleBinEnabled = world.ForestFacts.RecycleBinEnabled, KeptDays = world.ForestFacts.DeletedObjectDays }));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DeletedWritebackGroup> DeletedGroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
        foreach (var group in world.Store.Read(() => world.Objects.Values
            .Where(o => o is { Class: AdClass.Group, DeletedAt: not null } && o.AdminDescription?.StartsWith("Group_", StringComparison.OrdinalIgnoreCase) == true)
            .Select(Describe).ToList())) { yield return group; }
    }

    /// <inheritdoc/>
    public Task<DeletedGroup?> FindDeletedAsync(Guid objectGuid, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(world.Store.Read(() => world.Objects.Find(objectGuid) is { DeletedAt: not null } o
            ? new DeletedGroup { ObjectGuid = objectGuid, Sid = o.Sid, AdminDescription = o.AdminDescription, ExternalDirectoryObjectId = o.ExternalDirectoryObjectId }
            : null));
    }

    /// <inheritdoc/>
    public Task ReanimateAsync(GroupSnapshot was, CancellationToken cancellationToken) =>
        ChangeAsync(change => world.Forest.Restore(change, was.Group.ObjectGuid), cancellationToken);

    /// <inheritdoc/>
    public Task RelocateAsync(Guid objectGuid, string distinguishedName, CancellationToken cancellationToken) => ChangeAsync(change =>
    {
        world.Forest.Rename(change, objectGuid, DistinguishedName.Cn(distinguishedName));
        world.Forest.Move(change, objectGuid, DistinguishedName.Parent(distinguishedName));
    }, cancellationToken);

    /// <inheritdoc/>
    public Task AddMembersAsync(Guid objectGuid, IReadOnlyList<Guid> members, CancellationToken cancellationToken) =>
        ChangeAsync(change => world.Forest.AddMembers(change, objectGuid, members.Where(member => world.Forest.Find(member) is not null)), cancellationToken);

    DeletedWritebackGroup Describe(AdObject o) => new()
    {
        Was = new()
        {
            Group = SimulatedDirectory.Name(o),
            Description = o.Description,
            Members = [.. o.Members.Where(member => world.Forest.Find(member) is not null)],
        },
        DeletedAt = o.DeletedAt,
        Recycled = o.DeletedAt + TimeSpan.FromDays(world.ForestFacts.DeletedObjectDays) < world.Clock.GetUtcNow(),
        ContainerGone = !world.ForestFacts.Containers.Contains(DistinguishedName.Parent(o.DistinguishedName), StringComparer.OrdinalIgnoreCase),
        NameTakenBy = world.Forest.FindByName(o.DistinguishedName)?.ObjectGuid,
        MembersGone = [.. o.Members.Where(member => world.Forest.Find(member) is null)],
    };

    async Task ChangeAsync(Action<WorldChange> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await world.Store.ChangeAsync(c =>
            {
                change(c);
                return true;
            });
        }
        catch (ForestException e)
        {
            throw SimulatedDirectory.Translate(e);
        }
    }
}

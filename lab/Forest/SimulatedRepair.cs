using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory;

namespace GwbCloud.Lab.Forest;

/// <summary>Bringing groups of the simulated forest back.</summary>
sealed class SimulatedRepair(SimulatedWorld world) : IDirectoryRepair
{
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

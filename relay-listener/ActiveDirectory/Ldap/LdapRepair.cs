using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Brings groups back on the writable domain controller.</summary>
sealed class LdapRepair(LdapDirectory directory) : IDirectoryRepair
{
    readonly LdapDirectory _directory = directory;

    public Task<DeletedGroup?> FindDeletedAsync(Guid objectGuid, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReanimateAsync(GroupSnapshot was, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RelocateAsync(Guid objectGuid, string distinguishedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AddMembersAsync(Guid objectGuid, IReadOnlyList<Guid> members, CancellationToken cancellationToken) => throw new NotSupportedException(_directory.WritebackOu);
}

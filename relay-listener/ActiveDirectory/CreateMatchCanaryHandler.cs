using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Makes the object that Cloud Sync must match instead of creating a second one, or finds it made by an earlier run; never takes up an older group.</summary>
/// <param name="directory">Where it is made.</param>
/// <param name="canariesSince">Since when a migration's canaries may have been made; see <see cref="JobLedger.CanariesSince"/>.</param>
sealed class CreateMatchCanaryHandler(IDirectory directory, Func<string, DateTimeOffset> canariesSince) : ICommandHandler<CreateMatchCanary, CanaryObject>
{
    public async Task<CanaryObject> HandleAsync(CreateMatchCanary command, JobContext job, CancellationToken cancellationToken)
    {
        var made = await FindAsync(command, cancellationToken);
        if (made is null)
        {
            await directory.CreateGroupAsync(
                new() { Cn = command.Cn, DisplayName = command.DisplayName, Anchor = command.Anchor, Members = command.Members }, cancellationToken);
            made = await FindAsync(command, cancellationToken);
        }
        else if (await directory.WhenCreatedAsync(made.Group.ObjectGuid, cancellationToken) is not { } created
            || created < CanaryAge.NotBefore(canariesSince(job.Origin.MigrationId)))
        {
            throw DirectoryError.CanaryOlder.Exception(made.Group.DistinguishedName, transient: false);
        }
        return made is not null && made.Group.ExternalDirectoryObjectId == command.Anchor
            ? new() { Identity = new() { ObjectGuid = made.Group.ObjectGuid, Anchor = command.Anchor }, Snapshot = made }
            : throw DirectoryError.CanaryNotAsMade.Exception(null, transient: false);
    }

    /// <summary>The OU is searched on the writable domain controller: a global catalog may not yet show what an earlier run made.</summary>
    async Task<GroupSnapshot?> FindAsync(CreateMatchCanary command, CancellationToken cancellationToken)
    {
        bool taken = false;
        await foreach (var group in directory.NamesUnderWritebackOuAsync(cancellationToken))
        {
            if (group.AdminDescription == command.Anchor) { return await directory.ReadAsync(group.ObjectGuid, cancellationToken); }
            taken |= string.Equals(DistinguishedName.CommonName(group.DistinguishedName), command.Cn, StringComparison.OrdinalIgnoreCase);
        }
        return taken ? throw DirectoryError.CanaryNameTaken.Exception(command.Cn, transient: false) : null;
    }
}

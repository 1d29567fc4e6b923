using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Deletes canaries, each only when the object with the recorded objectGUID still bears the canary's own anchor.</summary>
/// <remarks>A group that this listener has stamped is a planned one, whoever calls it a canary: whoever had the cloud half's key could otherwise delete them all.</remarks>
sealed class RemoveCanaryObjectsHandler(IDirectory directory, StampJournal stamps) : ICommandHandler<RemoveCanaryObjects, RemovedObjects>
{
    public async Task<RemovedObjects> HandleAsync(RemoveCanaryObjects command, JobContext job, CancellationToken cancellationToken)
    {
        int removed = 0;
        int gone = 0;
        int refused = 0;
        foreach (var canary in command.Canaries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (stamps.HasStamped(canary.ObjectGuid)) { refused++; continue; }
            var found = await directory.ReadAsync(canary.ObjectGuid, cancellationToken);
            if (found is null) { gone++; }
            // The directory compares once more at the deletion: nobody trusts what was read a moment ago.
            else if (!found.Group.Bears(canary.Anchor) || !await directory.DeleteGroupAsync(canary, cancellationToken)) { refused++; }
            else if (await directory.ReadAsync(canary.ObjectGuid, cancellationToken) is null) { removed++; }
        }
        return new() { Removed = removed, AlreadyGone = gone, Refused = refused };
    }
}

using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Deletes canaries, each only when the object with the recorded objectGUID still bears the canary's own anchor and was made in its migration.</summary>
/// <param name="directory">Where they are.</param>
/// <param name="stamps">Groups that this listener has stamped are planned ones, whoever calls them canaries.</param>
/// <param name="canariesSince">Since when a migration's canaries may have been made; see <see cref="JobLedger.CanariesSince"/>.</param>
/// <remarks>Both rules are the listener's own: whoever had the cloud half's key could otherwise delete whatever bears its anchors.</remarks>
sealed class RemoveCanaryObjectsHandler(IDirectory directory, StampJournal stamps, Func<string, DateTimeOffset> canariesSince)
    : ICommandHandler<RemoveCanaryObjects, RemovedObjects>
{
    public async Task<RemovedObjects> HandleAsync(RemoveCanaryObjects command, JobContext job, CancellationToken cancellationToken)
    {
        var notBefore = CanaryAge.NotBefore(canariesSince(job.Origin.MigrationId));
        int removed = 0;
        int gone = 0;
        int refused = 0;
        var older = new List<CommandError>();
        foreach (var canary in command.Canaries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (stamps.HasStamped(canary.ObjectGuid)) { refused++; continue; }
            var found = await directory.ReadAsync(canary.ObjectGuid, cancellationToken);
            if (found is null) { gone++; continue; }
            // The directory compares once more at the deletion: nobody trusts what was read a moment ago.
            var deletion = found.Group.Bears(canary.Anchor) ? await directory.DeleteGroupAsync(canary, notBefore, cancellationToken) : CanaryDeletion.HoldsOther;
            if (deletion != CanaryDeletion.Gone) { refused++; }
            else if (await directory.ReadAsync(canary.ObjectGuid, cancellationToken) is null) { removed++; }
            if (deletion == CanaryDeletion.Older) { older.Add(DirectoryError.CanaryOlder.ToError(found.Group.DistinguishedName)); }
        }
        return new() { Removed = removed, AlreadyGone = gone, Refused = refused, Older = older };
    }
}

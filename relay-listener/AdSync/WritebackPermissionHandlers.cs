using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Has Connect's own cmdlet grant the permissions, and keeps what that added: only this is ever taken back.</summary>
/// <remarks>What was there before is kept with the job, so that one that died in the middle still knows what it added.</remarks>
sealed class GrantWritebackPermissionsHandler(IAdSync adSync, IDirectory directory, GrantedAccess granted, bool allowed)
    : ICommandHandler<GrantWritebackPermissions, WritebackPermissions>
{
    public async Task<WritebackPermissions> HandleAsync(GrantWritebackPermissions command, JobContext job, CancellationToken cancellationToken)
    {
        if (!allowed) { throw AdSyncError.PermissionsNotAllowed.Exception(null, transient: false); }
        string? ou = command.Scope == PermissionScope.WritebackOu ? directory.WritebackOu : null;
        var before = await SetSchedulerHandler.KeptAsync(job, async () => (await adSync.GetWritebackAccessAsync(ou, cancellationToken)).ToArray());
        await adSync.GrantWritebackAccessAsync(ou, cancellationToken);
        var now = await adSync.GetWritebackAccessAsync(ou, cancellationToken);
        await granted.AddAsync(GrantedAccess.Difference(before, now), cancellationToken);
        int ours = now.Intersect((await granted.ReadAsync(cancellationToken)).Select(entry => entry.There)).Count();
        return new() { Ours = ours, Others = now.Count - ours };
    }
}

/// <summary>Takes back what was granted here and is still there, puts what it had taken in back in its place, and reads it back.</summary>
sealed class RevokeWritebackPermissionsHandler(IAdSync adSync, GrantedAccess granted, bool allowed) : ICommandHandler<RevokeWritebackPermissions, WritebackPermissions>
{
    public async Task<WritebackPermissions> HandleAsync(RevokeWritebackPermissions command, JobContext job, CancellationToken cancellationToken)
    {
        var ours = await granted.ReadAsync(cancellationToken);
        if (ours.Count == 0) { return new() { Ours = 0, Others = 0 }; }
        if (!allowed) { throw AdSyncError.PermissionsNotAllowed.Exception(null, transient: false); }
        await adSync.RevokeWritebackAccessAsync(ours, cancellationToken);
        List<AccessEntry> now = [];
        foreach (string name in ours.Select(entry => entry.On).Distinct(StringComparer.OrdinalIgnoreCase)) { now.AddRange(await adSync.GetWritebackAccessAsync(name, cancellationToken)); }
        int left = now.Intersect(ours.Select(entry => entry.There)).Count();
        if (left == 0) { granted.Clear(); }
        return new() { Ours = left, Others = now.Count - left };
    }
}

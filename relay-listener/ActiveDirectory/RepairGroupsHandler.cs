using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Brings groups back to what a snapshot says. Adds what went, never takes away what came.</summary>
/// <remarks>Compare, journal, write, read back, as everywhere: run again after a crash it goes on where the directory is.</remarks>
sealed class RepairGroupsHandler(IDirectory directory, IDirectoryRepair repair, RepairJournal journal) : ICommandHandler<RepairGroups, RepairResult>
{
    public async Task<RepairResult> HandleAsync(RepairGroups command, JobContext job, CancellationToken cancellationToken)
    {
        var named = (await job.ReadListAsync<Guid>(command.Objects, cancellationToken)).ToHashSet();
        var snapshot = await job.ReadEntriesAsync<GroupSnapshot>(command.Snapshot, cancellationToken)
            .Where(group => named.Contains(group.Group.ObjectGuid)).ToDictionaryAsync(group => group.Group.ObjectGuid, cancellationToken: cancellationToken);

        var repairs = new List<GroupRepair>(named.Count);
        foreach (var objectGuid in named.Order())
        {
            cancellationToken.ThrowIfCancellationRequested();
            repairs.Add(snapshot.TryGetValue(objectGuid, out var was)
                ? await RepairAsync(was, job, cancellationToken)
                : Refused(objectGuid, $"{objectGuid}", DirectoryError.RepairUnknown));
            job.Report("bringing groups back", repairs.Count, named.Count);
        }
        int Count(RepairOutcome outcome) => repairs.Count(one => one.Outcome == outcome);
        return new()
        {
            AsTheyWere = Count(RepairOutcome.AsItWas),
            Repaired = Count(RepairOutcome.Repaired),
            Incomplete = Count(RepairOutcome.Incomplete),
            Refused = Count(RepairOutcome.Refused),
            Groups = await job.WriteListAsync("repairs", repairs, cancellationToken),
        };
    }

    async Task<GroupRepair> RepairAsync(GroupSnapshot was, JobContext job, CancellationToken cancellationToken)
    {
        var (id, name) = (was.Group.ObjectGuid, was.Group.DistinguishedName);
        if (!DistinguishedName.Under(name, directory.WritebackOu)) { return Refused(id, name, DirectoryError.RepairOutside); }
        if (string.IsNullOrEmpty(was.Group.AdminDescription)) { return Refused(id, name, DirectoryError.RepairOther); }

        var now = await directory.ReadAsync(id, cancellationToken);
        try
        {
            if (now is null)
            {
                if (await repair.FindDeletedAsync(id, cancellationToken) is not { } deleted) { return Told(was, null, job, DirectoryError.RepairGone.ToError(name)); }
                if (!IsSame(was.Group, deleted.Sid, deleted.AdminDescription, deleted.ExternalDirectoryObjectId)) { return Refused(id, name, DirectoryError.RepairOther); }
                await journal.BeginAsync(job.Origin, id, new() { Action = RepairAction.Reanimated });
                await repair.ReanimateAsync(was, cancellationToken);
                now = await directory.ReadAsync(id, cancellationToken);
            }
            else if (now.Group.AdminDescription is null || !IsSame(was.Group, now.Group.Sid, now.Group.AdminDescription, now.Group.ExternalDirectoryObjectId))
            {
                return Refused(id, name, DirectoryError.RepairOther);
            }

            if (now is not null && SnapshotComparison.Compare(was, now) is { } found)
            {
                if (found.Renamed || found.Moved)
                {
                    if (found.Renamed) { await journal.BeginAsync(job.Origin, id, new() { Action = RepairAction.Renamed, Before = now.Group.DistinguishedName }); }
                    if (found.Moved) { await journal.BeginAsync(job.Origin, id, new() { Action = RepairAction.Moved, Before = now.Group.DistinguishedName }); }
                    await repair.RelocateAsync(id, name, cancellationToken);
                }
                if (found.MembersLost.Count > 0)
                {
                    await journal.BeginAsync(job.Origin, id, new() { Action = RepairAction.MembersAdded, Members = found.MembersLost });
                    await repair.AddMembersAsync(id, found.MembersLost, cancellationToken);
                }
                now = await directory.ReadAsync(id, cancellationToken);
            }
            return Told(was, now, job, null);
        }
        catch (DirectoryException e) when (!e.Error.Transient)
        {
            // One group that can't be brought back must not keep the others; a server that is down keeps them all.
            return Told(was, await directory.ReadAsync(id, cancellationToken), job, e.Error);
        }
    }

    /// <summary>The same object, which still names the same cloud group. A deletion may have taken the first anchor, the SID never.</summary>
    static bool IsSame(AdGroup was, string sid, string? adminDescription, string? external) =>
        was.Sid == sid
        && (adminDescription ?? was.AdminDescription) == was.AdminDescription
        && (string.IsNullOrEmpty(external) || external == was.AdminDescription);

    /// <summary>The verdict, from what is read back and from what the journal says was begun.</summary>
    GroupRepair Told(GroupSnapshot was, GroupSnapshot? now, JobContext job, CommandError? error)
    {
        var found = SnapshotComparison.Compare(was, now);
        var begun = journal.Begun(job.Origin.CommandId, was.Group.ObjectGuid);
        var added = now is null ? [] : begun.SelectMany(step => step.Members).Distinct().Intersect(now.Members).ToList();
        var done = begun.Select(step => step.Action).Distinct().Where(action => action switch
        {
            RepairAction.Reanimated => now is not null,
            RepairAction.Renamed => found is not ({ Deleted: true } or { Renamed: true }),
            RepairAction.Moved => found is not ({ Deleted: true } or { Moved: true }),
            _ => added.Count > 0,
        }).ToList();
        bool incomplete = error is not null || found is { Deleted: true } or { Renamed: true } or { Moved: true } or { MembersLost.Count: > 0 };
        return new()
        {
            ObjectGuid = was.Group.ObjectGuid,
            DistinguishedName = was.Group.DistinguishedName,
            Outcome = incomplete ? RepairOutcome.Incomplete : done.Count > 0 ? RepairOutcome.Repaired : RepairOutcome.AsItWas,
            Done = done,
            MembersAdded = added.Count,
            MembersMissing = found is { Deleted: false } ? found.MembersLost : [],
            MembersGained = found?.MembersGained ?? [],
            Error = error,
        };
    }

    static GroupRepair Refused(Guid objectGuid, string name, Contracts.ErrorEntry why) => new()
    {
        ObjectGuid = objectGuid,
        DistinguishedName = name,
        Outcome = RepairOutcome.Refused,
        Error = why.ToError(name),
    };
}

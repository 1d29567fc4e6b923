using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>One run of stamping: prepares and writes batches, and counts what came of them.</summary>
sealed class StampRun(IDirectory directory, StampJournal journal, JobOrigin origin, string catalog)
{
    public StampTally Tally { get; } = new();

    /// <summary>Compares a batch with the directory and journals what is about to be written.</summary>
    public async Task<StampBatch> PrepareAsync(IReadOnlyList<GroupIdentity> planned, CancellationToken cancellationToken)
    {
        var found = await directory.ReadGroupsByIdAsync(planned.Select(group => group.ObjectGuid), cancellationToken);
        var empty = new List<GroupIdentity>();
        foreach (var group in planned)
        {
            found.TryGetValue(group.ObjectGuid, out var now);
            switch (StampJudge.Of(group, now, directory.WritebackOu))
            {
                case StampVerdict.Write: empty.Add(group); break;
                case StampVerdict.AlreadyEqual: CountEqual(group); break;
                case var other: Tally.LeaveAlone(other, now?.DistinguishedName ?? group.DistinguishedName); break;
            }
        }

        var free = await WithoutDuplicatesAsync(empty, cancellationToken);
        var interrupted = free.Where(group => journal.Find(origin.MigrationId, group.ObjectGuid) is { Settled: false }).Select(group => group.ObjectGuid).ToHashSet();
        if (free.Count > 0)
        {
            await journal.IntendAsync(origin.MigrationId, origin.CommandId,
                [.. free.Select(group => new IntendedStamp { ObjectGuid = group.ObjectGuid, CloudId = group.CloudId, Before = "" })]);
        }
        return new() { Planned = planned.Count, Groups = free, Interrupted = interrupted };
    }

    /// <summary>Writes a prepared batch, journals what the directory answered, and reads back.</summary>
    /// <exception cref="DirectoryException">The directory refused a write or did not answer; what it acknowledged is journalled.</exception>
    public async Task WriteAsync(StampBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Groups.Count == 0) { return; }
        var outcomes = await directory.WriteAnchorsAsync(
            [.. batch.Groups.Select(group => new AnchorWrite { ObjectGuid = group.ObjectGuid, Value = group.Anchor })], cancellationToken);

        var owned = outcomes.ToLookup(batch.IsOurs, outcome => outcome.ObjectGuid);
        await journal.SettleAsync(origin.MigrationId, [.. owned[true]], [.. owned[false]]);
        outcomes.ThrowOnError(batch.Groups);

        var after = await directory.ReadGroupsByIdAsync(outcomes.Select(outcome => outcome.ObjectGuid), cancellationToken);
        foreach (var (group, outcome) in batch.Groups.Zip(outcomes))
        {
            after.TryGetValue(group.ObjectGuid, out var now);
            var verdict = StampJudge.Of(group, now, directory.WritebackOu);
            if (verdict == StampVerdict.AlreadyEqual) { Tally.Stamped(batch.IsOurs(outcome) is true); }
            // What was acknowledged and is empty all the same is not counted: the global catalogs are asked for every group later.
            else if (verdict != StampVerdict.Write) { Tally.LeaveAlone(verdict, now?.DistinguishedName ?? group.DistinguishedName); }
        }
    }

    void CountEqual(GroupIdentity group) => Tally.Stamped(
        journal.Find(origin.MigrationId, group.ObjectGuid) is { } stamp && stamp.CloudId == group.CloudId && stamp.Command == origin.CommandId);

    /// <summary>Those whose anchor no other object of the forest bears. Two holders of one anchor would stop Cloud Sync.</summary>
    async Task<IReadOnlyList<GroupIdentity>> WithoutDuplicatesAsync(List<GroupIdentity> groups, CancellationToken cancellationToken)
    {
        var free = new List<GroupIdentity>(groups.Count);
        foreach (var batch in groups.Chunk(DirectoryReading.CatalogBatch))
        {
            var holders = (await directory.FindInCatalogAsync(catalog, [.. batch.Select(group => group.Anchor)], cancellationToken))
                .ToLookup(entry => entry.Anchor, StringComparer.OrdinalIgnoreCase);
            foreach (var group in batch)
            {
                if (holders[group.Anchor].FirstOrDefault(entry => entry.ObjectGuid != group.ObjectGuid) is { } holder) { Tally.Duplicate(holder.DistinguishedName); }
                else { free.Add(group); }
            }
        }
        return free;
    }
}

/// <summary>Groups that were compared and journalled, and are about to be written.</summary>
sealed record StampBatch
{
    /// <summary>Groups of the plan that this batch has dealt with, written or not.</summary>
    public required int Planned { get; init; }

    public required IReadOnlyList<GroupIdentity> Groups { get; init; }

    /// <summary>Groups that an earlier run of this migration was about to write and never heard of.</summary>
    public required IReadOnlySet<Guid> Interrupted { get; init; }

    /// <summary>
    /// Whether the value is there because this migration wrote it; null stays open, and the next run reads the group before it decides. A write
    /// of an earlier run may arrive late, so where one is open only an answer about the value itself can settle it.
    /// </summary>
    public bool? IsOurs(AnchorOutcome outcome) => outcome.State switch
    {
        AnchorState.Written => true,
        AnchorState.AlreadySo => Interrupted.Contains(outcome.ObjectGuid),
        AnchorState.HoldsOther or AnchorState.Gone => false,
        AnchorState.Refused when !Interrupted.Contains(outcome.ObjectGuid) => false,
        _ => null,
    };
}

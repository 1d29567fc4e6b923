using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.Restore;

/// <summary>Restores what was planned and is still as planned, reads it back, and only then switches it on in Entra where that was asked for.</summary>
/// <remarks>
/// Connect stands still meanwhile: a cycle in the middle could make a new object, or delete under the delete-on-disable rule what is not on yet. Any number
/// of starts end the same: the listener compares before it writes, and so does whatever writes to Entra.
/// </remarks>
sealed class RestoreRun(OperationWork work)
{
    /// <summary>Parts of what is switched on are numbered behind those of the groups, each run's for itself: a second one has others to switch on.</summary>
    const int SwitchOnParts = 50_000, PartsOfARun = 1_000;

    readonly List<Notice> _notices = [];

    public async Task<OperationResult> RunAsync()
    {
        var (sight, lead) = await RestoreLook.InspectAsync(work);
        var idle = (await work.ServersAsync()).Except(sight.Silent).ToList();
        return await work.WhileOffAsync(idle, () => RestoreAsync(lead, sight));
    }

    async Task<OperationResult> RestoreAsync(string lead, ServerSight sight)
    {
        // The plan may be a day old, and nothing of Connect moves any more.
        var question = await RestoreLook.ReadAsync(work, lead, sight) with { Changes = work.Plan.Draft.Changes };
        var lot = await work.CallAsync<RestoreLot>(nameof(RestoreActivities.OpenRestore), question);
        // What came up since the plan nobody has read, and the delete-on-disable rule would delete again what is restored.
        if (lot.Dangers.Except(work.Plan.Draft.Dangers).FirstOrDefault() is { } fresh) { throw new StageStoppedException(OperationError.DangerSincePlan.Notice(fresh)); }
        var (repairs, stopped) = await WriteAsync(lead, lot);
        var end = await work.CallAsync<RestoreEnd>(nameof(RestoreActivities.CloseRestore), new RestoreClosing
        {
            Question = await RestoreLook.ReadAsync(work, lead, sight),
            Repairs = repairs,
        });
        List<DocumentReference> left = end.Left is { } lacking ? [lacking] : [];
        if (end.Off is { } off)
        {
            if (question.Terms.Then == RestoreThen.SwitchOn && !stopped) { left.AddRange(await SwitchOnAsync(off)); }
            else { _notices.Add(OperationError.RestoreThenEntra.Notice($"{off.Count} restored groups are not on in Entra yet: switch their writeback on now.")); }
        }

        if (end.SoftDeleted > 0) { _notices.Add(OperationError.RestoreThenEntra.Notice($"{end.SoftDeleted} restored groups are soft-deleted in Entra: restore them there now.")); }
        if (left.Count > 0) { _notices.Add(OperationError.RestoreLeft.Notice($"{left.Sum(list => list.Count)} of {work.Plan.Total} groups are not as planned.")); }
        await work.ShowAsync(view => view with { Done = end.Restored, Total = work.Plan.Total, Written = end.Restored });
        return new()
        {
            Written = end.Restored,
            Stopped = stopped,
            Left = left.Count == 0 ? null : (await work.CallAsync<LeftWhole>(nameof(ValueActivities.JoinLeft), new LeftParts { Parts = left })).Left,
            Notices = _notices,
        };
    }

    /// <summary>Objects first; where one is another's member, members in a second pass, when all are there.</summary>
    async Task<(IReadOnlyList<DocumentReference> Repairs, bool Stopped)> WriteAsync(string lead, RestoreLot lot)
    {
        List<DocumentReference> repairs = [];
        var done = work.Plan.Total - lot.Parts.Sum(part => part.Count);
        await work.ShowAsync(view => view with { Done = done, Total = work.Plan.Total });
        for (var pass = 0; pass < (lot.Nested ? 2 : 1); pass++)
        {
            foreach (var part in lot.Parts)
            {
                if (work.IsStopped) { return (repairs, true); }
                repairs.Add((await work.AskAsync(lead, new RepairGroups { Snapshot = lot.Snapshot!, Objects = part })).Groups);
                done += pass == 0 ? part.Count : 0;
                var shown = done;
                await work.ShowAsync(view => view with { Done = shown });
            }
        }

        return (repairs, false);
    }

    async Task<IReadOnlyList<DocumentReference>> SwitchOnAsync(DocumentReference off)
    {
        var size = work.Request.Settings.ValuesAtOnce;
        List<DocumentReference> left = [];
        for (var part = 0; part * size < off.Count; part++)
        {
            var outcome = await work.CallAsync<PartOutcome>(nameof(ValueActivities.WriteValues), new ValuePart
            {
                OperationId = work.Request.OperationId,
                Kind = ValueKind.GroupWriteback,
                Changes = off,
                Part = SwitchOnParts + (work.View.Run * PartsOfARun) + part,
                From = part * size,
                Count = Math.Min(size, off.Count - (part * size)),
            });
            if (outcome.Left is { } list) { left.Add(list); }
        }

        return left;
    }
}

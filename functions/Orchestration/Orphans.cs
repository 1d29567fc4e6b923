using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Groups that somebody deletes in Entra for good while the rules hold their objects: nobody lets those go any more, so they are told by name.</summary>
static class Orphans
{
    /// <summary>The lists without the groups that are gone; whose objects stay is told and kept in the view.</summary>
    public static async Task<IReadOnlyList<DocumentReference>> LeaveOutAsync(StageRun run, params IReadOnlyList<DocumentReference> lists)
    {
        var found = await run.CallAsync<OrphansFound>("FindOrphans", new OrphansInput { Lists = lists });
        if (found.Gone is not { } gone) { return lists; }

        var now = await run.OnLeadAsync(new SnapshotGroups { Groups = gone });
        var named = await run.CallAsync<OrphanNames>("NameOrphans", new OrphanNamesInput { Gone = gone, Snapshot = now.Snapshot });
        List<OrphanedObject> fresh = [.. named.Orphans.Where(o => run.View.Orphans.All(known => known.CloudId != o.CloudId))];
        if (fresh.Count > 0)
        {
            await run.ShowAsync(run.View with { Orphans = [.. run.View.Orphans, .. fresh] });
            run.Tell(Notices.Orphaned(fresh));
            await run.AuditAsync("orphans.found", OrchestrationError.Orphaned.Code, $"{fresh.Count}");
        }
        return found.Left;
    }

    /// <summary>At the end of a way back: what the rules held until they went. That it can't be read must not undo what is done.</summary>
    public static async Task TellAsync(StageRun run)
    {
        try
        {
            await LeaveOutAsync(run, run.Groups, run.Plan.Frozen);
        }
        catch (Exception unread) when (Notices.WhyOf(unread) is { } why)
        {
            run.Tell(Notices.OrphansUnread(why));
        }
    }
}

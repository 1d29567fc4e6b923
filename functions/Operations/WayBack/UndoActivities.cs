using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Operations.WayBack;

/// <summary>Reads what is kept of a migration. Nothing here asks for its history.</summary>
public sealed class UndoActivities(IDocumentStore store)
{
    /// <summary>Plans the undo, or says why there is none.</summary>
    [Function(nameof(PlanUndo))]
    public async Task<UndoAnswer> PlanUndo([ActivityTrigger] UndoQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var kept = await KeptAsync(question.MigrationId, cancellationToken);
        if (UndoPlanner.Refusal(kept, question.Servers.Version2) is { } refusal) { return new() { Refusal = refusal }; }
        var plan = UndoPlanner.Plan(kept, question.Servers);
        return new()
        {
            Draft = plan.Draft with
            {
                Changes = plan.Steps.Count == 0 ? null : await store.SaveListAsync("value-changes", plan.Steps, cancellationToken),
                LeftOut = plan.Left.Count == 0 ? null : await store.SaveListAsync("left", plan.Left, cancellationToken),
            },
        };
    }

    /// <summary>Whence the way back goes. The flag is not asked here: each step reads it.</summary>
    [Function(nameof(BeginUndo))]
    public async Task<UndoBegun> BeginUndo([ActivityTrigger] UndoBeginning beginning, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        var kept = await KeptAsync(beginning.MigrationId, cancellationToken);
        if (UndoPlanner.Refusal(kept, flag: true) is { } refusal) { return new() { Refusal = refusal }; }
        if (UndoPlanner.IsOver(kept)) { return new() { Over = true }; }
        var facts = UndoPlanner.FactsOf(kept);
        var planned = (await store.LoadListAsync<ValueChange>(beginning.Steps, cancellationToken)).Select(step => step.Target).ToHashSet(StringComparer.Ordinal);
        if (UndoPlanner.StepsOf(facts).Any(kind => !planned.Contains(UndoPlanner.Name(kind)) && (beginning.First || !UndoPlanner.IsOfTheWayBack(kind))))
        {
            return new() { Refusal = UndoError.WentOn.Notice("What is kept of the migration has more steps than the plan.") };
        }

        return new()
        {
            From = new()
            {
                Stage = kept.Standing?.Stage ?? StageName.Assess,
                Request = kept.Request! with { TakenUp = (kept.Standing?.TakenUp ?? 0) + 1 },
                Plan = kept.Plan!,
                Facts = facts,
                View = (kept.View ?? MigrationCatalog.Fresh(kept.Request!)) with { State = MigrationState.RollingBack, Outcome = null, EndedAt = null, Gate = null, Hold = null },
            },
        };
    }

    async Task<KeptMigration> KeptAsync(string id, CancellationToken cancellationToken)
    {
        var request = await store.ReadOneAsync<MigrationRequest>(StoreNames.MigrationRequest(id), cancellationToken);
        return new()
        {
            Request = request,
            Plan = request is null ? null : await store.LoadOneAsync<MigrationPlan>(request.Plan, cancellationToken),
            Standing = await StandingAsync(id, cancellationToken),
            View = await ViewAsync(id, cancellationToken),
            CloudSync = await CloudSyncJournal.ReadAsync(store, id, cancellationToken),
            Later = await LaterAsync(id, cancellationToken),
        };
    }

    /// <summary>Ids begin with their second, so that the later one is the greater.</summary>
    async Task<string?> LaterAsync(string id, CancellationToken cancellationToken)
    {
        foreach (var name in await store.NamesAsync(StoreNames.Migrations, cancellationToken))
        {
            if (name.Split('/') is not [_, var other, "request"] || string.CompareOrdinal(other, id) <= 0) { continue; }
            var kept = new KeptMigration { Standing = await StandingAsync(other, cancellationToken), View = await ViewAsync(other, cancellationToken) };
            if (!UndoPlanner.IsOver(kept)) { return other; }
        }

        return null;
    }

    Task<MigrationStanding?> StandingAsync(string id, CancellationToken cancellationToken) =>
        store.ReadOneAsync<MigrationStanding>(StoreNames.MigrationStanding(id), cancellationToken);

    Task<MigrationView?> ViewAsync(string id, CancellationToken cancellationToken) => store.ReadOneAsync<MigrationView>(StoreNames.MigrationView(id), cancellationToken);
}

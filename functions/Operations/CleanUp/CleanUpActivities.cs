using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Operations.CleanUp;

/// <summary>Reads what a completed migration left in the store, and keeps what a clean-up takes away.</summary>
public sealed class CleanUpActivities(IDocumentStore store)
{
    [Function(nameof(PlanCleanUp))]
    public async Task<OperationDraft> PlanCleanUp([ActivityTrigger] CleanUpQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var facts = new CleanUpFacts { Question = question };
        MigrationRequest? request = null;
        if (await CompletedAsync(cancellationToken) is { } view && await FoundAsync(view.MigrationId, cancellationToken) is { } found)
        {
            request = found.Request;
            facts = facts with
            {
                MigrationId = view.MigrationId,
                EndedAt = view.EndedAt,
                // Where one of the two stood before, taking both would take what is not ours.
                MadeOn = [.. found.Facts.RulesMadeOn.Where(server => found.Facts.RulesFound.All(before => before.Server != server))],
                Groups = (found.Facts.Groups ?? found.Plan.Groups).Count,
                Orphans = view.Orphans.Count,
                Application = found.Facts.Job?.Application,
                ApplicationIsOurs = found.Facts.Job?.Created ?? false,
                ProvedAt = await ProvedAtAsync(view, cancellationToken),
            };
        }

        var (draft, changes, left) = CleanUpPlanner.Plan(facts);
        return draft with
        {
            Changes = changes.Count == 0 ? null : await store.SaveListAsync("value-changes", changes, cancellationToken),
            LeftOut = left.Count == 0 ? null : await store.SaveListAsync("left", left, cancellationToken),
            Report = request is null ? null : await store.SaveOneAsync(
                "clean-up", new CleanUpReport { MigrationId = request.MigrationId, Plan = request.Plan, Items = draft.Facts }, cancellationToken),
        };
    }

    /// <summary>What the judges need of the migration, and the rules as they were before the first of them went.</summary>
    [Function(nameof(ReadCleanUp))]
    public async Task<CleanUpLot> ReadCleanUp([ActivityTrigger] CleanUpInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var view = await CompletedAsync(cancellationToken) ?? throw new DocumentException("There is no completed migration any more.");
        var found = await FoundAsync(view.MigrationId, cancellationToken) ?? throw new DocumentException($"Nothing is kept of {view.MigrationId}.");
        return new()
        {
            Request = found.Request,
            WritebackOu = found.Plan.WritebackOu,
            Groups = found.Facts.Groups ?? found.Plan.Groups,
            Snapshot = found.Facts.FrozenSnapshot ?? found.Facts.FirstSnapshot,
            Ours = found.Facts.Ours,
            Kept = await KeptAsync(input, cancellationToken),
        };
    }

    [Function(nameof(KeepLeft))]
    public async Task<LeftWhole> KeepLeft([ActivityTrigger] LeftList list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        return new() { Left = await store.SaveListAsync("left", list.Values, cancellationToken) };
    }

    async Task<KeptPart> KeptAsync(CleanUpInput input, CancellationToken cancellationToken)
    {
        var name = StoreNames.ValuesBefore(input.OperationId, 0);
        if (await store.ReadOneAsync<KeptPart>(name, cancellationToken) is { } known) { return known; }
        if (input is not { Changes: { } changes, Now: { } now }) { return new() { Values = [] }; }
        var kept = ValueJudge.Keep(await store.LoadListAsync<ValueChange>(changes, cancellationToken), now);
        return await store.WriteOneAsync(name, kept, etag: "", cancellationToken)
            ? kept
            : await store.ReadOneAsync<KeptPart>(name, cancellationToken) ?? throw new DocumentException($"The document {name} is missing.");
    }

    /// <summary>The newest migration that was completed.</summary>
    async Task<MigrationView?> CompletedAsync(CancellationToken cancellationToken)
    {
        foreach (var name in (await store.NamesAsync(StoreNames.Migrations, cancellationToken)).Where(name => name.EndsWith("/view", StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal))
        {
            if (await store.ReadOneAsync<MigrationView>(name, cancellationToken) is { Outcome: MigrationOutcome.Completed } view) { return view; }
        }

        return null;
    }

    async Task<(MigrationRequest Request, MigrationPlan Plan, MigrationFacts Facts)?> FoundAsync(string migrationId, CancellationToken cancellationToken) =>
        await store.ReadOneAsync<MigrationRequest>(StoreNames.MigrationRequest(migrationId), cancellationToken) is { } request
        && await store.ReadOneAsync<MigrationStanding>(StoreNames.MigrationStanding(migrationId), cancellationToken) is { } standing
            ? (request, await store.LoadOneAsync<MigrationPlan>(request.Plan, cancellationToken), standing.Facts)
            : null;

    /// <summary>The last trial on standbys since the migration that came to its end with nothing left, and was not taken back.</summary>
    async Task<DateTimeOffset?> ProvedAtAsync(MigrationView migration, CancellationToken cancellationToken)
    {
        foreach (var name in (await store.NamesAsync(StoreNames.Operations, cancellationToken)).Where(name => name.EndsWith("/view", StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal))
        {
            if (await store.ReadOneAsync<OperationView>(name, cancellationToken) is { Terms: CleanUpTerms { Step: CleanUpStep.Standby }, Run: > 0 } trial)
            {
                return trial is { Outcome: OperationOutcome.Completed, EndedAt: { } at } && at > migration.EndedAt ? at : null;
            }
        }

        return null;
    }
}

using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>Takes up migrations that ended unfinished, or lets them go. While one is left, no other may begin.</summary>
/// <remarks>Whatever it left (rules, staging mode, a scheduler that is off) a new migration would take for how things were before.</remarks>
public sealed class MigrationTakeUp(MigrationCatalog migrations, StartTurn turn, IDocumentStore documents)
{
    /// <summary>Starts the orchestration again from where it ended, with the request of its beginning.</summary>
    /// <exception cref="ApiException">409: nothing is kept of it, or another one runs.</exception>
    public async Task TakeUpAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        await using var mine = await turn.TakeAsync(cancellationToken);
        var standing = await UnfinishedAsync(id, cancellationToken);
        await MigrationStart.RefuseSecondAsync(client, cancellationToken);
        var request = await documents.ReadOneAsync<MigrationRequest>(StoreNames.MigrationRequest(id), cancellationToken)
            ?? throw ApiException.Conflict(ApiError.NothingToTakeUp);
        // Counted before it starts: should it break off before it keeps anything, the next one still gets parts of its own.
        await documents.WriteOneAsync(StoreNames.MigrationStanding(id), standing with { Unfinished = true, TakenUp = standing.TakenUp + 1 }, cancellationToken);
        await mine.ConfirmAsync(cancellationToken);
        await MigrationStart.ScheduleAsync(request with { TakenUp = standing.TakenUp + 1 }, client, cancellationToken);
    }

    /// <summary>People put right by hand what is left: from now on another migration may begin.</summary>
    /// <exception cref="ApiException">409: nothing is kept of it, or it was taken up.</exception>
    public async Task LetGoAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        await using var mine = await turn.TakeAsync(cancellationToken);
        var standing = await UnfinishedAsync(id, cancellationToken);
        await MigrationStart.RefuseSecondAsync(client, cancellationToken);
        await documents.WriteOneAsync(StoreNames.MigrationView(id), await migrations.GetAsync(id, client, cancellationToken) with { Deliveries = null }, cancellationToken);
        await documents.WriteOneAsync(StoreNames.MigrationStanding(id), standing with { Unfinished = false }, cancellationToken);
    }

    /// <summary>Refuses a new migration while an earlier one is unfinished.</summary>
    /// <exception cref="ApiException">409.</exception>
    public async Task RefuseUnfinishedAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var id in await migrations.ListAsync(client, cancellationToken))
        {
            if (await FindUnfinishedAsync(id, cancellationToken) is not null) { throw ApiException.Conflict(ApiError.MigrationUnfinished, id); }
        }
    }

    /// <summary>Migrations that ended before the switch and left their stamps in the directory.</summary>
    public async Task<IReadOnlyList<string>> LeftStampsAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var left = new List<string>();
        foreach (var id in await migrations.ListAsync(client, cancellationToken))
        {
            if (await StandingAsync(id, cancellationToken) is { Facts: { SwitchedOff: false } facts } && facts.Undo.Any(u => u.Kind == UndoKind.UnstampAnchors)) { left.Add(id); }
        }

        return left;
    }

    async Task<MigrationStanding> UnfinishedAsync(string id, CancellationToken cancellationToken) =>
        await FindUnfinishedAsync(id, cancellationToken) ?? throw ApiException.Conflict(ApiError.NothingToTakeUp);

    /// <summary>What is kept of one that says of itself that it is unfinished, or that broke off before it could say anything. Whether one runs is asked elsewhere.</summary>
    async Task<MigrationStanding?> FindUnfinishedAsync(string id, CancellationToken cancellationToken) =>
        await StandingAsync(id, cancellationToken) is { } standing
        && (standing.Unfinished || await documents.ReadOneAsync<MigrationView>(StoreNames.MigrationView(id), cancellationToken) is { State: not MigrationState.Ended })
            ? standing
            : null;

    Task<MigrationStanding?> StandingAsync(string id, CancellationToken cancellationToken) =>
        documents.ReadOneAsync<MigrationStanding>(StoreNames.MigrationStanding(id), cancellationToken);
}

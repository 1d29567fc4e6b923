using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations;

namespace GwbCloud.Lab.People;

public sealed partial class ProductApi
{
    /// <summary>Ids of all operations, newest first.</summary>
    public Task<IReadOnlyList<string>> OperationIdsAsync(CancellationToken cancellationToken) => IdsAsync("api/operations", "operationId", cancellationToken);

    /// <summary>Has an operation planned; its id.</summary>
    public async Task<string> PlanOperationAsync(string kind, object terms, CancellationToken cancellationToken) =>
        await CreatedAsync(await SendAsync(HttpMethod.Post, "api/operations", new { kind, terms }, cancellationToken), "operationId", cancellationToken);

    public Task<OperationView> OperationAsync(string id, CancellationToken cancellationToken) => ReadAsync<OperationView>($"api/operations/{id}", cancellationToken);

    /// <summary>Starts what was planned, or goes on with it; false when its state does not offer that.</summary>
    public Task<bool> StartOperationAsync(string id, string planHash, CancellationToken cancellationToken) =>
        AskAsync($"api/operations/{id}/start", new { planHash }, cancellationToken);

    /// <summary>Takes back what an operation wrote; false when its state does not offer that.</summary>
    public Task<bool> UndoOperationAsync(string id, CancellationToken cancellationToken) => AskAsync($"api/operations/{id}/undo", new { }, cancellationToken);

    /// <summary>Hands a decision about a plan in; false when it was decided before.</summary>
    public Task<bool> DecideOperationAsync(string id, SignedStatement statement, string comment, CancellationToken cancellationToken) =>
        AskAsync($"api/operations/{id}/decisions", new { statement.Record, statement.IdToken, comment }, cancellationToken);
}

using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.WayBack;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>The migrations, as the document store and the orchestration know them.</summary>
public sealed class MigrationCatalog(IDocumentStore documents, GateDecisions decisions, NotificationLedger notifications)
{
    /// <summary>Ids, newest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var ids = (await documents.NamesAsync(StoreNames.Migrations, cancellationToken))
            .Where(name => name.EndsWith("/view", StringComparison.Ordinal))
            .Select(name => name.Split('/')[1]);

        // One that has just started has no view yet.
        if (await RunningAsync(client, cancellationToken) is { } running)
        {
            ids = ids.Append(running.MigrationId).Distinct();
        }

        return [.. ids.OrderDescending(StringComparer.Ordinal)];
    }

    /// <summary>What people see. One whose orchestration is gone while its view says that it goes on has ended unfinished, whatever could still be written of it.</summary>
    /// <exception cref="ApiException">404.</exception>
    public async Task<MigrationView> GetAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (!RunIds.IsMigration(id))
        {
            throw ApiException.NotFound(ApiError.MigrationUnknown);
        }

        var view = await FindAsync(id, client, cancellationToken);
        return view with
        {
            // The orchestration hears of a decision after it was kept; who has decided must not read that nobody has.
            Gate = view.Gate is { } gate ? gate with { Approved = await decisions.ApprovalsAsync(id, gate, cancellationToken) } : null,
            Deliveries = await notifications.ViewAsync(id, cancellationToken),
        };
    }

    async Task<MigrationView> FindAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var view = await documents.ReadOneAsync<MigrationView>(StoreNames.MigrationView(id), cancellationToken);
        if (view is { State: MigrationState.Ended }) { return view; }
        var running = await RunningAsync(client, cancellationToken);
        if (running?.MigrationId == id) { return view ?? Fresh(running); }
        // Read once more: it may have come to its end between the two looks.
        view = await documents.ReadOneAsync<MigrationView>(StoreNames.MigrationView(id), cancellationToken) ?? throw ApiException.NotFound(ApiError.MigrationUnknown);
        return view.State == MigrationState.Ended || await IsUndoneAsync(id, client, cancellationToken) ? view : Broken(view);
    }

    /// <summary>Keeps a request under a new id, before its orchestration starts: the gates read the requester's proof there.</summary>
    public Task<bool> TryAddAsync(MigrationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return documents.WriteOneAsync(StoreNames.MigrationRequest(request.MigrationId), request, etag: "", cancellationToken);
    }

    /// <summary>The request of the migration that has not ended, or null.</summary>
    public static async Task<MigrationRequest?> RunningAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return await client.GetInstanceAsync(Instances.Migration, getInputsAndOutputs: true, cancellationToken) is { IsCompleted: false } instance
            ? instance.ReadInputAs<MigrationRequest>()
            : null;
    }

    /// <summary>The framework may drop an event for an instance that is gone without a word; so nothing is acknowledged that nobody hears.</summary>
    /// <exception cref="ApiException">409.</exception>
    public static async Task RequireRunningAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if ((await RunningAsync(client, cancellationToken))?.MigrationId != id)
        {
            throw ApiException.Conflict(ApiError.MigrationNotRunning);
        }
    }

    /// <summary>The instance that works on a migration just now: its own, or the operation that takes it back. It hears what people say of a task.</summary>
    /// <exception cref="ApiException">409: none does.</exception>
    public static async Task<string> RequireAtWorkAsync(string id, DurableTaskClient client, CancellationToken cancellationToken) =>
        (await RunningAsync(client, cancellationToken))?.MigrationId == id ? Instances.Migration
        : await IsUndoneAsync(id, client, cancellationToken) ? Instances.Operation
        : throw ApiException.Conflict(ApiError.MigrationNotRunning);

    /// <summary>An operation takes it back just now: it has no orchestration of its own, and its view goes on.</summary>
    static async Task<bool> IsUndoneAsync(string id, DurableTaskClient client, CancellationToken cancellationToken) =>
        await OperationCatalog.RunningAsync(client, cancellationToken) is { Request.Terms: UndoTerms undo } && undo.MigrationId == id;

    static MigrationView Broken(MigrationView view) => view.Telling(Notices.MigrationBroke("its orchestration is gone")) with
    {
        State = MigrationState.Ended,
        Outcome = MigrationOutcome.NeedsAttention,
        EndedAt = view.UpdatedAt,
        Gate = null,
    };

    internal static MigrationView Fresh(MigrationRequest request)
    {
        var at = RunIds.TimeOf(request.MigrationId);
        return new()
        {
            MigrationId = request.MigrationId,
            AssessmentId = request.AssessmentId,
            PlanHash = request.PlanHash,
            RequestedBy = request.RequestedBy,
            Window = request.Window,
            State = MigrationState.Running,
            Notices = [],
            Stages = [.. Enum.GetValues<StageName>().Select(name => new StageView { Name = name, State = StageState.Pending })],
            Tasks = [],
            StartedAt = at,
            UpdatedAt = at,
        };
    }
}

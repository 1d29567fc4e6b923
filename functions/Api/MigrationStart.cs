using System.Globalization;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Api;

/// <summary>Starts a migration: everything that can be refused is refused here, before anything is written outside.</summary>
public sealed class MigrationStart(
    AssessmentCatalog assessments, MigrationCatalog migrations, MigrationTakeUp unfinished, RequestProofs proofs, IDocumentStore documents, AuditLog audit, TimeProvider clock,
    StartTurn turn, IOptions<MigrationOptions> options)
{
    /// <summary>Verifies the request and starts the orchestration.</summary>
    /// <returns>The migration's id.</returns>
    /// <exception cref="ApiException">400, 403, 404 or 409.</exception>
    public async Task<string> RunAsync(StartMigrationBody body, Principal caller, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(caller);
        var assessmentId = RequestReader.Required(body.AssessmentId, "assessmentId", 100);
        var planHash = RequestReader.Required(body.PlanHash, "planHash", 100);
        CheckConfirmations(body.Confirm);
        var window = WindowReader.Read(body.Window, clock.GetUtcNow());
        var proof = RequestReader.Required(body.Proof, "proof");
        var statement = new SignedStatement
        {
            Record = RequestReader.Required(proof.Record, "proof.record", 4_096),
            IdToken = RequestReader.Required(proof.IdToken, "proof.idToken", 16_384),
        };

        await using var mine = await turn.TakeAsync(cancellationToken);
        var outcome = await assessments.GetAsync(assessmentId, client, cancellationToken);
        if (outcome.State != AssessmentState.Ready || outcome.Plan is null || outcome.PlanHash is null)
        {
            throw ApiException.Conflict(ApiError.AssessmentNotReady, outcome.State.ToString());
        }

        CheckAge(outcome);
        if (outcome.PlanHash != planHash)
        {
            throw ApiException.Conflict(ApiError.PlanDiffers);
        }

        var plan = await documents.LoadOneAsync<MigrationPlan>(outcome.Plan, cancellationToken);
        WindowReader.DemandFits(window, plan.Time, clock.GetUtcNow());
        DemandApprovers(options.Value.ToSettings(), caller);
        await RefuseSecondAsync(client, cancellationToken);
        await unfinished.RefuseUnfinishedAsync(client, cancellationToken);
        var proved = await proofs.SpendAsync(statement, assessmentId, planHash, caller, await NewIdAsync(cancellationToken), cancellationToken);
        if (proved is not { MigrationId: { } migrationId })
        {
            var refusal = proved.Refusal!;
            await AuditAsync(assessmentId, "migration.refused", caller, planHash, refusal.ForAudit, cancellationToken);
            throw Refusals.ToException(refusal, "proof.", audited: true);
        }

        var request = await KeepAsync(migrationId, outcome, window, statement, caller, client, cancellationToken);
        await AuditAsync(request.MigrationId, "migration.requested", caller, planHash, $"{assessmentId}; {request.Window.Describe()}", cancellationToken);
        await mine.ConfirmAsync(cancellationToken);
        await ScheduleAsync(request, client, cancellationToken);
        return request.MigrationId;
    }

    static void CheckConfirmations(IReadOnlyList<string?>? given)
    {
        var confirmed = RequestReader.Required(given, "confirm");
        if (Preparation.Steps.FirstOrDefault(step => !confirmed.Contains(step)) is { } missing)
        {
            throw ApiException.BadRequest(ApiError.NotConfirmed, "confirm", missing);
        }

        if (confirmed.Count != Preparation.Steps.Count)
        {
            throw ApiException.BadRequest(ApiError.FieldInvalid, "confirm", "only " + string.Join(", ", Preparation.Steps));
        }
    }

    /// <summary>A request that nobody could ever approve would only wait for its gate's end.</summary>
    static void DemandApprovers(MigrationSettings settings, Principal caller)
    {
        if (settings.Approvers.Count > 0 && settings.Approvers.Union(settings.EscalationApprovers).Count(person => person != caller.ObjectId) < settings.ApprovalsRequired)
        {
            throw ApiException.Conflict(ApprovalError.TooFewApprovers);
        }
    }

    void CheckAge(AssessmentOutcome outcome)
    {
        var now = clock.GetUtcNow();
        if (outcome is not { ReadAt: { } readAt, ValidUntil: { } until })
        {
            throw ApiException.Conflict(ApiError.AssessmentTooOld, "it does not say when it was read; assess again");
        }

        if (now > until)
        {
            throw ApiException.Conflict(ApiError.AssessmentTooOld, string.Create(
                CultureInfo.InvariantCulture,
                $"it was read {(now - readAt).Days:N0} days ago and was valid for {(until - readAt).Days:N0} days, until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC; assess again"));
        }
    }

    /// <exception cref="ApiException">409: one runs, or an operation does.</exception>
    internal static async Task RefuseSecondAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        await OperationCatalog.RefuseRunningAsync(client, cancellationToken);
        if (await MigrationCatalog.RunningAsync(client, cancellationToken) is { } running)
        {
            throw ApiException.Conflict(ApiError.MigrationRuns, running.MigrationId);
        }
    }

    async Task<string> NewIdAsync(CancellationToken cancellationToken)
    {
        string id;
        do
        {
            id = RunIds.New('m', clock.GetUtcNow());
        }
        while (await documents.ReadAsync(StoreNames.MigrationRequest(id), cancellationToken) is not null);
        return id;
    }

    /// <summary>Keeps the request; one that an earlier call with the same proof has kept stands.</summary>
    async Task<MigrationRequest> KeepAsync(
        string migrationId, AssessmentOutcome outcome, MigrationWindow window, SignedStatement statement, Principal caller, DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var request = new MigrationRequest
        {
            MigrationId = migrationId,
            AssessmentId = outcome.AssessmentId,
            Plan = outcome.Plan!,
            PlanHash = outcome.PlanHash!,
            Window = window,
            RequestedBy = caller.ObjectId,
            RequestProof = await documents.SaveOneAsync("request-proof", statement, cancellationToken),
            Settings = options.Value.ToSettings(),
            Follows = await unfinished.LeftStampsAsync(client, cancellationToken),
        };
        return await migrations.TryAddAsync(request, cancellationToken)
            ? request
            : await documents.ReadOneAsync<MigrationRequest>(StoreNames.MigrationRequest(migrationId), cancellationToken) ?? throw new DocumentException($"The request of {migrationId} is missing.");
    }

    /// <summary>Starts the orchestration of a request, or finds that it is started.</summary>
    /// <remarks>A duplicate start throws another type in each build; so the instance is read and decides.</remarks>
    internal static async Task ScheduleAsync(MigrationRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                MigrateOrchestrator.Name, request, new StartOrchestrationOptions(Instances.Migration).WithDedupeStatuses(Instances.NotEnded),
                CancellationToken.None);
        }
#pragma warning disable CA1031 // See the remarks.
        catch (Exception)
#pragma warning restore CA1031
        {
            if (await MigrationCatalog.RunningAsync(client, cancellationToken) is not { } running)
            {
                throw;
            }

            if (running.MigrationId != request.MigrationId)
            {
                throw ApiException.Conflict(ApiError.MigrationRuns, running.MigrationId);
            }
        }
    }

    Task AuditAsync(string subject, string what, Principal caller, string planHash, string detail, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new()
            {
                MigrationId = subject,
                LineId = $"{what}-{Guid.NewGuid():N}",
                At = clock.GetUtcNow(),
                Who = caller.ObjectId,
                What = what,
                Evidence = planHash,
                Detail = detail,
            },
            cancellationToken);
}

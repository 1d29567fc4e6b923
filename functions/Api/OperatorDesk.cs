using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>Hands what an operator asks of a migration in flight to its orchestration: refused in the wrong state, audited before it is sent.</summary>
public sealed class OperatorDesk(MigrationCatalog migrations, AuditLog audit, TimeProvider clock)
{
    /// <exception cref="ApiException">404, 409 where the state does not offer the verb, or 412 where it is not the state that the caller saw.</exception>
    public async Task<MigrationView> DemandAsync(
        HttpRequest request, string id, OperatorAction action, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var view = await migrations.GetAsync(id, client, cancellationToken);
        ViewStamp.Demand(request, view);
        if (MigrationVerbs.Refusal(view, action) is { } refusal)
        {
            throw ApiException.Conflict(ApiError.NotInThisState, refusal);
        }

        return view;
    }

    public async Task<IResult> AskAsync(
        HttpRequest request, MigrationView view, OperatorRequest asked, string? detail, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(client);
        var verb = NameOf(asked.Action);
        await MigrationCatalog.RequireRunningAsync(view.MigrationId, client, cancellationToken);
        await AuditAsync(view, $"operator.{verb}", asked.By, detail, cancellationToken);
        await client.RaiseEventAsync(Instances.Migration, MigrationEvents.OperatorRequest, asked, CancellationToken.None);
        return Taken(request, view, verb);
    }

    public Task AuditAsync(MigrationView view, string what, string who, string? detail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        return audit.AppendAsync(
            new()
            {
                MigrationId = view.MigrationId,
                LineId = $"{what}-{Guid.NewGuid():N}",
                At = clock.GetUtcNow(),
                Who = who,
                What = what,
                Detail = detail,
            },
            cancellationToken);
    }

    public static IResult Taken(HttpRequest request, MigrationView view, string verb)
    {
        ArgumentNullException.ThrowIfNull(view);
        return ApiPipeline.Accepted(request, $"/api/migrations/{view.MigrationId}", new RequestTaken { MigrationId = view.MigrationId, Request = verb });
    }

    public static string NameOf(OperatorAction action) => action switch
    {
        OperatorAction.Postpone => "postpone",
        OperatorAction.Cancel => "cancel",
        OperatorAction.Stop => "stop",
        OperatorAction.Retry => "retry",
        OperatorAction.Repair => "repair",
        OperatorAction.Release => "release",
        _ => "skip",
    };
}

using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>How orchestrations show what they do: the API reads these documents and never asks an orchestration.</summary>
public sealed class PublishActivities(IDocumentStore documents, NotificationDesk notifications)
{
    /// <summary>Shows an outcome, unless one is there: an activity that runs a second time must not undo what people accepted since.</summary>
    [Function("PublishAssessment")]
    public Task PublishAssessmentAsync([ActivityTrigger] AssessmentOutcome outcome, CancellationToken cancellationToken) =>
        documents.WriteOneAsync(StoreNames.AssessmentOutcome(outcome.AssessmentId), outcome, etag: "", cancellationToken);

    /// <summary>Replaces the view, unless a newer one is there: an activity that runs a second time must not turn the clock back.</summary>
    [Function("PublishView")]
    public Task PublishViewAsync([ActivityTrigger] ViewUpdate update, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        documents.ChangeOneAsync<MigrationView>(
            StoreNames.MigrationView(update.View.MigrationId),
            async shown =>
            {
                if (shown?.UpdatedAt > update.View.UpdatedAt)
                {
                    return null;
                }

                await notifications.TellAsync(shown, update.View, client, cancellationToken);
                return update.View;
            },
            cancellationToken);
}

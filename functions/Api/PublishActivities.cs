using System.Text.Json;
using GwbCloud.Contracts.Json;
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
    public async Task PublishViewAsync([ActivityTrigger] ViewUpdate update, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var name = StoreNames.MigrationView(update.View.MigrationId);
        NamedDocument? before;
        do
        {
            before = await documents.ReadAsync(name, cancellationToken);
            var shown = before is null ? null : JsonSerializer.Deserialize<MigrationView>(before.Content, ContractJson.Lenient);
            if (shown?.UpdatedAt > update.View.UpdatedAt)
            {
                return;
            }

            await notifications.TellAsync(shown, update.View, client, cancellationToken);
        }
        while (!await documents.WriteOneAsync(name, update.View, before?.ETag ?? "", cancellationToken));
    }
}

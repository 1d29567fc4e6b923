using GwbCloud.Contracts;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Notifications;

/// <summary>Input of the activity <c>DeliverNotification</c>.</summary>
public sealed record DeliveryInput
{
    /// <summary>Id of the migration or operation.</summary>
    public required string Subject { get; init; }
    public required string NotificationId { get; init; }

    /// <summary>Name of the channel.</summary>
    public required string Channel { get; init; }

    /// <summary>Nobody tries again after this one.</summary>
    public required bool Last { get; init; }
}

/// <summary>Makes one attempt to deliver a message, and writes down how it ended.</summary>
public sealed partial class NotificationActivities(
    NotificationLedger ledger, WebhookSender sender, IOptions<NotificationOptions> options, TimeProvider clock, ILogger<NotificationActivities> logger)
{
    [Function("DeliverNotification")]
    public async Task<DeliveryAttempt> DeliverAsync([ActivityTrigger] DeliveryInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var entry = await ledger.FindAsync(input.Subject, input.NotificationId, cancellationToken);
        var delivery = entry?.Channels.FirstOrDefault(c => c.Channel == input.Channel);

        // An activity may run a second time; what was delivered is not sent again.
        if (entry is null || delivery is not { State: DeliveryState.Waiting }) { return DeliveryAttempt.Delivered; }
        var attempt = options.Value.Channels.FirstOrDefault(c => c.Name == input.Channel) is { } channel
            ? await sender.SendAsync(channel, entry.Message, cancellationToken)
            : DeliveryAttempt.Refused(NotificationError.ChannelGone);
        if (attempt.State == DeliveryState.Waiting && input.Last) { attempt = attempt with { State = DeliveryState.Failed }; }
        await ledger.NoteAsync(
            input.Subject, input.NotificationId,
            delivery with { State = attempt.State, Attempts = delivery.Attempts + 1, At = clock.GetUtcNow(), Code = attempt.Code },
            CancellationToken.None);
        if (attempt.State == DeliveryState.Failed) { LogFailed(input.Subject, input.NotificationId, input.Channel, attempt.Code); }
        return attempt;
    }

    [LoggerMessage(2100, LogLevel.Warning, "{Subject}: message {NotificationId} was not delivered to {Channel}: {Code}.")]
    partial void LogFailed(string subject, string notificationId, string channel, string? code);
}

/// <summary>Plans what a new view tells, keeps it, and starts its delivery beside everything else.</summary>
public sealed class NotificationDesk(NotificationLedger ledger, KnownPeople people)
{
    /// <summary>To be called before the view is shown: a crash in between repeats it, and everything in it happens once.</summary>
    public async Task TellAsync(MigrationView? before, MigrationView after, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(after);
        // Only who asks is named.
        var names = after.Gate is null ? PeopleNames.None : await people.ReadAsync(cancellationToken);
        await SendAsync(after.MigrationId, NotificationPlan.Between(before, after, names), client, cancellationToken);
    }

    /// <inheritdoc cref="TellAsync(MigrationView?, MigrationView, DurableTaskClient, CancellationToken)"/>
    public async Task TellAsync(OperationView? before, OperationView after, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(after);
        var names = OperationVerbs.WaitsForApproval(after) ? await people.ReadAsync(cancellationToken) : PeopleNames.None;
        await SendAsync(after.OperationId, NotificationPlan.Between(before, after, names), client, cancellationToken);
    }

    async Task SendAsync(string subject, IReadOnlyList<Notification> messages, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        foreach (var entry in await ledger.AddAsync(subject, messages, cancellationToken))
        {
            var request = new NotifyRequest { Subject = subject, NotificationId = entry.Message.Id, Channels = [.. entry.Channels.Select(c => c.Channel)] };
            await StartAsync(request, client, cancellationToken);
        }
    }

    /// <remarks>A duplicate start throws another type in each build; so the instance is read and decides.</remarks>
    static async Task StartAsync(NotifyRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instance = $"notify:{request.Subject}:{request.NotificationId}";
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(NotifyOrchestrator), request, new StartOrchestrationOptions(instance).WithDedupeStatuses(Instances.AnyStatus), CancellationToken.None);
        }
#pragma warning disable CA1031 // See the remarks.
        catch (Exception)
#pragma warning restore CA1031
        {
            if (await client.GetInstanceAsync(instance, getInputsAndOutputs: false, cancellationToken) is null) { throw; }
        }
    }
}

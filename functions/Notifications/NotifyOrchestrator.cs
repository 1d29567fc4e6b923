using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Notifications;

/// <summary>Input of <see cref="NotifyOrchestrator"/>.</summary>
public sealed record NotifyRequest
{
    /// <summary>Id of the migration or operation.</summary>
    public required string Subject { get; init; }
    public required string NotificationId { get; init; }

    /// <summary>Names of the channels that hear it. Their addresses never come into a history.</summary>
    public required IReadOnlyList<string> Channels { get; init; }
}

/// <summary>Brings one message to its channels, each at its own pace. An instance of its own: no stage ever waits for it.</summary>
public static class NotifyOrchestrator
{
    /// <summary>With pauses that double, somewhat more than two hours in all.</summary>
    const int Attempts = 10;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);
    static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    [Function(nameof(NotifyOrchestrator))]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.GetInput<NotifyRequest>() ?? throw new InvalidOperationException("A message has no request.");
        await Task.WhenAll(request.Channels.Select(channel => DeliverAsync(context, request, channel)));
    }

    static async Task DeliverAsync(TaskOrchestrationContext context, NotifyRequest request, string channel)
    {
        var pause = FirstPause;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var input = new DeliveryInput { Subject = request.Subject, NotificationId = request.NotificationId, Channel = channel, Last = attempt == Attempts };
            var came = await context.CallActivityAsync<DeliveryAttempt>("DeliverNotification", input, Retries.OwnStore);
            if (came.State != DeliveryState.Waiting) { return; }
            var wish = TimeSpan.FromSeconds(came.RetryAfterSeconds ?? 0);
            await context.CreateTimer(wish > pause ? wish : pause, CancellationToken.None);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using Azure.Identity;
using GwbCloud.Contracts;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Notifications;

/// <summary>How an attempt to deliver ended.</summary>
public enum DeliveryState
{
    /// <summary>Not taken yet, and worth another attempt.</summary>
    Waiting,
    Delivered,
    Failed,
}

/// <summary>What came of one attempt.</summary>
public sealed record DeliveryAttempt
{
    public required DeliveryState State { get; init; }

    /// <summary>Code of <see cref="NotificationError"/>; null when it was delivered.</summary>
    public string? Code { get; init; }

    /// <summary>How long the channel wants to be left alone; null when it does not say.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static DeliveryAttempt Delivered { get; } = new() { State = DeliveryState.Delivered };

    internal static DeliveryAttempt Again(ErrorEntry why, TimeSpan? after = null) =>
        new() { State = DeliveryState.Waiting, Code = why.Code, RetryAfterSeconds = after is { } pause ? (int)Math.Clamp(pause.TotalSeconds, 0, 3_600) : null };

    internal static DeliveryAttempt Refused(ErrorEntry why) => new() { State = DeliveryState.Failed, Code = why.Code };
}

/// <summary>Posts a message to a channel, and tells no more of it than whether it was taken.</summary>
/// <remarks>
/// The address is the secret of a webhook. So nothing of the request, the answer or an exception is passed on: only a code. Redirects are not followed, because where
/// they lead nobody configured, and answers are not read.
/// </remarks>
public sealed class WebhookSender(IHttpClientFactory clients, IWebhookTokens tokens, IOptions<NotificationOptions> options, TimeProvider clock)
{
    public const string HttpClientName = "GwbCloud.Notifications";

    public async Task<DeliveryAttempt> SendAsync(ChannelOptions channel, Notification message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(message);
        var page = options.Value.PagesAddress is { Length: > 0 } pages ? new Uri(new Uri(pages), message.Path) : null;
        using var request = new HttpRequestMessage(HttpMethod.Post, channel.Address)
        {
            Content = new ByteArrayContent(channel.Format == ChannelFormat.Teams ? AdaptiveCard.Render(message, page) : JsonMessage.Render(message, page)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        try
        {
            if (channel.TokenScope is { Length: > 0 } scope)
            {
                request.Headers.Authorization = new("Bearer", await tokens.GetAsync(scope, channel.ManagedIdentityClientId, cancellationToken));
            }

            using var client = clients.CreateClient(HttpClientName);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return Judge(answer);
        }
        catch (AuthenticationFailedException)
        {
            return DeliveryAttempt.Again(NotificationError.NoToken);
        }
        catch (HttpRequestException)
        {
            return DeliveryAttempt.Again(NotificationError.NoAnswer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Its time was up. It may have been taken all the same; a message that comes twice bears the same id.
            return DeliveryAttempt.Again(NotificationError.NoAnswer);
        }
    }

    DeliveryAttempt Judge(HttpResponseMessage answer) => answer.StatusCode switch
    {
        _ when answer.IsSuccessStatusCode => DeliveryAttempt.Delivered,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
            DeliveryAttempt.Again(NotificationError.Busy, PauseOf(answer.Headers.RetryAfter)),
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => DeliveryAttempt.Refused(NotificationError.Redirected),
        _ => DeliveryAttempt.Refused(NotificationError.Refused),
    };

    TimeSpan? PauseOf(RetryConditionHeaderValue? wish) => wish?.Delta ?? (wish?.Date - clock.GetUtcNow());
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Identity;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Errors;

namespace GwbCloud.Functions.OnPremises;

/// <summary>What one exchange with a listener came to.</summary>
sealed record ListenerAnswer
{
    public byte[] Content { get; init; } = [];

    /// <summary>The listener's own refusal.</summary>
    public CommandError? Refusal { get; init; }

    /// <summary>Why nobody knows whether the request arrived; null when the answer is the listener's own and final.</summary>
    public CommandError? Silence { get; init; }

    [MemberNotNullWhen(false, nameof(Silence))]
    public bool Arrived => Silence is null;
    public bool Succeeded => Arrived && Refusal is null;

    public static ListenerAnswer Unknown(ErrorEntry why, string? detail = null) =>
        new() { Silence = why.Because(detail).ToCommandError() with { Transient = true } };
}

/// <summary>The job API of one listener over HTTP, straight or through a relay.</summary>
/// <remarks>
/// A refusal counts only in the listener's own words (a <see cref="CommandError"/>): relays, proxies and gateways answer 404, 502 or a
/// page of HTML in its place, and then the truth is unknown, although the status tells where to look. A relay gives up after 60 seconds,
/// and says 504 also when the listener has done what it was asked.
/// </remarks>
/// <param name="http">Gives up before the relay does.</param>
/// <param name="address">Ends with a slash.</param>
/// <param name="tokens">The tokens with which requests enter a relay; null when there is none in between.</param>
sealed class ListenerConnection(HttpClient http, Uri address, IRelayTokens? tokens = null)
{
    /// <summary>Read and taken away by the relay; <c>Authorization</c> would be as well.</summary>
    const string RelayHeader = "ServiceBusAuthorization";

    /// <summary>A status is under 48 KB, a part exactly; anything much larger is not from the listener.</summary>
    const int MaxAnswerBytes = 256 * 1024;

    public Task<ListenerAnswer> SubmitAsync(string envelope, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, "commands", new StringContent(envelope, Encoding.ASCII, new MediaTypeHeaderValue("application/jose")), cancellationToken);

    public Task<ListenerAnswer> ReadStatusAsync(string commandId, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"commands/{Uri.EscapeDataString(commandId)}", null, cancellationToken);

    /// <summary>Succeeds when the whole document is there.</summary>
    public Task<ListenerAnswer> FindDocumentAsync(DocumentReference reference, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"documents/{reference.Sha256}", null, cancellationToken);

    public Task<ListenerAnswer> UploadPartAsync(DocumentReference reference, int part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var body = new ReadOnlyMemoryContent(content);
        body.Headers.ContentType = new("application/octet-stream");
        return AskAsync(HttpMethod.Put, $"{PartOf(reference, part)}?parts={reference.Parts.ToString(CultureInfo.InvariantCulture)}", body, cancellationToken);
    }

    public Task<ListenerAnswer> DownloadPartAsync(DocumentReference reference, int part, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, PartOf(reference, part), null, cancellationToken);

    static string PartOf(DocumentReference reference, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"documents/{reference.Sha256}/{part}");

    async Task<ListenerAnswer> AskAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = body };
            if (tokens is not null)
            {
                // As it is, without a scheme.
                request.Headers.TryAddWithoutValidation(RelayHeader, await tokens.GetAsync(cancellationToken));
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (await ReadAsync(response.Content, cancellationToken) is not { } content)
            {
                return ListenerAnswer.Unknown(OnPremisesError.AnswerMalformed);
            }

            if (response.IsSuccessStatusCode)
            {
                return new() { Content = content };
            }

            return RefusalOf(content) switch
            {
                null => ListenerAnswer.Unknown(SomebodyElse(response.StatusCode), $"{(int)response.StatusCode}"),
                { Transient: false } refusal when response.StatusCode < HttpStatusCode.InternalServerError => new() { Refusal = refusal },
                // Busy or stopping, in its own words.
                var passing => new() { Silence = passing },
            };
        }
        catch (AuthenticationFailedException)
        {
            return ListenerAnswer.Unknown(OnPremisesError.NoRelayToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ListenerAnswer.Unknown(OnPremisesError.AnsweredLate);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return ListenerAnswer.Unknown(OnPremisesError.Unreachable);
        }
    }

    /// <summary>What it means that not the listener answered, but what stands before it.</summary>
    ErrorEntry SomebodyElse(HttpStatusCode status) => status switch
    {
        HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout => OnPremisesError.AnsweredLate,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when tokens is not null => OnPremisesError.RelayRefused,
        HttpStatusCode.NotFound or HttpStatusCode.BadGateway when tokens is not null => OnPremisesError.NoListener,
        _ => OnPremisesError.Refused,
    };

    static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new MemoryStream();
        var piece = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(piece, cancellationToken)) > 0)
        {
            buffer.Write(piece, 0, read);
            if (buffer.Length > MaxAnswerBytes)
            {
                return null;
            }
        }

        return buffer.ToArray();
    }

    static CommandError? RefusalOf(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<CommandError>(content, ContractJson.Lenient) is { Code.Length: > 0 } error ? error : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.OnPremises;

/// <summary>What one exchange with a listener came to.</summary>
sealed record ListenerAnswer
{
    /// <summary>The answer is the listener's own; false means that nobody knows whether the request arrived.</summary>
    public required bool Arrived { get; init; }
    public byte[] Content { get; init; } = [];

    /// <summary>The listener's own refusal.</summary>
    public CommandError? Refusal { get; init; }
    public bool Succeeded => Arrived && Refusal is null;
    public static ListenerAnswer Unknown { get; } = new() { Arrived = false };
}

/// <summary>The job API of one listener over HTTP.</summary>
/// <remarks>
/// A refusal counts only in the listener's own words (a <see cref="CommandError"/>): relays, proxies and gateways answer 404, 502 or a
/// page of HTML in its place, and then the truth is unknown.
/// </remarks>
sealed class ListenerConnection(HttpClient http, Uri address)
{
    /// <summary>A status is under 48 KB, a part exactly; anything much larger is not from the listener.</summary>
    const int MaxAnswerBytes = 256 * 1024;

    public Task<ListenerAnswer> SubmitAsync(string envelope, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, "commands", new StringContent(envelope, Encoding.ASCII, new MediaTypeHeaderValue("application/jose")), cancellationToken);

    public Task<ListenerAnswer> ReadStatusAsync(string commandId, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"commands/{Uri.EscapeDataString(commandId)}", null, cancellationToken);

    /// <summary>True when the whole document is there; null when nobody knows.</summary>
    public async Task<bool?> HasDocumentAsync(DocumentReference reference, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Get, $"documents/{reference.Sha256}", null, cancellationToken);
        return answer.Arrived ? answer.Refusal is null : null;
    }

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
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var content = await ReadAsync(response.Content, cancellationToken);
            if (content is null)
            {
                return ListenerAnswer.Unknown;
            }

            if (response.IsSuccessStatusCode)
            {
                return new() { Arrived = true, Content = content };
            }

            return RefusalOf(content) is { Transient: false } refusal && response.StatusCode < HttpStatusCode.InternalServerError
                ? new() { Arrived = true, Refusal = refusal }
                : ListenerAnswer.Unknown;
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException
            || (lost is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return ListenerAnswer.Unknown;
        }
    }

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

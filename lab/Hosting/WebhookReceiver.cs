using System.Globalization;
using System.Net;
using System.Text.Json;

namespace GwbCloud.Lab.Hosting;

/// <summary>One message as it came in.</summary>
/// <param name="Channel">Name of the channel whose address it was sent to.</param>
/// <param name="Body">What was sent, the whole of it.</param>
/// <param name="Headers">All headers of the request, each once.</param>
public sealed record ReceivedMessage(string Channel, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>Stands for the chat system at the other end of the product's webhooks: takes messages, keeps each as a file, and can be out of order.</summary>
/// <remarks>The product talks https to addresses that lead nowhere; this is what its client is connected to, so no door is left open for plain http.</remarks>
public sealed class WebhookReceiver
{
    /// <summary>The part of the addresses that nobody but flow and product may know. Whoever finds it anywhere else has found a leak.</summary>
    public const string Secret = "sig-9f2c61d0a7be4c55";

    /// <summary>How the files of messages are called.</summary>
    public const string Files = "???-*.json";

    readonly Lock _gate = new();
    readonly List<ReceivedMessage> _received = [];
    readonly Dictionary<string, Queue<HttpStatusCode>> _answers = new(StringComparer.Ordinal);

    /// <param name="folder">Where messages are kept, each a file; null keeps them in memory.</param>
    public WebhookReceiver(string? folder = null)
    {
        Folder = folder;
        if (folder is not null) { Directory.CreateDirectory(folder); }
    }

    public string? Folder { get; }

    /// <summary>What came in since this process began, in order.</summary>
    public IReadOnlyList<ReceivedMessage> Received
    {
        get
        {
            lock (_gate) { return [.. _received]; }
        }
    }

    /// <summary>The address of a channel.</summary>
    public static Uri AddressOf(string channel) => new($"https://{channel}.webhook.lab.invalid/workflows/{channel}?{Secret}");

    /// <summary>Answers the next requests of a channel so; afterwards it takes everything again.</summary>
    public void Answer(string channel, params HttpStatusCode[] answers)
    {
        lock (_gate) { _answers[channel] = new(answers); }
    }

    /// <summary>What an HTTP client is connected to.</summary>
    public HttpMessageHandler Door() => new Handler(this);

    async Task<HttpResponseMessage> TakeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string channel = request.RequestUri!.Host.Split('.')[0];
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        lock (_gate)
        {
            if (request.RequestUri != AddressOf(channel)) { return new(HttpStatusCode.NotFound); }
            if (_answers.TryGetValue(channel, out var answers) && answers.TryDequeue(out var answer)) { return new(answer) { RequestMessage = request }; }
            _received.Add(new(channel, body, headers));
            Keep(channel, body);
        }

        return new(HttpStatusCode.Accepted) { RequestMessage = request };
    }

    void Keep(string channel, string body)
    {
        if (Folder is null) { return; }
        // A second start goes on behind the files of the first.
        int number = Directory.GetFiles(Folder, Files).Length + 1;
        using var document = JsonDocument.Parse(body);
        File.WriteAllText(
            Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{number:000}-{channel}.json")),
            JsonSerializer.Serialize(document.RootElement, LabJson.Readable));
    }

    sealed class Handler(WebhookReceiver receiver) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => receiver.TakeAsync(request, cancellationToken);
    }
}

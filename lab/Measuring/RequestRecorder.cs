using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace GwbCloud.Lab.Measuring;

/// <summary>A request as it was sent, so that it can be counted and sent again.</summary>
sealed record RecordedRequest
{
    public required HttpMethod Method { get; init; }
    public required Uri Address { get; init; }
    public byte[]? Body { get; init; }
    public HttpStatusCode Status { get; init; }

    /// <summary>Header ConsistencyLevel, which advanced queries must have.</summary>
    public string? ConsistencyLevel { get; init; }
    public bool IsBatch => Address.AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal);

    /// <summary>Paths of the requests in it: those of a batch's items, or its own.</summary>
    public IReadOnlyList<string> Items()
    {
        if (!IsBatch) { return [Address.PathAndQuery]; }
        using var body = JsonDocument.Parse(Body);
        return [.. body.RootElement.GetProperty("requests").EnumerateArray().Select(r => r.GetProperty("url").GetString()!)];
    }
}

/// <summary>Keeps what the product sends to the world.</summary>
sealed class RequestRecorder
{
    readonly ConcurrentQueue<RecordedRequest> _sent = new();

    /// <summary>So far, in the order of the answers.</summary>
    public IReadOnlyList<RecordedRequest> Sent => [.. _sent];

    /// <summary>A handler in front of one client.</summary>
    public DelegatingHandler Handler() => new Recording(_sent);

    sealed class Recording(ConcurrentQueue<RecordedRequest> sent) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            var response = await base.SendAsync(request, cancellationToken);
            sent.Enqueue(new RecordedRequest
            {
                Method = request.Method,
                Address = request.RequestUri!,
                Body = body,
                Status = response.StatusCode,
                ConsistencyLevel = request.Headers.TryGetValues(nameof(RecordedRequest.ConsistencyLevel), out var level) ? level.First() : null,
            });
            return response;
        }
    }
}

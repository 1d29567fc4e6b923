using System.Net;
using System.Text;
using GwbCloud.Functions;
using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Graph;

/// <summary>A Graph that answers what the test wrote down, in order, and remembers what it was asked and how long was waited.</summary>
sealed class ScriptedGraph : HttpMessageHandler, IDelay
{
    readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<string> Requests { get; } = [];

    public List<string> Bodies { get; } = [];

    public List<TimeSpan> Waits { get; } = [];

    public GraphClient Client() => new(
        new HttpClient(this), new StaticTokens("token"), this, Options.Create(new GraphOptions { BaseUrl = new Uri("https://graph.test"), Attempts = 4 }),
        NullLogger<GraphClient>.Instance);

    public ScriptedGraph Then(HttpStatusCode status, string body = "{}", int? retryAfter = null)
    {
        _answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            response.Headers.Add("request-id", "r-1");
            if (retryAfter is { } seconds)
            {
                response.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
            }

            return response;
        });
        return this;
    }

    public ScriptedGraph ThenLost()
    {
        _answers.Enqueue(() => throw new HttpRequestException("connection reset"));
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        return _answers.TryDequeue(out var answer) ? answer() : throw new InvalidOperationException("The script has no more answers.");
    }

    public Task ForAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        Waits.Add(time);
        return Task.CompletedTask;
    }
}

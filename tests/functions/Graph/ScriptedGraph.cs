using System.Net;
using System.Text;
using GwbCloud.Functions;
using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Graph;

/// <summary>A Graph that answers what the test wrote down, in order, and remembers what it was asked and how long was waited.</summary>
sealed class ScriptedGraph : HttpMessageHandler, IDelay, IJitter, IGraphTokens
{
    readonly Queue<Func<CancellationToken, HttpResponseMessage>> _answers = new();

    GraphPace? _pace;
    int _tokens = 1;

    public IOptions<GraphOptions> Settings { get; init; } = Options.Create(new GraphOptions { BaseUrl = new Uri("https://graph.test"), Attempts = 4 });

    /// <summary>The clock of the client.</summary>
    public ManualTime Clock { get; } = new();

    public List<string> Requests { get; } = [];

    /// <summary>The headers of each request, one line for each.</summary>
    public List<string> Headers { get; } = [];

    public List<string> Bodies { get; } = [];

    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Clients of one graph share its pace, as those of a process do.</summary>
    public GraphClient Client()
    {
        _pace ??= new GraphPace(this, Clock, this, Settings);
        return new(GraphServices.Connect(this, Settings.Value, this), this, _pace, Settings, NullLogger<GraphClient>.Instance);
    }

    public ScriptedGraph Then(HttpStatusCode status, string body = "{}", int? retryAfter = null, params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(_ =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

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
        _answers.Enqueue(_ => throw new HttpRequestException("connection reset"));
        return this;
    }

    /// <summary>Answers only when the client's patience is over.</summary>
    public ScriptedGraph ThenSlow(TimeSpan time)
    {
        _answers.Enqueue(cancellationToken =>
        {
            Clock.Advance(time);
            cancellationToken.ThrowIfCancellationRequested();
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
        });
        return this;
    }

    double IJitter.Of(string request, int attempt) => Jitter;

    /// <summary>What chance says: the longest wait, unless a test wants otherwise.</summary>
    public double Jitter { get; set; } = 1;

    ValueTask<string> IGraphTokens.GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult($"token {_tokens}");

    void IGraphTokens.Forget(string? claims)
    {
        _tokens++;
        Forgotten.Add(claims);
    }

    /// <summary>The claims of each token that was given up.</summary>
    public List<string?> Forgotten { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        Headers.Add(string.Join('\n', request.Headers.Select(h => $"{h.Key}: {string.Join(',', h.Value)}")));
        Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        return _answers.TryDequeue(out var answer) ? answer(cancellationToken) : throw new InvalidOperationException("The script has no more answers.");
    }

    public Task ForAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        Waits.Add(time);
        Clock.Advance(time);
        return Task.CompletedTask;
    }
}

using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Relay;

namespace GwbCloud.Tests.Listener.Relay;

/// <summary>A request that came through a relay in memory.</summary>
sealed class FakeExchange(string url, string method = "GET", int bodyBytes = 0) : IRelayedExchange
{
    readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Method => method;

    public Uri Url { get; } = new(new Uri("sb://contoso.servicebus.windows.net/"), url);

    public Stream Body { get; init; } = new MemoryStream(new byte[bodyBytes]);

    /// <summary>Thrown when the answer is written.</summary>
    public Exception? Broken { get; init; }

    public ListenerResponse? Answer { get; private set; }

    /// <summary>The code in the answer's body.</summary>
    public string Code => JsonSerializer.Deserialize<CommandError>(Answer!.Body.Span, ContractJson.Options)!.Code;

    public Task Closed => _closed.Task.WaitAsync(TestContext.Current.CancellationToken);

    public Task AnswerAsync(ListenerResponse answer)
    {
        Answer = answer;
        return Broken is null ? Task.CompletedTask : Task.FromException(Broken);
    }

    public Task CloseAsync()
    {
        _closed.SetResult();
        return Broken is null ? Task.CompletedTask : Task.FromException(Broken);
    }
}

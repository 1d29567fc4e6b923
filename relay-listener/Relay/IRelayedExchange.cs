using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.RelayListener.Relay;

/// <summary>A request that came through a relay, and the way back.</summary>
interface IRelayedExchange
{
    string Method { get; }

    /// <summary>As the caller sent it: the connection's own path first.</summary>
    Uri Url { get; }

    Stream Body { get; }

    /// <summary>Sets status and headers and writes the body; once. What is never answered is a 500.</summary>
    Task AnswerAsync(ListenerResponse answer);

    /// <summary>Sends what was written. Without it the caller waits a minute for nothing.</summary>
    Task CloseAsync();
}

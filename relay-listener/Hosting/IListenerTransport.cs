namespace GwbCloud.RelayListener.Hosting;

/// <summary>The job API as a transport calls it.</summary>
delegate Task<ListenerResponse> ListenerHandler(ListenerRequest request, CancellationToken cancellationToken);

/// <summary>A way in to the job API. Disposing it takes nothing new, lets what was begun finish for a bounded time, then closes.</summary>
interface IListenerTransport : IAsyncDisposable
{
    /// <summary>What the cloud half is told to call.</summary>
    Uri Address { get; }

    TransportState State { get; }
}

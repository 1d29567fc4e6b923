using System.Net;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using Microsoft.Azure.Relay;

namespace GwbCloud.RelayListener.Relay;

/// <summary>The client of Azure Relay as a link.</summary>
sealed class HybridConnectionLink : IRelayLink
{
    static readonly TimeSpan LongestOpen = TimeSpan.FromSeconds(70);
    static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(10);

    readonly HybridConnectionListener _listener;

    public HybridConnectionLink(RelayOptions options, TokenProvider tokens, Action<LinkReport> report, Action<IRelayedExchange> request)
    {
        _listener = new(options.ListenAddress, tokens)
        {
            // Both are taken over when a socket is made, so they come first.
            KeepAliveInterval = TimeSpan.FromSeconds(options.KeepAliveSeconds),
            RequestHandler = context => request(new RelayedExchange(context)),
        };
        switch (options.Proxy.Kind)
        {
            case RelayProxyKind.None:
                _listener.Proxy = null;
                break;
            case RelayProxyKind.Explicit:
                _listener.Proxy = new WebProxy(options.Proxy.Address) { UseDefaultCredentials = true };
                break;
            default:
                // The client's own default is the system's.
                break;
        }
        // A socket that somebody wants to keep is none of ours: only requests are answered.
        _listener.AcceptHandler = context =>
        {
            context.Response.StatusCode = HttpStatusCode.NotFound;
            return Task.FromResult(false);
        };
        _listener.Connecting += (_, _) => report(Report(TransportPhase.Connecting));
        _listener.Online += (_, _) => report(Report(TransportPhase.Online));
        _listener.Offline += (_, _) => report(Report(TransportPhase.Offline));
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestOpen);
        try
        {
            await _listener.OpenAsync(limit.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException(ErrorOf(e), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The client waits for the other side's goodbye, which a dead network never brings, whatever the token says.
        using var limit = new CancellationTokenSource(LongestClose);
        try
        {
            await _listener.CloseAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception)
        {
            // It is abandoned, and was of no more use.
        }
    }

    LinkReport Report(TransportPhase phase) => new() { Phase = phase, Error = phase == TransportPhase.Online || _listener.LastError is not { } e ? null : ErrorOf(e) };

    static CommandError ErrorOf(Exception e) => e switch
    {
        CommandFailedException known => known.Error,
        { InnerException: CommandFailedException known } => known.Error,
        AuthorizationFailedException => RelayError.NotAllowed.ToError(e.Message, transient: true),
        EndpointNotFoundException => RelayError.ConnectionUnknown.ToError(e.Message, transient: true),
        OperationCanceledException => RelayError.Unreachable.ToError("no answer in time", transient: true),
        _ => RelayError.Unreachable.ToError(e.Message, transient: true),
    };
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Relay;
using GwbCloud.Tests.Contracts;

namespace GwbCloud.Tests.Listener.Relay;

/// <summary>Links and waits that do what a test says.</summary>
sealed class FakeRelay
{
    readonly Channel<FakeLink> _links = Channel.CreateUnbounded<FakeLink>();
    readonly Channel<FakeWait> _waits = Channel.CreateUnbounded<FakeWait>();

    public ManualClock Clock { get; } = new(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));

    public int Links { get; private set; }

    /// <summary>Thrown instead of making a link.</summary>
    public Exception? NoLink { get; set; }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public IRelayLink Connect(Action<LinkReport> report, Action<IRelayedExchange>? request = null)
    {
        Links++;
        if (NoLink is not null) { throw NoLink; }
        var link = new FakeLink(report, request);
        _links.Writer.TryWrite(link);
        return link;
    }

    public Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var wait = new FakeWait(time, cancellationToken);
        _waits.Writer.TryWrite(wait);
        return wait.Task;
    }

    public async Task<FakeLink> NextLinkAsync() => await _links.Reader.ReadAsync(Token);

    public async Task<FakeWait> NextWaitAsync() => await _waits.Reader.ReadAsync(Token);

    /// <summary>False as long as nobody waits for anything else.</summary>
    public bool AnotherWait => _waits.Reader.TryPeek(out _);

    public async Task<FakeLink> OnlineAsync()
    {
        var link = await NextLinkAsync();
        link.Open();
        return link;
    }

    /// <summary>The next attempt fails.</summary>
    /// <returns>The pause that follows.</returns>
    public async Task<FakeWait> RefuseAsync(CommandFailedException? because = null)
    {
        var link = await NextLinkAsync();
        link.Refuse(because ?? RelayError.Unreachable.Exception("no route", transient: true));
        return await NextWaitAsync();
    }

    /// <summary>Waits for what happens on another thread. What has not happened after half a minute never will.</summary>
    public static async Task UntilAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string? what = null)
    {
        long begun = Environment.TickCount64;
        while (!holds())
        {
            Assert.True(Environment.TickCount64 - begun < 30_000, $"It never came true: {what}");
            await Task.Delay(1, Token);
        }
    }
}

sealed class FakeWait(TimeSpan time, CancellationToken cancellationToken)
{
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TimeSpan Time => time;

    public Task Task => _done.Task.WaitAsync(cancellationToken);

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    public void Pass() => _done.SetResult();
}

sealed class FakeLink(Action<LinkReport> report, Action<IRelayedExchange>? request) : IRelayLink
{
    readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsDisposed { get; private set; }

    public Task OpenAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    public void Open() => _opened.SetResult();

    public void Refuse(Exception because) => _opened.SetException(because);

    public void Report(TransportPhase phase, CommandFailedException? because = null) => report(new() { Phase = phase, Error = because?.Error });

    public void Request(IRelayedExchange exchange) => request!(exchange);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}

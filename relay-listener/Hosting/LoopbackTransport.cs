using System.Globalization;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Hosting;

/// <summary>The job API on Kestrel, loopback only: rehearsals, tests, and private networks behind a proxy of their own.</summary>
sealed class LoopbackTransport : IListenerTransport
{
    readonly WebApplication _app;

    LoopbackTransport(WebApplication app, Uri address, DateTimeOffset since) =>
        (_app, Address, State) = (app, address, new() { Phase = TransportPhase.Online, Since = since });

    public Uri Address { get; }

    public TransportState State { get; private set; }

    public static async Task<LoopbackTransport> StartAsync(ListenerOptions options, ListenerHandler handle, BusyHolds busy, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ListenerApi.MaxBodyBytes;
        });
        builder.WebHost.UseUrls(options.Url);
        builder.Services.AddSingleton(options.Logging);
        // The process belongs to whoever starts the listener; a signal to it is not ours to answer.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.Run(context => HandleAsync(context, handle, busy, options.Server));
        await app.StartAsync(cancellationToken);
        string address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new(app, new(address), options.Time.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        State = State with { Phase = TransportPhase.Stopped };
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    static async Task HandleAsync(HttpContext context, ListenerHandler handle, BusyHolds busy, string server)
    {
        using var hold = busy.Hold($"{server} request");
        var answer = await ReadBodyAsync(context) is { } body
            ? await handle(
                new() { Method = context.Request.Method, Path = PathOf(context), Parts = context.Request.Query["parts"], Body = body },
                context.RequestAborted)
            : ListenerApi.Refuse(StatusCodes.Status413PayloadTooLarge, JobError.BodyTooLarge.ToError());
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        if (answer.RetryAfterSeconds is { } seconds) { context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture); }
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>As it was sent; the framework's own path has lost which slashes were escaped.</summary>
    static string PathOf(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? target[..query] : target;
    }

    static async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return body.ToArray();
        }
        catch (BadHttpRequestException)
        {
            return null;
        }
    }

    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

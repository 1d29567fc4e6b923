using System.Globalization;
using System.Net.Http.Json;

namespace GwbCloud.Lab.Hosting;

/// <summary>Tells the world in the other process our moment before anything is asked of it, whenever that has changed.</summary>
/// <param name="world">Address of the world.</param>
/// <param name="clock">Our clock, which leads.</param>
sealed class WorldLeader(Uri world, TimeProvider clock) : IDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = world };
    readonly SemaphoreSlim _gate = new(1, 1);
    DateTimeOffset _told = DateTimeOffset.MinValue;

    /// <summary>Returns when the world is at our moment.</summary>
    public async ValueTask TellAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            if (now <= _told) { return; }
            using var answer = await _http.PostAsJsonAsync(WorldEndpoints.ClockPath, new Moment { At = now }, LabJson.Options, cancellationToken);
            answer.EnsureSuccessStatusCode();
            _told = now;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets a request to Graph bear our moment; false when it goes elsewhere.</summary>
    public bool TryAttach(HttpRequestMessage request)
    {
        if (request.RequestUri is not { } address || !world.IsBaseOf(address)) { return false; }
        request.Headers.Remove(WorldEndpoints.MomentHeader);
        request.Headers.Add(WorldEndpoints.MomentHeader, clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        return true;
    }

    public void Dispose()
    {
        _http.Dispose();
        _gate.Dispose();
    }
}

/// <summary>In front of every HTTP client of the product.</summary>
sealed class LeadTheWorld(WorldLeader leader) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Graph takes the moment with the request; a listener knows nothing of a lab, so that the world is told before.
        if (!leader.TryAttach(request)) { await leader.TellAsync(cancellationToken); }
        return await base.SendAsync(request, cancellationToken);
    }
}

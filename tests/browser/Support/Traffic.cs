using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>What a page asked for since it was gone to, up to its content. What it asks afterwards to stay up to date is no part of that.</summary>
public sealed class Traffic
{
    /// <summary>More than that no page needs to its content.</summary>
    const int MostRequests = 10;

    /// <summary>Larger is no answer, in bytes.</summary>
    const int LargestAnswer = 200_000;

    readonly ConcurrentQueue<IRequest> _requests = [];

    internal Traffic(IPage page) => page.Request += (_, request) =>
    {
        if (request.ResourceType != "fetch" || request.Url != page.Url) { _requests.Enqueue(request); }
    };

    public int Requests => _requests.Count;

    internal void Begin() => _requests.Clear();

    /// <summary>Few requests, and no large answer.</summary>
    public async Task AssertLightAsync()
    {
        var requests = _requests.ToList();
        Assert.True(requests.Count <= MostRequests, $"{requests.Count} requests: {string.Join(", ", requests.Select(r => r.Url))}");
        foreach (var request in requests)
        {
            if (await request.ResponseAsync() is not { } answer || answer.Status is >= 300 and < 400) { continue; }
            int size = (await answer.BodyAsync()).Length;
            Assert.True(size <= LargestAnswer, $"{request.Url}: {size} bytes");
        }
    }
}

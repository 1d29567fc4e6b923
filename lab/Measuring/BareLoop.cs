using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Time;

namespace GwbCloud.Lab.Measuring;

/// <summary>Downloads what was downloaded once more, one request after the other, and does nothing with it: what the network and the world alone cost.</summary>
sealed class BareLoop(WorldLeader leader, LabClock clock, LabIssuer issuer, DocumentedQuota quota)
{
    /// <summary>Reads everything again.</summary>
    /// <returns>Real time.</returns>
    public async Task<TimeSpan> RunAsync(IReadOnlyList<RecordedRequest> requests, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issuer.GraphAppToken());
        var watch = Stopwatch.StartNew();
        int spent = 0;
        foreach (var request in requests)
        {
            int units = request.Items().Sum(DocumentedQuota.UnitsOf);
            if (spent + units > quota.UnitsPerWindow * 9 / 10)
            {
                await WaitAsync(TimeSpan.FromSeconds(DocumentedQuota.WindowSeconds));
                spent = 0;
            }

            spent += units;
            while (!await DownloadAsync(http, request, cancellationToken)) { await WaitAsync(TimeSpan.FromSeconds(DocumentedQuota.WindowSeconds)); }
        }

        return watch.Elapsed;

        async Task WaitAsync(TimeSpan time)
        {
            await clock.SleepAsync(time, cancellationToken);
            await leader.TellAsync(cancellationToken);
        }
    }

    /// <summary>Only reading is repeated, never an order.</summary>
    public static bool IsDownload(RecordedRequest request) =>
        request.Status == HttpStatusCode.OK
        && (request.Method == HttpMethod.Get || request.IsBatch)
        && !request.Address.AbsolutePath.Contains("/commands/", StringComparison.Ordinal);

    static async Task<bool> DownloadAsync(HttpClient http, RecordedRequest request, CancellationToken cancellationToken)
    {
        using var again = new HttpRequestMessage(request.Method, request.Address);
        if (request.ConsistencyLevel is { } level) { again.Headers.Add(nameof(RecordedRequest.ConsistencyLevel), level); }
        if (request.Body is not null)
        {
            again.Content = new ByteArrayContent(request.Body);
            again.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var answer = await http.SendAsync(again, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.TooManyRequests) { return false; }
        answer.EnsureSuccessStatusCode();
        return true;
    }
}

using System.Net;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Graph;
using GwbCloud.Lab.Hosting;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Graph;

public sealed class GraphPaceTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BackOff_OfARequest_IsAnyShareOfTheCeiling()
    {
        using var graph = new ScriptedGraph { Jitter = 0.25 }
            .Then(HttpStatusCode.ServiceUnavailable).Then(HttpStatusCode.ServiceUnavailable).Then(HttpStatusCode.ServiceUnavailable).Then(HttpStatusCode.OK);

        await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal([0.25, 0.5, 1], graph.Waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public void Jitter_OfTheSameRequest_IsTheSameWhateverWasAskedBefore()
    {
        var (one, other) = (new LabJitter(7), new LabJitter(7));
        other.Of("GET b", 1);

        Assert.Equal(one.Of("GET a", 2), other.Of("GET a", 2));
        Assert.NotEqual(one.Of("GET a", 2), one.Of("GET a", 3));
        Assert.NotEqual(one.Of("GET a", 2), new LabJitter(8).Of("GET a", 2));
        Assert.All(Enumerable.Range(1, 200).Select(i => one.Of("GET a", i)), share => Assert.InRange(share, 0, 0.9999999999));
    }

    [Fact]
    public async Task RetryAfter_AsADate_IsMeasuredByGraphsOwnClock()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.TooManyRequests, "{}", null, ("Retry-After", "Sat, 21 Nov 2026 10:00:30 GMT"), ("Date", "Sat, 21 Nov 2026 10:00:00 GMT"))
            .Then(HttpStatusCode.OK);

        await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal([TimeSpan.FromSeconds(30)], graph.Waits);
    }

    [Fact]
    public async Task RetryAfter_AsADateWithoutGraphsClock_IsMeasuredByOurs()
    {
        using var graph = new ScriptedGraph();
        var moment = (graph.Clock.GetUtcNow() + TimeSpan.FromSeconds(12)).ToString("R");
        graph.Then(HttpStatusCode.TooManyRequests, "{}", null, ("Retry-After", moment)).Then(HttpStatusCode.OK);

        await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal([TimeSpan.FromSeconds(12)], graph.Waits);
    }

    [Fact]
    public async Task RetryAfter_AsADateThatIsOver_IsNoWait()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.TooManyRequests, "{}", null, ("Retry-After", "Sat, 21 Nov 2026 07:00:00 GMT"))
            .Then(HttpStatusCode.OK);

        await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal([TimeSpan.Zero], graph.Waits);
    }

    [Fact]
    public async Task Writes_OfSeveralClients_ShareOneBudget()
    {
        using var graph = new ScriptedGraph();
        var (one, other) = (graph.Client(), graph.Client());
        for (var i = 0; i < 20; i++)
        {
            graph.Then(HttpStatusCode.NoContent);
            await (i % 2 == 0 ? one : other).WriteAsync(HttpMethod.Patch, $"v1.0/x/{i}", new JsonObject(), Stop);
        }

        // The first goes at once; each of the others waits for its nineteenth of a second.
        Assert.Equal(19, graph.Waits.Count);
        Assert.Equal(19 / 19.0, graph.Waits.Sum(w => w.TotalSeconds), 3);
    }

    [Fact]
    public async Task Writes_InABatch_ArePaidForByTheNextOne()
    {
        using var graph = new ScriptedGraph { Settings = Options.Create(new GraphOptions { BaseUrl = new Uri("https://graph.test"), WritesPerSecond = 10 }) }
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":204},{"id":"2","status":204},{"id":"3","status":200,"body":{}}]}""")
            .Then(HttpStatusCode.NoContent);
        var client = graph.Client();

        await client.BatchAsync("v1.0", [Patch("1"), Patch("2"), new GraphBatchRequest { Id = "3", Path = "x/3" }], Stop);
        await client.WriteAsync(HttpMethod.Patch, "v1.0/x/4", new JsonObject(), Stop);

        Assert.Equal([TimeSpan.FromSeconds(0.2)], graph.Waits);
    }

    [Fact]
    public async Task Reads_AreNotHeldByTheWriteBudget()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.NoContent).Then(HttpStatusCode.OK);
        var client = graph.Client();

        await client.WriteAsync(HttpMethod.Patch, "v1.0/x/1", new JsonObject(), Stop);
        await client.GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Empty(graph.Waits);
    }

    [Theory]
    [InlineData("0.8", 0)]
    [InlineData("0.81", 0.25)]
    [InlineData("0.9", 1)]
    [InlineData("1.4", 2)]
    public async Task Requests_NearTheQuotasEnd_KeepADistance(string percentage, double seconds)
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, "{}", null, ("x-ms-throttle-limit-percentage", percentage)).Then(HttpStatusCode.OK);
        var client = graph.Client();

        await client.GetAsync<JsonObject>("v1.0/x", Stop);
        await client.GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal(seconds, graph.Waits.Sum(w => w.TotalSeconds), 3);
    }

    [Fact]
    public async Task Requests_WhenTheQuotaIsFreeAgain_GoAtFullSpeed()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, "{}", null, ("x-ms-throttle-limit-percentage", "1"));
        var client = graph.Client();
        for (var i = 0; i < 12; i++)
        {
            await client.GetAsync<JsonObject>("v1.0/x", Stop);
            graph.Then(HttpStatusCode.OK);
        }

        Assert.Equal([2, 2, 1, 0.5, 0.25, 0.125, 0.0625], [.. graph.Waits.Select(w => Math.Round(w.TotalSeconds, 4))]);
    }

    [Fact]
    public async Task Usage_OfCallsAndBatches_IsSummed()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, "{}", null, ("x-ms-resource-unit", "3"))
            .Then(HttpStatusCode.TooManyRequests, "{}", retryAfter: 5)
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":200,"headers":{"X-Ms-Resource-Unit":"2"},"body":{}},{"id":"2","status":204,"headers":{"x-ms-resource-unit":"1"}}]}""");
        var client = graph.Client();

        await client.GetAsync<JsonObject>("v1.0/x", Stop);
        var before = client.Usage;
        await client.BatchAsync("v1.0", [new GraphBatchRequest { Id = "1", Path = "x" }, Patch("2")], Stop);

        Assert.Equal(
            new GraphUsage { Requests = 2, BatchItems = 4, Writes = 2, ResourceUnits = 3, Throttled = 1, Repeated = 1, Waited = TimeSpan.FromSeconds(5) + graph.Waits[1..].Aggregate(TimeSpan.Zero, (a, b) => a + b) },
            client.Usage.Since(before));
        Assert.Equal(6, client.Usage.ResourceUnits);
    }

    static GraphBatchRequest Patch(string id) => new() { Id = id, Path = $"x/{id}", Method = HttpMethod.Patch, Body = new JsonObject { ["a"] = id } };
}

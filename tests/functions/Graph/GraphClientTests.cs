using System.Net;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Tests.Functions.Graph;

public class GraphClientTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_SeveralPages_FollowTheLinkAsItIs()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, """{"value":[{"id":1},{"id":2}],"@odata.nextLink":"https://graph.test/v1.0/x?$skiptoken=a%2Bb"}""")
            .Then(HttpStatusCode.OK, """{"value":[{"id":3}]}""");

        var ids = new List<int>();
        await foreach (var item in graph.Client().PagesAsync<JsonObject>("v1.0/x", Stop))
        {
            ids.Add((int)item["id"]!);
        }

        Assert.Equal([1, 2, 3], ids);
        Assert.Equal("GET /v1.0/x?$skiptoken=a%2Bb", graph.Requests[1]);
    }

    [Fact]
    public async Task Pages_LinkToAnotherHost_IsNotFollowedWithOurToken()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"value":[],"@odata.nextLink":"https://elsewhere.test/v1.0/x"}""");

        await Assert.ThrowsAsync<GraphException>(async () =>
        {
            await foreach (var _ in graph.Client().PagesAsync<JsonObject>("v1.0/x", Stop))
            {
            }
        });

        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task Get_Throttled_WaitsAsLongAsGraphSays()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.TooManyRequests, retryAfter: 17).Then(HttpStatusCode.OK, """{"a":1}""");

        await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal([TimeSpan.FromSeconds(17)], graph.Waits);
    }

    [Fact]
    public async Task Get_UnavailableWithoutRetryAfter_BacksOff()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.ServiceUnavailable).Then(HttpStatusCode.GatewayTimeout).ThenLost().Then(HttpStatusCode.OK, "{}");

        await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal([1, 2, 4], graph.Waits.Select(w => (int)w.TotalSeconds));
    }

    [Fact]
    public async Task Get_CutAnswer_IsReadAgain()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"a":""").Then(HttpStatusCode.OK, """{"a":1}""");

        Assert.Equal(1, (int)(await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop))["a"]!);
    }

    [Fact]
    public async Task Pages_AnswerWithoutItems_IsUnreadableAndNoEmptyList()
    {
        using var graph = new ScriptedGraph();
        for (var i = 0; i < 4; i++)
        {
            graph.Then(HttpStatusCode.OK, """{"@odata.context":"x"}""");
        }

        var refused = await Assert.ThrowsAsync<GraphTransientException>(async () =>
        {
            await foreach (var _ in graph.Client().PagesAsync<JsonObject>("v1.0/x", Stop))
            {
            }
        });

        Assert.Equal(GraphError.Unreadable, refused.Error);
    }

    [Fact]
    public async Task Get_NeverAvailable_EndsTransient()
    {
        using var graph = new ScriptedGraph();
        for (var i = 0; i < 4; i++)
        {
            graph.Then(HttpStatusCode.ServiceUnavailable);
        }

        var error = await Assert.ThrowsAsync<GraphTransientException>(() => graph.Client().GetAsync<JsonObject>("v1.0/x", Stop));

        Assert.Equal(("GWB4002", true, "r-1"), (error.Code, error.Transient, error.RequestId));
        Assert.Contains("request-id r-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WaitTooLongToHoldAnActivity_IsLeftToTheOrchestration()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.TooManyRequests, retryAfter: 3_600);

        await Assert.ThrowsAsync<GraphTransientException>(() => graph.Client().GetAsync<JsonObject>("v1.0/x", Stop));

        Assert.Empty(graph.Waits);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "GWB4005")]
    [InlineData(HttpStatusCode.NotFound, "GWB4006")]
    [InlineData(HttpStatusCode.BadRequest, "GWB4007")]
    public async Task Get_Refused_IsNotRepeated(HttpStatusCode status, string code)
    {
        using var graph = new ScriptedGraph().Then(status, """{"error":{"code":"Request_X","message":"no"}}""");

        var error = await Assert.ThrowsAsync<GraphException>(() => graph.Client().GetAsync<JsonObject>("v1.0/x", Stop));

        Assert.Equal((code, "Request_X", false), (error.Code, error.GraphCode, error.Transient));
    }

    [Fact]
    public async Task Get_TokenRanOut_RenewsItOnceSilently()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.Unauthorized, "{}", null, ("WWW-Authenticate", "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhIjoxfQ==\""))
            .Then(HttpStatusCode.OK, "{}");

        await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal(["""{"a":1}"""], graph.Forgotten);
        Assert.Contains("Bearer token 1", graph.Headers[0], StringComparison.Ordinal);
        Assert.Contains("Bearer token 2", graph.Headers[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_NewTokenRefusedToo_IsTheError()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.Unauthorized).Then(HttpStatusCode.Unauthorized);

        var error = await Assert.ThrowsAsync<GraphException>(() => graph.Client().GetAsync<JsonObject>("v1.0/x", Stop));

        Assert.Equal(("GWB4004", false), (error.Code, error.Transient));
        Assert.Equal(2, graph.Requests.Count);
    }

    [Fact]
    public async Task Get_SlowerThanTheClientsPatience_IsAskedAgain()
    {
        using var graph = new ScriptedGraph().ThenSlow(TimeSpan.FromSeconds(101)).ThenSlow(TimeSpan.FromSeconds(99));

        await graph.Client().GetAsync<JsonObject>("v1.0/x", Stop);

        Assert.Equal(2, graph.Requests.Count);
    }

    [Fact]
    public async Task Ensure_SlowerThanTheClientsPatience_LooksBeforeItPostsAgain()
    {
        using var graph = new ScriptedGraph().ThenSlow(TimeSpan.FromSeconds(101));

        await EnsureAsync(graph, () => graph.Requests.Count == 0 ? null : new JsonObject());

        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task Requests_Each_BearTheirOwnName()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.ServiceUnavailable).Then(HttpStatusCode.Forbidden);

        var error = await Assert.ThrowsAsync<GraphException>(() => graph.Client().GetAsync<JsonObject>("v1.0/x", Stop));

        Assert.Contains($"client-request-id {error.ClientRequestId}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"client-request-id: {error.ClientRequestId}", graph.Headers[1], StringComparison.Ordinal);
        Assert.DoesNotContain(error.ClientRequestId!, graph.Headers[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1.0/groups?$count=true&$filter=x", true)]
    [InlineData("v1.0/groups/1/members?$select=id", false)]
    public async Task Pages_OfAnAdvancedQuery_AskForItsCopyOnEachPage(string path, bool advanced)
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, """{"value":[],"@odata.nextLink":"https://graph.test/v1.0/x?$skiptoken=a"}""")
            .Then(HttpStatusCode.OK, """{"value":[]}""");

        await foreach (var _ in graph.Client().PagesAsync<JsonObject>(path, Stop))
        {
        }

        Assert.Equal(2, graph.Headers.Count);
        Assert.All(graph.Headers, headers => Assert.Equal(advanced, headers.Contains("ConsistencyLevel: eventual", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Count_OfAList_IsANumberOfItsCopy()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, "\uFEFF1234");

        Assert.Equal(1234, await graph.Client().CountAsync("v1.0/groups/1/members/$count", Stop));
        Assert.Contains("ConsistencyLevel: eventual", graph.Headers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_TakenButItsAnswerCut_IsDone()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"a":""");

        await graph.Client().WriteAsync(HttpMethod.Patch, "v1.0/x", new JsonObject(), Stop);

        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task Errors_OfAPathWithAFilter_DoNotShowIt()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.Forbidden);

        var error = await Assert.ThrowsAsync<GraphException>(() => graph.Client().GetAsync<JsonObject>("v1.0/users?$filter=name eq 'x'", Stop));

        Assert.DoesNotContain("filter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_GoneAlready_IsDone()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.NotFound);

        await graph.Client().DeleteAsync("v1.0/x/1", Stop);

        Assert.Equal(["DELETE /v1.0/x/1"], graph.Requests);
    }

    [Fact]
    public async Task Ensure_ThereAlready_PostsNothing()
    {
        using var graph = new ScriptedGraph();

        await EnsureAsync(graph, () => new JsonObject());

        Assert.Empty(graph.Requests);
    }

    [Fact]
    public async Task Ensure_LostAnswerButMade_PostsOnce()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.GatewayTimeout);
        var looks = 0;

        await EnsureAsync(graph, () => ++looks < 3 ? null : new JsonObject());

        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task Ensure_LostAnswerAndNotMade_PostsAgainAfterLooking()
    {
        using var graph = new ScriptedGraph().ThenLost().Then(HttpStatusCode.Created);

        await EnsureAsync(graph, () => graph.Requests.Count < 2 ? null : new JsonObject());

        Assert.Equal(2, graph.Requests.Count);
        Assert.Equal(3, graph.Waits.Count);
    }

    [Fact]
    public async Task Ensure_Throttled_WasNotCarriedOutAndIsPostedAgain()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.TooManyRequests, retryAfter: 5).Then(HttpStatusCode.Created);

        await EnsureAsync(graph, () => graph.Requests.Count < 2 ? null : new JsonObject());

        Assert.Equal([TimeSpan.FromSeconds(5)], graph.Waits);
    }

    [Fact]
    public async Task Ensure_MadeButNeverSeen_DoesNotPostAgain()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.Created);

        var error = await Assert.ThrowsAsync<GraphTransientException>(() => EnsureAsync(graph, () => null));

        Assert.Equal("GWB4101", error.Code);
        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task Batch_SomeItemsThrottled_AsksThoseAgainOnly()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"b","status":429,"headers":{"Retry-After":"9"}},{"id":"a","status":200,"body":{"v":1}},{"id":"c","status":404,"body":{"error":{"code":"Gone"}}}]}""")
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"b","status":200,"body":{"v":2}}]}""");

        var answers = await graph.Client().BatchAsync("beta", [Item("a"), Item("b"), Item("c")], Stop);

        Assert.Equal(["a", "b", "c"], answers.Select(a => a.Id));
        Assert.Equal(2, answers[1].Body.GetProperty("v").GetInt32());
        Assert.Equal("GWB4006", answers[2].Error!.Code);
        Assert.Equal([TimeSpan.FromSeconds(9)], graph.Waits);
        Assert.DoesNotContain("\"a\"", graph.Bodies[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_TwentyOneItems_TakesTwoCalls()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, Answers(0, 20)).Then(HttpStatusCode.OK, Answers(20, 1));

        var answers = await graph.Client().BatchAsync("v1.0", [.. Enumerable.Range(0, 21).Select(i => Item($"{i}"))], Stop);

        Assert.Equal(21, answers.Count);
        Assert.Equal(["POST /v1.0/$batch", "POST /v1.0/$batch"], graph.Requests);
    }

    [Fact]
    public async Task Batch_AnswerMissing_IsAskedAgain()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"responses":[]}""").Then(HttpStatusCode.OK, Answers(0, 1));

        var answers = await graph.Client().BatchAsync("v1.0", [Item("0")], Stop);

        Assert.Null(Assert.Single(answers).Error);
    }

    [Fact]
    public void Json_OfATypeThatNoContextKnows_IsNotReflected()
    {
        Assert.Throws<NotSupportedException>(GraphJson.Info<Version>);
        Assert.NotNull(GraphJson.Info<GraphPage<JsonObject>>());
    }

    [Fact]
    public void Errors_TheTable_HasUniqueCodesInItsBlock()
    {
        Assert.Equal(GraphError.All.Count, GraphError.All.Select(e => e.Code).Distinct().Count());
        Assert.All(GraphError.All, e => Assert.StartsWith("GWB4", e.Code, StringComparison.Ordinal));
    }

    static Task<JsonObject> EnsureAsync(ScriptedGraph graph, Func<JsonObject?> find, bool maybePosted = false) => graph.Client().EnsureAsync(
        _ => Task.FromResult(find()), "v1.0/things", new JsonObject { ["a"] = 1 }, maybePosted, TimeSpan.FromSeconds(1), looks: 3, Stop);

    static GraphBatchRequest Item(string id) => new() { Id = id, Path = $"groups/{id}" };

    static string Answers(int from, int count)
        => $"{{\"responses\":[{string.Join(',', Enumerable.Range(from, count).Select(i => $"{{\"id\":\"{i}\",\"status\":200,\"body\":{{}}}}"))}]}}";
}

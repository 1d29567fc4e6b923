using System.Net;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Tests.Functions.Graph;

public sealed class GraphBatchTests
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batch_OfWrites_SendsMethodBodyAndType()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":204},{"id":"2","status":204}]}""");

        await graph.Client().BatchAsync("beta", [Patch("1"), new GraphBatchRequest { Id = "2", Path = "x/2", Method = HttpMethod.Delete }], Stop);

        Assert.Equal(
            """{"requests":[{"id":"1","method":"PATCH","url":"/x/1","headers":{"Content-Type":"application/json"},"body":{"a":"1"}},{"id":"2","method":"DELETE","url":"/x/2"}]}""",
            graph.Bodies[0]);
    }

    [Fact]
    public async Task Batch_LostAnswer_RepeatsWhatMayBeRepeatedAndNotThePost()
    {
        using var graph = new ScriptedGraph().ThenLost().Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":204}]}""");

        var answers = await graph.Client().BatchAsync("v1.0", [Patch("1"), Post("2")], Stop);

        Assert.Null(answers[0].Error);
        Assert.Equal("GWB4009", answers[1].Error!.Code);
        Assert.DoesNotContain("POST", graph.Bodies[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(500)]
    public async Task Batch_ServerErrorOfAPost_IsNotRepeated(int status)
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, $$"""{"responses":[{"id":"1","status":{{status}}}]}""");

        var answer = Assert.Single(await graph.Client().BatchAsync("v1.0", [Post("1")], Stop));

        Assert.Equal("GWB4009", answer.Error!.Code);
        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task Batch_ThrottledPost_WasNotCarriedOutAndIsRepeated()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":429,"headers":{"Retry-After":"4"}}]}""")
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":201,"body":{}}]}""");

        Assert.Null(Assert.Single(await graph.Client().BatchAsync("v1.0", [Post("1")], Stop)).Error);
        Assert.Contains(TimeSpan.FromSeconds(4), graph.Waits);
    }

    [Fact]
    public async Task Batch_WaitTooLongToHoldAnActivity_IsLeftToTheOrchestration()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":429,"headers":{"Retry-After":"3600"}}]}""");

        var answer = Assert.Single(await graph.Client().BatchAsync("v1.0", [Patch("1")], Stop));

        Assert.Equal(("GWB4001", true), (answer.Error!.Code, answer.Error.Transient));
        Assert.Empty(graph.Waits);
    }

    [Fact]
    public async Task Batch_ItemNotSignedIn_RenewsTheTokenOnce()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":401},{"id":"2","status":200,"body":{}}]}""")
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":401}]}""");

        var answers = await graph.Client().BatchAsync("v1.0", [Patch("1"), Patch("2")], Stop);

        Assert.Equal("GWB4004", answers[0].Error!.Code);
        Assert.Equal(2, graph.Requests.Count);
        Assert.Single(graph.Forgotten);
    }

    [Fact]
    public async Task Batch_WholeNotSignedIn_RenewsTheTokenOnceAndThenFails()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.Unauthorized).Then(HttpStatusCode.Unauthorized);

        var error = await Assert.ThrowsAsync<GraphException>(() => graph.Client().BatchAsync("v1.0", [Patch("1")], Stop));

        Assert.Equal("GWB4004", error.Code);
        Assert.Equal(2, graph.Requests.Count);
    }

    [Fact]
    public async Task Batch_OfAnAdvancedRead_AsksForItsCopy()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":200,"body":3}]}""");

        await graph.Client().BatchAsync("v1.0", [new GraphBatchRequest { Id = "1", Path = "groups/1/members/$count" }], Stop);

        Assert.Contains("""{"ConsistencyLevel":"eventual"}""", graph.Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureMany_SomeThere_PostsOnlyTheMissing()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"responses":[{"id":"2","status":201,"body":{}}]}""");
        var entra = new HashSet<string> { "1" };

        var ensured = await EnsureAsync(graph, ["1", "2"], () => graph.Requests.Count == 0 ? entra : ["1", "2"]);

        Assert.Equal(["2"], ensured.Made);
        Assert.Equal(["1"], ensured.There);
        Assert.DoesNotContain("\"id\":\"1\"", graph.Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureMany_LostAnswerButCarriedOut_PostsOnce()
    {
        using var graph = new ScriptedGraph().ThenLost();

        var ensured = await EnsureAsync(graph, ["1", "2"], () => graph.Requests.Count == 0 ? [] : ["1", "2"]);

        Assert.Equal(["1", "2"], ensured.Made);
        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task EnsureMany_LostAndNotCarriedOut_PostsAgainAfterLooking()
    {
        using var graph = new ScriptedGraph().ThenLost().Then(HttpStatusCode.OK, """{"responses":[{"id":"2","status":201}]}""");
        var looks = 0;

        // The first item was carried out before the answer was lost, the second was not.
        var ensured = await EnsureAsync(graph, ["1", "2"], () =>
        {
            looks++;
            return graph.Requests.Count switch { 0 => [], 1 => ["1"], _ => ["1", "2"] };
        });

        Assert.Equal(["1", "2"], ensured.Made);
        Assert.Equal(1 + 3 + 1, looks);
        Assert.DoesNotContain("\"id\":\"1\"", graph.Bodies[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(409, "Conflict")]
    [InlineData(400, "Permission being assigned already exists on the object")]
    public async Task EnsureMany_ThereAlreadyAndNotListedYet_IsNoError(int status, string message)
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, $$$$"""{"responses":[{"id":"1","status":{{{{status}}}},"body":{"error":{"code":"Request_BadRequest","message":"{{{{message}}}}"}}}]}""");
        var looks = 0;

        var ensured = await EnsureAsync(graph, ["1"], () => ++looks < 3 ? [] : ["1"]);

        Assert.Equal(["1"], ensured.Made);
        Assert.Equal([Pause], graph.Waits);
    }

    [Fact]
    public async Task EnsureMany_OneRefused_TellsItAndMakesTheRest()
    {
        using var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":404},{"id":"2","status":201}]}""");

        var ensured = await EnsureAsync(graph, ["1", "2"], () => graph.Requests.Count == 0 ? [] : ["2"]);

        Assert.Equal("GWB4006", ensured.Refused["1"].Code);
        Assert.Equal(["2"], ensured.Made);
    }

    [Fact]
    public async Task EnsureMany_MadeButNeverSeen_DoesNotPostAgain()
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, """{"responses":[{"id":"1","status":201}]}""");

        var error = await Assert.ThrowsAsync<GraphTransientException>(() => EnsureAsync(graph, ["1"], () => []));

        Assert.Equal("GWB4101", error.Code);
        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task EnsureMany_LostAgainAndAgain_EndsTransient()
    {
        using var graph = new ScriptedGraph();
        for (var i = 0; i < 4; i++)
        {
            graph.ThenLost();
        }

        var error = await Assert.ThrowsAsync<GraphTransientException>(() => EnsureAsync(graph, ["1"], () => []));

        Assert.Equal("GWB4009", error.Code);
        Assert.Equal(4, graph.Requests.Count);
    }

    static Task<GraphEnsured<string>> EnsureAsync(ScriptedGraph graph, string[] wanted, Func<HashSet<string>> there)
        => graph.Client().EnsureManyAsync(
            "v1.0", wanted.ToDictionary(id => id, Post), _ => Task.FromResult<IReadOnlySet<string>>(there()), Pause, looks: 3, Stop);

    static GraphBatchRequest Patch(string id) => new() { Id = id, Path = $"x/{id}", Method = HttpMethod.Patch, Body = new JsonObject { ["a"] = id } };

    static GraphBatchRequest Post(string id) => new() { Id = id, Path = "things", Method = HttpMethod.Post, Body = new JsonObject { ["a"] = id } };
}

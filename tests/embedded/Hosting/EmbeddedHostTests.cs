using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GwbCloud.Embedded.Hosting;
using GwbCloud.Journal;
using GwbCloud.Tests.Embedded.Engine;
using GwbCloud.Tests.Embedded.Sample;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Embedded.Hosting;

/// <summary>The sample app over real HTTP on loopback, on a manual clock.</summary>
public sealed class EmbeddedHostTests : IDisposable, IWarehouse
{
    readonly TempFolder _folder = new();
    readonly ManualClock _clock = new();
    readonly List<string> _taken = [];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    int IWarehouse.Take(string item, int count)
    {
        lock (_taken) { _taken.Add($"{count} {item}"); }
        return count;
    }

    Task<EmbeddedHost> StartAsync(Action<EmbeddedHostOptions>? configure = null) => EmbeddedHost.StartAsync(typeof(OrderFunctions).Assembly, options =>
    {
        options.DataDirectory = _folder.Path;
        options.TimeProvider = _clock;
        options.Busy = _clock.Busy;
        options.Services = services => services.AddSingleton<IWarehouse>(this);
        configure?.Invoke(options);
    }, Stop);

    [Fact]
    public async Task Sample_FromHttpStartToResult_RunsActivityTimerEventAndSubOrchestration()
    {
        await using var host = await StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        var started = await http.PutAsJsonAsync("api/orders/a-1", new Order { Item = "lamp", Count = 3 }, Stop);
        await _clock.IdleAsync();
        _clock.JumpToNextTimer();
        await _clock.IdleAsync();
        var approved = await http.PostAsync("API/Orders/a-1/approval", null, Stop);
        await _clock.IdleAsync();
        var answer = await http.GetFromJsonAsync<JsonElement>("api/orders/a-1", Stop);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, approved.StatusCode);
        Assert.Equal("""{"status":"Completed","result":{"outcome":"approved by ann","packed":3}}""", answer.GetRawText());
        Assert.Equal(["3 lamp@a-1:pack"], _taken);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("api/orders/none", Stop)).StatusCode);
    }

    [Fact]
    public async Task Sample_KilledBetweenSteps_GoesOnInTheNextHost()
    {
        var host = await StartAsync();
        using (var http = new HttpClient { BaseAddress = host.Address }) { await http.PutAsJsonAsync("api/orders/a-1", new Order { Item = "lamp", Count = 3 }, Stop); }
        await host.KillAsync();
        host = await StartAsync();
        await _clock.IdleAsync();
        _clock.JumpToNextTimer();
        await _clock.IdleAsync();
        await host.KillAsync();

        await using var last = await StartAsync();
        await last.Client.RaiseEventAsync("a-1", "approval", "bob", Stop);
        await _clock.IdleAsync();

        var found = await last.Client.GetInstanceAsync("a-1", true, Stop);
        Assert.Equal("approved by bob", found!.ReadOutputAs<OrderResult>()!.Outcome);
    }

    [Fact]
    public async Task Sample_WithoutApproval_ExpiresOnTheClock()
    {
        await using var host = await StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(OrderFunctions.RunOrder), new Order { Item = "lamp" }, new Microsoft.DurableTask.StartOrchestrationOptions("a-1"), Stop);

        await _clock.RunUntilAsync(async () => (await host.Client.GetInstanceAsync("a-1", Stop))!.IsCompleted);

        var found = await host.Client.GetInstanceAsync("a-1", true, Stop);
        Assert.Equal("expired", found!.ReadOutputAs<OrderResult>()!.Outcome);
        Assert.Equal(TimeSpan.FromHours(25), found.LastUpdatedAt - found.CreatedAt);
        Assert.Empty(_taken);
    }

    [Fact]
    public async Task HttpFunction_ThatThrows_Answers500WithoutTheMessage()
    {
        await using var host = await StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        var answer = await http.GetAsync("api/Fail", Stop);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync(Stop));
        await _clock.IdleAsync();
    }

    [Fact]
    public async Task Host_ListensOnLoopbackOnly_BelowTheRoutePrefix()
    {
        await using var host = await StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        Assert.Equal("127.0.0.1", host.Address.Host);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("orders/a-1", Stop)).StatusCode);
    }

    [Fact]
    public async Task Host_WithHostJson_TakesPrefixAndVersion()
    {
        string hostJson = _folder.File("host.json");
        await File.WriteAllTextAsync(hostJson, """{ "extensions": { "http": { "routePrefix": "v9" }, "durableTask": { "defaultVersion": "7.1" } } }""", Stop);
        await using var host = await StartAsync(o => o.HostJsonPath = hostJson);
        using var http = new HttpClient { BaseAddress = host.Address };

        Assert.Equal(HttpStatusCode.Accepted, (await http.PutAsJsonAsync("v9/orders/a-1", new Order { Item = "lamp" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("api/orders/a-1", Stop)).StatusCode);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("""{ "extensions": { "durableTask": { "versionMatchStrategy": "Sometimes" } } }""")]
    public async Task Host_WithABadHostJson_NamesTheFile(string content)
    {
        string hostJson = _folder.File("host.json");
        await File.WriteAllTextAsync(hostJson, content, Stop);

        var refused = await Assert.ThrowsAsync<EmbeddedHostException>(() => StartAsync(o => o.HostJsonPath = hostJson));

        Assert.Contains(hostJson, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_OnADataFolderInUse_IsRefused()
    {
        await using var host = await StartAsync();

        await Assert.ThrowsAsync<JournalInUseException>(() => StartAsync());
    }

    [Fact]
    public async Task Host_OnAPortInUse_IsRefused_AndLeavesTheFolderFree()
    {
        using var other = new TempFolder();
        await using var holder = await StartAsync(o => o.DataDirectory = other.Path);

        await Assert.ThrowsAsync<IOException>(() => StartAsync(o => o.Port = holder.Address.Port));

        await using var next = await StartAsync();
        Assert.NotEqual(holder.Address, next.Address);
    }

    [Fact]
    public async Task Host_KilledThenDisposed_IsLeftAlone()
    {
        await using var host = await StartAsync();

        await host.KillAsync();
        await host.KillAsync();

        await using var next = await StartAsync();
    }

    [Fact]
    public async Task Host_AfterAGracefulStop_LeavesTheFolderToTheNext()
    {
        var host = await StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(OrderFunctions.RunOrder), new Order { Item = "lamp" }, new Microsoft.DurableTask.StartOrchestrationOptions("a-1"), Stop);
        await host.DisposeAsync();

        await using var next = await StartAsync();
        await _clock.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await next.Client.GetInstanceAsync("a-1", Stop))!.RuntimeStatus);
    }
}

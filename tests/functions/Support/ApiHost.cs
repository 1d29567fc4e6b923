using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Embedded.Hosting;
using GwbCloud.Functions;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using GwbCloud.Journal;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Support;

/// <summary>An answer of the API.</summary>
sealed record Answer
{
    public required int Status { get; init; }
    public required string Text { get; init; }
    public required HttpResponseHeaders Headers { get; init; }
    public string? ContentType { get; init; }

    public JsonElement Json => JsonElement.Parse(Text);

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string? Field => Json.TryGetProperty("field", out var name) ? name.GetString() : null;
}

/// <summary>The whole function app in this process, with nothing behind it: no listener, no Graph.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    readonly TempFolder _folder = new();
    readonly HttpClient _http = new();
    EmbeddedHost _host = null!;

    internal TestIssuer Issuer { get; } = new();

    /// <summary>What the app takes for the time.</summary>
    internal MovableClock Clock { get; } = new();

    internal Uri Address => _host.Address;

    internal IServiceProvider Services => _host.Services;

    internal DurableTaskClient Client => _host.Client;

    internal IDocumentStore Store => Services.GetRequiredService<IDocumentStore>();

    internal static Dictionary<string, string?> Settings(string folder) => new()
    {
        ["Documents:Folder"] = folder,
        ["Documents:FlushToDisk"] = "false",
        ["Identity:Tenant"] = TestIssuer.Tenant,
        ["Identity:Issuer"] = TestIssuer.Issuer,
        ["Identity:ClientId"] = TestIssuer.ClientId,
        ["Identity:Keys"] = TestIssuer.Keys,
        ["Authentication:Mode"] = "Bearer",
        ["SignIn:AuthorizeAddress"] = "https://login.test.example/authorize",
        ["Graph:BaseUrl"] = "http://127.0.0.1:1/",
    };

    internal static Task<EmbeddedHost> StartAsync(string folder, Dictionary<string, string?> settings, TimeProvider? clock = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return EmbeddedHost.StartAsync(typeof(GwbCloudServices).Assembly, options =>
        {
            options.DataDirectory = Path.Combine(folder, "engine");
            options.Durability = JournalDurability.Process;
            options.Services = services =>
            {
                services.AddLogging();
                services.AddSingleton(clock ?? TimeProvider.System);
                services.AddSingleton<IGraphTokens, NoTokens>();
                services.AddGwbCloud(configuration);
            };
        });
    }

    public async ValueTask InitializeAsync()
    {
        _host = await StartAsync(_folder.Path, Settings(_folder["data"]), Clock);
        _http.BaseAddress = _host.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.KillAsync();
        _folder.Dispose();
    }

    internal Task<Answer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token ?? Issuer.Access(People.Reader, "Migration.Reader"), null);

    internal Task<Answer> PostAsync(string path, object? body, string? token = null) => SendAsync(
        HttpMethod.Post, path, token ?? Issuer.Access(People.Requester, "Migration.Operator"),
        body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body, options: ContractJson.Options),
        });

    /// <summary>With one more header, as reader, or as operator when it is no GET.</summary>
    internal Task<Answer> SendWithAsync(string path, string header, string value, HttpMethod? method = null) => SendAsync(
        method ?? HttpMethod.Get, path, method is null ? Issuer.Access(People.Reader, "Migration.Reader") : Issuer.Access(People.Requester, "Migration.Operator"), null,
        "Bearer", (header, value));

    internal async Task<Answer> SendAsync(
        HttpMethod method, string path, string? token, HttpContent? body, string scheme = "Bearer", (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (header is { } more)
        {
            request.Headers.TryAddWithoutValidation(more.Name, more.Value);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new(scheme, token);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new()
        {
            Status = (int)response.StatusCode,
            Text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            Headers = response.Headers,
            ContentType = response.Content.Headers.ContentType?.MediaType,
        };
    }

    sealed class NoTokens : IGraphTokens
    {
        public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult("none");

        public void Forget(string? claims)
        {
        }
    }
}

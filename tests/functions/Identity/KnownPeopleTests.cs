using System.Net.Http.Headers;
using System.Text;
using GwbCloud.Functions.Identity;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Functions.Identity;

/// <summary>Who acts is known by the name that the identity provider gave.</summary>
public sealed class KnownPeopleTests(ApiHost host) : IClassFixture<ApiHost>
{
    string _path = "/api/migrations";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Caller_WhoActed_IsShownByNameAsTextWithTheObjectIdBesideIt()
    {
        var view = await host.MigratingAsync(view => view with { RequestedBy = People.Requester });
        await PostAsync(People.Requester, "<b>Rita</b>\u202E", null, "Migration.Operator");
        using var browser = new Browser(host.Address);
        await browser.SignInAsync(host.Issuer, People.Reader, "Migration.Reader");

        var page = await browser.GetAsync($"/api/pages/migrations/{view.MigrationId}");

        Assert.Contains($"<bdi class=\"person\" title=\"{People.Requester}\">&lt;b&gt;Rita&lt;/b&gt;[U202E]</bdi>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_WithoutAName_IsKnownByTheUserName()
    {
        await PostAsync(People.Second, null, "second@contoso.test", "Migration.Operator");

        Assert.Equal("second@contoso.test", (await ReadAsync()).Of(People.Second));
    }

    [Theory]
    [InlineData("/api/migrations")]
    [InlineData("/api/sign-out")]
    public async Task Caller_WithoutARole_LeavesNoName(string path)
    {
        _path = path;

        await PostAsync(People.Stranger, "Stranger", null);

        Assert.Null((await ReadAsync()).Of(People.Stranger));
    }

    [Fact]
    public async Task Name_ThatIsLong_IsCutAndANewOneTakesItsPlace()
    {
        using var folder = new TempFolder();
        using var store = Stores.Open(folder);
        var (people, elsewhere) = (new KnownPeople(store, NullLogger<KnownPeople>.Instance), new KnownPeople(store, NullLogger<KnownPeople>.Instance));

        await people.NoteAsync(Caller(People.First, new('x', 5_000)), Token);
        var first = (await elsewhere.ReadAsync(Token)).Of(People.First)!;
        await elsewhere.NoteAsync(Caller(People.First, " Frida "), Token);
        await people.NoteAsync(Caller(People.Second, "Sven"), Token);
        var names = await people.ReadAsync(Token);

        Assert.InRange(first.Length, 1, KnownPeople.LongestName);
        Assert.Equal(("Frida", "Sven"), (names.Of(People.First), names.Of(People.Second)));
        Assert.Equal($"Frida ({People.First})", names.InWords(People.First));
        Assert.Equal(People.Stranger, names.InWords(People.Stranger));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""["a list"]""")]
    [InlineData("""{"AAAAAAAA-0000-4000-8000-000000000003":"A","aaaaaaaa-0000-4000-8000-000000000003":null}""")]
    public async Task Names_ThatAreDamaged_StopNobodyAndAreWrittenAnew(string damage)
    {
        var view = await host.MigratingAsync();
        using var browser = new Browser(host.Address);
        await browser.SignInAsync(host.Issuer, People.Reader, "Migration.Reader");
        await host.Store.WriteAsync("people", Encoding.UTF8.GetBytes(damage), null, Token);

        var page = await browser.GetAsync($"/api/pages/migrations/{view.MigrationId}");
        var report = await browser.GetAsync($"/api/migrations/{view.MigrationId}/report?format=json");
        var name = $"Sven {damage.Length}";
        await PostAsync(People.Second, name, null, "Migration.Operator");
        var withdrawal = await host.PostAsync($"/api/migrations/{view.MigrationId}/gates/plan/withdrawals", new { }, host.Issuer.Access(People.Second, "Migration.Approver"));

        Assert.Equal((200, 200), (page.Status, report.Status));
        Assert.Contains(People.Requester, page.Text, StringComparison.Ordinal);
        Assert.Equal((409, "GWB5012"), (withdrawal.Status, withdrawal.Code));
        Assert.Equal(name, (await ReadAsync()).Of(People.Second));
    }

    [Fact]
    public async Task Names_ThatTheDiskHasSpoilt_AreThoseThatThisProcessSaw()
    {
        using var folder = new TempFolder();
        using var store = Stores.Open(folder);
        var log = new Lines();
        var people = new KnownPeople(store, log);
        await people.NoteAsync(Caller(People.First, "Frida"), Token);
        var path = Directory.EnumerateFiles(folder["named"]).Single();
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Token)).Replace("Frida", "Freda", StringComparison.Ordinal), Token);

        var seen = await people.ReadAsync(Token);
        await people.NoteAsync(Caller(People.First, "Frida"), Token);
        var afterwards = await new KnownPeople(store, NullLogger<KnownPeople>.Instance).ReadAsync(Token);

        Assert.Equal(("Frida", "Frida"), (seen.Of(People.First), afterwards.Of(People.First)));
        Assert.All(log.Written, line => Assert.Contains("GWB7602", line, StringComparison.Ordinal));
        Assert.NotEmpty(log.Written);
    }

    sealed class Lines : ILogger<KnownPeople>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }

    static Principal Caller(string person, string name) => new() { ObjectId = person, Roles = [], Name = name };

    Task<PeopleNames> ReadAsync() => new KnownPeople(host.Store, NullLogger<KnownPeople>.Instance).ReadAsync(Token);

    /// <summary>Anything that somebody asks for; here it is refused for its body.</summary>
    async Task PostAsync(string person, string? name, string? userName, params string[] roles)
    {
        var claims = host.Issuer.Claims(person, $"api://{TestIssuer.ClientId}", roles);
        if (name is not null) { claims["name"] = name; }
        if (userName is not null) { claims["preferred_username"] = userName; }
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, _path)) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestIssuer.Sign(claims));
        (await http.SendAsync(request, Token)).Dispose();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Functions.Approvals;

/// <summary>Sign-ins and sessions do not stay for ever.</summary>
public sealed class SignInSweepTests(ApiHost host) : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewSignIn_TakesAwayWhoseTimeIsOverAndNothingElse()
    {
        var view = await host.MigratingAsync();
        using var browser = new Browser(host.Address);
        await browser.SignInAsync(host.Issuer, People.First, "Migration.Approver");
        var begun = await browser.PostAsync(
            $"/api/migrations/{view.MigrationId}/gates/plan/sign-ins",
            new { decision = "approve", domain = Samples.Domain, evidenceDigest = Samples.Digest, returnTo = "/api/pages" });
        var (state, nonce) = Browser.StateOf(begun.Json.GetProperty("address").GetString()!);
        await browser.PostFormFromElsewhereAsync("/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(People.First, nonce, null, "Migration.Approver")));
        await browser.PostAsync($"/api/migrations/{view.MigrationId}/gates/plan/sign-ins/{begun.Json.GetProperty("id").GetString()}/decision");
        await host.EndMigrationAsync();
        var before = await host.Store.NamesAsync("", Token);

        BrowserAnswer session;
        using var later = new Browser(host.Address);
        using (host.Clock.Later(TimeSpan.FromMinutes(71)))
        {
            session = await SignInAsync(later, TimeSpan.FromMinutes(71));
        }

        var after = await host.Store.NamesAsync("", Token);
        Assert.True(session.Json.GetProperty("signedIn").GetBoolean());
        Assert.InRange(Of(before, PassingName.SignIns).Count, 2, SignInSweep.Most);
        Assert.InRange(Of(before, PassingName.Sessions).Count, 1, SignInSweep.Most);
        Assert.Equal((1, 1), (Of(after, PassingName.SignIns).Count, Of(after, PassingName.Sessions).Count));
        Assert.Empty(Of(before, PassingName.SignIns).Concat(Of(before, PassingName.Sessions)).Intersect(after));
        Assert.Empty(before.Where(name => PassingName.Of(name) is null).Except(after));
        Assert.Single(await host.Store.LoadDecisionsAsync(view.MigrationId, GateName.Plan, Token));
    }

    [Fact]
    public async Task Sweep_LooksAtAFewAndComesToAllInTurn()
    {
        using var folder = new TempFolder();
        using var store = Stores.Open(folder);
        foreach (var number in Enumerable.Range(0, 100))
        {
            // Those that stay come first by name, so that whoever always began there would never come to the others.
            await KeepAsync(store, number, number < 60 ? Now : Now - SignInSweep.Grace - TimeSpan.FromSeconds(1));
        }

        var sweep = new SignInSweep(store, new Stopped(), NullLogger<SignInSweep>.Instance);
        List<int> left = [];
        for (var turn = 0; turn < 7; turn++)
        {
            await sweep.RunAsync(Token);
            left.Add((await store.NamesAsync(PassingName.SignIns, Token)).Count);
        }

        Assert.All(left.Prepend(100).Zip(left), pair => Assert.InRange(pair.First - pair.Second, 0, SignInSweep.Most));
        Assert.Equal(60, left[^1]);
        Assert.Equal(Enumerable.Range(0, 60).Select(NameOf), await store.NamesAsync(PassingName.SignIns, Token));
    }

    [Fact]
    public async Task Sweep_TakesAwayWhatCanNotBeRead()
    {
        using var folder = new TempFolder();
        using var store = Stores.Open(folder);
        await store.WriteAsync(NameOf(1), Encoding.UTF8.GetBytes("no json"), "", Token);
        await KeepAsync(store, 2, Now);
        await store.WriteAsync(PassingName.Sessions + NameOf(3)[PassingName.SignIns.Length..], Encoding.UTF8.GetBytes("{}"), "", Token);
        await KeepAsync(store, 4, Now);
        await File.WriteAllTextAsync(Path.Combine(folder["named"], NameOf(4) + "~"), "spoilt", Token);
        await store.WriteAsync(PassingName.SignIns + "readme", Encoding.UTF8.GetBytes("none of ours"), "", Token);

        await new SignInSweep(store, new Stopped(), NullLogger<SignInSweep>.Instance).RunAsync(Token);

        Assert.Equal([NameOf(2), PassingName.SignIns + "readme"], await store.NamesAsync("", Token));
    }

    [Fact]
    public async Task Session_ThatIsDamaged_OpensNothingAndItsBearerSignsInAgain()
    {
        using var browser = new Browser(host.Address);
        await browser.SignInAsync(host.Issuer, People.Reader, "Migration.Reader");
        var name = PassingName.Session(BrowserCookies.HashOf(browser.Cookies["gwb-session"]));
        await host.Store.WriteAsync(name.Value, Encoding.UTF8.GetBytes("spoilt"), null, Token);

        var refused = await browser.GetAsync("/api/migrations");
        await browser.SignInAsync(host.Issuer, People.Reader, "Migration.Reader");
        var again = await browser.GetAsync("/api/migrations");

        Assert.Equal((401, "GWB1007"), (refused.Status, refused.Code));
        Assert.Equal(200, again.Status);
    }

    [Fact]
    public async Task Session_WhoseSignInIsFinishedTooLate_DoesNotBegin()
    {
        using var browser = new Browser(host.Address);
        var (state, nonce) = Browser.StateOf((await browser.GetAsync("/api/sign-in")).Location!);
        var taken = await browser.PostFormFromElsewhereAsync("/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(People.Reader, nonce, null, "Migration.Reader")));

        using var later = host.Clock.Later(TimeSpan.FromMinutes(11));
        var finished = await browser.GetAsync(taken.Location!);

        Assert.Equal((400, "GWB5032"), (finished.Status, finished.Code));
        Assert.False(browser.Cookies.ContainsKey("gwb-session"));
    }

    /// <summary>Signs in with a token of later.</summary>
    async Task<BrowserAnswer> SignInAsync(Browser browser, TimeSpan ahead)
    {
        var (state, nonce) = Browser.StateOf((await browser.GetAsync("/api/sign-in")).Location!);
        var back = await browser.PostFormFromElsewhereAsync("/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(People.Second, nonce, Put, "Migration.Reader")));
        await browser.GetAsync(back.Location!);
        return await browser.GetAsync("/api/session");

        void Put(JsonObject claims)
        {
            foreach (var name in new[] { "iat", "nbf", "auth_time", "exp" })
            {
                claims[name] = claims[name]!.GetValue<long>() + (long)ahead.TotalSeconds;
            }
        }
    }

    static List<string> Of(IReadOnlyList<string> names, string prefix) => [.. names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

    static Task<bool> KeepAsync(FileDocumentStore store, int number, DateTimeOffset until) => store.WriteOneAsync(
        NameOf(number),
        new KeptSignIn { Id = "i", Purpose = SignInPurpose.Session, Browser = "b", ReturnTo = "/", Until = until },
        etag: "", Token);

    static string NameOf(int number) => PassingName.SignIn(number.ToString("x64", CultureInfo.InvariantCulture)).Value;

    sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

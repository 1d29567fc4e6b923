using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace GwbCloud.Benchmarks.Measuring;

/// <summary>How soon a browser shows the pages of a large migration, beside static copies of the same bytes in the same browser.</summary>
static class PagesBenchmark
{
    /// <summary>Time to content of a page, milliseconds.</summary>
    const double Target = 1000;

    /// <summary>Resolves to the moment of the first content, in milliseconds since the page was asked for.</summary>
    const string FirstContent =
        """
        () => new Promise(done => new PerformanceObserver(list => {
          const paint = list.getEntriesByName('first-contentful-paint')[0];
          if (paint) { done(paint.startTime); }
        }).observe({ type: 'paint', buffered: true }))
        """;

    const string Requests = "() => 1 + performance.getEntriesByType('resource').length";

    /// <returns>0 when every page is in time.</returns>
    public static async Task<int> RunAsync(int groups, int rounds, TextWriter output, CancellationToken stop)
    {
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"A migration with {groups:N0} groups, from its request to its first gate: this takes minutes."));
        await using var scene = await PagesScene.StartAsync(groups, stop);
        using var playwright = await Playwright.CreateAsync();
        // Chromium refuses its sandbox to root; here it sees only 127.0.0.1.
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserPath(), Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
        await using var copies = await CopiesAsync(scene, stop);
        await output.WriteLineAsync($"{"page",-32}  {"ms",6}  {"slowest",7}  {"static",6}  {"ratio",5}  {"KB",5}  {"requests",8}  target < {Target:0} ms");
        bool met = true;
        foreach (var (name, path) in scene.Pages)
        {
            List<double> own = [], still = [];
            int requests = 0;
            for (int round = -1; round < rounds; round++)
            {
                // By turns; the first round only warms up.
                foreach (bool ours in round % 2 == 0 ? [true, false] : (bool[])[false, true])
                {
                    var (milliseconds, asked) = await LoadAsync(browser, new Uri(ours ? scene.Address : new Uri(copies.Urls.First()), path), ours ? scene.Token : null);
                    if (ours) { requests = asked; }
                    if (round >= 0) { (ours ? own : still).Add(milliseconds); }
                }
            }

            double kilobytes = (await scene.GetAsync(path, stop)).Length / 1000.0;
            bool passed = Median(own) < Target;
            met &= passed;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{name,-32}  {Median(own),6:0}  {own.Max(),7:0}  {Median(still),6:0}  {Median(own) / Median(still),5:0.0}  {kilobytes,5:0.0}  {requests,8}  {(passed ? "pass" : "MISSED")}"));
        }

        return met ? 0 : 1;
    }

    static async Task<(double Milliseconds, int Requests)> LoadAsync(IBrowser browser, Uri address, string? token)
    {
        // A browser of its own each time: nothing is in its cache.
        await using var context = await browser.NewContextAsync(new() { ExtraHTTPHeaders = token is null ? [] : [new("Authorization", $"Bearer {token}")] });
        var page = await context.NewPageAsync();
        var answer = await page.GotoAsync(address.AbsoluteUri, new() { WaitUntil = WaitUntilState.Load });
        if (answer?.Ok != true) { throw new InvalidOperationException($"{address} answered {answer?.Status}."); }
        return (await page.EvaluateAsync<double>(FirstContent), await page.EvaluateAsync<int>(Requests));
    }

    /// <summary>Serves what the product answered, as it is, from memory.</summary>
    static async Task<WebApplication> CopiesAsync(PagesScene scene, CancellationToken stop)
    {
        var files = new Dictionary<string, (byte[] Content, string Type)>(StringComparer.Ordinal);
        foreach (string path in scene.Pages.Select(page => page.Path).Concat(await scene.AssetsAsync(stop)))
        {
            files[path] = (await scene.GetAsync(path, stop), path.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : path.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript"
                : path.EndsWith(".svg", StringComparison.Ordinal) ? "image/svg+xml" : "text/html; charset=utf-8");
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapFallback((HttpContext http) => files.TryGetValue(http.Request.Path, out var file) ? Results.Bytes(file.Content, file.Type) : Results.NotFound());
        await app.StartAsync(stop);
        return app;
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>The browser of the tests; docs/browser.md.</summary>
    static string BrowserPath() => Environment.GetEnvironmentVariable("GWB_CHROMIUM") is { Length: > 0 } named ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "google-chrome")])
            .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("No Chromium on this machine (Debian: apt-get install chromium; elsewhere set GWB_CHROMIUM).");
}

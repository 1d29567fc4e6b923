using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace GwbCloud.Tests.Browser.Support;

/// <summary>One browser for all tests, started by the first that needs it. What people are to each other strangers in are its contexts.</summary>
public sealed class Chromium : IAsyncLifetime
{
    readonly SemaphoreSlim _gate = new(1, 1);
    IPlaywright? _playwright;
    IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A browser of its own for somebody: no cookie of anybody else.</summary>
    public async Task<IBrowserContext> OpenAsync(BrowserNewContextOptions options)
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            // Pages look every five seconds; a test waits for what the next looks bring.
            Assertions.SetDefaultExpectTimeout(20_000);
            _playwright ??= await Playwright.CreateAsync();
            _browser ??= await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = BrowserMachine.Executable,
                Headless = true,
                // Chromium refuses its sandbox to root; a browser that sees only 127.0.0.1 can do without. Shared memory is small in containers.
                Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-prefers-reduced-motion"],
            });
        }
        finally
        {
            _gate.Release();
        }

        return await _browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) { await _browser.DisposeAsync(); }
        _playwright?.Dispose();
        _gate.Dispose();
    }
}

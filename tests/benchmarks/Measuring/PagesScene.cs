using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Benchmarks.Measuring;

/// <summary>A rehearsed migration that stands at its first gate, with its pages; time stands still there.</summary>
sealed partial class PagesScene : IAsyncDisposable
{
    static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    readonly LabHost _host;
    readonly LabCompany _company;
    readonly IDisposable _hold;
    readonly CancellationTokenSource _leave = new();
    readonly HttpClient _http;
    readonly Task _people;

    PagesScene(LabHost host)
    {
        _host = host;
        _hold = host.Clock.Busy("measuring");
        _company = new LabCompany(host, new Unwatched());
        _people = _company.LiveAsync(_leave.Token);
        Token = host.Issuer.ApiToken(LabPeople.Reader);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
    }

    public Uri Address => _host.Address;

    /// <summary>A reader's.</summary>
    public string Token { get; private set; }

    public IReadOnlyList<(string Name, string Path)> Pages { get; private set; } = [];

    /// <summary>Rehearses until the first gate is open, where nobody decides.</summary>
    public static async Task<PagesScene> StartAsync(int groups, CancellationToken stop)
    {
        using var open = CancellationTokenSource.CreateLinkedTokenSource(stop);
        MigrationView? view = null;
        var host = await LabHost.StartAsync(
            new RehearsalOptions
            {
                Story = new() { World = new WorldOptions { Groups = groups }, EnforceLimits = false, Decision = RehearsedDecision.Expire, At = RehearsedGate.Plan },
                Shown = async shown =>
                {
                    view = shown;
                    if (shown.Gate is not null || shown.Outcome is not null) { await open.CancelAsync(); }
                },
            },
            NullLoggerFactory.Instance, filled: null, stop);
        var scene = new PagesScene(host);
        host.Begin();
        try
        {
            await host.Clock.SleepAsync(Longest, open.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The gate is open, or it ended.
        }

        if (scene._people.IsFaulted) { await scene._people; }
        if (view?.Gate is null) { throw new InvalidOperationException($"No gate was opened: {view?.Outcome} {string.Join(", ", view?.Notices.Select(n => n.Code) ?? [])}"); }
        scene.Token = host.Issuer.ApiToken(LabPeople.Reader);
        scene.Pages =
        [
            ("migration", $"/api/pages/migrations/{view.MigrationId}"), ("gate", $"/api/pages/migrations/{view.MigrationId}/gates/plan"),
            ("assessment", $"/api/pages/assessments/{view.AssessmentId}"), ("findings", $"/api/pages/assessments/{view.AssessmentId}/findings"),
            ("groups", $"/api/pages/assessments/{view.AssessmentId}/groups"),
        ];
        return scene;
    }

    /// <summary>What the product answers to a reader.</summary>
    public async Task<byte[]> GetAsync(string path, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await _http.SendAsync(request, stop);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync(stop);
    }

    /// <summary>Paths of what a page loads.</summary>
    public async Task<IReadOnlyList<string>> AssetsAsync(CancellationToken stop) =>
        [.. Asset.Matches(System.Text.Encoding.UTF8.GetString(await GetAsync(Pages[0].Path, stop))).Select(match => match.Value).Distinct()];

    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await Task.WhenAny(_people);
        _company.Dispose();
        _hold.Dispose();
        _http.Dispose();
        await _host.DisposeAsync();
        _leave.Dispose();
    }

    [GeneratedRegex("/api/pages/assets/[A-Za-z0-9._-]+")]
    private static partial Regex Asset { get; }

    sealed class Unwatched : IPeopleWatch
    {
        public void Said(LabPerson who, string what)
        {
        }

        public void Assessed(AssessmentOutcome outcome)
        {
        }

        public void Saw(MigrationView view)
        {
        }
    }
}

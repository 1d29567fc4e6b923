using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Lab.Measuring;

/// <summary>Runs the function app in this process against a world in another one, has it assessed through the API, and measures.</summary>
public static class AssessmentMeasure
{
    /// <summary>Virtual time between two looks at a running assessment.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <exception cref="RehearsalFailedException">The world can't be reached, or time can't go on.</exception>
    public static async Task<AssessmentAccount> RunAsync(AssessOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var card = await ReadCardAsync(options.World, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("gwb-assess-");
        using var clock = VirtualClock.InMemory(card.Moment);
        using var issuer = new LabIssuer(card.Tenant, clock, card.Domain, card.KeyFolder);
        using var leader = new WorldLeader(options.World, clock);
        var recorder = new RequestRecorder();
        try
        {
            // Ours; the loops below sleep on it.
            using var hold = clock.Busy("measure");
            await using var product = await ProductHost.StartAsync(
                new ProductHostOptions
                {
                    Folder = folder.FullName,
                    World = card,
                    Issuer = issuer,
                    Clock = clock,
                    EnforceLimits = options.EnforceLimits,
                    Services = services => services.ConfigureHttpClientDefaults(client => client
                        .AddHttpMessageHandler(() => new LeadTheWorld(leader))
                        .AddHttpMessageHandler(recorder.Handler)),
                    Logging = NullLoggerFactory.Instance,
                },
                cancellationToken);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = product.Address };
            var api = new ProductApi(http, issuer, LabPeople.Operator, clock);
            return await MeasureAsync(options, card, api, clock, recorder, new BareLoop(leader, clock, issuer, QuotaOf(card)), cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<AssessmentAccount> MeasureAsync(
        AssessOptions options, WorldCard card, ProductApi api, LabClock clock, RequestRecorder recorder, BareLoop bare, CancellationToken cancellationToken)
    {
        var (since, watch, processor) = (clock.GetUtcNow(), Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var canaries = new Canaries { New = card.Canaries.New, Match = card.Canaries.Match, Unassigned = card.Canaries.Unassigned };
        string id = await api.AssessAsync(canaries, [], cancellationToken);
        AssessmentOutcome outcome;
        do
        {
            await SleepAsync(clock, Look, cancellationToken);
            outcome = await api.AssessmentAsync(id, cancellationToken);
        }
        while (outcome.State == AssessmentState.Running);
        var (took, wall) = (clock.GetUtcNow() - since, watch.Elapsed);
        processor = Environment.CpuUsage.TotalTime - processor;
        int assessed = ProcessMemory.PeakMegabytes();
        var sent = recorder.Sent;

        watch.Restart();
        var findings = new List<FindingCount>();
        if (outcome.Findings is not null)
        {
            await foreach (var f in api.FindingsAsync(id, cancellationToken)) { findings.Add(new FindingCount { Code = f.Code, Severity = f.Severity, Groups = f.Groups }); }
        }

        int classified = 0;
        if (outcome.Plan is not null)
        {
            await foreach (var _ in api.GroupsAsync(id, cancellationToken)) { classified++; }
        }

        var results = watch.Elapsed;
        // Before the bare loop: what that takes is not the function app's.
        int peak = ProcessMemory.PeakMegabytes();
        var bareTook = await bare.RunAsync([.. sent.Where(BareLoop.IsDownload)], cancellationToken);

        return new AssessmentAccount
        {
            AssessmentId = id,
            State = outcome.State,
            Error = outcome.Error,
            World = card.Size,
            Migrating = outcome.Migrating,
            Classified = classified,
            MembersLost = outcome.MembersLost,
            Findings = findings,
            Graph = AccountOf(sent, card),
            Time = new TimeAccount
            {
                VirtualSeconds = Math.Round(took.TotalSeconds, 1),
                FloorSeconds = Math.Round(QuotaOf(card).SecondsFor(DocumentedQuota.Needed(card.Size).Units), 1),
                WallSeconds = Math.Round(wall.TotalSeconds, 2),
                BareSeconds = Math.Round(bareTook.TotalSeconds, 2),
                ProcessorSeconds = Math.Round(processor.TotalSeconds, 2),
                ResultSeconds = Math.Round(results.TotalSeconds, 2),
            },
            Memory = new MemoryAccount { PeakMegabytes = peak, PeakOfAssessment = assessed, AllowedMegabytes = options.MemoryMegabytes, Collector = ProcessMemory.Collector() },
        };
    }

    static GraphAccount AccountOf(IReadOnlyList<RecordedRequest> sent, WorldCard card)
    {
        var graph = sent.Where(r => new Uri(card.Address).IsBaseOf(r.Address)).ToList();
        var items = graph.SelectMany(r => r.Items()).Where(path => !path.Contains("/discovery/", StringComparison.Ordinal)).ToList();
        var needed = DocumentedQuota.Needed(card.Size);
        return new GraphAccount
        {
            Requests = items.Count,
            Needed = needed.Requests,
            Exchanges = graph.Count,
            Throttled = graph.Count(r => r.Status == HttpStatusCode.TooManyRequests),
            Units = items.Sum(DocumentedQuota.UnitsOf),
            UnitsNeeded = needed.Units,
            UnitsPerWindow = QuotaOf(card).UnitsPerWindow,
        };
    }

    static DocumentedQuota QuotaOf(WorldCard card) => DocumentedQuota.Of(card.Size.Principals);

    /// <summary>Sleeps on the clock, and says so when it can't go on.</summary>
    static async Task SleepAsync(LabClock clock, TimeSpan time, CancellationToken cancellationToken)
    {
        var sleep = clock.SleepAsync(time, cancellationToken);
        if (await Task.WhenAny(sleep, clock.Stalled) == sleep)
        {
            await sleep;
            return;
        }

        try
        {
            await clock.Stalled;
        }
        catch (ClockStalledException e)
        {
            throw new RehearsalFailedException(e.Message, e);
        }
    }

    static async Task<WorldCard> ReadCardAsync(Uri world, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = world };
        try
        {
            return (await http.GetFromJsonAsync<WorldCard>(WorldEndpoints.CardPath, LabJson.Options, cancellationToken))!;
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException)
        {
            throw new RehearsalFailedException($"No world answers at {world}: {e.Message}", e);
        }
    }
}

using System.Collections.Concurrent;
using GwbCloud.Functions.Graph;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Tests.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Whole migrations send to Graph what tests/functions/Graph/requests.txt lists, and nothing else.</summary>
public sealed class RequestListTests
{
    [Fact]
    public async Task Requests_OfWholeMigrations_AreTheListedOnes()
    {
        var seen = new ConcurrentDictionary<string, int>();
        var story = Rehearsed.Small();
        story = story with { World = story.World with { DeviatingNames = 2, DeviatingPlaces = 2 } };

        var there = await Rehearsed.RunAsync(story, services: Record);
        var back = await Rehearsed.RunAsync(story with { Decision = RehearsedDecision.Deny }, Kept.Nothing, Record);

        there.AssertCompleted();
        back.AssertNoHarm();
        var entries = RequestList.Read();
        RequestList.AssertNone("sent, and not in requests.txt", seen.Keys.Except(entries.Select(e => e.Template)));
        RequestList.AssertNone("in requests.txt, and not sent", entries.Where(e => e.Seen == "rehearsal").Select(e => e.Template).Except(seen.Keys));

        void Record(IServiceCollection services) => services.AddHttpClient(nameof(GraphClient)).AddHttpMessageHandler(() => new RequestRecorder(seen));
    }
}

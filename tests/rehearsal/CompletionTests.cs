using System.Collections.Concurrent;
using System.Net;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Rehearsal;

public sealed class CompletionTests
{
    [Fact]
    public async Task Rehearsal_Default_KeepsEveryGroup()
    {
        var run = await Rehearsed.RunAsync(new Story());

        run.AssertCompleted();
        Assert.Equal(200, run.Result.Account.Groups.Planned);
        Assert.All(run.Result.View!.Stages, stage => Assert.Equal(Functions.Orchestration.StageState.Done, stage.State));
    }

    [Theory]
    [InlineData("2.5.190.0", 2)]
    [InlineData(WorldOptions.NewestConnect, 1)]
    [InlineData(WorldOptions.NewestConnect, 3)]
    public async Task Rehearsal_OfOtherServers_KeepsEveryGroup(string version, int servers)
    {
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with { World = story.World with { ConnectVersion = version, Servers = servers } });

        run.AssertCompleted();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(20)]
    public async Task Rehearsal_OfOtherSeeds_KeepsEveryGroup(int seed)
    {
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with { World = story.World with { Seed = seed } });

        run.AssertCompleted();
    }

    [Fact]
    public async Task Rehearsal_UnderTheKinderSwitches_KeepsEveryGroup()
    {
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with { World = story.World with { Switches = WorldSwitches.Kind, Naming = ConnectNaming.DisplayName } });

        run.AssertCompleted();
    }

    [Fact]
    public async Task Rehearsal_Twice_TellsTheSame()
    {
        var first = await Rehearsed.RunAsync(Rehearsed.Small());
        var second = await Rehearsed.RunAsync(Rehearsed.Small());

        Assert.Equal(first.WorldJson, second.WorldJson);
    }

    [Fact]
    public async Task Rehearsal_GroupsWithNamesAndPlacesOfTheirOwn_KeepsThem()
    {
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with { World = story.World with { DeviatingNames = 5, DeviatingPlaces = 3 } });

        run.AssertCompleted();
    }

    [Theory]
    [InlineData(ExistingConfiguration.Paused)]
    [InlineData(ExistingConfiguration.Managing)]
    public async Task Rehearsal_ConfigurationThatWasThereBefore_IsTakenOver(ExistingConfiguration existing)
    {
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with { World = story.World with { ExistingConfiguration = existing } });

        run.AssertCompleted();
    }

    /// <summary>A person makes what the tasks say and nothing else: the instructions must be right, from the first correction to the threshold at the end.</summary>
    [Theory]
    [InlineData(ExistingConfiguration.Paused, 0)]
    [InlineData(ExistingConfiguration.Paused, 3)]
    [InlineData(ExistingConfiguration.Managing, 0)]
    public async Task Rehearsal_ConfigurationThatIsOnlyVerified_IsCorrectedByHandAndNeverWritten(ExistingConfiguration existing, int deviating)
    {
        var story = Rehearsed.Small();
        var seen = new ConcurrentDictionary<string, int>();

        var run = await Rehearsed.RunAsync(
            story with { World = story.World with { ExistingConfiguration = existing, DeviatingNames = deviating } },
            services: services =>
            {
                services.Configure<CloudSyncOptions>(options => options.Setup = CloudSyncSetupMode.VerifyOnly);
                services.AddHttpClient(nameof(GraphClient)).AddHttpMessageHandler(() => new RequestRecorder(seen));
            });

        run.AssertCompleted();
        Assert.DoesNotContain(seen.Keys, request => request.StartsWith("PUT ", StringComparison.Ordinal));
        var corrections = run.Result.View!.Tasks.Where(t => t.Kind == TaskKind.CorrectConfiguration).ToList();
        Assert.Equal(["Correct", "End"], corrections.Select(t => t.Title.Split(' ')[0]));
    }

    /// <summary>Ring 2 can't be judged, a person asks again: what ring 2 brought into scope is not too early, and proved rings are not proved again.</summary>
    [Theory]
    [InlineData(ExistingConfiguration.None)]
    [InlineData(ExistingConfiguration.Managing)]
    public async Task Rehearsal_RingThatCouldNotBeJudged_GoesOnThereWhenAskedAgain(ExistingConfiguration existing)
    {
        var story = Rehearsed.Small();
        var outage = new LogOutage();

        var run = await Rehearsed.RunAsync(
            story with { World = story.World with { ExistingConfiguration = existing } },
            services: services => services.AddHttpClient(nameof(GraphClient)).AddHttpMessageHandler(() => new LogOutage.Handler(outage)));

        run.AssertCompleted();
        Assert.True(outage.Happened);
        Assert.DoesNotContain(OrchestrationError.ScopeWrong.Code, run.Result.Codes);
        Assert.Single(run.Result.View!.Tasks, t => t.AttachmentName == "ring-1");
        Assert.Single(run.Result.View.Tasks, t => t.AttachmentName == "ring-2");
    }

    /// <summary>The provisioning log can't be read from the second ring's start until the job is started again.</summary>
    sealed class LogOutage
    {
        /// <summary>The canaries' cycle, ring 1, ring 2.</summary>
        const int SecondRing = 3;

        int _starts;

        public bool Happened { get; private set; }

        public sealed class Handler(LogOutage outage) : DelegatingHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var path = request.RequestUri!.AbsolutePath;
                if (path.EndsWith("/start", StringComparison.Ordinal)) { Interlocked.Increment(ref outage._starts); }
                if (outage._starts != SecondRing || !path.EndsWith("/auditLogs/provisioning", StringComparison.Ordinal)) { return base.SendAsync(request, cancellationToken); }

                outage.Happened = true;
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden) { RequestMessage = request, Content = new StringContent("{}") });
            }
        }
    }
}

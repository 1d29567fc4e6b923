using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Functions.Api;

public sealed class TakeUpTests(ApiHost host) : IClassFixture<ApiHost>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retry_OfOneThatEndedUnfinished_StartsItsRequestAgain()
    {
        var view = await EndedUnfinishedAsync(takenUp: 2);

        var answer = await host.PostAsync($"/api/migrations/{view.MigrationId}/retry", null);

        Assert.Equal(202, answer.Status);
        var instance = await host.Client.GetInstanceAsync("migration", getInputsAndOutputs: true, Token);
        var request = instance!.ReadInputAs<MigrationRequest>()!;
        Assert.Equal((view.MigrationId, 3), (request.MigrationId, request.TakenUp));
    }

    [Fact]
    public async Task Cancel_OfOneThatEndedUnfinished_LetsItGo()
    {
        var view = await EndedUnfinishedAsync();

        var answer = await host.PostAsync($"/api/migrations/{view.MigrationId}/cancel", null);

        Assert.Equal(202, answer.Status);
        Assert.False((await host.Store.ReadOneAsync<MigrationStanding>(StoreNames.MigrationStanding(view.MigrationId), Token))!.Unfinished);
        Assert.Equal("GWB1213", (await host.PostAsync($"/api/migrations/{view.MigrationId}/retry", null)).Code);
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("cancel")]
    public async Task Verb_WhereNothingWasKept_Is409(string verb)
    {
        var view = await EndedUnfinishedAsync(kept: false);

        var answer = await host.PostAsync($"/api/migrations/{view.MigrationId}/{verb}", null);

        Assert.Equal((409, "GWB1213"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("postpone")]
    [InlineData("stop")]
    [InlineData("skip")]
    public async Task Verb_ThatEndedUnfinishedDoesNotOffer_Is409(string verb)
    {
        var view = await EndedUnfinishedAsync();

        var answer = await host.PostAsync($"/api/migrations/{view.MigrationId}/{verb}", null);

        Assert.Equal((409, "GWB1208"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Retry_WhileAnotherRuns_Is409()
    {
        var unfinished = await EndedUnfinishedAsync();
        await host.MigratingAsync();

        var answer = await host.PostAsync($"/api/migrations/{unfinished.MigrationId}/retry", null);

        Assert.Equal((409, "GWB1202"), (answer.Status, answer.Code));
    }

    async Task<MigrationView> EndedUnfinishedAsync(int takenUp = 0, bool kept = true)
    {
        var view = await host.MigratingAsync(v => v with { State = MigrationState.Ended, Outcome = MigrationOutcome.NeedsAttention });
        await host.EndMigrationAsync();
        if (!kept) { return view; }
        await host.Store.WriteOneAsync(
            StoreNames.MigrationStanding(view.MigrationId),
            new MigrationStanding { MigrationId = view.MigrationId, Stage = StageName.FirstFullSync, Facts = new() { Revision = 1_000 }, Unfinished = true, TakenUp = takenUp },
            Token);
        return view;
    }
}

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

    /// <summary>Its orchestration failed before it could say anything: the view still shows it at work.</summary>
    [Fact]
    public async Task Retry_OfOneWhoseOrchestrationIsGone_StartsItsRequestAgainUnderPartsOfItsOwn()
    {
        var view = await BrokenOffAsync();
        var shown = await host.GetAsync($"/api/migrations/{view.MigrationId}");

        var answer = await host.PostAsync($"/api/migrations/{view.MigrationId}/retry", null);

        Assert.Equal(("ended", "needsAttention"), (shown.Json.GetProperty("state").GetString(), shown.Json.GetProperty("outcome").GetString()));
        Assert.Contains("GWB2846", shown.Json.GetProperty("notices").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(202, answer.Status);
        var instance = await host.Client.GetInstanceAsync("migration", getInputsAndOutputs: true, Token);
        Assert.Equal(1, instance!.ReadInputAs<MigrationRequest>()!.TakenUp);
        Assert.Equal(1, (await host.Store.ReadOneAsync<MigrationStanding>(StoreNames.MigrationStanding(view.MigrationId), Token))!.TakenUp);
    }

    [Fact]
    public async Task Cancel_OfOneWhoseOrchestrationIsGone_LetsItGo()
    {
        var view = await BrokenOffAsync();

        Assert.Equal(202, (await host.PostAsync($"/api/migrations/{view.MigrationId}/cancel", null)).Status);

        Assert.Equal("GWB1213", (await host.PostAsync($"/api/migrations/{view.MigrationId}/retry", null)).Code);
    }

    async Task<MigrationView> BrokenOffAsync()
    {
        var view = await host.MigratingAsync(v => v with { State = MigrationState.Running, Outcome = null });
        await host.EndMigrationAsync();
        await host.ShowAsync(view);
        await host.Store.WriteOneAsync(
            StoreNames.MigrationStanding(view.MigrationId),
            new MigrationStanding { MigrationId = view.MigrationId, Stage = StageName.FirstFullSync, Facts = new() { Revision = 1_000 } },
            Token);
        return view;
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

using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Status;
using GwbCloud.Tests.Listener.Configuration;

namespace GwbCloud.Tests.Listener.CommandLine;

public sealed class ListenerCommandLineTests : IDisposable
{
    readonly ConsoleScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task ShowKey_Twice_ShowsTheSameKeyForThisServer()
    {
        var first = await _scene.RunAsync("show-key");
        var second = await _scene.RunAsync("show-key");

        Assert.Equal(ExitCode.Done, first.Code);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal("AADC01", JsonSerializer.Deserialize<PinnedKey>(first.Output, ContractJson.Options)!.Server);
        Assert.DoesNotContain("PRIVATE", first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowKey_OfTheNextKey_ShowsOneThatCanBePinnedBesideThePresentOneAndTakesItsPlace()
    {
        var present = await KeyAsync("show-key");
        var next = await KeyAsync("show-key", "--next");

        Assert.Empty(PinnedKey.Check([present, next]));
        Assert.Equal(present.Server, next.Server);
        Assert.Equal(present, await KeyAsync("show-key"));
        File.Move(ListenerKey.NextFileOf(_scene.Data), ListenerKey.FileOf(_scene.Data), overwrite: true);
        Assert.Equal(next, await KeyAsync("show-key"));

        async Task<PinnedKey> KeyAsync(params string[] args) =>
            JsonSerializer.Deserialize<PinnedKey>((await _scene.RunAsync(args)).Output, ContractJson.Options)!;
    }

    [Fact]
    public async Task ShowKey_OfAFileThatIsNoKey_IsRefused()
    {
        _scene.MakeKey();
        await File.WriteAllTextAsync(ListenerKey.FileOf(_scene.Data), "nothing", _scene.Cancellation);

        var (code, output, error) = await _scene.RunAsync("show-key");

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.Empty(output);
        Assert.StartsWith(ServiceError.KeyUnusable.Code, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verb_ThatIsNotKnown_IsNamed()
    {
        var (_, _, error) = await _scene.RunAsync("frobnicate");

        Assert.StartsWith("frobnicate ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--unknown", "x")]
    [InlineData("switch")]
    [InlineData("switch", "--user", "operator@contoso.example", "--yes")]
    [InlineData("frobnicate")]
    public async Task Arguments_ThatMakeNoSense_GiveOneLineAndBadUsage(params string[] args)
    {
        var (code, output, error) = await _scene.RunAsync(args);

        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Empty(output);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("show-key")]
    [InlineData("status")]
    [InlineData("by-hand")]
    [InlineData("switch", "--user", "operator@contoso.example")]
    [InlineData("install")]
    [InlineData("uninstall")]
    public async Task EveryVerb_WithAWrongValue_NamesItAndStartsNothing(params string[] args)
    {
        _scene.Configuration = _scene.Configuration with { Guard = new() { Seconds = 0 } };

        var (code, output, error) = await _scene.RunAsync(args);

        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Empty(output);
        Assert.Equal($"{JobError.ConfigurationInvalid.Code}: {JobError.ConfigurationInvalid.Message} (guard.seconds: 1 to 1800) {JobError.ConfigurationInvalid.Remedy}", error.Trim());
        Assert.False(Directory.Exists(_scene.Data));
        Assert.Empty(_scene.Runner.Lines);
    }

    [Fact]
    public async Task StatusAndByHand_AfterAnInspection_ShowWhatTheListenerSigned()
    {
        _scene.Record(Boundaries.InStaging, (new AddCoexistenceRules(), Boundaries.Rules(RuleState.AsSpecified)));
        _scene.Clock.Now += TimeSpan.FromMinutes(42);

        var status = await _scene.RunAsync("status");
        var byHand = await _scene.RunAsync("by-hand");

        Assert.Equal((ExitCode.Done, ExitCode.Done), (status.Code, byHand.Code));
        Assert.Contains("State              Coexisting", status.Output, StringComparison.Ordinal);
        Assert.Contains("AddCoexistenceRules, Done, 2026-11-02 08:00:00 UTC, 42 min ago", status.Output, StringComparison.Ordinal);
        Assert.Contains("GroupWritebackV2 read True", byHand.Output, StringComparison.Ordinal);
        Assert.Contains("csexport.exe\" \"contoso.example\"", byHand.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusAndByHand_ForMachines_AreOneDocument()
    {
        _scene.Record(Boundaries.InStaging);

        var boundary = JsonSerializer.Deserialize<Boundary>((await _scene.RunAsync("status", "--json")).Output, ContractJson.Options)!;
        var plan = JsonSerializer.Deserialize<ByHandPlan>((await _scene.RunAsync("by-hand", "--json")).Output, ContractJson.Options)!;

        Assert.Equal((TestListener.Migration, true), (boundary.Migration, boundary.Facts!.Staging));
        Assert.Equal(BoundaryState.Staging, plan.State);
    }

    [Fact]
    public async Task Page_ListsEveryVerb()
    {
        var (_, output, _) = await _scene.RunAsync("--help");

        var verbs = Shipped.Rows("| Verb |").Select(line => line.Split('`')[1]).ToList();
        Assert.Equal(8, verbs.Count);
        Assert.All(verbs, verb => Assert.Contains($"\n  {verb} ", output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("by-hand")]
    public async Task State_ThatSomebodyElseSigned_IsNotShown(string verb)
    {
        _scene.MakeKey();
        var file = new BoundaryFile(Path.Combine(_scene.Data, BoundaryFile.FileName), new(TestListener.OtherKey, "AADC01"), "AADC01", TimeProvider.System);
        file.Record(TestListener.Migration, new AddCoexistenceRules(), CommandState.Done, null);

        var (code, output, error) = await _scene.RunAsync(verb);

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.Empty(output);
        Assert.StartsWith(ServiceError.NoSignedState.Code, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("by-hand")]
    public async Task State_WithoutAKey_IsNotShownAndNoKeyIsMade(string verb)
    {
        var (code, _, error) = await _scene.RunAsync(verb);

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.StartsWith(ServiceError.KeyUnusable.Code, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scene.Data));
    }
}

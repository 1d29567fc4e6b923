using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Status;
using GwbCloud.Tests.Contracts.Approvals;

namespace GwbCloud.Tests.Listener.CommandLine;

public sealed class ListenerCommandLineTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gwb-listener-cli-");

    string Config => Path.Combine(_folder.FullName, "listener.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ShowKey_Twice_ShowsTheSameKeyForThisServer()
    {
        WriteConfig();

        var first = await RunAsync("show-key", "--config", Config);
        var second = await RunAsync("show-key", "--config", Config);

        Assert.Equal(ListenerCommandLine.Done, first.Code);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal("AADC01", JsonSerializer.Deserialize<PinnedKey>(first.Output, ContractJson.Options)!.Server);
        Assert.DoesNotContain("PRIVATE", first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutAServerToTalkTo_SaysSoAndStartsNothing()
    {
        WriteConfig();

        var (code, output, error) = await RunAsync("run", "--config", Config);

        Assert.Equal(ListenerCommandLine.NotPossible, code);
        Assert.Empty(output);
        Assert.Contains("nothing was started", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--config", "missing.json")]
    [InlineData("run", "--unknown", "x")]
    [InlineData("switch", "--config", "x")]
    [InlineData("frobnicate", "--config", "x")]
    public async Task Arguments_ThatMakeNoSense_GiveOneLineAndBadUsage(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.Equal(ListenerCommandLine.BadUsage, code);
        Assert.Empty(output);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Configuration_WithAWrongValue_IsNamed()
    {
        WriteConfig(tenant: "contoso");

        var (code, _, error) = await RunAsync("run", "--config", Config);

        Assert.Equal(ListenerCommandLine.BadUsage, code);
        Assert.StartsWith(JobError.ConfigurationInvalid.Code, error, StringComparison.Ordinal);
        Assert.Contains("tenant:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusAndByHand_AfterAnInspection_ShowWhatTheListenerSigned()
    {
        WriteConfig();
        using var key = ListenerKey.Open(_folder.FullName);
        var facts = await FactsAsync();
        var file = new BoundaryFile(Path.Combine(_folder.FullName, BoundaryFile.FileName), new(key, "AADC01"), "AADC01", TimeProvider.System);
        file.Record(TestListener.Migration, new InspectServer(), CommandState.Done, JsonSerializer.SerializeToUtf8Bytes(facts, ContractJson.Options));
        file.Record(TestListener.Migration, new AddCoexistenceRules(), CommandState.Done, null);

        var status = await RunAsync("status", "--config", Config);
        var byHand = await RunAsync("by-hand", "--config", Config);

        var boundary = JsonSerializer.Deserialize<Boundary>(status.Output, ContractJson.Options)!;
        Assert.Equal(("AddCoexistenceRules", true), (boundary.LastCommand, boundary.Facts!.Features.GroupWritebackV2));
        Assert.Contains("GroupWritebackV2 read True", byHand.Output, StringComparison.Ordinal);
        Assert.Contains("csexport \"contoso.example\"", byHand.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ThatSomebodyElseSigned_IsNotShown()
    {
        WriteConfig();
        var file = new BoundaryFile(Path.Combine(_folder.FullName, BoundaryFile.FileName), new(TestListener.OtherKey, "AADC01"), "AADC01", TimeProvider.System);
        file.Record(TestListener.Migration, new AddCoexistenceRules(), CommandState.Done, null);

        var (code, output, _) = await RunAsync("status", "--config", Config);

        Assert.Equal(ListenerCommandLine.NotPossible, code);
        Assert.Empty(output);
    }

    static async Task<ServerFacts> FactsAsync()
    {
        await using var listener = await TestListener.StartAsync();
        return await listener.RunAsync(new InspectServer());
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await ListenerCommandLine.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    void WriteConfig(string tenant = TestIssuer.Tenant) => File.WriteAllBytes(Config, JsonSerializer.SerializeToUtf8Bytes(
        new ListenerConfiguration
        {
            Server = "AADC01",
            Tenant = tenant,
            DataDirectory = _folder.FullName,
            CommandKeys = [PinnedKey.Of("cloud", TestListener.CloudKey)],
        },
        ContractJson.Options));
}

using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Check;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Service;
using GwbCloud.Tests.Listener.CommandLine;

namespace GwbCloud.Tests.Listener.Check;

public sealed class TransportCheckTests : IDisposable
{
    readonly ConsoleScene _scene = new();

    public TransportCheckTests() => _scene.Configuration = _scene.Configuration with
    {
        Url = null,
        Relay = new() { Namespace = "contoso.servicebus.windows.net", HybridConnection = "aadc01" },
    };

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Relay_WhileTheServiceIsStopped_IsTriedOnce()
    {
        var row = await CheckAsync();

        Assert.Equal((CheckResult.Attention, 1), (row.Result, _scene.Probe.RelayTries));
        Assert.Contains("service", row.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relay_ThatLetsNobodyIn_FailsWithItsCodeAndRemedy()
    {
        _scene.Probe.Relay = RelayError.NotAllowed.ToError();

        var row = await CheckAsync();

        Assert.Equal((CheckResult.Failed, RelayError.NotAllowed.Remedy), (row.Result, row.Remedy));
        Assert.StartsWith("GWB6405", row.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransportPhase.Online, CheckResult.Ok)]
    [InlineData(TransportPhase.Connecting, CheckResult.Failed)]
    [InlineData(TransportPhase.Offline, CheckResult.Failed)]
    public async Task Relay_WhileTheServiceRuns_IsLeftToItAndItsStateIsShown(TransportPhase phase, CheckResult expected)
    {
        var lost = RelayError.Unreachable.ToError();
        Directory.CreateDirectory(_scene.Data);
        new Heartbeat
        {
            At = _scene.Clock.Now, StartedAt = _scene.Clock.Now, Address = new("https://contoso.servicebus.windows.net/aadc01/"),
            Transport = new() { Phase = phase, Since = _scene.Clock.Now, LastError = lost, LastErrorAt = _scene.Clock.Now },
        }.Write(_scene.Data);

        var row = await CheckAsync();

        Assert.Equal((expected, 0), (row.Result, _scene.Probe.RelayTries));
        Assert.Equal(expected == CheckResult.Failed, row.Seen.Contains(lost.Code, StringComparison.Ordinal));
    }

    async Task<CheckRow> CheckAsync()
    {
        var (_, output, _) = await _scene.RunAsync("check", "--json");
        return JsonSerializer.Deserialize<CheckReport>(output, ContractJson.Options)!.Rows.Single(row => row.Name == CheckNames.Transport);
    }
}

using System.Net;
using System.Text;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.Tests.Contracts.Approvals;

namespace GwbCloud.Tests.Listener.Relay;

/// <summary>The whole listener behind a hybrid connection, as its options configure it.</summary>
[Collection(RelayOptions.SharedAccessKeyVariable)]
public sealed class RelayListenerTests : IAsyncLifetime
{
    RelayEndpoint _endpoint = null!;
    RelayOptions _options = null!;
    TestListener _listener = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A certificate can be trusted by one process only where SSL_CERT_FILE counts.");
        Environment.SetEnvironmentVariable(RelayOptions.SharedAccessKeyVariable, "s3cret");
        _endpoint = await RelayEndpoint.StartAsync();
        _options = new()
        {
            Namespace = $"localhost:{_endpoint.Port}",
            HybridConnection = RelayEndpoint.Connection,
            Credential = new() { Kind = RelayCredentialKind.SharedAccessKey, KeyName = "listen" },
            Proxy = new() { Kind = RelayProxyKind.None },
            Development = true,
        };
        _listener = await TestListener.StartAsync(listener => listener.Configure = options => options with { Relay = _options });
        await FakeRelay.UntilAsync(() => _listener.Host.Transport.Phase == TransportPhase.Online && _endpoint.HasListener);
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) { await _listener.DisposeAsync(); }
        if (_endpoint is not null) { await _endpoint.DisposeAsync(); }
        Environment.SetEnvironmentVariable(RelayOptions.SharedAccessKeyVariable, null);
    }

    [Fact]
    public async Task Command_OfTheCloudHalf_IsCarriedOutAndItsResultIsSigned()
    {
        var facts = await _listener.RunAsync(new InspectServer());

        Assert.Equal("AADC01", facts.Server);
        Assert.Equal(_endpoint.Address, _listener.Address);
        Assert.StartsWith("SharedAccessSignature ", Assert.Single(_endpoint.Tokens), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandId_WithSlashesAndPercents_IsFoundAgain()
    {
        const string id = "migration:freeze/1 %41";
        await _listener.PostAsync(TestListener.Cloud.Sign(_listener.Envelope(new InspectForest(), id)));

        Assert.Equal(HttpStatusCode.OK, await _listener.GetAsync($"commands/{Uri.EscapeDataString(id)}"));
    }

    [Fact]
    public async Task Documents_GoUpAndComeBackOnTheControlChannel()
    {
        var document = await _listener.UploadAsync("groups", Enumerable.Range(0, 3_000).Select(index => $"group {index}, {Guid.NewGuid()}"));

        byte[] back = await _listener.DownloadAsync(document);

        Assert.InRange(document.Parts, 3, 10);
        Assert.Contains("group 2999, ", Encoding.UTF8.GetString(back), StringComparison.Ordinal);
        Assert.Equal(0, _endpoint.Rendezvous);
    }

    [Fact]
    public async Task Forgery_ThatComesThroughTheRelay_IsRefusedAsAnywhere()
    {
        Assert.Equal("GWB7202", await _listener.RefusedAsync("ab.cd.ef", HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Probe_ShowsWhetherTheRelayLetsTheListenerIn()
    {
        Assert.Null(await ListenerTransports.ProbeAsync(_options, TestIssuer.Tenant, TestContext.Current.CancellationToken));

        _endpoint.MayListen = _ => false;
        var refused = await ListenerTransports.ProbeAsync(_options, TestIssuer.Tenant, TestContext.Current.CancellationToken);
        _endpoint.Exists = false;
        var gone = await ListenerTransports.ProbeAsync(_options, TestIssuer.Tenant, TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable(RelayOptions.SharedAccessKeyVariable, null);
        var keyless = await ListenerTransports.ProbeAsync(_options, TestIssuer.Tenant, TestContext.Current.CancellationToken);

        Assert.Equal(["GWB6405", "GWB6406", "GWB6402"], new[] { refused, gone, keyless }.Select(error => error?.Code));
    }

    [Fact]
    public async Task Stop_LeavesNoListenerBehind()
    {
        await _listener.Host.DisposeAsync();
        await FakeRelay.UntilAsync(() => !_endpoint.HasListener);

        Assert.Equal(TransportPhase.Stopped, _listener.Host.Transport.Phase);
    }
}

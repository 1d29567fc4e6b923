using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.Tests.Listener.Relay;

public sealed class RelayOptionsTests
{
    const string Thumbprint = "0123456789abcdef0123456789ABCDEF01234567";
    const string App = "5d5a7b0e-6a0f-4c1e-9d53-0a8a1d6f2f10";

    [Theory]
    [InlineData("""{ "namespace": "contoso.servicebus.windows.net", "hybridConnection": "aadc01" }""")]
    [InlineData("""{ "namespace": "contoso.servicebus.windows.net", "hybridConnection": "gwb/aadc01", "credential": { "kind": "certificate", "clientId": "5d5a7b0e-6a0f-4c1e-9d53-0a8a1d6f2f10", "thumbprint": "0123456789abcdef0123456789ABCDEF01234567", "authority": "https://login.microsoftonline.us" } }""")]
    [InlineData("""{ "namespace": "localhost:5671", "hybridConnection": "aadc01", "development": true, "credential": { "kind": "sharedAccessKey", "keyName": "listen" }, "proxy": { "kind": "none" } }""")]
    [InlineData("""{ "namespace": "contoso.servicebus.windows.net", "hybridConnection": "aadc01", "proxy": { "kind": "explicit", "address": "http://proxy.contoso.com:8080" }, "keepAliveSeconds": 30, "drainSeconds": 5 }""")]
    public void Section_AsTheDocsShowIt_IsTaken(string json)
    {
        var relay = Read(json);

        Assert.Empty(relay.Validate());
    }

    [Fact]
    public void Section_WithTheLeast_SignsInAsTheMachineThroughTheSystemsProxy()
    {
        var relay = Least;

        Assert.Equal((RelayCredentialKind.ManagedIdentity, RelayProxyKind.System, false), (relay.Credential.Kind, relay.Proxy.Kind, relay.Development));
        Assert.Equal(new Uri("sb://contoso.servicebus.windows.net/aadc01"), relay.ListenAddress);
        Assert.Equal(new Uri("https://contoso.servicebus.windows.net/aadc01/"), relay.CallAddress);
    }

    [Fact]
    public void Section_ThatCannotBe_IsRefusedWithTheFieldsName()
    {
        Refused("relay.namespace", Least with { Namespace = "" });
        Refused("relay.namespace", Least with { Namespace = "sb://contoso.servicebus.windows.net" });
        Refused("relay.namespace", Least with { Namespace = "contoso.servicebus.windows.net/aadc01" });
        Refused("relay.namespace", Least with { Namespace = "user@contoso.servicebus.windows.net" });
        Refused("relay.namespace", Least with { Namespace = "contoso.servicebus.windows.net:8443" });
        Refused("relay.hybridConnection", Least with { HybridConnection = "" });
        Refused("relay.hybridConnection", Least with { HybridConnection = "aadc01?x" });
        Refused("relay.hybridConnection", Least with { HybridConnection = "/aadc01" });
        Refused("relay.keepAliveSeconds", Least with { KeepAliveSeconds = 0 });
        Refused("relay.keepAliveSeconds", Least with { KeepAliveSeconds = 240 });
        Refused("relay.drainSeconds", Least with { DrainSeconds = 0 });
    }

    [Fact]
    public void Credential_ThatCannotBe_IsRefusedWithTheFieldsName()
    {
        Refused("relay.credential.clientId", Certificate with { ClientId = null });
        Refused("relay.credential.thumbprint", Certificate with { Thumbprint = "thumb" });
        Refused("relay.credential.authority", Certificate with { Authority = new("http://login.microsoftonline.us") });
        Refused("relay.credential.keyName", Certificate with { KeyName = "listen" });
        Refused("relay.credential.thumbprint", new RelayCredential { Thumbprint = Thumbprint });
        Refused("relay.credential.clientId", new RelayCredential { ClientId = App });
        Refused("relay.credential.authority", new RelayCredential { Authority = new("https://login.microsoftonline.us") });
        Refused("relay.credential.keyName", Least with { Development = true, Credential = new() { Kind = RelayCredentialKind.SharedAccessKey } });
    }

    [Fact]
    public void SharedAccessKey_OutsideDevelopment_IsRefused()
    {
        var credential = new RelayCredential { Kind = RelayCredentialKind.SharedAccessKey, KeyName = "listen" };

        Refused("relay.credential.kind", credential);
        Assert.Empty((Least with { Development = true, Credential = credential }).Validate());
    }

    [Fact]
    public void SharedAccessKey_InTheFile_IsNoFieldOfIt() =>
        Assert.Throws<JsonException>(() => Read(
            """{ "namespace": "localhost", "hybridConnection": "a", "development": true, "credential": { "kind": "sharedAccessKey", "keyName": "listen", "key": "c2VjcmV0" } }"""));

    [Fact]
    public void Proxy_ThatCannotBe_IsRefusedWithTheFieldsName()
    {
        Refused("relay.proxy.address", Least with { Proxy = new() { Kind = RelayProxyKind.Explicit } });
        Refused("relay.proxy.address", Least with { Proxy = new() { Kind = RelayProxyKind.Explicit, Address = new("ftp://proxy") } });
        Refused("relay.proxy.address", Least with { Proxy = new() { Kind = RelayProxyKind.Explicit, Address = new("http://me:secret@proxy:8080") } });
        Refused("relay.proxy.address", Least with { Proxy = new() { Address = new("http://proxy:8080") } });
    }

    [Fact]
    public async Task Listener_WithAWrongSection_NamesTheFieldBeforeAnythingStarts()
    {
        await using var listener = new TestListener { Configure = options => options with { Relay = Least with { Namespace = "" } } };

        var refused = await Assert.ThrowsAsync<CommandFailedException>(listener.OpenAsync);

        Assert.Equal(JobError.ConfigurationInvalid.Code, refused.Error.Code);
        Assert.Contains("relay.namespace:", refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_OfABuildWithoutRelay_RefusesTheSectionWithItsOwnCode()
    {
        Assert.SkipWhen(typeof(ListenerHost).Assembly.GetReferencedAssemblies().Any(a => a.Name == "Microsoft.Azure.Relay"), "This build has a relay.");
        await using var listener = new TestListener { Configure = options => options with { Relay = Least } };

        var refused = await Assert.ThrowsAsync<CommandFailedException>(listener.OpenAsync);

        Assert.Equal(RelayError.NotInThisBuild.Code, refused.Error.Code);
    }

    static RelayOptions Least => Read("""{ "namespace": "contoso.servicebus.windows.net", "hybridConnection": "aadc01" }""");

    static RelayCredential Certificate => new() { Kind = RelayCredentialKind.Certificate, ClientId = App, Thumbprint = Thumbprint };

    static RelayOptions Read(string json) => JsonSerializer.Deserialize<RelayOptions>(json, ContractJson.Options)!;

    static void Refused(string field, RelayCredential credential) => Refused(field, Least with { Credential = credential });

    static void Refused(string field, RelayOptions options) =>
        Assert.StartsWith(field + ":", Assert.Single(options.Validate()), StringComparison.Ordinal);
}

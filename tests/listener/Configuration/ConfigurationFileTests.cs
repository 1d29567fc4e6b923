using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.Configuration;

public sealed class ConfigurationFileTests
{
    [Fact]
    public void Example_IsValid()
    {
        var configuration = ConfigurationFile.Parse(Encoding.UTF8.GetBytes(Shipped.Example));

        Assert.Equal("AADC01", configuration.Server);
        Assert.NotNull(configuration.Relay);
        Assert.Equal(2, configuration.Approvals!.Required);
    }

    [Theory]
    [InlineData("dataDirectory", "\"data\"", "dataDirectory: is no full path")]
    [InlineData("approvals.required", "0", "approvals.required: 1 to 20")]
    [InlineData("approvals.keysAddress", "\"http://login.example/keys\"", "approvals.keysAddress: is no https address")]
    [InlineData("approvals.approverRole", "\"Migration.Operator\"", "approvals.approverRole: is the requester's role as well")]
    [InlineData("directory.writebackOu", "\"Groups\"", "directory.writebackOu: is no distinguished name")]
    [InlineData("directory.server", "\"dc 1\"", "directory.server: is no host name")]
    [InlineData("directory.transport", "\"plain\"", "directory.transport: is none of ldaps, signedLdap")]
    [InlineData("adSync.powerShell", "\"powershell.exe\"", "adSync.powerShell: is no full path")]
    [InlineData("adSync.effectSeconds", "10", "adSync.effectSeconds: 60 to 3600")]
    [InlineData("guard.seconds", "0", "guard.seconds: 1 to 1800")]
    [InlineData("guard.idleSeconds", "1801", "guard.idleSeconds: 1 to 1800")]
    [InlineData("guard.contactMinutes", "1", "guard.contactMinutes: 5 to 1440")]
    [InlineData("documents.maxBytes", "1", "documents.maxBytes: at least 1048576")]
    [InlineData("logging.files", "1", "logging.files: 2 to 1000")]
    [InlineData("logging.level", "\"verbose\"", "logging.level: is none of debug, information, warning, error")]
    [InlineData("guard.seconds", "\"60\"", "guard.seconds: is no whole number")]
    [InlineData("guard.secnods", "60", "guard.secnods: is not known")]
    [InlineData("quorum", "1", "quorum: is not known")]
    [InlineData("commandKeys", "[{\"kid\":\"a\"}]", "commandKeys[0].publicKey: is missing")]
    [InlineData("url", "\"http://127.0.0.1:8451\"", "url: stands beside a relay; commands come in by one way")]
    [InlineData("url", "\"http://10.0.0.1:8451\"", "url: is no loopback http address")]
    [InlineData("server", "\"\"", "server: is missing")]
    [InlineData("server", "null", "server: is not what belongs there")]
    [InlineData("tenant", "\"contoso.example\"", "tenant: is not a directory id")]
    [InlineData("commandKeys", "[]", "commandKeys: at least one key of the cloud half must be pinned")]
    [InlineData("commandKeys", "\"k\"", "commandKeys: is no list")]
    [InlineData("commandKeys.0.publicKey", "\"MFkw\"", "keys: cloud-1 is no P-256 public key")]
    [InlineData("commandKeys.0.notAfter", "\"2026-11-31\"", "commandKeys[0].notAfter: is no time such as 2026-12-31T00:00:00Z")]
    [InlineData("otherServers.0.server", "\"AADC01\"", "otherServers: this server is not another one")]
    [InlineData("adSync.mayGrantPermissions", "1", "adSync.mayGrantPermissions: is neither true nor false")]
    [InlineData("adSync.mayChangeStaging", "\"yes\"", "adSync.mayChangeStaging: is neither true nor false")]
    [InlineData("relay", "\"contoso\"", "relay: is no object")]
    [InlineData("relay.namespace", "\"https://x\"", "relay.namespace: is no host name, such as contoso.servicebus.windows.net")]
    public void Value_ThatCannotBe_IsRefusedWithItsPath(string path, string value, string expected)
    {
        var refused = Refuse(Set(path, value));

        Assert.Equal(JobError.ConfigurationInvalid.Code, refused.Error.Code);
        Assert.Contains(expected, refused.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server")]
    [InlineData("tenant")]
    [InlineData("dataDirectory")]
    [InlineData("commandKeys")]
    [InlineData("directory.writebackOu")]
    [InlineData("approvals.required")]
    public void Value_ThatIsMissing_IsNamed(string path) =>
        Assert.Contains($"{path}: is missing", Refuse(Set(path, null)).Error.Message, StringComparison.Ordinal);

    [Fact]
    public void Faults_OfOneFile_AreAllSaidAtOnce()
    {
        string twoWrong = Set("guard.seconds", "0");
        var node = JsonNode.Parse(twoWrong)!;
        node["documents"]!["maxBytes"] = 5;

        string message = Refuse(node.ToJsonString()).Error.Message;

        Assert.Contains("guard.seconds:", message, StringComparison.Ordinal);
        Assert.Contains("documents.maxBytes:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_OfTheWrongKind_AreAllNamedAtOnce()
    {
        var node = JsonNode.Parse(Set("guard.seconds", "\"60\""))!;
        node["logging"]!["eventLog"] = "yes";

        string message = Refuse(node.ToJsonString()).Error.Message;

        Assert.Contains("guard.seconds:", message, StringComparison.Ordinal);
        Assert.Contains("logging.eventLog:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_OfTwoServers_IsRefusedWithBothNames()
    {
        var node = JsonNode.Parse(Shipped.Example)!;
        var second = node["otherServers"]![0]!.DeepClone();
        second["kid"] = "AADC03";
        second["server"] = "AADC03";
        node["otherServers"]!.AsArray().Add(second);

        Assert.Contains("keys: AADC02 and AADC03 are one key", Refuse(node.ToJsonString()).Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relay.namespace", "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=listen;SharedAccessKey=c2VjcmV0")]
    [InlineData("server", "b25seSBhIHRlc3Q6IDMyIGJ5dGVzLCBubyBzZWNyZXQ=")]
    [InlineData("approvals.audience", "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln")]
    [InlineData("approvals.issuer", "https://user:hunter2@login.example")]
    [InlineData("directory.server", "Password=hunter2")]
    [InlineData("commandKeys[0].publicKey", "-----BEGIN PRIVATE KEY-----")]
    [InlineData("approvals.keysAddress", "https://x.example/keys?sv=1&sig=abc")]
    [InlineData("directory.password", "hunter2")]
    [InlineData("relay.sharedAccessKey", "x")]
    public void Secret_Anywhere_IsRefusedWithItsPathAndWithoutItself(string path, string secret)
    {
        var refused = Refuse(Set(path.Replace("[0]", ".0", StringComparison.Ordinal), JsonSerializer.Serialize(secret)));

        Assert.Equal(ServiceError.SecretInConfiguration.Code, refused.Error.Code);
        Assert.Contains(path, refused.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refused.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{} // comment")]
    public void Text_ThatIsNoObject_IsRefused(string text) => Assert.Equal(JobError.ConfigurationInvalid.Code, Refuse(text).Error.Code);

    [Fact]
    public void File_ThatIsNotThere_IsNamed()
    {
        var refused = Assert.Throws<CommandFailedException>(() => ConfigurationFile.Read("nowhere.json"));

        Assert.Contains("nowhere.json: is not there", refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Member_ThatStandsTwice_IsRefused()
    {
        string twice = Shipped.Example.Replace("\"server\": \"AADC01\",", "\"server\": \"AADC01\", \"server\": \"AADC02\",", StringComparison.Ordinal);

        Assert.Contains("server: stands there twice", Refuse(twice).Error.Message, StringComparison.Ordinal);
    }

    static CommandFailedException Refuse(string json) => Assert.Throws<CommandFailedException>(() => ConfigurationFile.Parse(Encoding.UTF8.GetBytes(json)));

    /// <summary>The example with one value changed, added or (null) taken away.</summary>
    static string Set(string path, string? value)
    {
        var root = JsonNode.Parse(Shipped.Example)!;
        string[] segments = path.Split('.');
        var at = segments[..^1].Aggregate(root, (node, name) => int.TryParse(name, out int index) ? node[index]! : node[name] ??= new JsonObject());
        if (value is null) { ((JsonObject)at).Remove(segments[^1]); }
        else { at[segments[^1]] = JsonNode.Parse(value); }
        return root.ToJsonString();
    }
}

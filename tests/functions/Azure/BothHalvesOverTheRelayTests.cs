using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.Tests.Functions.Support;
using GwbCloud.Tests.Listener;
using GwbCloud.Tests.Listener.Relay;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions;

/// <summary>
/// The app's client, an endpoint that speaks the public protocol of Hybrid Connections, the real client of Azure Relay, and a whole
/// listener behind it: what one half says is what the other half understands, also when the way between them breaks.
/// </summary>
public sealed class BothHalvesOverTheRelayTests : IAsyncLifetime
{
    const string Server = "AADC01";
    const string Migration = "m-20260101-000000-0000";

    readonly TempFolder _folder = new();
    readonly ECDsa _cloudKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly ECDsa _listenerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly FakeDirectory _directory = new();
    FileDocumentStore _store = null!;
    RelayEndpoint _relay = null!;
    OnPremisesClient _client = null!;
    ListenerHost? _listener;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A certificate can be trusted by one process only where SSL_CERT_FILE counts.");
        Environment.SetEnvironmentVariable(RelayOptions.SharedAccessKeyVariable, "s3cret");
        _store = new(Options.Create(new DocumentStoreOptions { Folder = _folder["cloud"], FlushToDisk = false }));
        _relay = await RelayEndpoint.StartAsync();
        var options = new OnPremisesOptions { SigningKey = _cloudKey.ExportPkcs8PrivateKeyPem(), SigningKeyId = "cloud" };
        options.Listeners.Add(new() { Server = Server, Address = _relay.Address.AbsoluteUri, Relay = true, ResultKeys = { PinnedKey.Of("aadc01", _listenerKey) } });
        _client = new(
            new Clients(), new AppToken(), _store, TimeProvider.System, Options.Create(options), Options.Create(new IdentityOptions { Tenant = TestIssuer.Tenant }),
            NullLogger<OnPremisesClient>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) { await _listener.DisposeAsync(); }

        if (_relay is not null) { await _relay.DisposeAsync(); }

        _client?.Dispose();
        _store?.Dispose();
        _cloudKey.Dispose();
        _listenerKey.Dispose();
        _folder.Dispose();
        Environment.SetEnvironmentVariable(RelayOptions.SharedAccessKeyVariable, null);
    }

    [Fact]
    public async Task Documents_GoUpInPartsAndAResultComesBackInPages()
    {
        await ConnectAsync();
        GroupIdentity[] planned = [.. Enumerable.Range(1, 1_000).Select(n => _directory.AddPlanned($"Group {n}"))];
        var groups = await _store.SaveListAsync("groups", planned, Token);

        var stamped = await EndAsync<StampResult>(await _client.SubmitAsync(Submission(new StampAnchors { Groups = groups }, "migration:stamp/1 %41"), Token), "migration:stamp/1 %41");
        var snapshot = await EndAsync<SnapshotResult>(await _client.SubmitAsync(Submission(new SnapshotGroups { Groups = groups }, "snapshot"), Token), "snapshot");

        Assert.InRange(groups.Parts, 3, 20);
        Assert.Equal((1_000, 0, 0), (stamped.Written, stamped.Conflicts.Count, stamped.Missing.Count));
        Assert.InRange(snapshot.Snapshot.Parts, 3, 20);
        var seen = await _store.LoadListAsync<GroupSnapshot>(snapshot.Snapshot, Token);
        Assert.Equal(planned.Select(group => group.Anchor).Order(StringComparer.Ordinal), seen.Select(group => group.Group.ExternalDirectoryObjectId!).Order(StringComparer.Ordinal));
        Assert.Equal("app.relay.token", Assert.Single(_relay.SenderTokens.Distinct()));
    }

    [Fact]
    public async Task Command_BeforeAnyListenerIsThere_IsUnknownAndGoesOutWhenItConnects()
    {
        var submission = Submission(new InspectServer(), "inspect");

        var before = await _client.SubmitAsync(submission, Token);
        var still = await _client.PollAsync(PollOf("inspect"), Token);
        await ConnectAsync();
        var facts = await EndAsync<ServerFacts>(await _client.PollAsync(PollOf("inspect"), Token), "inspect");

        Assert.All([before, still], reply => Assert.Equal((CommandState.Unknown, true, "GWB3011"), (reply.State, reply.Unreachable, reply.Error!.Code)));
        Assert.Equal(Server, facts.Server);
    }

    [Fact]
    public async Task Command_OfAnAppThatTheRelayDoesNotLetIn_IsUnknownUntilItHasItsRole()
    {
        await ConnectAsync();
        _relay.MaySend = _ => false;

        var refused = await _client.SubmitAsync(Submission(new InspectServer(), "inspect"), Token);
        _relay.MaySend = _ => true;
        var facts = await EndAsync<ServerFacts>(await _client.PollAsync(PollOf("inspect"), Token), "inspect");

        Assert.Equal((CommandState.Unknown, true, "GWB3012"), (refused.State, refused.Unreachable, refused.Error!.Code));
        Assert.Equal(Server, facts.Server);
    }

    [Fact]
    public async Task ControlChannel_DroppedInTheMiddleOfAJob_HidesTheJobAndDoesNotEndIt()
    {
        await ConnectAsync();
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _directory.BeforeWrite = () =>
        {
            reached.TrySetResult();
            return go.Task;
        };
        var groups = await _store.SaveListAsync("groups", [_directory.AddPlanned("A"), _directory.AddPlanned("B")], Token);
        await _client.SubmitAsync(Submission(new StampAnchors { Groups = groups }, "stamp"), Token);
        await reached.Task.WaitAsync(Token);

        // Not let in again, so that the gap is there to be seen.
        int listens = _relay.Listens;
        _relay.MayListen = _ => false;
        _relay.Drop();
        await UntilAsync(() => !_relay.HasListener && _relay.Listens > listens);
        var gap = await _client.PollAsync(PollOf("stamp"), Token);
        _relay.MayListen = _ => true;
        await UntilAsync(() => _relay.HasListener);
        var back = await _client.PollAsync(PollOf("stamp"), Token);
        go.SetResult();
        var stamped = await EndAsync<StampResult>(await _client.PollAsync(PollOf("stamp"), Token), "stamp");

        Assert.Equal((CommandState.Unknown, true, "GWB3011"), (gap.State, gap.Unreachable, gap.Error!.Code));
        Assert.Equal((CommandState.Running, false), (back.State, back.Unreachable));
        Assert.Equal(2, stamped.Written);
        Assert.Equal(2, _directory.Writes.Count);
    }

    /// <summary>The server comes up, and its listener on the hybrid connection.</summary>
    async Task ConnectAsync()
    {
        _listener = await ListenerHost.StartAsync(
            new()
            {
                Server = Server,
                Tenant = TestIssuer.Tenant,
                DataDirectory = _folder["listener"],
                CommandKeys = [PinnedKey.Of("cloud", _cloudKey)],
                Signer = new(_listenerKey, "aadc01"),
                Durability = JournalDurability.Process,
                GuardSeconds = 1800,
                Relay = new()
                {
                    Namespace = $"localhost:{_relay.Port}",
                    HybridConnection = RelayEndpoint.Connection,
                    Credential = new() { Kind = RelayCredentialKind.SharedAccessKey, KeyName = "listen" },
                    Proxy = new() { Kind = RelayProxyKind.None },
                    Development = true,
                },
            },
            _directory, new FakeAdSync(), Token);
        await UntilAsync(() => _listener.Transport.Phase == TransportPhase.Online && _relay.HasListener);
    }

    /// <summary>Asks until the job has ended, and returns its verified result.</summary>
    async Task<TResult> EndAsync<TResult>(CommandReply reply, string id)
    {
        while (reply.State is CommandState.Queued or CommandState.Running)
        {
            reply = await _client.PollAsync(PollOf(id), Token);
        }

        Assert.True(reply.State == CommandState.Done, reply.Error?.ToString());
        return JsonSerializer.Deserialize<TResult>(reply.Result!, ContractJson.Options)!;
    }

    static CommandSubmission Submission(Command command, string id) =>
        new() { MigrationId = Migration, PlanHash = "", Server = Server, CommandId = id, Command = JsonSerializer.Serialize(command, ContractJson.Options) };

    static CommandPoll PollOf(string id) => new() { MigrationId = Migration, Server = Server, CommandId = id };

    static async Task UntilAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string? what = null)
    {
        var limit = DateTimeOffset.UtcNow.AddSeconds(60);
        while (!holds())
        {
            Assert.True(DateTimeOffset.UtcNow < limit, $"It never came true: {what}");
            await Task.Delay(1, Token);
        }
    }

    sealed class AppToken : IRelayTokens
    {
        public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult("app.relay.token");
    }

    /// <summary>Connections are kept, as by the app's factory.</summary>
    sealed class Clients : IHttpClientFactory
    {
        static readonly SocketsHttpHandler Connections = new();

        public HttpClient CreateClient(string name) => new(Connections, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(20) };
    }
}

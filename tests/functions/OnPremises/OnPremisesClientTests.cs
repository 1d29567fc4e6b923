using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Tests.Functions.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.OnPremises;

public sealed class OnPremisesClientTests : IAsyncLifetime
{
    readonly TempFolder _folder = new();
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    FileDocumentStore _store = null!;
    TestListener _listener = null!;
    OnPremisesClient _client = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = Stores.Open(_folder);
        _listener = await TestListener.StartAsync(_key);
        _client = Connect(_listener.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _client.Dispose();
        _store.Dispose();
        _folder.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task Command_DoneAtOnce_ReturnsItsVerifiedResult()
    {
        _listener.Work = _ => Document.OfValue("result", new UnstampResult { Cleared = 3, LeftAlone = 1 });

        var reply = await _client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Equal(CommandState.Done, reply.State);
        Assert.Equal(3, JsonSerializer.Deserialize<UnstampResult>(reply.Result!, ContractJson.Options)!.Cleared);
    }

    [Fact]
    public async Task Command_ThatNamesADocument_UploadsItOnceInParts()
    {
        var groups = await _store.SaveListAsync("groups", Groups(1_000), Token);

        await _client.SubmitAsync(Submission(new StampAnchors { Groups = groups }), Token);
        var uploaded = _listener.PartsUploaded;
        await _client.SubmitAsync(Submission(new VerifyAnchors { Groups = groups }, "c2"), Token);

        Assert.True(groups.Parts > 1);
        Assert.Equal(groups.Parts, uploaded);
        Assert.Equal(groups.Parts, _listener.PartsUploaded);
        Assert.Equal(await _store.LoadAsync(groups, Token), _listener.Documents[groups.Sha256]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Result_ThatNamesADocument_BringsItIntoTheStore(bool large)
    {
        var inventory = Document.OfList("inventory", Groups(1_000));
        _listener.Documents[inventory.Reference.Sha256] = inventory.Content.ToArray();
        _listener.Work = _ => Document.OfValue("result", new InventoryResult { Groups = inventory.Reference, Elsewhere = inventory.Reference });
        _listener.Large = large;

        var reply = await _client.SubmitAsync(Submission(new InventoryWritebackOu()), Token);

        Assert.Equal(CommandState.Done, reply.State);
        var result = JsonSerializer.Deserialize<InventoryResult>(reply.Result!, ContractJson.Options)!;
        Assert.Equal(1_000, (await _store.LoadListAsync<GroupIdentity>(result.Groups, Token)).Count);
    }

    [Fact]
    public async Task Command_StillRunning_ShowsItsProgressUntilItIsDone()
    {
        var submission = Submission(new InspectForest());
        var first = await _client.SubmitAsync(submission, Token);
        _listener.Work = _ => Document.OfValue("result", new Acknowledged());

        var second = await _client.PollAsync(PollOf(submission), Token);

        Assert.Equal((CommandState.Running, 1), (first.State, first.Progress!.Done));
        Assert.Equal(CommandState.Done, second.State);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(200)]
    public async Task Answer_OfSomethingInBetween_IsUnknownAndNeverFailed(int status)
    {
        _listener.Instead = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("<html>gateway</html>", Token);
        };

        var reply = await _client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.True(reply.Unreachable);
        Assert.NotEqual(CommandState.Failed, reply.State);
    }

    [Fact]
    public async Task Listener_ThatIsDown_IsUnknownAndNeverFailed()
    {
        using var client = Connect(new("http://127.0.0.1:1"));
        var submission = Submission(new InspectForest());

        var submitted = await client.SubmitAsync(submission, Token);
        var polled = await client.PollAsync(PollOf(submission), Token);

        Assert.Equal((true, CommandState.Unknown), (submitted.Unreachable, submitted.State));
        Assert.Equal((true, CommandState.Unknown), (polled.Unreachable, polled.State));
    }

    [Fact]
    public async Task Refusal_InTheListenersOwnWords_IsFailedWithItsCode()
    {
        _listener.Instead = context =>
        {
            context.Response.StatusCode = 409;
            return context.Response.WriteAsJsonAsync(new CommandError { Code = "GWB7214", Message = "Used before." }, ContractJson.Options, Token);
        };

        var reply = await _client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Equal((CommandState.Failed, "GWB7214", false), (reply.State, reply.Error!.Code, reply.Unreachable));
    }

    [Fact]
    public async Task Listener_ThatIsBusy_IsAskedAgain()
    {
        _listener.Instead = context =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsJsonAsync(new CommandError { Code = "GWB6002", Message = "Busy.", Transient = true }, ContractJson.Options, Token);
        };

        var reply = await _client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Equal((true, "GWB6002"), (reply.Unreachable, reply.Error!.Code));
    }

    [Fact]
    public async Task Page_ThatAnswersForADocument_DoesNotMeanThatTheListenerHasIt()
    {
        var groups = await _store.SaveListAsync("groups", Groups(10), Token);
        _listener.Instead = context => context.Response.WriteAsync("<html>sign in to the network</html>", Token);

        var reply = await _client.SubmitAsync(Submission(new StampAnchors { Groups = groups }), Token);

        Assert.Equal((true, "GWB3005", 0), (reply.Unreachable, reply.Error!.Code, _listener.Submissions));
    }

    [Fact]
    public async Task Relay_IsEnteredWithTheBareTokenOfTheApp()
    {
        var tokens = new Tokens();
        using var client = Connect(_listener.Address, tokens);
        List<string> headers = [];
        _listener.Instead = context =>
        {
            headers.Add(context.Request.Headers["ServiceBusAuthorization"].ToString());
            Assert.False(context.Request.Headers.ContainsKey("Authorization"));
            _listener.Instead = null;
            return _listener.AnswerAsync(context);
        };

        var reply = await client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Equal(CommandState.Running, reply.State);
        Assert.Equal(["eyJ0.relay.token"], headers);
    }

    [Theory]
    [InlineData(404, "GWB3011")]
    [InlineData(502, "GWB3011")]
    [InlineData(401, "GWB3012")]
    [InlineData(403, "GWB3012")]
    [InlineData(504, "GWB3013")]
    [InlineData(500, "GWB3004")]
    public async Task Relay_ThatAnswersInTheListenersPlace_IsUnknownWithItsOwnReason(int status, string code)
    {
        using var client = Connect(_listener.Address, new Tokens());
        _listener.Instead = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("""{ "error": { "code": "EndpointNotFound", "message": "TrackingId:1" } }""", Token);
        };

        var reply = await client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Equal((CommandState.Unknown, true, code, true), (reply.State, reply.Unreachable, reply.Error!.Code, reply.Error.Transient));
    }

    [Fact]
    public async Task Refusal_OfTheListenerBehindARelay_IsStillItsOwn()
    {
        using var client = Connect(_listener.Address, new Tokens());

        var reply = await client.PollAsync(PollOf(await SubmittedAsync(client)), Token);

        Assert.Equal((CommandState.Failed, "GWB7214"), (reply.State, reply.Error!.Code));

        async Task<CommandSubmission> SubmittedAsync(OnPremisesClient over)
        {
            var submission = Submission(new InspectForest());
            await over.SubmitAsync(submission, Token);
            _listener.Instead = context =>
            {
                context.Response.StatusCode = 404;
                return context.Response.WriteAsJsonAsync(new CommandError { Code = "GWB7214", Message = "Used before." }, ContractJson.Options, Token);
            };
            return submission;
        }
    }

    [Fact]
    public async Task Command_WhoseAnswerTheRelayLost_IsFoundAgainAndNotSentTwice()
    {
        using var client = Connect(_listener.Address, new Tokens());
        var submission = Submission(new InspectForest());
        _listener.Instead = async context =>
        {
            // It arrived, the answer did not.
            _listener.Instead = null;
            using var arrived = new MemoryStream();
            (context.Response.Body, var way) = (arrived, context.Response.Body);
            await _listener.AnswerAsync(context);
            context.Response.Body = way;
            context.Response.ContentType = null;
            context.Response.StatusCode = 504;
        };

        var lost = await client.SubmitAsync(submission, Token);
        var found = await client.PollAsync(PollOf(submission), Token);

        Assert.Equal(("GWB3013", CommandState.Running), (lost.Error!.Code, found.State));
        Assert.Equal(1, _listener.Submissions);
    }

    [Fact]
    public async Task Relay_WithoutAToken_IsNotAsked()
    {
        using var client = Connect(_listener.Address, new Tokens { Fault = new Azure.Identity.CredentialUnavailableException("no identity") });

        var reply = await client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Equal((true, "GWB3014", 0), (reply.Unreachable, reply.Error!.Code, _listener.Submissions));
    }

    [Fact]
    public async Task RelayTokens_OfTheApp_AreForTheRelayOnly()
    {
        var credential = new Credential();

        var token = await new ManagedIdentityRelayTokens(credential).GetAsync(Token);

        Assert.Equal(("jwt", "https://relay.azure.net/.default"), (token, Assert.Single(credential.Scopes)));
    }

    [Theory]
    [InlineData("https://contoso.servicebus.windows.net/aadc1", true)]
    [InlineData("http://127.0.0.1:7071/", true)]
    [InlineData("http://contoso.servicebus.windows.net/aadc1", false)]
    public void Options_OfARelay_KeepTheTokenOutOfClearText(string address, bool taken)
    {
        var options = new OnPremisesOptions { SigningKey = _key.ExportPkcs8PrivateKeyPem() };
        options.Listeners.Add(new() { Server = TestListener.Server, Address = address, ResultKeys = { PinnedKey.Of("aadc1", _listener.Key) }, Relay = true });

        var verdict = new OnPremisesOptionsValidator().Validate(null, options);

        Assert.Equal(taken, verdict.Succeeded);
        Assert.True(taken || verdict.FailureMessage!.Contains("Listeners:0:Address", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Result_SignedByAStranger_IsNotBelieved()
    {
        _listener.Work = _ => Document.OfValue("result", new Acknowledged());
        _listener.Forge = true;

        var reply = await _client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Equal((CommandState.Failed, "GWB3006", null), (reply.State, reply.Error!.Code, reply.Result));
    }

    [Theory]
    [InlineData("aadc1", null)]
    [InlineData("aadc1-next", null)]
    [InlineData("aadc1-ended", "GWB3015")]
    [InlineData("aadc1-later", "GWB3015")]
    [InlineData("aadc2", "GWB3006")]
    [InlineData("stranger", "GWB3006")]
    public async Task Result_WhileTheListenerChangesItsKey_CountsInTheKeysOwnTime(string kid, string? refused)
    {
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = ConnectDuringAChange(next);
        _listener.Work = _ => Document.OfValue("result", new Acknowledged());
        _listener.SignsWith = new(next, kid);

        var reply = await client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Equal((refused is null ? CommandState.Done : CommandState.Failed, refused), (reply.State, reply.Error?.Code));
        Assert.True(refused is null || (reply.Result is null && reply.Error!.Message.Contains(kid, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("aadc1", null)]
    [InlineData("aadc1-next", null)]
    [InlineData("aadc1-ended", "GWB7217")]
    [InlineData("aadc1-later", "GWB7217")]
    [InlineData("aadc2", "GWB7213")]
    [InlineData("stranger", "GWB7206")]
    public void Evidence_WhileTheListenerChangesItsKey_CountsInTheKeysOwnTime(string kid, string? refused)
    {
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = ConnectDuringAChange(next);
        var part = EvidencePart.Of("server:AADC1", TestListener.Server, DateTimeOffset.UtcNow, new { Staging = true });

        var verdict = client.VerifyEvidence(new EnvelopeSigner(next, kid).Sign(part), TimeSpan.FromMinutes(15));

        Assert.Equal(refused, verdict.Refusal?.Code);
    }

    [Fact]
    public void ResultKeys_OfAConfiguration_KeepTheirTimes()
    {
        var public1 = Convert.ToBase64String(_listener.Key.ExportSubjectPublicKeyInfo());
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listeners:0:Server"] = TestListener.Server,
            ["Listeners:0:ResultKeys:0:Kid"] = "old",
            ["Listeners:0:ResultKeys:0:PublicKey"] = public1,
            ["Listeners:0:ResultKeys:0:NotAfter"] = "2026-11-30T08:00:00Z",
            ["Listeners:0:ResultKeys:1:Kid"] = "next",
            ["Listeners:0:ResultKeys:1:NotBefore"] = "2026-11-23T08:00:00+01:00",
        }).Build();

        var keys = configuration.Get<OnPremisesOptions>()!.Listeners.Single().Pinned.ToList();

        Assert.Equal(new() { Kid = "old", PublicKey = public1, Server = TestListener.Server, NotAfter = new(2026, 11, 30, 8, 0, 0, TimeSpan.Zero) }, keys[0]);
        Assert.Equal(("next", new DateTimeOffset(2026, 11, 23, 7, 0, 0, TimeSpan.Zero)), (keys[1].Kid, keys[1].NotBefore));
    }

    [Fact]
    public void ResultKeys_ThatCouldNeverBeBelievedOrSpeakForTwo_AreRefused()
    {
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var old = PinnedKey.Of("old", _listener.Key) with { NotAfter = DateTimeOffset.UnixEpoch };
        var another = PinnedKey.Of("next", next);

        Assert.Null(Faults([old, another]));
        Assert.Null(Faults([old with { Server = "aadc1" }, another]));
        Assert.Null(Faults([old], [another]));
        Assert.Contains("Listeners:0:ResultKeys is missing", Faults([[]]), StringComparison.Ordinal);
        Assert.Contains("old is no P-256 public key", Faults([old with { PublicKey = "AAAA" }]), StringComparison.Ordinal);
        Assert.Contains("old is no P-256 public key", Faults([old with { PublicKey = null! }]), StringComparison.Ordinal);
        Assert.Contains("kid", Faults([old with { Kid = "" }]), StringComparison.Ordinal);
        Assert.Contains("of another server", Faults([old with { Server = "AADC2" }]), StringComparison.Ordinal);
        Assert.Contains("two keys without an end", Faults([old with { NotAfter = null }, another]), StringComparison.Ordinal);
        Assert.Contains("ends before it begins", Faults([old with { NotBefore = DateTimeOffset.UtcNow }]), StringComparison.Ordinal);
        Assert.Contains("kid old appears twice", Faults([old], [another with { Kid = "old" }]), StringComparison.Ordinal);
        Assert.Contains("are one key", Faults([old], [old with { Kid = "other" }]), StringComparison.Ordinal);

        string? Faults(params PinnedKey[][] listeners)
        {
            var options = new OnPremisesOptions { SigningKey = _key.ExportPkcs8PrivateKeyPem() };
            foreach (var (index, keys) in listeners.Index())
            {
                var listener = new ListenerOptions { Server = $"AADC{index + 1}", Address = "http://127.0.0.1:7071/" };
                foreach (var key in keys) { listener.ResultKeys.Add(key); }

                options.Listeners.Add(listener);
            }

            return new OnPremisesOptionsValidator().Validate(null, options).FailureMessage;
        }
    }

    [Fact]
    public async Task Result_OfAnotherCommand_IsNotBelieved()
    {
        await _client.SubmitAsync(Submission(new InspectForest()), Token);
        _listener.Jobs["c1"] = _listener.Jobs["c1"] with { Migration = "m-other" };
        _listener.Work = _ => Document.OfValue("result", new Acknowledged());

        var reply = await _client.PollAsync(PollOf(Submission(new InspectForest())), Token);

        Assert.Equal("GWB3006", reply.Error!.Code);
    }

    [Fact]
    public async Task Command_ThatNeverArrived_GoesAgainWhenAskedAbout()
    {
        var submission = Submission(new InspectForest());
        _listener.Instead = context => { context.Abort(); return Task.CompletedTask; };
        await _client.SubmitAsync(submission, Token);
        _listener.Instead = null;

        var reply = await _client.PollAsync(PollOf(submission), Token);

        Assert.Equal((CommandState.Running, 1), (reply.State, _listener.Submissions));
    }

    [Fact]
    public async Task Switch_ForgottenAfterItWasAccepted_IsUnknownAndNeverSentAgain()
    {
        var submission = Submission(await SwitchAsync());
        await _client.SubmitAsync(submission, Token);
        _listener.Jobs.Clear();

        var reply = await _client.PollAsync(PollOf(submission), Token);

        Assert.Equal((CommandState.Unknown, "GWB3007", false), (reply.State, reply.Error!.Code, reply.Unreachable));
        Assert.Equal(1, _listener.Submissions);
    }

    [Fact]
    public async Task Switch_SubmittedAgainAfterItWasAcceptedAndForgotten_IsNeverSentAgain()
    {
        var submission = Submission(await SwitchAsync());
        await _client.SubmitAsync(submission, Token);
        _listener.Jobs.Clear();

        var reply = await _client.SubmitAsync(submission, Token);

        Assert.Equal((CommandState.Unknown, "GWB3007"), (reply.State, reply.Error!.Code));
        Assert.Equal(1, _listener.Submissions);
    }

    [Fact]
    public async Task Submission_Repeated_IsTheSameJob()
    {
        await _client.SubmitAsync(Submission(new InspectForest()), Token);
        await _client.SubmitAsync(Submission(new InspectForest()), Token);

        Assert.Single(_listener.Jobs);
    }

    [Fact]
    public async Task CommandId_UsedForAnotherCommand_IsRefusedHere()
    {
        await _client.SubmitAsync(Submission(new InspectForest()), Token);

        var reply = await _client.SubmitAsync(Submission(new InventoryWritebackOu()), Token);

        Assert.Equal((CommandState.Failed, "GWB3009"), (reply.State, reply.Error!.Code));
        Assert.Equal(1, _listener.Submissions);
    }

    [Fact]
    public async Task Submission_ThatCanNotGoOut_SaysWhy()
    {
        var unknownServer = await _client.SubmitAsync(Submission(new InspectForest()) with { Server = "NOWHERE" }, Token);
        var noCommand = await _client.SubmitAsync(Submission(new InspectForest()) with { Command = """{"kind":"runScript","script":"x"}""" }, Token);
        var noDocument = await _client.SubmitAsync(Submission(new StampAnchors { Groups = DocumentReference.Of("groups", "gone"u8) }), Token);
        var neverSubmitted = await _client.PollAsync(PollOf(Submission(new InspectForest(), "c9")), Token);

        Assert.Equal(
            ["GWB3001", "GWB3002", "GWB3008", "GWB3010"],
            new[] { unknownServer, noCommand, noDocument, neverSubmitted }.Select(reply => reply.Error!.Code));
        Assert.Equal(0, _listener.Submissions);
    }

    OnPremisesClient Connect(Uri address, IRelayTokens? relay = null, params PinnedKey[] keys)
    {
        var options = new OnPremisesOptions { SigningKey = _key.ExportPkcs8PrivateKeyPem(), SigningKeyId = "cloud", TimeoutSeconds = 5 };
        var listener = new ListenerOptions { Server = TestListener.Server, Address = address.AbsoluteUri, Relay = relay is not null };
        var other = new ListenerOptions { Server = "AADC2", Address = "http://127.0.0.1:9/" };
        foreach (var key in keys is [] ? [PinnedKey.Of("aadc1", _listener.Key)] : keys) { (key.Server == other.Server ? other : listener).ResultKeys.Add(key); }

        options.Listeners.Add(listener);
        options.Listeners.Add(other);
        return new(
            new Clients(), relay ?? new NoTokens(), _store, TimeProvider.System, Options.Create(options),
            Options.Create(new IdentityOptions { Tenant = TestIssuer.Tenant }), NullLogger<OnPremisesClient>.Instance);
    }

    /// <summary>A key under each name: one that counts, the next one beside it, one that has ended, one that has not begun, and one of another server.</summary>
    OnPremisesClient ConnectDuringAChange(ECDsa key)
    {
        var now = DateTimeOffset.UtcNow;
        var pinned = PinnedKey.Of("aadc1", key);
        return Connect(
            _listener.Address, null,
            pinned with { NotAfter = now.AddHours(1) },
            pinned with { Kid = "aadc1-next", NotBefore = now.AddHours(-1) },
            pinned with { Kid = "aadc1-ended", NotAfter = now.AddMinutes(-1) },
            pinned with { Kid = "aadc1-later", NotBefore = now.AddHours(1) },
            pinned with { Kid = "aadc2", Server = "AADC2" });
    }

    async Task<DisableGroupWritebackV2> SwitchAsync()
    {
        var empty = await _store.SaveListAsync<string>("empty", [], Token);
        return new()
        {
            Scope = new()
            {
                Groups = empty, Frozen = empty, Ours = empty, Snapshot = empty, KnownErrors = empty, PendingBaseline = empty,
                Ceilings = new() { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 },
            },
            Request = new() { Record = "{}", IdToken = "x" },
            Decisions = [],
            EvidenceAt = DateTimeOffset.UnixEpoch,
            Deadline = DateTimeOffset.UnixEpoch,
            OtherServers = [],
            CloudPart = "{}",
        };
    }

    static CommandSubmission Submission(Command command, string id = "c1") => new()
    {
        MigrationId = "m-20260101-000000-0000", PlanHash = "", Server = TestListener.Server, CommandId = id,
        Command = JsonSerializer.Serialize(command, ContractJson.Options),
    };

    static CommandPoll PollOf(CommandSubmission submission) =>
        new() { MigrationId = submission.MigrationId, Server = submission.Server, CommandId = submission.CommandId };

    static IEnumerable<GroupIdentity> Groups(int count) => Enumerable.Range(1, count).Select(n => new GroupIdentity
    {
        CloudId = new Guid(n, 0, 0, new byte[8]), ObjectGuid = new Guid(n, 1, 0, new byte[8]), DistinguishedName = $"CN=Group {n},OU=Writeback,DC=contoso,DC=example",
        Anchor = $"Group_{new Guid(n, 0, 0, new byte[8]):D}",
    });

    sealed class Tokens : IRelayTokens
    {
        public Exception? Fault { get; init; }

        public ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
            Fault is null ? ValueTask.FromResult("eyJ0.relay.token") : ValueTask.FromException<string>(Fault);
    }

    sealed class Credential : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return ValueTask.FromResult(new AccessToken("jwt", DateTimeOffset.MaxValue));
        }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>A listener that is reached straight needs no token, and gets none.</summary>
    sealed class NoTokens : IRelayTokens
    {
        public ValueTask<string> GetAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("No token is wanted here.");
    }

    sealed class Clients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new() { Timeout = TimeSpan.FromSeconds(5) };
    }
}

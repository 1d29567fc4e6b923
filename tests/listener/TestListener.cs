using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.Tests.Contracts;
using GwbCloud.Tests.Contracts.Approvals;

namespace GwbCloud.Tests.Listener;

/// <summary>A listener on loopback with a cloud half that signs, over a directory and a server in memory.</summary>
sealed class TestListener : IAsyncDisposable
{
    public const string Migration = "m-20261102-080000-abcd";
    public const string Server = "AADC01";
    public static readonly string PlanHash = Sha256Text.Of("plan"u8);

    static readonly HttpClient Http = new();

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gwb-listener-");
    readonly HashSet<string> _uploaded = [];
    ListenerHost? _host;
    int _next;

    public static ECDsa CloudKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ECDsa ListenerKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ECDsa OtherKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static EnvelopeSigner Cloud { get; } = new(CloudKey, "cloud");

    /// <summary>The listener's own key as the other side has it.</summary>
    public static PinnedKey Pinned { get; } = RelayListener.CommandLine.ListenerKey.Pin(ListenerKey, Server);

    public ManualClock Clock { get; init; } = new(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));

    public FakeDirectory Ad => field ??= new() { Time = Clock };

    public FakeAdSync AdSync { get; } = new();

    /// <summary>A Connect server of another kind instead of the one in memory.</summary>
    public IAdSync? Instead { get; set; }

    public ListenerHost Host => _host!;

    /// <summary>The data directory.</summary>
    public string Folder => _folder.FullName;

    public Uri Address => _host!.Address;

    /// <summary>The options of the next start.</summary>
    public Func<ListenerOptions, ListenerOptions> Configure { get; set; } = static options => options;

    public CancellationToken Cancellation { get; } = TestContext.Current.CancellationToken;

    public static async Task<TestListener> StartAsync(Action<TestListener>? prepare = null)
    {
        var listener = new TestListener();
        prepare?.Invoke(listener);
        await listener.OpenAsync();
        return listener;
    }

    public async Task OpenAsync() => _host = await ListenerHost.StartAsync(
        Configure(new()
        {
            Server = Server,
            Tenant = TestIssuer.Tenant,
            DataDirectory = _folder.FullName,
            CommandKeys = [PinnedKey.Of("cloud", CloudKey)],
            Signer = RelayListener.CommandLine.ListenerKey.Signer(ListenerKey, Server),
            Durability = JournalDurability.Process,
            Time = Clock,
            GuardSeconds = 1800,
        }),
        Ad, Instead ?? AdSync, Cancellation);

    /// <summary>Abandons the process object, as a kill does, and opens the folder again.</summary>
    public async Task KillAndOpenAsync()
    {
        _host!.Kill();
        await OpenAsync();
    }

    public void Kill() => _host!.Kill();

    /// <summary>Holds the directory's writes: the first is completed when one is held, the second lets them go.</summary>
    /// <param name="from">The first write that is held; earlier ones pass.</param>
    public (TaskCompletionSource Reached, TaskCompletionSource Go) HoldWrites(int from = 1)
    {
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        int written = 0;
        Ad.BeforeWrite = () =>
        {
            if (++written < from) { return Task.CompletedTask; }
            reached.TrySetResult();
            return go.Task;
        };
        return (reached, go);
    }

    public string NextId() => $"{Migration}-{++_next}";

    public CommandEnvelope Envelope(Command command, string? id = null, string migration = Migration) => CommandEnvelope.For(
        command, id ?? NextId(), TestIssuer.Tenant, migration, PlanHash, Server, Clock.Now, TimeSpan.FromMinutes(10));

    /// <summary>Sends a text as it is.</summary>
    public Task<(HttpStatusCode Code, string Body)> PostAsync(string envelope) => PostAsync(Encoding.ASCII.GetBytes(envelope));

    public async Task<(HttpStatusCode Code, string Body)> PostAsync(byte[] envelope)
    {
        using var content = new ByteArrayContent(envelope);
        using var response = await Http.PostAsync(new Uri(Address, "commands"), content, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task<string> RefusedAsync(string envelope, HttpStatusCode expected)
    {
        var (code, body) = await PostAsync(envelope);
        Assert.Equal(expected, code);
        return JsonSerializer.Deserialize<CommandError>(body, ContractJson.Options)!.Code;
    }

    /// <summary>Sends a command, waits for its end, and returns the verified result.</summary>
    public async Task<TResult> RunAsync<TResult>(Command<TResult> command, string? id = null)
        where TResult : class
    {
        var envelope = Envelope(command, id);
        var (code, body) = await PostAsync(Cloud.Sign(envelope));
        Assert.True(code == HttpStatusCode.Accepted, body);
        var status = await EndedAsync(envelope.CommandId);
        Assert.True(status.State == CommandState.Done, status.Error?.ToString());
        return await ReadResultAsync<TResult>(status, envelope);
    }

    /// <summary>Sends a command that must fail, and returns the code.</summary>
    public async Task<string> FailAsync(Command command)
    {
        var envelope = Envelope(command);
        await PostAsync(Cloud.Sign(envelope));
        var status = await EndedAsync(envelope.CommandId);
        Assert.Equal(CommandState.Failed, status.State);
        return status.Error!.Code;
    }

    public async Task<CommandStatus> StatusAsync(string id)
    {
        string body = await Http.GetStringAsync(new Uri(Address, $"commands/{id}"), Cancellation);
        Assert.InRange(body.Length, 1, DocumentParts.MaxPartBytes);
        return JsonSerializer.Deserialize<CommandStatus>(body, ContractJson.Options)!;
    }

    public async Task<CommandStatus> EndedAsync(string id)
    {
        while (true)
        {
            Cancellation.ThrowIfCancellationRequested();
            var status = await StatusAsync(id);
            if (status.State is not (CommandState.Queued or CommandState.Running)) { return status; }
            await Task.Yield();
        }
    }

    public async Task<TResult> ReadResultAsync<TResult>(CommandStatus status, CommandEnvelope envelope)
        where TResult : class
    {
        var verifier = new EnvelopeVerifier([Pinned], Clock, new() { Tenant = TestIssuer.Tenant });
        var verdict = verifier.VerifyResult(
            status.Result, new() { Server = Server, CommandId = envelope.CommandId, CommandHash = envelope.CommandHash() });
        Assert.True(verdict.IsAccepted, verdict.Refusal?.ToString());
        return verdict.Envelope.Document is { } large
            ? JsonSerializer.Deserialize<TResult>(await DownloadAsync(large), ContractJson.Options)!
            : verdict.Envelope.ReadPayload<TResult>();
    }

    public async Task<byte[]> DownloadAsync(DocumentReference reference)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        for (int part = 0; part < reference.Parts; part++)
        {
            parts.Add(await Http.GetByteArrayAsync(new Uri(Address, $"documents/{reference.Sha256}/{part}"), Cancellation));
        }
        return DocumentParts.Join(reference, parts);
    }

    public async Task<IReadOnlyList<T>> ReadListAsync<T>(DocumentReference reference) =>
        new Document { Reference = reference, Content = await DownloadAsync(reference) }.ReadList<T>();

    public async Task<DocumentReference> UploadAsync<T>(string kind, params IEnumerable<T> entries)
    {
        var document = Document.OfList(kind, entries);
        if (!_uploaded.Add(document.Reference.Sha256)) { return document.Reference; }
        int index = 0;
        foreach (var part in DocumentParts.Split(document.Content))
        {
            var (code, body) = await PutPartAsync(document.Reference.Sha256, index++, document.Reference.Parts, part);
            Assert.True(code == HttpStatusCode.OK, body);
        }
        return document.Reference;
    }

    public async Task<(HttpStatusCode Code, string Body)> PutPartAsync(string sha256, int index, int parts, ReadOnlyMemory<byte> part)
    {
        using var content = new ReadOnlyMemoryContent(part);
        using var response = await Http.PutAsync(new Uri(Address, $"documents/{sha256}/{index}?parts={parts}"), content, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task<HttpStatusCode> GetAsync(string path) => (await ReadAsync(path)).Code;

    public async Task<(HttpStatusCode Code, string Body)> ReadAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(Address, path), Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) { await _host.DisposeAsync(); }
        _folder.Delete(recursive: true);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Tests.Directory.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Benchmarks.Listening;

/// <summary>
/// The product's own client of the on-premises half, and one listener on a domain controller, in a process of its own that may be killed
/// and started again on the same data.
/// </summary>
sealed class CloudHalf : IAsyncDisposable
{
    public const string CloudKeyId = "cloud";
    public const string ListenerKeyId = "aadc01";
    public const string Migration = "m-20261102-080000-abcd";

    readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("gwb-halves-");
    readonly ECDsa _cloud = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly ECDsa _listener = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly FileDocumentStore _documents;
    readonly ListenerSettings _settings;
    OnPremisesClient? _client;
    Process? _process;
    int _next;

    /// <param name="dc">The domain controller that the listener works on.</param>
    /// <param name="writebackOu">Distinguished name of the writeback OU.</param>
    /// <param name="account">Whom the listener signs in as; null is the administrator.</param>
    public CloudHalf(SambaDc dc, string writebackOu, DcAccount? account = null)
    {
        _documents = new(Options.Create(new DocumentStoreOptions { Folder = Path.Combine(_folder.FullName, "cloud"), FlushToDisk = false }));
        _settings = new()
        {
            DomainController = SambaDc.HostName,
            Address = dc.Address,
            TrustFolder = dc.TrustFolder,
            WritebackOu = writebackOu,
            Account = account?.Name ?? SambaDc.Administrator,
            Password = account?.Password ?? SambaDc.Password,
            DataDirectory = Path.Combine(_folder.FullName, "listener"),
            CloudKey = Convert.ToBase64String(_cloud.ExportSubjectPublicKeyInfo()),
            ListenerKey = Convert.ToBase64String(_listener.ExportPkcs8PrivateKey()),
        };
    }

    /// <summary>The listener's process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>The settings under which the listener reaches the directory.</summary>
    public ListenerSettings Settings => _settings;

    /// <summary>Starts the listener, or starts it again after a kill.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GwbCloud.Benchmarks.dll"), "listen"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(_settings));
        await _process.StandardInput.FlushAsync(stop);
        string address = await _process.StandardOutput.ReadLineAsync(stop) ?? throw new InvalidOperationException("The listener ended before it answered.");

        var options = new OnPremisesOptions { SigningKey = _cloud.ExportPkcs8PrivateKeyPem(), SigningKeyId = CloudKeyId };
        options.Listeners.Add(new()
        {
            Server = ListenerSettings.Server, Address = address, ResultKeys = { PinnedKey.Of(ListenerKeyId, _listener) },
        });
        _client?.Dispose();
        _client = new(
            new Clients(), new NoRelay(), _documents, TimeProvider.System, Options.Create(options), Options.Create(new IdentityOptions { Tenant = ListenerSettings.Tenant }),
            NullLogger<OnPremisesClient>.Instance);
    }

    /// <summary>SIGKILL: whatever the process was about to do, it does not.</summary>
    public async Task KillAsync()
    {
        if (_process is null) { return; }
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Keeps a list where commands find it.</summary>
    public Task<DocumentReference> SaveAsync<T>(string kind, IEnumerable<T> entries, CancellationToken stop) => _documents.SaveListAsync(kind, entries, stop);

    /// <summary>The entries of a list that a result names.</summary>
    public Task<IReadOnlyList<T>> ReadAsync<T>(DocumentReference reference, CancellationToken stop) => _documents.LoadListAsync<T>(reference, stop);

    /// <summary>Sends a command with its documents.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> SubmitAsync(Command command, CancellationToken stop)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{Migration}-{++_next}");
        var reply = await _client!.SubmitAsync(
            new()
            {
                MigrationId = Migration, PlanHash = "", Server = ListenerSettings.Server, CommandId = id,
                Command = JsonSerializer.Serialize(command, ContractJson.Options),
            },
            stop);
        return reply.State is CommandState.Unknown ? throw new InvalidOperationException(reply.Error?.ToString() ?? "The listener did not take the command.") : id;
    }

    /// <summary>What the listener says of a command now.</summary>
    public Task<CommandReply> PollAsync(string id, CancellationToken stop) =>
        _client!.PollAsync(new() { MigrationId = Migration, Server = ListenerSettings.Server, CommandId = id }, stop);

    /// <summary>Waits for the end of a command. It asks seldom, because asking costs both sides processor time: what it waits too long is a fiftieth.</summary>
    public async Task<CommandReply> EndAsync(string id, CancellationToken stop)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            var reply = await PollAsync(id, stop);
            if (reply.State is not (CommandState.Queued or CommandState.Running)) { return reply; }
            await Task.Delay(TimeSpan.FromMilliseconds(10) + (Stopwatch.GetElapsedTime(began) / 50), stop);
        }
    }

    /// <summary>Sends a command and waits for its verified result.</summary>
    public async Task<TResult> RunAsync<TResult>(Command<TResult> command, CancellationToken stop)
        where TResult : class => ResultOf<TResult>(await EndAsync(await SubmitAsync(command, stop), stop));

    /// <summary>The result of a command that is done.</summary>
    public static TResult ResultOf<TResult>(CommandReply reply) => reply.State == CommandState.Done
        ? JsonSerializer.Deserialize<TResult>(reply.Result!, ContractJson.Options)!
        : throw new InvalidOperationException($"The command ended as {reply.State}: {reply.Error}");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _client?.Dispose();
        _documents.Dispose();
        _cloud.Dispose();
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    sealed class NoRelay : IRelayTokens
    {
        public ValueTask<string> GetAsync(CancellationToken cancellationToken) => throw new NotSupportedException("The listener is on loopback.");
    }

    sealed class Clients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new() { Timeout = TimeSpan.FromSeconds(45) };
    }
}

using System.Net;
using System.Text.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Hosting;
using GwbCloud.Tests.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Notifications;

public sealed class NotificationDeliveryTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly FileDocumentStore _store;
    readonly WebhookReceiver _chat = new();
    readonly NotificationOptions _options = new()
    {
        Channels =
        [
            new() { Name = "teams", Address = WebhookReceiver.AddressOf("teams").AbsoluteUri },
            new() { Name = "second", Address = WebhookReceiver.AddressOf("second").AbsoluteUri, Format = ChannelFormat.Json, Audience = Audience.Escalation },
        ],
    };

    readonly NotificationLedger _ledger;
    readonly NotificationActivities _activities;
    readonly Lines _log = new();

    public NotificationDeliveryTests()
    {
        _store = Stores.Open(_folder);
        _ledger = new(_store, Options.Create(_options));
        var sender = new WebhookSender(new Clients(_chat), new NoTokens(), Options.Create(_options), TimeProvider.System);
        _activities = new(_ledger, sender, Options.Create(_options), TimeProvider.System, _log);
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static string Migration => Views.Running.MigrationId;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Message_ForThoseConcerned_GoesToTheirChannelAlone()
    {
        var entry = Assert.Single(await AddAsync(NotificationKind.TaskOpened));

        Assert.Equal(["teams"], entry.Channels.Select(c => c.Channel));
    }

    [Fact]
    public async Task Escalation_GoesToBothLists()
    {
        var entry = Assert.Single(await AddAsync(NotificationKind.Escalation));

        Assert.Equal(["teams", "second"], entry.Channels.Select(c => c.Channel));
    }

    [Fact]
    public async Task Message_PlannedTwice_IsDeliveredOnce()
    {
        var first = Assert.Single(await AddAsync(NotificationKind.TaskOpened));
        await DeliverAsync(first);
        var second = await AddAsync(NotificationKind.TaskOpened);
        await DeliverAsync(first);

        Assert.Empty(second);
        Assert.Single(_chat.Received);
    }

    [Fact]
    public async Task Orchestration_OverABusyChannel_TriesAgainAndDelivers()
    {
        _chat.Answer("teams", HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable);
        var entry = Assert.Single(await AddAsync(NotificationKind.GateAsked));

        await RunAsync(entry);

        Assert.Single(_chat.Received);
        var shown = await _ledger.ViewAsync(Migration, Token);
        Assert.Equal((1, 0, 0), (shown!.Delivered, shown.Waiting, shown.Failed.Count));
    }

    [Fact]
    public async Task Orchestration_OverAChannelThatStaysAway_GivesUpAndSaysSo()
    {
        _chat.Answer("teams", [.. Enumerable.Repeat(HttpStatusCode.BadGateway, 100)]);
        var entry = Assert.Single(await AddAsync(NotificationKind.GateAsked));

        await RunAsync(entry);

        var failed = Assert.Single((await _ledger.ViewAsync(Migration, Token))!.Failed);
        Assert.Equal(("teams", "GWB5101", entry.Message.Title), (failed.Channel, failed.Reason.Code, failed.Title));
        Assert.Equal(10, (await _ledger.FindAsync(Migration, entry.Message.Id, Token))!.Channels[0].Attempts);
        Assert.Contains("GWB5101", Assert.Single(_log.Written));
    }

    [Fact]
    public async Task Channel_ThatIsNoLongerConfigured_FailsAtOnce()
    {
        var entry = Assert.Single(await AddAsync(NotificationKind.GateAsked));
        _options.Channels.Clear();

        await RunAsync(entry);

        Assert.Equal("GWB5105", Assert.Single((await _ledger.ViewAsync(Migration, Token))!.Failed).Reason.Code);
    }

    /// <summary>The address is in nothing that is kept, shown or logged.</summary>
    [Fact]
    public async Task Address_OfAChannel_StaysInTheSettings()
    {
        _chat.Answer("teams", HttpStatusCode.NotFound);
        await RunAsync(Assert.Single(await AddAsync(NotificationKind.Escalation)));
        await RunAsync(Assert.Single(await AddAsync(NotificationKind.TaskOpened)));

        Assert.Equal(2, _chat.Received.Count);
        Assert.NotEmpty(_log.Written);
        var kept = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        Assert.NotEmpty(kept);
        Assert.All([.. kept, .. _log.Written, .. _chat.Received.Select(m => m.Body), JsonSerializer.Serialize(await _ledger.ViewAsync(Migration, Token))], text =>
        {
            Assert.DoesNotContain(WebhookReceiver.Secret, text);
            Assert.DoesNotContain("webhook.lab.invalid", text);
        });
    }

    [Fact]
    public async Task Ledger_OfManyMessages_KeepsWhatIsOpenAndCountsTheRest()
    {
        for (var n = 0; n < 250; n++)
        {
            var message = Views.Message(NotificationKind.Reminder) with { Id = $"{n}" };
            await _ledger.AddAsync(Migration, [message], Token);
            if (n != 0) { await _ledger.NoteAsync(Migration, message.Id, new() { Channel = "teams", State = DeliveryState.Delivered }, Token); }
        }

        var shown = await _ledger.ViewAsync(Migration, Token);

        Assert.Equal((249, 1), (shown!.Delivered, shown.Waiting));
        Assert.NotNull(await _ledger.FindAsync(Migration, "0", Token));
        Assert.Null(await _ledger.FindAsync(Migration, "1", Token));
    }

    [Fact]
    public async Task Messages_NotedAtTheSameTime_AreAllKept()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => _ledger.AddAsync(Migration, [Views.Message(NotificationKind.Reminder) with { Id = $"{n}" }], Token)));

        Assert.Equal(20, (await _ledger.ViewAsync(Migration, Token))!.Waiting);
    }

    Task<IReadOnlyList<LedgerEntry>> AddAsync(NotificationKind kind) => _ledger.AddAsync(Migration, [Views.Message(kind)], Token);

    Task<DeliveryAttempt> DeliverAsync(LedgerEntry entry) => _activities.DeliverAsync(
        new() { Subject = Migration, NotificationId = entry.Message.Id, Channel = entry.Channels[0].Channel, Last = false }, Token);

    /// <summary>Bears the activity's name.</summary>
    Task<DeliveryAttempt> DeliverNotification(DeliveryInput input, CancellationToken cancellationToken) => _activities.DeliverAsync(input, cancellationToken);

    async Task RunAsync(LedgerEntry entry)
    {
        var context = new ScriptedContext(new NotifyRequest { Subject = Migration, NotificationId = entry.Message.Id, Channels = [.. entry.Channels.Select(c => c.Channel)] });
        context.OnActivity<DeliveryInput, DeliveryAttempt>(DeliverNotification);
        await NotifyOrchestrator.Run(context);
    }

    sealed class Clients(WebhookReceiver chat) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(chat.Door());
    }

    sealed class NoTokens : IWebhookTokens
    {
        public ValueTask<string> GetAsync(string scope, string? clientId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    sealed class Lines : ILogger<NotificationActivities>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }
}

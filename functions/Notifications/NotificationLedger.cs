using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Notifications;

/// <summary>The messages of one migration or operation and how far each came, as they are kept: <c>migrations/{id}/notifications</c>, <c>operations/{id}/notifications</c>.</summary>
public sealed record LedgerPage
{
    public IReadOnlyList<LedgerEntry> Entries { get; init; } = [];

    /// <summary>Deliveries of entries that were dropped because there were too many.</summary>
    public int DeliveredBefore { get; init; }
}

public sealed record LedgerEntry
{
    public required Notification Message { get; init; }
    public required IReadOnlyList<ChannelDelivery> Channels { get; init; }

    public bool IsOpen => Channels.Any(c => c.State == DeliveryState.Waiting);
}

public sealed record ChannelDelivery
{
    public required string Channel { get; init; }
    public required DeliveryState State { get; init; }
    public int Attempts { get; init; }

    /// <summary>When the last attempt was made.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Code of the last attempt that failed.</summary>
    public string? Code { get; init; }
}

/// <summary>Keeps what was to be sent before it is sent, so that nothing is forgotten in a crash and nothing that was delivered is sent again.</summary>
public sealed class NotificationLedger(IDocumentStore documents, IOptions<NotificationOptions> options)
{
    /// <summary>Old ones that were delivered make room.</summary>
    const int MostEntries = 200;

    /// <summary>Writes down messages for every channel that hears them.</summary>
    /// <returns>Those that have a channel and are not at their end, new or not.</returns>
    public async Task<IReadOnlyList<LedgerEntry>> AddAsync(string subject, IReadOnlyList<Notification> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0 || options.Value.Channels.Count == 0) { return []; }
        var page = await ChangeAsync(
            subject,
            before => Bounded(before with { Entries = [.. before.Entries, .. messages.Where(m => before.Entries.All(e => e.Message.Id != m.Id)).Select(EntryOf).Where(e => e.IsOpen)] }),
            cancellationToken);
        return [.. page.Entries.Where(e => e.IsOpen && messages.Any(m => m.Id == e.Message.Id))];
    }

    /// <summary>A message; null when there is none of that id.</summary>
    public async Task<LedgerEntry?> FindAsync(string subject, string id, CancellationToken cancellationToken) =>
        (await documents.ReadOneAsync<LedgerPage>(StoreNames.Notifications(subject), cancellationToken))?.Entries.FirstOrDefault(e => e.Message.Id == id);

    /// <summary>Writes down how an attempt ended.</summary>
    public Task NoteAsync(string subject, string id, ChannelDelivery delivery, CancellationToken cancellationToken) => ChangeAsync(
        subject,
        before => before with
        {
            Entries = [.. before.Entries.Select(e => e.Message.Id != id ? e : e with { Channels = [.. e.Channels.Select(c => c.Channel == delivery.Channel ? delivery : c)] })],
        },
        cancellationToken);

    /// <summary>What the view shows of it; null where nothing was ever to be sent.</summary>
    public async Task<DeliveriesView?> ViewAsync(string subject, CancellationToken cancellationToken)
    {
        if (await documents.ReadOneAsync<LedgerPage>(StoreNames.Notifications(subject), cancellationToken) is not { } page) { return null; }
        var all = page.Entries.SelectMany(e => e.Channels.Select(c => (e.Message, Delivery: c))).ToList();
        return new()
        {
            Delivered = page.DeliveredBefore + all.Count(d => d.Delivery.State == DeliveryState.Delivered),
            Waiting = all.Count(d => d.Delivery.State == DeliveryState.Waiting),
            Failed =
            [
                .. all.Where(d => d.Delivery.State == DeliveryState.Failed).OrderBy(d => d.Delivery.At).TakeLast(20).Select(d => new FailedDelivery
                {
                    At = d.Delivery.At ?? d.Message.At,
                    Title = d.Message.Title,
                    Channel = d.Delivery.Channel,
                    Reason = NoticeOf(d.Delivery.Code),
                }),
            ],
        };
    }

    static Notice NoticeOf(string? code)
    {
        var known = NotificationError.All.FirstOrDefault(e => e.Code == code) ?? NotificationError.NoAnswer;
        return new() { Code = known.Code, Message = known.Message, Remedy = known.Remedy };
    }

    LedgerEntry EntryOf(Notification message) => new()
    {
        Message = message,
        Channels = [.. options.Value.Channels.Where(c => c.Hears(message.Audience)).Select(c => new ChannelDelivery { Channel = c.Name, State = DeliveryState.Waiting })],
    };

    static LedgerPage Bounded(LedgerPage page)
    {
        var over = page.Entries.Where(e => e.Channels.All(c => c.State == DeliveryState.Delivered)).Take(Math.Max(0, page.Entries.Count - MostEntries)).ToList();
        return over.Count == 0 ? page : page with { Entries = [.. page.Entries.Except(over)], DeliveredBefore = page.DeliveredBefore + over.Sum(e => e.Channels.Count) };
    }

    /// <summary>Several messages about one subject are on their way at the same time.</summary>
    async Task<LedgerPage> ChangeAsync(string subject, Func<LedgerPage, LedgerPage> change, CancellationToken cancellationToken) =>
        (await documents.ChangeOneAsync<LedgerPage>(
            StoreNames.Notifications(subject), before => Task.FromResult<LedgerPage?>(change(before ?? new())), cancellationToken))!;
}

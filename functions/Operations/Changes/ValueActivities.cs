using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Functions.Operations.Changes;

/// <summary>Writes one part of a list of values, or takes it back. Both may be run any number of times, from the start or from anywhere in between.</summary>
/// <remarks>
/// What the values were is kept before the first write of a part, once: whoever comes again goes by that and never by his own effect. Nothing
/// of a part but its numbers passes through history.
/// </remarks>
public sealed partial class ValueActivities(IEnumerable<IValuePort> ports, IDocumentStore store, ReplicationWait replication, ILogger<ValueActivities> logger)
{
    [Function(nameof(WriteValues))]
    public async Task<PartOutcome> WriteValues([ActivityTrigger] ValuePart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        var port = PortOf(part.Kind);
        var kept = await KeepAsync(part, port, cancellationToken);
        var (now, refused) = await CarryOutAsync(port, kept, ValueJudge.ToWrite, value => value.After, cancellationToken);
        var (ours, left) = ValueJudge.AfterWrite(kept, now, refused);
        LogWritten(part.OperationId, part.Part, ours, kept.AlreadySo, left.Count);
        return await OutcomeAsync(ours, left, cancellationToken);
    }

    [Function(nameof(RevertValues))]
    public async Task<PartOutcome> RevertValues([ActivityTrigger] ValuePart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);

        // Never begun: there is nothing of ours.
        if (await store.ReadOneAsync<KeptPart>(NameOf(part), cancellationToken) is not { } kept)
        {
            return new();
        }

        var (now, refused) = await CarryOutAsync(PortOf(part.Kind), kept, ValueJudge.ToRevert, value => value.Before, cancellationToken);
        var (ours, left) = ValueJudge.AfterRevert(kept, now, refused);
        LogReverted(part.OperationId, part.Part, kept.Values.Count, left.Count);
        return await OutcomeAsync(ours, left, cancellationToken);
    }

    /// <summary>The lists of all parts as one.</summary>
    [Function(nameof(JoinLeft))]
    public async Task<LeftWhole> JoinLeft([ActivityTrigger] LeftParts parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var whole = parts.Parts.ToAsyncEnumerable().SelectMany(part => store.EntriesAsync<LeftValue>(part, cancellationToken));
        return new() { Left = await store.SaveListAsync("left", whole.ToBlockingEnumerable(cancellationToken), cancellationToken) };
    }

    async Task<KeptPart> KeepAsync(ValuePart part, IValuePort port, CancellationToken cancellationToken)
    {
        var name = NameOf(part);
        if (await store.ReadOneAsync<KeptPart>(name, cancellationToken) is { } known)
        {
            return known;
        }

        var changes = await store.EntriesAsync<ValueChange>(part.Changes, cancellationToken).Skip(part.From).Take(part.Count).ToListAsync(cancellationToken);
        var kept = ValueJudge.Keep(changes, Words(await port.ReadAsync([.. changes.Select(change => change.Target)], cancellationToken)));
        return await store.WriteOneAsync(name, kept, etag: "", cancellationToken)
            ? kept
            : await store.ReadOneAsync<KeptPart>(name, cancellationToken) ?? throw new DocumentException($"The document {name} is missing.");
    }

    /// <summary>Reads, writes what is to be written, and reads until it shows or replication has had its time.</summary>
    async Task<(IReadOnlyDictionary<string, string> Now, IReadOnlyDictionary<string, string> Refused)> CarryOutAsync(
        IValuePort port, KeptPart kept, Func<KeptPart, IReadOnlyDictionary<string, string>, IReadOnlyList<KeptValue>> choose, Func<KeptValue, string> wanted,
        CancellationToken cancellationToken)
    {
        string[] targets = [.. kept.Values.Select(value => value.Target)];
        var readings = await port.ReadAsync(targets, cancellationToken);
        var chosen = choose(kept, Words(readings));
        if (chosen.Count == 0)
        {
            return (Words(readings), new Dictionary<string, string>());
        }

        var answers = await port.WriteAsync([.. chosen.Select(value => new ValueWrite(value.Target, wanted(value), readings[value.Target]))], cancellationToken);
        if (answers.Values.FirstOrDefault(error => error.Transient) is { } again)
        {
            throw again;
        }

        var open = chosen.Where(value => !answers.ContainsKey(value.Target)).ToList();
        var now = new Dictionary<string, string>(Words(readings), StringComparer.Ordinal);
        for (var look = 0; open.Count > 0 && look <= replication.Looks; look++)
        {
            if (look > 0)
            {
                await replication.PauseAsync(cancellationToken);
            }

            var seen = Words(await port.ReadAsync([.. open.Select(value => value.Target)], cancellationToken));
            foreach (var value in open)
            {
                if (seen.TryGetValue(value.Target, out var word)) { now[value.Target] = word; }
                else { now.Remove(value.Target); }
            }

            open = open.FindAll(value => now.TryGetValue(value.Target, out var word) && word != wanted(value));
        }

        return (now, answers.ToDictionary(answer => answer.Key, answer => $"{answer.Value.Code}: {answer.Value.Error.Message}"));
    }

    async Task<PartOutcome> OutcomeAsync(int ours, IReadOnlyList<LeftValue> left, CancellationToken cancellationToken) => new()
    {
        Ours = ours,
        LeftCount = left.Count,
        Left = left.Count == 0 ? null : await store.SaveListAsync("left", left, cancellationToken),
    };

    IValuePort PortOf(ValueKind kind) => ports.Single(port => port.Kind == kind);

    static string NameOf(ValuePart part) => StoreNames.ValuesBefore(part.OperationId, part.Part);

    static Dictionary<string, string> Words(IReadOnlyDictionary<string, ValueReading> readings) =>
        readings.ToDictionary(reading => reading.Key, reading => reading.Value.Value, StringComparer.Ordinal);

    [LoggerMessage(2910, LogLevel.Information, "{Operation}: part {Part}, {Ours} values are ours, {AlreadySo} were so before, {Left} are left.")]
    partial void LogWritten(string operation, int part, int ours, int alreadySo, int left);

    [LoggerMessage(2911, LogLevel.Information, "{Operation}: part {Part} of {Values} values was taken back, {Left} are left.")]
    partial void LogReverted(string operation, int part, int values, int left);
}

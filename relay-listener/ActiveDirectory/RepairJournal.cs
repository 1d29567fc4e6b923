using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>What was brought back, by which command, and how it was before. Each line is on disk before the directory is written.</summary>
sealed class RepairJournal : IDisposable
{
    readonly Lock _gate = new();
    readonly Dictionary<(string Command, Guid ObjectGuid), List<BegunRepair>> _begun = [];
    readonly JournalFile _journal;

    public RepairJournal(string path, JournalDurability durability) => _journal = JournalFile.Open(path, Replay, durability);

    /// <summary>What this command began on the group, by this process or one before it.</summary>
    public IReadOnlyList<BegunRepair> Begun(string command, Guid objectGuid)
    {
        lock (_gate) { return _begun.TryGetValue((command, objectGuid), out var actions) ? [.. actions] : []; }
    }

    /// <summary>About to be done.</summary>
    /// <param name="origin">Who asked.</param>
    /// <param name="objectGuid">The group.</param>
    /// <param name="begun">What, and how it was before.</param>
    public async Task BeginAsync(JobOrigin origin, Guid objectGuid, BegunRepair begun)
    {
        var line = new Line(origin.MigrationId, origin.CommandId, objectGuid, begun);
        await _journal.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(line, ContractJson.Options));
        Apply(line);
    }

    public void Abandon() => _journal.Abandon();

    public void Dispose() => _journal.Dispose();

    void Replay(ReadOnlySpan<byte> bytes) => Apply(JsonSerializer.Deserialize<Line>(bytes, ContractJson.Lenient)!);

    void Apply(Line line)
    {
        lock (_gate)
        {
            var key = (line.Command, line.ObjectGuid);
            if (!_begun.TryGetValue(key, out var actions)) { _begun.Add(key, actions = []); }
            actions.Add(line.Begun);
        }
    }

    sealed record Line(string Migration, string Command, Guid ObjectGuid, BegunRepair Begun);
}

/// <summary>A step of a repair.</summary>
sealed record BegunRepair
{
    public required RepairAction Action { get; init; }

    /// <summary>The distinguished name until then; null of a deleted object.</summary>
    public string? Before { get; init; }

    /// <summary>objectGUIDs of the members to be added.</summary>
    public IReadOnlyList<Guid> Members { get; init; } = [];
}
